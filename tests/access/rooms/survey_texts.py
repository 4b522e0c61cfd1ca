"""Rows and cases of texts under review and of the codebook. Texts are read by the quality office only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import Theme
from tests.surveys import scenes_texts as scenes

from ..cases import REASON, Case
from ..rows import ASB_ONLY, Row, api, page, step_api, with_step


def theme(made: Any) -> tuple[Any, ...]:
    return (made.theme.pk,)


OFFICE_ONLY = {"expert": 403, "stranger": 403, **ASB_ONLY}
#: the codebook is read by everybody inside
INSIDE = {"expert": 404}
KEPT = {"stranger": 403, **INSIDE, **ASB_ONLY}

ROWS: list[Row] = [
    page("surveys/texts/", **OFFICE_ONLY),
    page("surveys/texts/<int:pk>/", lambda made: (made.texts_campaign.pk,), **OFFICE_ONLY),
    page("surveys/themes/"),
    page("surveys/themes/add/", **OFFICE_ONLY),
    page("surveys/themes/<int:pk>/", theme, **INSIDE),
    page("surveys/themes/<int:pk>/edit/", theme, **KEPT),
    page("surveys/themes/<int:pk>/history/", theme, **INSIDE),
    page("surveys/themes/many/<slug:step>/", lambda made: ("retire",), rest=405),
    page("surveys/themes/<int:pk>/<slug:step>/", with_step(theme, "retire"), **KEPT),
    api("api/v1/surveys/themes/"),
    api("api/v1/surveys/themes/<pk>/", theme, **INSIDE),
    api("api/v1/surveys/themes/<pk>/history/", theme, **INSIDE),
    *[step_api(f"api/v1/surveys/themes/<pk>/{step}/", theme) for step in ("retire", "take-back")],
]
CASES: list[Case] = [
    Case("theme.retire", scenes.theme, "asb", "head", scenes.retired, lambda w, r: REASON),
    Case("theme.take_back", scenes.retired, "asb", "head", scenes.theme),
]
STATES: list[Callable[[Any], Any]] = [scenes.theme, scenes.retired]
PLACES: dict[type, str] = {Theme: "themes"}


def make(made: Any, world: Any) -> None:
    """A theme, and an opened survey with texts that wait."""
    made.theme = scenes.theme(world, "access")
    made.texts_campaign = scenes.campaign(world)
    scenes.texts(made.texts_campaign, 2)
