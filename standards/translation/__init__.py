from . import catalogue, duties, indicators, mechanisms, reporting  # noqa: F401 - names in three languages
