"""Rows and cases of campaigns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import Campaign
from tests.surveys import scenes_campaigns as scenes

from ..cases import REASON, Case
from ..rows import Row, api, page, step_api, with_step


def campaign(made: Any) -> tuple[Any, ...]:
    return (made.campaign.pk,)


def link(made: Any) -> tuple[Any, ...]:
    return (made.link_campaign.pk, "svg")


def courses(made: Any) -> tuple[Any, ...]:
    return (made.course_campaign.pk,)


#: those who see campaigns: the quality office and whoever sees everything; the others know of none
UNSEEN = {"expert": 404, "stranger": 404, "staff": 404, "head": 404}
#: the quality office runs them, the others only look on
RUN = {**UNSEEN, "board": 403, "admin": 403}
NOBODY = {"expert": 403, "stranger": 403, "staff": 403, "head": 403, "board": 403, "admin": 403}

STEPS = (
    "begin", "cancel", "check", "close", "extend", "halt", "launch", "remind", "send-back", "submit",
)  # fmt: skip
ROWS: list[Row] = [
    page("surveys/coverage/", expert=404),
    page("surveys/campaigns/"),
    page("surveys/campaigns/add/", **NOBODY),
    page("surveys/campaigns/<int:pk>/", campaign, **UNSEEN),
    page("surveys/campaigns/<int:pk>/edit/", campaign, **RUN),
    page("surveys/campaigns/<int:pk>/history/", campaign, **UNSEEN),
    page("surveys/campaigns/<int:pk>/print/", campaign, **UNSEEN),
    page("surveys/campaigns/<int:pk>/status/", campaign, **UNSEEN),
    page("surveys/campaigns/<int:pk>/link/<slug:kind>/", link, **UNSEEN),
    page("surveys/campaigns/<int:pk>/roster/", campaign, **RUN),
    page("surveys/campaigns/<int:pk>/roster/table/", campaign, **RUN),
    page("surveys/campaigns/<int:pk>/roster/template/", campaign, **RUN),
    page("surveys/campaigns/<int:pk>/courses/", courses, **RUN),
    page("surveys/campaigns/many/<slug:step>/", lambda made: ("check",), rest=405),
    page("surveys/campaigns/<int:pk>/<slug:step>/", with_step(campaign, "cancel"), **RUN),
    api("api/v1/surveys/campaigns/"),
    api("api/v1/surveys/campaigns/<pk>/", campaign, **UNSEEN),
    api("api/v1/surveys/campaigns/<pk>/history/", campaign, **UNSEEN),
    *[step_api(f"api/v1/surveys/campaigns/<pk>/{step}/", campaign) for step in STEPS],
]

CASES: list[Case] = [
    Case("campaign.submit", scenes.listed, "asb", "board", scenes.submitted),
    Case("campaign.check", scenes.submitted, "asb2", "asb", scenes.draft, lambda w, r: {"note": "Дұрыс"}),
    Case("campaign.send_back", scenes.checked, "quality", "board", scenes.draft, lambda w, r: REASON),
    Case("campaign.launch", scenes.ready, "asb", "quality", scenes.draft),
    Case("campaign.begin", scenes.launching_one, "", "asb", scenes.draft),
    Case("campaign.halt", scenes.launching_one, "", "asb", scenes.draft, lambda w, r: REASON),
    Case("campaign.remind", scenes.opened_before, "asb", "board", scenes.draft),
    Case(
        "campaign.extend",
        scenes.opened,
        "asb",
        "council",
        scenes.draft,
        lambda w, r: {"until": scenes.in_days(30).isoformat(), **REASON},
    ),
    Case("campaign.close", scenes.opened, "asb", "board", scenes.draft, lambda w, r: REASON),
    Case("campaign.cancel", scenes.ready, "asb", "board", scenes.closed, lambda w, r: REASON),
]
STATES: list[Callable[[Any], Any]] = [
    scenes.draft,
    scenes.listed,
    scenes.submitted,
    scenes.checked,
    scenes.ready,
    scenes.launching_one,
    scenes.opened_before,
    scenes.closed,
    scenes.cancelled,
    scenes.by_link,
    scenes.about_courses,
]
PLACES: dict[type, str] = {Campaign: "campaigns"}


def make(made: Any, world: Any) -> None:
    """A draft of each way of asking."""
    made.campaign = scenes.listed(world)
    made.link_campaign = scenes.by_link(world)
    made.course_campaign = scenes.about_courses(world)
