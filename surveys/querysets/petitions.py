"""Who may see petitions (domain.md §10). Nobody sees them by seeing everything: the Board and administrators do not.

Most kinds: Chancellery and quality office, whoever answers, the head of the unit it was given to, the body on whose agenda
it stands. Requests to a school committee: its members too. Health data: that committee and the people named for special
needs. Reports on ethics: Compliance alone. In every case the author who gave a name, and never those whom it concerns.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from qa_portal.documents.querysets.library import lent
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.workflow.models import RecordQuerySet

COMMITTEE = "school_committee"
#: a head sees what was given to the unit, not what merely names it
GIVEN = ("in_work", "answered", "closed")
_KEPT = "_committee_seats_today"


def committee_paths(person: Any, *, running: bool = False) -> list[str]:
    """Schools on whose committee the person sits today (not as an adviser); with `running` those where they preside or
    keep the minutes. One query a day and person object.
    """
    if not getattr(person, "pk", None):
        return []
    today = timezone.localdate()
    kept = person.__dict__.get(_KEPT)
    if kept is None or kept[0] != today:
        seats = apps.get_model("bodies", "Seat").objects.held(today)
        rows = seats.filter(person_id=person.pk, body__kind__code=COMMITTEE, body__state="active").exclude(
            duty="adviser"
        )
        kept = person.__dict__[_KEPT] = (today, sorted(rows.order_by().values_list("body__unit__path", "duty")))
    return [path for path, duty in kept[1] if not running or duty in ("chair", "deputy_chair", "secretary")]


def needs_paths(person: Any) -> list[str]:
    """Units for whose learners with special needs the person is named."""
    return [held.path for held in person.standing.held if held.role == Role.SPECIAL_NEEDS]


def _within(paths: list[str]) -> Q:
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(unit__path__startswith=path)
    return found


def _units_of(person: Any) -> Any:
    """The person's own unit and those led, with all below; the university itself is nobody's own."""
    standing = person.standing
    own = Q(path=standing.unit_path) if standing.unit_path else Q(pk__in=[])
    for path in standing.led_paths:
        own |= Q(path__startswith=path)
    return apps.get_model("people", "Unit").objects.filter(own, parent__isnull=False).order_by().values("pk")


class PetitionQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> PetitionQuerySet:
        if not person.is_authenticated:
            return self.none()
        seen = self._ordinary_for(person) | self._needs_for(person) | self._ethics_for(person)
        return self.filter(Q(author=person) | (seen & ~self._concerning(person.pk)))

    def _concerning(self, person_id: int) -> Q:
        rows = self.model.concerns.through._default_manager.filter(person_id=person_id)
        return Q(pk__in=rows.order_by().values("petition_id"))

    def _ordinary_for(self, person: Any) -> Q:
        ordinary = ~Q(kind__in=self.model.SENSITIVE)
        if person.standing.has(Role.CHANCELLERY, *QUALITY_OFFICE):
            return ordinary
        heads = _within(person.standing.led_paths) & Q(state__in=GIVEN)
        committee = Q(kind=self.model.Kind.COMMITTEE) & _within(committee_paths(person))
        return ordinary & (Q(owner=person) | heads | committee | lent(person, self.model))

    def _needs_for(self, person: Any) -> Q:
        named = needs_paths(person)
        within = _within([*named, *committee_paths(person)])
        # Nobody has said yet where it belongs: somebody who is named must.
        within |= Q(unit__isnull=True) if named else Q(pk__in=[])
        return Q(kind=self.model.Kind.ADJUSTMENT) & within

    def _ethics_for(self, person: Any) -> Q:
        """Compliance; not people of the unit that it is about, nor who deputises only for somebody whom it concerns."""
        offices = person.standing.offices(Role.COMPLIANCE)
        if not offices:
            return Q(pk__in=[])
        seen = Q(kind=self.model.Kind.ETHICS) & ~Q(unit__in=_units_of(person))
        if None in offices:
            return seen
        free = Q(pk__in=[])
        for principal in offices:
            free |= ~self._concerning(principal)
        return seen & free

    # -- sets ----------------------------------------------------------------------------------
    def ordinary(self) -> PetitionQuerySet:
        """Without health data and reports on ethics: for everything that others may read."""
        return self.exclude(kind__in=self.model.SENSITIVE)

    def open(self) -> PetitionQuerySet:
        return self.filter(state__in=self.model.OPEN)

    def overdue(self, day: datetime.date | None = None) -> PetitionQuerySet:
        return self.filter(state__in=self.model.RUNNING, due_on__lt=day or timezone.localdate())

    def matching(self, text: str) -> PetitionQuerySet:
        return self.filter(Q(number__icontains=text) | Q(subject__icontains=text) | Q(text__icontains=text))
