"""What a person is today: the offices held and those held in somebody's name. One query, then only memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from .roles import BOARD_ROLES, EXPERT_ONLY, QUALITY_OFFICE, SEE_EVERYTHING, Role


@dataclass(frozen=True)
class Held:
    """One office as it counts for this person; `principal` is the deputised one, None for an own office."""

    role: str
    unit_id: int
    path: str
    principal: int | None = None


@dataclass
class Standing:
    person_id: int
    held: list[Held] = field(default_factory=list)
    unit_path: str = ""

    @classmethod
    def of(cls, person: Any) -> Standing:
        today = timezone.localdate()
        principals = (
            apps.get_model("people", "Deputy")
            .objects.on(today)
            .filter(deputy=person, principal__is_active=True)
            .values("principal_id")
        )
        offices = (
            apps.get_model("people", "Office")
            .objects.on(today)
            .filter(Q(person=person) | Q(person_id__in=principals))
            .values_list("person_id", "role", "unit_id", "unit__path", "person__unit__path")
        )
        standing = cls(person.pk)
        for holder, role, unit_id, path, own_path in offices:
            standing.held.append(Held(role, unit_id, path, None if holder == person.pk else holder))
            if holder == person.pk and own_path:
                standing.unit_path = own_path
        if not standing.unit_path and person.unit_id:
            standing.unit_path = person.unit.path
        return standing

    # -- roles ---------------------------------------------------------------
    def has(self, *roles: str) -> bool:
        """Holds one of the roles, oneself or as a deputy. Administrator and expert are never deputised."""
        return any(
            h.role in roles and (h.principal is None or h.role not in (Role.ADMINISTRATOR, Role.EXTERNAL_EXPERT))
            for h in self.held
        )

    @property
    def roles(self) -> set[str]:
        return {h.role for h in self.held}

    @cached_property
    def quality_office(self) -> bool:
        return self.has(*QUALITY_OFFICE)

    @cached_property
    def board(self) -> bool:
        return self.has(*BOARD_ROLES)

    @cached_property
    def sees_everything(self) -> bool:
        return self.has(*SEE_EVERYTHING)

    @property
    def outsider(self) -> bool:
        """Belongs to no unit and holds no office but that of an expert: sees granted records and nothing else.

        Also after the expert's office has ended: an account left over does not become one of ours.
        """
        own = {h.role for h in self.held if h.principal is None}
        return not self.unit_path and own <= EXPERT_ONLY

    # -- units ---------------------------------------------------------------
    @cached_property
    def led_paths(self) -> list[str]:
        """Subtrees this person leads, oneself or as a deputy."""
        return [h.path for h in self.held if h.role == Role.UNIT_HEAD]

    def leads(self, unit_id: int | None) -> bool:
        return unit_id is not None and any(h.role == Role.UNIT_HEAD and h.unit_id == unit_id for h in self.held)

    def leads_above(self, path: str) -> bool:
        """Leads this unit or one above it."""
        return any(path.startswith(led) for led in self.led_paths)

    def coordinates(self, path: str) -> bool:
        return any(h.role == Role.QUALITY_COORDINATOR and path.startswith(h.path) for h in self.held)

    def works_within(self, path: str) -> bool:
        """The person's own unit is this one or stands below it."""
        return self.unit_path.startswith(path)

    def works_in(self, path: str) -> bool:
        """The person's own unit is this one."""
        return bool(self.unit_path) and self.unit_path == path

    # -- deputies --------------------------------------------------------------
    def offices(self, *roles: str) -> list[int | None]:
        """For each such office held: None when it is one's own, else whose it is (one deputises)."""
        return [h.principal for h in self.held if h.role in roles]

    def headships(self, unit_id: int | None) -> list[int | None]:
        """The same for headships of exactly this unit."""
        return [h.principal for h in self.held if h.role == Role.UNIT_HEAD and h.unit_id == unit_id]

    def headships_above(self, path: str) -> list[int | None]:
        """The same for headships of this unit and of those above it."""
        return [h.principal for h in self.held if h.role == Role.UNIT_HEAD and path.startswith(h.path)]


def free_principal(person_id: int, offices: list[int | None], own: set[int]) -> tuple[bool, int | None]:
    """Whether somebody may decide in one of the offices held, and in whose name (None: in their own).

    Nobody decides about own work, nor in the name only of somebody whose work it is.
    """
    if person_id in own:
        return False, None
    if None in offices:
        return True, None
    free = [principal for principal in offices if principal not in own]
    return bool(free), free[0] if free else None
