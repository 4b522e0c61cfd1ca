"""Rows of answering: open to everybody, also to strangers; who is asked shows in the body of a POST only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import Campaign
from tests.surveys import scenes_answering as scenes

from ..cases import Case
from ..rows import Row, row


def campaign(made: Any) -> tuple[Any, ...]:
    return (made.answering_link.uid,)


ROWS: list[Row] = [
    row("answer/"),
    row("answer/survey/", rest=302),
    row("answer/about/"),
    row("answer/about/<uuid:uid>/", campaign),
    row("answer/open/<uuid:uid>/", campaign),
]
CASES: list[Case] = []
STATES: list[Callable[[Any], Any]] = []
PLACES: dict[type, str] = {}


def make(made: Any, world: Any) -> None:
    """A campaign by an open link."""
    made.answering_link = scenes.survey(scenes.campaign(way=Campaign.Way.LINK)).campaign
