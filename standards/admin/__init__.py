from . import answers, catalogue, cycles, duties, indicators, measurements, mechanisms, ratings, reporting, risks  # noqa: F401
