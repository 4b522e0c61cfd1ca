"""Cycles, self-assessments and plan rows: who may see them."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from qa_portal.documents.querysets.library import lent, own_units
from qa_portal.people.querysets import in_any_language
from qa_portal.people.roles import Role
from qa_portal.workflow.models import RecordQuerySet

from .heads import heads_for


def insider(person: Any) -> bool:
    return person.is_authenticated and not person.standing.outsider


class CycleQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> CycleQuerySet:
        """Everybody inside knows of a cycle that has been opened; the quality office and the leadership also of drafts."""
        if not person.is_authenticated:
            return self.none()
        if not insider(person):
            return self.filter(lent(person, self.model)).exclude(state="draft")
        return self if person.standing.sees_everything else self.exclude(state="draft")

    def matching(self, text: str) -> CycleQuerySet:
        found = Q(title__icontains=text)
        return self.filter(found | Q(year=int(text))) if text.isascii() and text.isdigit() else self.filter(found)


class AssessmentQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> AssessmentQuerySet:
        """Those who see everything; the unit and the heads above it; who leads it, sits in its commission or writes an area."""
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        answers = apps.get_model("standards", "AreaAnswer")._base_manager
        members = apps.get_model("standards", "CommissionMember").objects
        mine = (
            Q(lead=person)
            | Q(programme__head=person)
            | Q(pk__in=members.filter(person=person).order_by().values("assessment"))
            | Q(pk__in=answers.filter(assignee=person).order_by().values("assessment"))
            | lent(person, self.model)
        )
        if insider(person):
            mine |= Q(unit__in=own_units(person))
        return self.filter(mine & ~Q(cycle__state="draft"))

    def live(self) -> AssessmentQuerySet:
        return self.exclude(state="cancelled")

    def led_by(self, person: Any) -> AssessmentQuerySet:
        """Those that this person leads: named for it, as programme head, chair of the commission or head of the unit."""
        members = apps.get_model("standards", "CommissionMember").objects.filter(person=person, duty="chair")
        heads = [held.unit_id for held in person.standing.held if held.role == Role.UNIT_HEAD]
        return self.filter(
            Q(lead=person)
            | Q(programme__head=person)
            | Q(pk__in=members.order_by().values("assessment"))
            | Q(unit__in=heads, programme__isnull=True)
        )

    def waiting_for_decision_of(self, person: Any) -> AssessmentQuerySet:
        """Programmes' whose head of department, dean or, without a free head, Board member this person is."""
        led = {held.unit_id for held in person.standing.held if held.role == Role.UNIT_HEAD}
        heads = [unit for unit, answering in heads_for(person).answering.items() if answering in led]
        mine = Q(decides__in=heads) | (Q(decides__isnull=True) if person.standing.board else Q(pk__in=[]))
        rows = self.filter(mine, programme__isnull=False, state__in=("submitted", "agreed"))
        return rows.exclude(submitted_by=person).exclude(agreed_by=person).exclude(programme__head=person)

    def to_verify(self) -> AssessmentQuerySet:
        """With the quality office: a unit's once submitted, a programme's once the committee has considered it."""
        considered = Q(state="endorsed", considered_on__isnull=False)
        return self.filter(Q(state="submitted", programme__isnull=True) | considered)

    def overdue(self, day: datetime.date | None = None) -> AssessmentQuerySet:
        return self.filter(state__in=("open", "returned"), due__lt=day or timezone.localdate())

    def matching(self, text: str) -> AssessmentQuerySet:
        return self.filter(
            in_any_language(text, "unit__name", "unit__short", "programme__name") | Q(programme__code__icontains=text)
        )


class PlanRowQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> PlanRowQuerySet:
        """Whoever sees the self-assessment, and who answers for the row."""
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        seen = apps.get_model("standards", "Assessment").objects.visible_to(person)
        own = Q(owner=person) & ~Q(assessment__cycle__state="draft")
        return self.filter(Q(assessment__in=seen.order_by().values("pk")) | own)

    def overdue(self, day: datetime.date | None = None) -> PlanRowQuerySet:
        return self.filter(state="planned", due__lt=day or timezone.localdate())

    def matching(self, text: str) -> PlanRowQuerySet:
        return self.filter(Q(indicator__icontains=text) | Q(area__iexact=text))
