"""Duties: everybody inside reads the university's; those of a unit are read by it, above it, by whoever answers, and by
those who see everything."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from qa_portal.documents.querysets.library import lent, own_units
from qa_portal.people.querysets import in_any_language
from qa_portal.people.roles import Role
from qa_portal.workflow.models import RecordQuerySet

from .cycles import insider
from .heads import heads_for


def answered_by(person: Any) -> Q:
    """Duties that this person answers for, in an own office or in somebody's name."""
    standing = person.standing
    led = {h.unit_id for h in standing.held if h.role == Role.UNIT_HEAD}
    led = {unit for unit, answering in heads_for(person).answering.items() if answering in led}
    names = {person.pk, *(h.principal for h in standing.held if h.principal)}
    by_unit = Q(rule__unit__in=led) | Q(rule__unit__isnull=True, unit__in=led)
    roles = standing.roles - {Role.UNIT_HEAD, Role.PROGRAMME_HEAD, Role.QUALITY_COORDINATOR}
    mine = Q(rule__role__in=sorted(roles)) | Q(rule__role__in=("", Role.UNIT_HEAD)) & by_unit
    programmes = apps.get_model("programmes", "Programme").objects.order_by()
    headed = programmes.filter(head__in=names).values("pk")
    without = programmes.filter(Q(head__isnull=True) | Q(head__is_active=False), unit__in=led).values("pk")
    mine |= Q(rule__role=Role.PROGRAMME_HEAD, rule__scope="programme") & (
        Q(subject_id__in=headed) | Q(subject_id__in=without)
    )
    for held in standing.held:
        if held.role == Role.QUALITY_COORDINATOR:
            mine |= Q(rule__role=held.role, unit__path__startswith=held.path)
    if standing.quality_office:
        mine |= Q(rule__role__in=("", Role.UNIT_HEAD), rule__unit__isnull=True, unit__isnull=True)
    return mine


class DutyRuleQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> DutyRuleQuerySet:
        return self if insider(person) else self.none()

    def in_use(self) -> DutyRuleQuerySet:
        return self.filter(retired=False)

    def matching(self, text: str) -> DutyRuleQuerySet:
        return self.filter(Q(code__iexact=text) | Q(basis__icontains=text) | in_any_language(text, "name"))


class DutyQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> DutyQuerySet:
        if not insider(person):
            return self.filter(lent(person, self.model)) if person.is_authenticated else self.none()
        if person.standing.sees_everything:
            return self
        seen = Q(unit__isnull=True) | Q(unit__in=own_units(person)) | lent(person, self.model)
        return self.filter(seen | answered_by(person))  # who answers sees it, whichever unit it falls due in

    def open(self) -> DutyQuerySet:
        return self.filter(state="open")

    def coming(self, day: datetime.date | None = None) -> DutyQuerySet:
        return self.in_phase(["coming"], day)

    def due(self, day: datetime.date | None = None) -> DutyQuerySet:
        return self.in_phase(["due"], day)

    def overdue(self, day: datetime.date | None = None) -> DutyQuerySet:
        return self.in_phase(["overdue"], day)

    def in_phase(self, phases: Iterable[str], day: datetime.date | None = None) -> DutyQuerySet:
        """Those that are coming, due, overdue, done or not needed today."""
        day, asked = day or timezone.localdate(), Q(pk__in=[])
        for phase in phases:
            asked |= {
                "coming": Q(state="open", opens_on__gt=day, due_on__gte=day),
                "due": Q(state="open", opens_on__lte=day, due_on__gte=day),
                "overdue": Q(state="open", due_on__lt=day),
            }.get(phase, Q(state=phase))
        return self.filter(asked)

    def of(self, person: Any) -> DutyQuerySet:
        """Those that this person answers for, in an own office or in somebody's name."""
        return self.filter(answered_by(person))

    def matching(self, text: str) -> DutyQuerySet:
        return self.filter(
            Q(rule__basis__icontains=text) | Q(period__icontains=text) | in_any_language(text, "rule__name")
        )
