from . import cycles, duties, indicators, measurements, mechanisms, ratings, reporting, risks  # noqa: F401 - declares papers
