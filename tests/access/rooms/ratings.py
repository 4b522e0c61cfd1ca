"""Rows and cases of rating formulas and ratings."""

from __future__ import annotations

from typing import Any

from standards.models import Rating, RatingFormula
from tests.standards import scenes_indicators as sets
from tests.standards import scenes_ratings as scenes

from ..cases import REASON, Case
from ..rows import ASB_ONLY, Row, api, page, step_api, with_step


def of_formula(made: Any) -> tuple[Any, ...]:
    return (made.rating.formula_id,)


def of_rating(made: Any) -> tuple[Any, ...]:
    return (made.rating.pk,)


NOBODY_NOW = {"expert": 404, "stranger": 403, "asb": 409, **ASB_ONLY}
PREPARERS = {"expert": 403, "stranger": 403, **ASB_ONLY}

ROWS: list[Row] = [
    page("standards/rating-formulas/"),
    page("standards/rating-formulas/add/", **PREPARERS),
    page("standards/rating-formulas/<int:pk>/", of_formula, expert=404),
    page("standards/rating-formulas/<int:pk>/edit/", of_formula, **NOBODY_NOW),
    page("standards/rating-formulas/<int:pk>/history/", of_formula, expert=404),
    page("standards/rating-formulas/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    page("standards/rating-formulas/<int:pk>/<slug:step>/", with_step(of_formula, "cancel"), **NOBODY_NOW),
    page("standards/ratings/"),
    page("standards/ratings/add/", **PREPARERS),
    page("standards/ratings/<int:pk>/", of_rating, expert=404),
    page("standards/ratings/<int:pk>/edit/", of_rating, **{**NOBODY_NOW, "asb": 403}),
    page("standards/ratings/<int:pk>/history/", of_rating, expert=404),
    page("standards/ratings/<int:pk>/print/", of_rating, expert=404),
    page("standards/ratings/<int:pk>/table/", of_rating, expert=404),
    page("standards/ratings/many/<slug:step>/", lambda made: ("publish",), rest=405),
    page(
        "standards/ratings/<int:pk>/<slug:step>/", with_step(of_rating, "cancel"), expert=404, stranger=403, **ASB_ONLY
    ),
    *[
        row
        for records, of, steps in (
            ("rating-formulas", of_formula, ("approve", "cancel", "send-back", "submit", "undo-approval")),
            ("ratings", of_rating, ("cancel", "publish")),
        )
        for row in (
            api(f"api/v1/standards/{records}/"),
            api(f"api/v1/standards/{records}/<pk>/", of, expert=404),
            api(f"api/v1/standards/{records}/<pk>/history/", of, expert=404),
            *[step_api(f"api/v1/standards/{records}/<pk>/{step}/", of) for step in steps],
        )
    ],
]

COUNCIL = frozenset({sets.BODY})
ABOVE = frozenset({f"over:{sets.BODY}"})

CASES: list[Case] = [
    Case("rating_formula.submit", scenes.draft, "asb", "board", scenes.cancelled),
    Case("rating_formula.approve", scenes.submitted, "", "asb", scenes.draft, decides_for=COUNCIL),
    Case("rating_formula.undo_approval", scenes.in_force, "", "asb", scenes.draft, lambda w, r: REASON, ABOVE),
    Case("rating_formula.send_back", scenes.submitted, "quality", "board", scenes.draft, lambda w, r: REASON),
    Case("rating_formula.cancel", scenes.draft, "asb", "admin", scenes.in_force, lambda w, r: REASON),
    Case("rating.publish", scenes.made, "asb2", "asb", scenes.published),
    Case("rating.cancel", scenes.published, "quality", "head", scenes.withdrawn, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.draft,
    scenes.submitted,
    scenes.in_force,
    scenes.superseded,
    scenes.cancelled,
    scenes.made,
    scenes.published,
    scenes.withdrawn,
]
PLACES: dict[type, str] = {RatingFormula: "rating-formulas", Rating: "ratings"}


def make(made: Any, world: Any) -> None:
    """A published rating by a formula in force."""
    made.rating = scenes.published(world)
