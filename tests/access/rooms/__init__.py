"""What each room brings to the two tables of access: addresses × roles (ROWS), steps × people (CASES, STATES, PLACES).

`make(made, world)` of a room makes one record of each of its kinds and hangs them on `made`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..cases import Case
from ..rows import Row
from . import (
    acquaintance,
    answers,
    bodies,
    cycles,
    duties,
    indicators,
    library,
    measurements,
    mechanisms,
    meetings,
    programmes_students,
    ratings,
    reporting,
    risks,
    scores,
    search,
    survey_answering,
    survey_appeals,
    survey_campaigns,
    survey_course_forms,
    survey_loop,
    survey_opening,
    survey_petitions,
    survey_questionnaires,
    survey_releases,
    survey_talks,
    survey_texts,
    upkeep,
    work,
)

ROOMS: tuple[Any, ...] = (
    library,
    acquaintance,
    upkeep,
    search,
    bodies,
    meetings,
    work,
    cycles,
    answers,
    scores,
    mechanisms,
    indicators,
    measurements,
    ratings,
    risks,
    duties,
    reporting,
    survey_questionnaires,
    survey_campaigns,
    survey_answering,
    survey_opening,
    survey_releases,
    survey_texts,
    survey_loop,
    survey_petitions,
    survey_appeals,
    survey_course_forms,
    survey_talks,
    programmes_students,
)


def rows() -> list[Row]:
    return [row for room in ROOMS for row in room.ROWS]


def cases() -> list[Case]:
    return [case for room in ROOMS for case in room.CASES]


def states() -> list[Callable[[Any], Any]]:
    return [state for room in ROOMS for state in room.STATES]


def places() -> dict[type, str]:
    return {model: place for room in ROOMS for model, place in room.PLACES.items()}


def make(made: Any, world: Any) -> None:
    for room in ROOMS:
        room.make(made, world)
