"""Indicators of surveys, for the indicator pages."""

from .. import figures  # noqa: F401 - declares formulas
