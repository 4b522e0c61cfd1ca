"""Rows of the registers of students and courses and of their tables."""

from __future__ import annotations

from typing import Any

from ..cases import Case
from ..rows import Row, page

KEEPERS_ONLY = {"expert": 403, "stranger": 403, "staff": 403, "head": 403, "board": 403}

ROWS: list[Row] = [
    page("programmes/students/", **KEEPERS_ONLY),
    page("programmes/students/import/", **KEEPERS_ONLY),
    page("programmes/students/template/", **KEEPERS_ONLY),
    page("programmes/courses/", expert=404),
    page("programmes/courses/import/", **KEEPERS_ONLY),
    page("programmes/courses/template/", **KEEPERS_ONLY),
]
CASES: list[Case] = []
STATES: list[Any] = []
PLACES: dict[type, str] = {}


def make(made: Any, world: Any) -> None:
    """Registers need no record."""
