"""The way of a version to approval, as a line of stops: who has said what, whose word it waits for, who comes after."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date

from qa_portal.people.roles import Role
from qa_portal.web.registry import registry

from .models import Version

DONE, NOW, COMING = "done", "now", "coming"


@dataclass(frozen=True)
class Stop:
    """One authority on the way; `basis` and `on` when it has spoken."""

    name: str
    state: str
    basis: str = ""
    on: datetime.date | None = None


def authority_name(code: str) -> str:
    """A body by its name, an office by its role."""
    if code.startswith("role:"):
        role = code.removeprefix("role:")
        return str(dict(Role.choices).get(role, role))
    return registry.body_name(code)


def stops(version: Version) -> list[Stop]:
    """The route the version was sent along, or the one of its kind as long as it was not sent."""
    words: list[dict[str, Any]] = version.approvals
    found = []
    for place, code in enumerate(version.route or version.document.kind.route()):
        if place < len(words):
            word = words[place]
            found.append(Stop(authority_name(code), DONE, word["basis"], parse_date(word["on"])))
        else:
            asked = version.state == Version.APPROVING and place == version.route_place
            found.append(Stop(authority_name(code), NOW if asked else COMING))
    return found
