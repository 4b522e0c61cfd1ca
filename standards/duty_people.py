"""Who answers for a duty: by the office, the unit or the programme that its rule names; else the quality office."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qa_portal.people.heads import head_ids, heads_by_unit
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE, Role
from qa_portal.programmes.models import Programme


@dataclass
class Answering:
    """All that is asked to name the people of many duties: read once, then only memory."""

    heads: dict[int, int] = field(default_factory=heads_by_unit)
    paths: dict[int, str] = field(default_factory=lambda: dict(Unit.objects.values_list("pk", "path")))
    roles: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    programmes: dict[int, int | None] = field(
        default_factory=lambda: dict(Programme.objects.filter(head__is_active=True).values_list("pk", "head_id"))
    )
    programme_type: str = "programme"

    def __post_init__(self) -> None:
        rows = Office.objects.on().filter(person__is_active=True).exclude(role=Role.UNIT_HEAD).order_by("pk")
        for role, person, path in rows.values_list("role", "person_id", "unit__path"):
            self.roles.setdefault(role, []).append((person, path))

    def of(self, duty: Any) -> list[int]:
        """Numbers of the people who answer for a duty."""
        rule = duty.rule
        found = self._named(duty)
        if not found and rule.role != Role.UNIT_HEAD and not (rule.unit_id or duty.unit_id):
            found = self.office()
        return found or self.head(rule.unit_id or duty.unit_id) or self.office()

    def _named(self, duty: Any) -> list[int]:
        role = duty.rule.role
        if role == Role.PROGRAMME_HEAD and duty.rule.scope == self.programme_type:
            head = self.programmes.get(duty.subject_id)
            return [head] if head else []
        if role == Role.QUALITY_COORDINATOR and duty.unit_id:
            path = self.paths[duty.unit_id]
            return [person for person, above in self.roles.get(role, ()) if path.startswith(above)]
        if role and role != Role.UNIT_HEAD:
            return list(dict.fromkeys(person for person, _path in self.roles.get(role, ())))
        return []

    def head(self, unit_id: int | None) -> list[int]:
        return head_ids(self.paths, self.heads, unit_id) if unit_id else []

    def office(self) -> list[int]:
        found = [person for role in QUALITY_OFFICE for person, _path in self.roles.get(role, ())]
        return list(dict.fromkeys(found))

    def board(self) -> list[int]:
        found = [person for role in BOARD_ROLES for person, _path in self.roles.get(role, ())]
        return list(dict.fromkeys(found))


def responsible_people(duty: Any) -> list[Person]:
    return list(Person.objects.filter(pk__in=Answering().of(duty), is_active=True).order_by("pk"))
