"""What can happen to cycles, answers, mechanisms, indicators, risks, duties and reports."""

from . import answers, cycles, duties, indicators, measurements, mechanisms, ratings, reporting, risks

__all__ = ["answers", "cycles", "duties", "indicators", "measurements", "mechanisms", "ratings", "reporting", "risks"]
