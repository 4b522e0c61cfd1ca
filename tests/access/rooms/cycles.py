"""Rows and cases of self-assessment cycles, self-assessments and monitoring plans."""

from __future__ import annotations

from typing import Any

from standards.models import Assessment, Cycle, PlanRow
from tests.standards import scenes_cycles as scenes

from ..cases import REASON, Case
from ..rows import ASB_ONLY, NOT_FOR_WATCHERS, Row, api, our_api, ours, page, step_api, with_step


def cycle(made: Any) -> tuple[Any, ...]:
    return (made.cycle.pk,)


def assessment(made: Any) -> tuple[Any, ...]:
    return (made.assessment.pk,)


def plan_row(made: Any) -> tuple[Any, ...]:
    return (made.plan_row.pk,)


#: everybody inside knows of a running cycle, the quality office alone changes it
NOT_OUTSIDE = {"expert": 404}
OFFICE = {"stranger": 403, **ASB_ONLY}

ROWS: list[Row] = [
    page("standards/cycles/"),
    page("standards/cycles/add/", expert=403, **OFFICE),
    page("standards/cycles/<int:pk>/", cycle, **NOT_OUTSIDE),
    page("standards/cycles/<int:pk>/edit/", cycle, **NOT_OUTSIDE, **OFFICE),
    page("standards/cycles/<int:pk>/history/", cycle, **NOT_OUTSIDE),
    page("standards/cycles/<int:pk>/scope/", cycle, **NOT_OUTSIDE),
    page("standards/cycles/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    page("standards/cycles/<int:pk>/<slug:step>/", with_step(cycle, "cancel"), **NOT_OUTSIDE, **OFFICE),
    page("standards/assessments/"),
    ours("standards/assessments/<int:pk>/", assessment),
    ours("standards/assessments/<int:pk>/edit/", assessment, **NOT_FOR_WATCHERS),
    ours("standards/assessments/<int:pk>/history/", assessment),
    ours("standards/assessments/<int:pk>/print/", assessment),
    page("standards/assessments/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours("standards/assessments/<int:pk>/<slug:step>/", with_step(assessment, "cancel"), **ASB_ONLY),
    page("standards/plan-rows/"),
    page("standards/plan-rows/add/", rest=404),  # it is added on the page of a programme's self-assessment
    ours("standards/plan-rows/<int:pk>/", plan_row),
    ours("standards/plan-rows/<int:pk>/edit/", plan_row, staff=403, **NOT_FOR_WATCHERS),
    ours("standards/plan-rows/<int:pk>/history/", plan_row),
    page("standards/plan-rows/many/<slug:step>/", lambda made: ("drop",), rest=405),
    ours("standards/plan-rows/<int:pk>/<slug:step>/", with_step(plan_row, "drop"), staff=403, **NOT_FOR_WATCHERS),
    api("api/v1/standards/cycles/"),
    api("api/v1/standards/cycles/<pk>/", cycle, **NOT_OUTSIDE),
    api("api/v1/standards/cycles/<pk>/history/", cycle, **NOT_OUTSIDE),
    *[
        made
        for records, of in (("assessments", assessment), ("plan-rows", plan_row))
        for made in (
            api(f"api/v1/standards/{records}/"),
            our_api(f"api/v1/standards/{records}/<pk>/", of),
            our_api(f"api/v1/standards/{records}/<pk>/history/", of),
        )
    ],
    *[
        step_api(f"api/v1/standards/{records}/<pk>/{step}/", of)
        for records, of, steps in (
            (
                "cycles",
                cycle,
                (
                    "approve",
                    "cancel",
                    "launch",
                    "move-dates",
                    "plan-programmes",
                    "plan-units",
                    "propose-scope",
                    "send-back",
                    "submit",
                    "undo-approval",
                ),
            ),
            (
                "assessments",
                assessment,
                (
                    "agree",
                    "cancel",
                    "change-areas",
                    "consider",
                    "endorse",
                    "reopen",
                    "send-back",
                    "set-commission",
                    "submit",
                    "undo-consideration",
                    "verify",
                ),
            ),
            ("plan-rows", plan_row, ("drop", "enter-fact")),
        )
        for step in steps
    ],
]


def _commission(w: Any, record: Any) -> dict[str, Any]:
    return {"chair": w.staff.pk, "members": [w.stranger.pk], "note": "№ 14 бұйрық"}


def _dates(w: Any, record: Any) -> dict[str, Any]:
    days = (0, 40, 60, 70)
    return {**{name: scenes.in_days(n).isoformat() for name, n in zip(Cycle.DATES, days, strict=True)}, **REASON}


COUNCIL = frozenset({scenes.COUNCIL})
CASES: list[Case] = [
    Case("cycle.propose_scope", scenes.prepared, "asb", "board", scenes.cycle),
    Case(
        "cycle.plan_units",
        scenes.prepared,
        "asb",
        "board",
        scenes.sent,
        lambda w, r: {"units": [w.other.pk], "areas": ["S1.A1"]},
    ),
    Case(
        "cycle.plan_programmes",
        scenes.cycle,
        "asb",
        "head",
        scenes.sent,
        lambda w, r: {"programmes": [scenes.programme(w).pk], "areas": ["S1.A1"]},
    ),
    Case("cycle.move_dates", scenes.cycle, "asb", "head", scenes.approved, _dates),
    Case("cycle.launch", scenes.prepared, "asb", "board", scenes.cycle),
    Case("cycle.submit", lambda w: scenes.fresh(scenes.verified(w).cycle), "asb", "head", scenes.cycle),
    Case("cycle.approve", scenes.sent, "", "asb", scenes.cycle, decides_for=COUNCIL),
    Case("cycle.send_back", scenes.sent, "asb", "head", scenes.cycle, lambda w, r: REASON),
    Case(
        "cycle.undo_approval",
        scenes.approved,
        "",
        "asb",
        scenes.cycle,
        lambda w, r: REASON,
        decides_for=frozenset({f"over:{scenes.COUNCIL}"}),
    ),
    Case("cycle.cancel", scenes.cycle, "asb", "head", scenes.approved, lambda w, r: REASON),
    Case("assessment.submit", scenes.complete, "head", "coordinator", scenes.assessment),
    Case(
        "assessment.agree",
        scenes.programme_submitted,
        "head",
        "dean",
        scenes.agreed,
        lambda w, r: {"note": "Келісемін"},
    ),
    Case("assessment.endorse", scenes.agreed, "dean", "head", scenes.endorsed, lambda w, r: {"note": "Келісемін"}),
    Case(
        "assessment.consider",
        scenes.endorsed,
        "",
        "asb",
        scenes.considered,
        decides_for=frozenset({"bbbk-medicine"}),
    ),
    Case(
        "assessment.undo_consideration",
        scenes.considered,
        "",
        "asb",
        scenes.endorsed,
        lambda w, r: REASON,
        decides_for=frozenset({"over:bbbk-medicine"}),
    ),
    Case("assessment.verify", scenes.accepted, "asb", "head", scenes.submitted, lambda w, r: {"note": "Толық"}),
    Case(
        "assessment.send_back",
        scenes.submitted,
        "asb",
        "head",
        scenes.verified,
        lambda w, r: {"note": "Түсініктеме аз"},
    ),
    Case("assessment.reopen", scenes.verified, "asb", "head", scenes.submitted, lambda w, r: REASON),
    Case("assessment.cancel", scenes.assessment, "asb", "head", scenes.cancelled, lambda w, r: REASON),
    Case(
        "assessment.change_areas",
        scenes.assessment,
        "asb",
        "head",
        scenes.submitted,
        lambda w, r: {"areas": ["S1.A1", "S1.A2"], **REASON},
    ),
    Case(
        "assessment.set_commission",
        lambda w: scenes.programme_assessment(w, commission=False),
        "asb",
        "head",
        scenes.programme_submitted,
        _commission,
    ),
    Case(
        "plan_row.enter_fact",
        scenes.plan_row,
        "staff",
        "board",
        scenes.dropped,
        lambda w, r: {"fact": "82 %", "fact_on": scenes.in_days(0).isoformat(), "note": "3 % кем"},
    ),
    Case("plan_row.drop", scenes.plan_row, "asb", "board", scenes.dropped, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.prepared,
    scenes.cycle,
    scenes.sent,
    scenes.approved,
    scenes.cancelled_cycle,
    scenes.planned,
    scenes.complete,
    scenes.accepted,
    scenes.returned,
    scenes.verified,
    lambda w: scenes.approved(w).assessments.get(),
    scenes.cancelled,
    scenes.programme_planned,
    scenes.programme_complete,
    scenes.programme_submitted,
    scenes.agreed,
    scenes.endorsed,
    scenes.considered,
    scenes.programme_verified,
    scenes.plan_row,
    scenes.entered,
    scenes.dropped,
]
PLACES: dict[type, str] = {Cycle: "cycles", Assessment: "assessments", PlanRow: "plan-rows"}


def make(made: Any, world: Any) -> None:
    """One record of each kind."""
    made.cycle = scenes.cycle(world)
    made.assessment = made.cycle.assessments.get()
    made.plan_row = scenes.plan_row(world, scenes.programme_assessment(world, commission=False))
