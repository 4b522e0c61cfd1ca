"""Rows and cases of sets of indicators and of indicators."""

from __future__ import annotations

from typing import Any

from standards.models import Indicator, IndicatorSet
from tests.standards import scenes_indicators as scenes

from ..cases import REASON, Case
from ..rows import ASB_ONLY, Row, api, page, step_api, with_step


def of_set(made: Any) -> tuple[Any, ...]:
    """The set that is in force when all rooms have made theirs."""
    return (IndicatorSet.objects.in_force().get().pk,)


def of_indicator(made: Any) -> tuple[Any, ...]:
    return (Indicator.objects.in_force().order_by("pk").first().pk,)


#: a set in force: everybody inside reads it, nobody edits or cancels it
NOBODY_NOW = {"expert": 404, "stranger": 403, "asb": 409, **ASB_ONLY}
PREPARERS = {"expert": 403, "stranger": 403, **ASB_ONLY}

ROWS: list[Row] = [
    page("standards/indicator-sets/"),
    page("standards/indicator-sets/add/", **PREPARERS),
    page("standards/indicator-sets/<int:pk>/", of_set, expert=404),
    page("standards/indicator-sets/<int:pk>/edit/", of_set, **NOBODY_NOW),
    page("standards/indicator-sets/<int:pk>/history/", of_set, expert=404),
    page("standards/indicator-sets/<int:pk>/print/", of_set, expert=404),
    page("standards/indicator-sets/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    page("standards/indicator-sets/<int:pk>/<slug:step>/", with_step(of_set, "cancel"), **NOBODY_NOW),
    page("standards/indicators/"),
    page("standards/indicators/add/", rest=404),  # no set is being prepared
    page("standards/indicators/<int:pk>/", of_indicator, expert=404),
    page("standards/indicators/<int:pk>/edit/", of_indicator, **NOBODY_NOW),
    page("standards/indicators/<int:pk>/history/", of_indicator, expert=404),
    page("standards/indicators/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    page(
        "standards/indicators/<int:pk>/<slug:step>/",
        with_step(of_indicator, "set-target"),
        expert=404,
        stranger=403,
        **ASB_ONLY,
    ),
    *[
        row
        for records, of, steps in (
            ("indicator-sets", of_set, ("approve", "cancel", "send-back", "submit", "undo-approval")),
            ("indicators", of_indicator, ("cancel", "choose-units", "drop-target", "set-target", "validate")),
        )
        for row in (
            api(f"api/v1/standards/{records}/"),
            api(f"api/v1/standards/{records}/<pk>/", of, expert=404),
            api(f"api/v1/standards/{records}/<pk>/history/", of, expert=404),
            *[step_api(f"api/v1/standards/{records}/<pk>/{step}/", of) for step in steps],
        )
    ],
]

COUNCIL = frozenset({scenes.BODY})
ABOVE = frozenset({f"over:{scenes.BODY}"})


def _in_a_submitted_set(w: Any) -> Indicator:
    return scenes.one_of(scenes.submitted(w))


CASES: list[Case] = [
    Case("indicator_set.submit", scenes.ready, "asb", "board", scenes.draft),
    Case("indicator_set.approve", scenes.submitted, "", "asb", scenes.ready, decides_for=COUNCIL),
    Case("indicator_set.undo_approval", scenes.in_force, "", "asb", scenes.ready, lambda w, r: REASON, ABOVE),
    Case("indicator_set.send_back", scenes.submitted, "quality", "board", scenes.ready, lambda w, r: REASON),
    Case("indicator_set.cancel", scenes.draft, "asb", "admin", scenes.in_force, lambda w, r: REASON),
    Case(
        "indicator.validate",
        scenes.indicator,
        "asb2",
        "asb",
        _in_a_submitted_set,
        lambda w, r: {"validation": "Үш кафедрада саналды"},
    ),
    Case(
        "indicator.set_target",
        scenes.indicator,
        "asb",
        "board",
        _in_a_submitted_set,
        lambda w, r: {"year": 2026, "target": "90,5", "amber": "80", "red": "60"},
    ),
    Case(
        "indicator.drop_target",
        scenes.with_target,
        "quality",
        "board",
        scenes.indicator,
        lambda w, r: {"row": r.targets.get().pk, **REASON},
    ),
    Case(
        "indicator.choose_units",
        scenes.indicator,
        "asb",
        "council",
        _in_a_submitted_set,
        lambda w, r: {"units": [w.department.pk], **REASON},
    ),
    Case("indicator.cancel", scenes.indicator, "asb", "board", _in_a_submitted_set, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.draft,
    scenes.ready,
    scenes.submitted,
    scenes.in_force,
    scenes.superseded,
    scenes.cancelled,
    scenes.indicator,
    scenes.with_target,
    _in_a_submitted_set,
    lambda w: scenes.one_of(scenes.in_force(w)),
    lambda w: scenes.one_of(scenes.superseded(w)),
    lambda w: scenes.one_of(scenes.cancelled(w)),
]
PLACES: dict[type, str] = {IndicatorSet: "indicator-sets", Indicator: "indicators"}


def make(made: Any, world: Any) -> None:
    """One set in force with one indicator."""
    scenes.in_force(world)
