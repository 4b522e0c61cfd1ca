"""Who stands in while an office of a head is empty; asked by permissions and querysets for every row of a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.utils import timezone

from qa_portal.people.heads import heads_by_unit


@dataclass(frozen=True)
class Heads:
    """Who stands in where nobody heads a unit, and where the head of a programme has left."""

    #: {unit: the nearest, itself or above, that has a head today}
    answering: dict[int, int] = field(default_factory=dict)
    #: heads of programmes who have left
    left: frozenset[int] = frozenset()


def heads_for(person: Any) -> Heads:
    """Read once a person object and day, because lists ask for every row; nothing for those who decide for no unit."""
    if not person.standing.led_paths and not person.standing.board:
        return Heads()
    today, kept = timezone.localdate(), person.__dict__.get("_unit_heads")
    if kept is not None and kept[0] == today:
        return kept[1]
    heads, answering = heads_by_unit(), dict[int, int]()
    for unit, path in apps.get_model("people", "Unit").objects.order_by().values_list("pk", "path"):
        chain = [int(part) for part in path.split(".") if part]
        found = next((above for above in reversed(chain) if above in heads), None)
        if found is not None:
            answering[unit] = found
    left = apps.get_model("programmes", "Programme").objects.order_by().filter(head__is_active=False)
    found_heads = Heads(answering, frozenset(left.values_list("head_id", flat=True)))
    person.__dict__["_unit_heads"] = (today, found_heads)
    return found_heads
