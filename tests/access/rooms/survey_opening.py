"""Rows and cases of the urn: steps of a campaign. Its pages and lists are those of campaigns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.surveys import scenes_campaigns as campaigns
from tests.surveys import scenes_urn as scenes

from ..cases import REASON, Case
from ..rows import Row, step_api


def campaign(made: Any) -> tuple[Any, ...]:
    return (made.campaign.pk,)


STEPS = ("rehearse", "open-urn", "finish-opening", "halt-opening", "destroy-key", "destroy-unread")
ROWS: list[Row] = [step_api(f"api/v1/surveys/campaigns/<pk>/{step}/", campaign) for step in STEPS]
CASES: list[Case] = [
    Case("campaign.rehearse", campaigns.checked, "asb", "board", campaigns.draft),
    Case("campaign.open_urn", scenes.sealed_one, "asb", "board", campaigns.draft),
    Case("campaign.finish_opening", scenes.opening_one, "", "asb", campaigns.draft),
    Case("campaign.halt_opening", scenes.opening_one, "", "asb", campaigns.draft, lambda w, r: REASON),
    Case("campaign.destroy_key", scenes.opened_one, "", "asb", campaigns.draft),
    Case("campaign.destroy_unread", scenes.sealed_one, "asb", "board", campaigns.draft, lambda w, r: REASON),
]
STATES: list[Callable[[Any], Any]] = [scenes.sealed_one, scenes.opening_one, scenes.opened_one, scenes.stopped_one]
PLACES: dict[type, str] = {}


def make(made: Any, world: Any) -> None:
    """The campaign is made by its own room."""
