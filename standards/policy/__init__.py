from . import answers, cycles, duties, indicators, measurements, mechanisms, ratings, risks  # noqa: F401 - declares numbers
