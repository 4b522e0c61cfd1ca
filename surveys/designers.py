"""Who writes which questionnaires (domain.md §10): read once a person object and day, then only memory.

The quality office may prepare every one. School committees write those about courses (N1 §4.1.10), the alumni club those
for graduates, the career centre those for employers.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import Body
from qa_portal.bodies.sitting import seats_of
from qa_portal.people.roles import Role

#: the kind of body that writes questionnaires about courses
COMMITTEE = "school_committee"
#: who writes by an office held
BY_ROLE = {"alumni_club": Role.ALUMNI_CLUB, "career_centre": Role.CAREER_CENTRE}
KEPT = "_school_committees_today"


def committees_of(person: Any) -> dict[int, int]:
    """{school committee: number of its school} of those in which the person sits."""
    seats = seats_of(person)
    if not seats:
        return {}
    today, kept = timezone.localdate(), person.__dict__.get(KEPT)
    if kept is None or kept[0] != today:
        rows = Body.objects.active().filter(pk__in=seats, kind__code=COMMITTEE).order_by("pk")
        kept = person.__dict__[KEPT] = (today, dict(rows.values_list("pk", "unit_id")))
    return kept[1]


def kinds_of(person: Any) -> set[str]:
    """As which designers (models.Designer) a person writes, besides the quality office that writes all."""
    found = {kind for kind, role in BY_ROLE.items() if person.standing.has(role)}
    return found | {COMMITTEE} if committees_of(person) else found


def designs(person: Any, designer: str, unit_id: int | None) -> bool:
    """Belongs to those who write such a questionnaire; of a school's own, to the committee of that school."""
    if designer == COMMITTEE:
        schools = committees_of(person).values()
        return bool(schools) if unit_id is None else unit_id in schools
    return designer in BY_ROLE and person.standing.has(BY_ROLE[designer])
