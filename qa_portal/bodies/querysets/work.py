"""Assignments, dispatches, requests, proposals: who may see them."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from qa_portal.documents.querysets.library import own_units
from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet

from .bodies import insider
from .meetings import my_bodies

#: the body to which alone the quality manager answers (N1 §2.3)
COUNCIL = "academic_council"
RUNNING = ("chair", "deputy_chair", "secretary")


class AssignmentQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> AssignmentQuerySet:
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        return self.filter(Q(owner=person) | Q(decision__body__in=my_bodies(person)) | Q(unit__in=own_units(person)))

    def open(self) -> AssignmentQuerySet:
        return self.filter(state="open")

    def to_accept(self, person: Any) -> AssignmentQuerySet:
        """Carried out in a body that this person runs; never their own."""
        mine = my_bodies(person, *RUNNING)
        return self.filter(state="carried_out", decision__body__in=mine).exclude(owner=person)

    def overdue(self, day: datetime.date | None = None) -> AssignmentQuerySet:
        return self.filter(state="open", due__lt=day or timezone.localdate())

    def matching(self, text: str) -> AssignmentQuerySet:
        return self.filter(Q(text__icontains=text) | Q(number__icontains=text))


class DispatchQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> DispatchQuerySet:
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        return self.filter(Q(sent_by=person) | Q(body__in=my_bodies(person)))

    def matching(self, text: str) -> DispatchQuerySet:
        return self.filter(Q(title__icontains=text) | in_any_language(text, "body__name"))


class RequestQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> RequestQuerySet:
        if not insider(person):
            return self.none()
        if person.standing.sees_everything or self._council_hears(person):
            return self
        return self.filter(Q(asked_by=person) | Q(unit__in=own_units(person)))

    @staticmethod
    def _council_hears(person: Any) -> bool:
        """Unanswered requests go up to chair and secretary of the Academic Council: they read what they are told of."""
        seats = apps.get_model("bodies", "Seat").objects
        return seats.bodies_of(person, *RUNNING).filter(body__code=COUNCIL).exists()

    def overdue(self, day: datetime.date | None = None) -> RequestQuerySet:
        return self.filter(state="asked", due__lt=day or timezone.localdate())

    def matching(self, text: str) -> RequestQuerySet:
        return self.filter(Q(what__icontains=text) | Q(number__icontains=text))


class QualityProposalQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> QualityProposalQuerySet:
        if not insider(person):
            return self.none()
        if person.standing.sees_everything:
            return self
        return self.filter(Q(proposer=person) | Q(unit__in=own_units(person)) | Q(body__in=my_bodies(person)))

    def overdue(self, day: datetime.date | None = None) -> QualityProposalQuerySet:
        return self.filter(state="made", due__lt=day or timezone.localdate())

    def matching(self, text: str) -> QualityProposalQuerySet:
        return self.filter(Q(title__icontains=text) | Q(text__icontains=text) | Q(number__icontains=text))
