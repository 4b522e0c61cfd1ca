"""Rows of the library's front and of the public library; no steps."""

from __future__ import annotations

import datetime
from typing import Any

from tests.documents import shelf

from ..cases import Case
from ..rows import Row, page, row


def public(made: Any) -> tuple[Any, ...]:
    return (made.public_document.pk,)


ROWS: list[Row] = [
    page("documents/"),
    row("public/documents/"),
    row("public/documents/<int:pk>/", public),
    row("public/documents/<int:pk>/file/", public),
]
CASES: list[Case] = []
STATES: list[Any] = []
PLACES: dict[type, str] = {}


def make(made: Any, world: Any) -> None:
    """One published document in force."""
    made.public_document = shelf.document(world, "Ашық ереже", published_on=datetime.date(2026, 1, 1))
