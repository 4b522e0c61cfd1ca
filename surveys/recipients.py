"""To whom the report on a survey goes (domain.md §10): a table by what was asked, and who they are today.

The order of the groups is the order of the table: somebody who belongs to two gets the report once, as the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Seat
from qa_portal.people.heads import holders
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import BOARD_ROLES, Role

from .models import Audience, Questionnaire, Release, ReleaseReceipt

COUNCIL, COMMITTEE = "academic_council", "school_committee"
BOARD, UNITS, LEADERSHIP, MANAGER, TEACHERS = "board", "units", "school_leadership", "quality_manager", "teacher"


@dataclass(frozen=True)
class Group:
    """One line of the table: how it is called, and who belongs to it for one release."""

    label: Any
    people: Callable[[Release], Iterable[Person]]


# -- who they are ---------------------------------------------------------------------------------
def _council(release: Release) -> Iterable[Person]:
    """Members of the Academic Council; where the body is not founded yet, those with the office."""
    seats = Seat.objects.held().filter(body__code=COUNCIL, person__is_active=True).select_related("person")
    return [seat.person for seat in seats] or holders([Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY])


def _committees(release: Release) -> Iterable[Person]:
    """Members of the school committees concerned: of the schools that the campaign or its figures name."""
    seats = Seat.objects.held().filter(body__kind__code=COMMITTEE, body__state="active", person__is_active=True)
    schools = _schools(release)
    if schools:
        seats = seats.filter(body__unit__in=schools)
    return [seat.person for seat in seats.select_related("person")]


def _board(release: Release) -> Iterable[Person]:
    return holders(BOARD_ROLES)


def _manager(release: Release) -> Iterable[Person]:
    return holders([Role.QUALITY_MANAGER])


def _named_units(release: Release) -> set[int]:
    """Units that the figures or the recommendations name."""
    found = set(release.nodes.exclude(unit=None).values_list("unit", flat=True))
    found |= set(release.recommendations.exclude(unit=None).values_list("unit", flat=True))
    return found | ({release.campaign.unit_id} if release.campaign.unit_id else set())


def _schools(release: Release) -> set[int]:
    chains = Unit.objects.filter(pk__in=_named_units(release)).values_list("path", flat=True)
    above = {int(part) for path in chains for part in path.split(".") if part}
    return set(Unit.objects.filter(pk__in=above, kind=Unit.Kind.SCHOOL).values_list("pk", flat=True))


def _heads_of(units: Iterable[int]) -> Iterable[Person]:
    offices = Office.objects.on().filter(role=Role.UNIT_HEAD, unit__in=list(units), person__is_active=True)
    return [office.person for office in offices.select_related("person").order_by("unit__path")]


def _interested(release: Release) -> Iterable[Person]:
    return _heads_of(_named_units(release))


def _leadership(release: Release) -> Iterable[Person]:
    """Heads of the schools concerned; where the figures name none, of every school."""
    schools = _schools(release)
    every = Unit.objects.working().filter(kind=Unit.Kind.SCHOOL).values_list("pk", flat=True)
    return _heads_of(schools or every)


def _teachers(release: Release) -> Iterable[Person]:
    """Whoever taught: as frozen at launch, so also those whose own figures are hidden."""
    frozen = release.campaign.surveys.values_list("teachers", flat=True)
    ids = {teacher["id"] for teachers in frozen for teacher in teachers}
    return Person.objects.filter(pk__in=ids, is_active=True).order_by("pk")


GROUPS: dict[str, Group] = {
    COUNCIL: Group(_("Academic Council"), _council),
    COMMITTEE: Group(_("school committee"), _committees),
    BOARD: Group(_("Board"), _board),
    LEADERSHIP: Group(_("leadership of the school"), _leadership),
    MANAGER: Group(_("quality manager"), _manager),
    UNITS: Group(_("unit concerned"), _interested),
    TEACHERS: Group(_("teacher of the course"), _teachers),
}

_YEARLY = (COUNCIL, COMMITTEE, BOARD, UNITS)
_OUTSIDE = (COMMITTEE, LEADERSHIP, MANAGER, COUNCIL)
_COURSE = (LEADERSHIP, COUNCIL, MANAGER, COMMITTEE, TEACHERS)
_OTHER = (COUNCIL, MANAGER, BOARD)
#: by audience (N1 §4.1.7–11); surveys about courses have a line of their own
TABLE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            Audience.STUDENTS,
            Audience.INTERNS,
            Audience.RESIDENTS,
            Audience.DOCTORAL,
            Audience.TEACHERS,
            Audience.MENTORS,
        ),
        _YEARLY,
    ),
    **dict.fromkeys((Audience.GRADUATES, Audience.EMPLOYERS), _OUTSIDE),
}


def groups_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    return _COURSE if questionnaire.about_courses else TABLE.get(questionnaire.audience, _OTHER)


def recipients(release: Release) -> list[tuple[Person, str]]:
    """Each recipient once, with the group in which they receive it."""
    found: dict[int, tuple[Person, str]] = {}
    for key in groups_of(release.campaign.questionnaire):
        for person in GROUPS[key].people(release):
            found.setdefault(person.pk, (person, key))
    return list(found.values())


def role_label(key: str) -> str:
    return str(GROUPS[key].label) if key in GROUPS else key


def confirm_receipt(release: Release, person: Any) -> ReleaseReceipt | None:
    """Notes the day on which a recipient has received the report, once; None for somebody who is no recipient."""
    rows = ReleaseReceipt.objects.filter(release=release, person=person)
    rows.filter(opened_on__isnull=True).update(opened_on=timezone.localdate())
    return rows.first()
