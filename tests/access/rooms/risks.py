"""Rows and cases of risks, their measures, context sheets, and links of CAPA actions."""

from __future__ import annotations

from typing import Any

from capa.models import ActionLink
from standards.models import ContextSheet, RiskMeasure, UnitRisk
from tests.standards import scenes_risks as scenes

from ..cases import REASON, Case
from ..rows import NOT_FOR_WATCHERS, Row, api, our_api, ours, page, step_api, with_step


def risk(made: Any) -> tuple[Any, ...]:
    return (made.risk.pk,)


def measure(made: Any) -> tuple[Any, ...]:
    return (made.measure.pk,)


def sheet(made: Any) -> tuple[Any, ...]:
    return (made.sheet.pk,)


def link(made: Any) -> tuple[Any, ...]:
    return (made.link.pk,)


def department(made: Any) -> tuple[Any, ...]:
    return (made.department.pk,)


NOBODY_BUT_HEADS = {"staff": 403, **NOT_FOR_WATCHERS}

ROWS: list[Row] = [
    page("standards/risk-matrix/"),
    page("standards/unit-risks/start/", expert=403, stranger=403, **NOBODY_BUT_HEADS),
    page("standards/unit-risks/rate/", expert=403),
    page("standards/unit-risks/units/<int:pk>/print/", department, expert=404),
    page("standards/unit-risks/"),
    page("standards/unit-risks/add/", expert=403),
    ours("standards/unit-risks/<int:pk>/", risk),
    ours("standards/unit-risks/<int:pk>/edit/", risk, **NOT_FOR_WATCHERS),
    ours("standards/unit-risks/<int:pk>/history/", risk),
    page("standards/unit-risks/many/<slug:step>/", lambda made: ("assess",), rest=405),
    ours("standards/unit-risks/<int:pk>/<slug:step>/", with_step(risk, "assess"), asb=403, **NOT_FOR_WATCHERS),
    page("standards/risk-measures/"),
    page("standards/risk-measures/add/", rest=404),  # it is added on the page of its risk
    ours("standards/risk-measures/<int:pk>/", measure),
    ours("standards/risk-measures/<int:pk>/edit/", measure, **NOT_FOR_WATCHERS),
    ours("standards/risk-measures/<int:pk>/history/", measure),
    page("standards/risk-measures/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours("standards/risk-measures/<int:pk>/<slug:step>/", with_step(measure, "cancel"), **NOT_FOR_WATCHERS),
    page("standards/context-sheets/"),
    page("standards/context-sheets/add/", expert=403, stranger=403, **NOBODY_BUT_HEADS),
    ours("standards/context-sheets/<int:pk>/", sheet),
    ours("standards/context-sheets/<int:pk>/edit/", sheet, **NOBODY_BUT_HEADS),
    ours("standards/context-sheets/<int:pk>/history/", sheet),
    ours("standards/context-sheets/<int:pk>/print/", sheet),
    page("standards/context-sheets/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours("standards/context-sheets/<int:pk>/<slug:step>/", with_step(sheet, "cancel"), **NOBODY_BUT_HEADS),
    page("capa/links/"),
    page("capa/links/add/", rest=404),  # it is made on the page of what the action serves
    ours("capa/links/<int:pk>/", link),
    ours("capa/links/<int:pk>/edit/", link, staff=403, head=403, asb=403, **NOT_FOR_WATCHERS),
    ours("capa/links/<int:pk>/history/", link),
    page("capa/links/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours("capa/links/<int:pk>/<slug:step>/", with_step(link, "cancel"), **NOT_FOR_WATCHERS),
    *[
        made
        for records, of, steps in (
            (
                "standards/unit-risks",
                risk,
                ("assess", "assess-after", "cancel", "close", "come-true", "reopen", "review"),
            ),
            ("standards/risk-measures", measure, ("cancel", "carry-out", "hand-over", "move-deadline")),
            ("standards/context-sheets", sheet, ("approve", "cancel", "reopen")),
            ("capa/links", link, ("cancel",)),
        )
        for made in (
            api(f"api/v1/{records}/"),
            our_api(f"api/v1/{records}/<pk>/", of),
            our_api(f"api/v1/{records}/<pk>/history/", of),
            *[step_api(f"api/v1/{records}/<pk>/{step}/", of) for step in steps],
        )
    ],
]

CASES: list[Case] = [
    Case(
        "unit_risk.assess",
        scenes.risk,
        "staff",
        "asb",
        scenes.closed,
        lambda w, r: {"likelihood": 4, "impact": 5, "note": "Үш орын бос"},
    ),
    Case(
        "unit_risk.assess_after",
        scenes.rated,
        "head",
        "board",
        scenes.risk,
        lambda w, r: {"likelihood_after": 2, "impact_after": 5, "note": "Шара көмектесті"},
    ),
    Case(
        "unit_risk.review",
        scenes.rated,
        "coordinator",
        "asb",
        scenes.risk,
        lambda w, r: {"note": "Өзгеріс жоқ", "review_on": scenes.in_days(200).isoformat()},
    ),
    Case(
        "unit_risk.come_true",
        scenes.rated,
        "staff",
        "board",
        scenes.closed,
        lambda w, r: {"on": scenes.in_days(-1).isoformat(), "text": "Екі оқытушы кетті"},
    ),
    Case("unit_risk.close", scenes.rated_twice, "head", "coordinator", scenes.risk, lambda w, r: REASON),
    Case("unit_risk.reopen", scenes.closed, "asb", "staff", scenes.rated, lambda w, r: REASON),
    Case("unit_risk.cancel", scenes.rated, "asb", "staff", scenes.closed, lambda w, r: REASON),
    Case(
        "risk_measure.carry_out",
        scenes.measure,
        "coordinator",
        "head",
        scenes.carried_out,
        lambda w, r: {"done_note": "Конкурс өтті", "link": "https://example.org/konkurs"},
    ),
    Case(
        "risk_measure.move_deadline",
        lambda w: scenes.measure(w, owner="staff"),
        "head",
        "staff",
        lambda w: scenes.carried_out(w, owner="staff"),
        lambda w, r: {"due": scenes.in_days(50).isoformat(), **REASON},
    ),
    Case(
        "risk_measure.hand_over",
        scenes.measure,
        "head",
        "board",
        scenes.carried_out,
        lambda w, r: {"owner": w.head2.pk, **REASON},
    ),
    Case("risk_measure.cancel", scenes.measure, "asb", "board", scenes.carried_out, lambda w, r: REASON),
    Case(
        "context_sheet.approve",
        scenes.sheet,
        "head",
        "coordinator",
        scenes.approved_sheet,
        lambda w, r: {"note": "Толық"},
    ),
    Case("context_sheet.reopen", scenes.approved_sheet, "head", "coordinator", scenes.sheet, lambda w, r: REASON),
    Case("context_sheet.cancel", scenes.sheet, "coordinator", "staff", scenes.approved_sheet, lambda w, r: REASON),
    Case("link.cancel", scenes.link, "head", "board", scenes.taken_off, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.risk,
    scenes.rated,
    scenes.rated_twice,
    scenes.closed,
    scenes.cancelled,
    scenes.opportunity,
    scenes.measure,
    scenes.carried_out,
    scenes.measure_cancelled,
    scenes.sheet,
    scenes.approved_sheet,
    scenes.cancelled_sheet,
    lambda w: scenes.sheet(w, by="asb", unit=w.university),
    scenes.link,
    scenes.taken_off,
]
PLACES: dict[type, str] = {
    UnitRisk: "unit-risks",
    RiskMeasure: "risk-measures",
    ContextSheet: "context-sheets",
    ActionLink: "links",
}


def make(made: Any, world: Any) -> None:
    """One record of each kind, in therapy."""
    made.risk, made.measure, made.sheet = scenes.risk(world), scenes.measure(world), scenes.sheet(world)
    made.link = scenes.link(world, made.risk)
