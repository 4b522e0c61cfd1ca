"""Rows and cases of acquaintance: what `staff` of therapy is to read."""

from __future__ import annotations

from typing import Any

from qa_portal.documents.models import Acquaintance
from tests.documents import scenes_acquaintance as scenes

from ..cases import Case
from ..rows import Row, api, our_api, ours, page, step_api, with_step


def acquaintance(made: Any) -> tuple[Any, ...]:
    return (made.acquaintance.pk,)


ROWS: list[Row] = [
    page("documents/acquaintances/"),
    ours("documents/acquaintances/<int:pk>/", acquaintance),
    ours("documents/acquaintances/<int:pk>/history/", acquaintance),
    page("documents/acquaintances/many/<slug:step>/", lambda made: ("confirm",), rest=405),
    ours(
        "documents/acquaintances/<int:pk>/<slug:step>/",
        with_step(acquaintance, "confirm"),
        head=403,
        asb=403,
        board=403,
        admin=403,
    ),
    page(
        "documents/versions/<int:pk>/sheets/<slug:sheet>/",
        lambda made: (made.acquaintance.version_id, "approval"),
        expert=404,
    ),
    api("api/v1/documents/acquaintances/"),
    our_api("api/v1/documents/acquaintances/<pk>/", acquaintance),
    our_api("api/v1/documents/acquaintances/<pk>/history/", acquaintance),
    step_api("api/v1/documents/acquaintances/<pk>/confirm/", acquaintance),
]
CASES: list[Case] = [
    Case("acquaintance.confirm", scenes.waiting, "staff", "head", scenes.confirmed),
]
STATES: list[Any] = [scenes.waiting, scenes.confirmed]
PLACES: dict[type, str] = {Acquaintance: "acquaintances"}


def make(made: Any, world: Any) -> None:
    """One record of each kind."""
    made.acquaintance = scenes.waiting(world)
