"""Rows and cases of mechanisms and their years."""

from __future__ import annotations

from typing import Any

from standards.models import MechanismYear
from tests.standards import scenes_mechanisms as scenes

from ..cases import REASON, Case
from ..rows import ASB_ONLY, Row, api, page, step_api, with_step


def mechanism(made: Any) -> tuple[Any, ...]:
    return (made.mechanism_year.mechanism_id,)


def year(made: Any) -> tuple[Any, ...]:
    return (made.mechanism_year.pk,)


OUTSIDE = {"expert": 404}
NOT_DOERS = {"stranger": 403, "staff": 403, "board": 403, "admin": 403}
STEPS = (
    "act",
    "cancel",
    "close-check",
    "conclude",
    "give-view",
    "judge-aims",
    "report-done",
    "send-back",
    "start",
)

ROWS: list[Row] = [
    page("standards/mechanisms/"),
    page("standards/mechanisms/<int:pk>/", mechanism, **OUTSIDE),
    page("standards/mechanisms/<int:pk>/documents/", mechanism, **OUTSIDE, stranger=403, **ASB_ONLY),
    page("standards/mechanism-years/"),
    # the Board's member runs a body here (meetings), and plans for it
    page("standards/mechanism-years/add/", expert=403, **{**NOT_DOERS, "board": 200}),
    page("standards/mechanism-years/<int:pk>/", year, **OUTSIDE),
    page("standards/mechanism-years/<int:pk>/edit/", year, **OUTSIDE, **NOT_DOERS),
    page("standards/mechanism-years/<int:pk>/history/", year, **OUTSIDE),
    page("standards/mechanism-years/<int:pk>/print/", year, **OUTSIDE),
    page("standards/mechanism-years/many/<slug:step>/", lambda made: ("start",), rest=405),
    page(
        "standards/mechanism-years/<int:pk>/<slug:step>/",
        with_step(year, "cancel"),
        **OUTSIDE,
        stranger=403,
        **ASB_ONLY,
    ),
    api("api/v1/standards/mechanisms/"),
    api("api/v1/standards/mechanisms/<pk>/", mechanism, **OUTSIDE),
    api("api/v1/standards/mechanism-years/"),
    api("api/v1/standards/mechanism-years/<pk>/", year, **OUTSIDE),
    api("api/v1/standards/mechanism-years/<pk>/history/", year, **OUTSIDE),
    *[step_api(f"api/v1/standards/mechanism-years/<pk>/{step}/", year) for step in STEPS],
]

CASES: list[Case] = [
    Case("mechanism_year.start", scenes.planned, "head", "staff", scenes.closed),
    Case(
        "mechanism_year.report_done",
        scenes.started,
        "coordinator",
        "asb",
        scenes.planned,
        lambda w, r: {"done": "Өткізілді", "link": scenes.PROOF},
    ),
    Case("mechanism_year.send_back", scenes.reported, "asb", "head", scenes.started, lambda w, r: REASON),
    Case("mechanism_year.judge_aims", scenes.reported, "head", "staff", scenes.planned, lambda w, r: scenes.results(r)),
    Case(
        "mechanism_year.conclude",
        scenes.reported,
        "head2",
        "head",
        scenes.planned,
        lambda w, r: {"speaks_as": f"unit:{w.other.pk}", "effect": "effective", "text": "Тиімді"},
    ),
    Case(
        "mechanism_year.close_check", scenes.concluded, "asb", "head", scenes.reported, lambda w, r: {"note": "Жабылды"}
    ),
    Case("mechanism_year.act", scenes.acting, "head", "staff", scenes.closed, lambda w, r: {"acted": "Жаңартылады"}),
    Case(
        "mechanism_year.give_view",
        scenes.reported,
        "auditor",
        "head",
        scenes.planned,
        lambda w, r: {"body": scenes.committee(w).pk, "effect": "partly", "recommendation": "Жалғастыру"},
    ),
    Case("mechanism_year.cancel", scenes.planned, "asb", "head", scenes.closed, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.planned,
    scenes.started,
    scenes.reported,
    scenes.concluded,
    scenes.acting,
    scenes.closed,
    scenes.cancelled,
]
PLACES: dict[type, str] = {MechanismYear: "mechanism-years"}


def make(made: Any, world: Any) -> None:
    """One year, still planned."""
    made.mechanism_year = scenes.planned(world)
