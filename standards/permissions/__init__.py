from . import answers, cycles, duties, indicators, measurements, mechanisms, ratings, reporting, risks  # noqa: F401 - declares rights
