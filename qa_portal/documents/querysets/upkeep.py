"""Conformity reviews, verdicts, proposals and paper copies: who may see them."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from qa_portal.people.models import Unit
from qa_portal.people.querysets import in_any_language
from qa_portal.people.roles import Role
from qa_portal.workflow.models import RecordQuerySet

from .library import own_units


def _insider(person: Any) -> bool:
    return person.is_authenticated and not person.standing.outsider


class ReviewQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ReviewQuerySet:
        """What the university keeps in line with the law is no secret inside."""
        return self if _insider(person) else self.none()

    def overdue(self, day: datetime.date | None = None) -> ReviewQuerySet:
        return self.filter(state="open", due__lt=day or timezone.localdate())

    def matching(self, text: str) -> ReviewQuerySet:
        return self.filter(Q(title__icontains=text) | Q(number__icontains=text) | Q(note__icontains=text))


class VerdictQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> VerdictQuerySet:
        if not _insider(person):
            return self.none()
        seen = apps.get_model("documents", "Document").objects.visible_to(person)
        return self.filter(document__in=seen.order_by().values("pk"))

    def overdue(self, day: datetime.date | None = None) -> VerdictQuerySet:
        day = day or timezone.localdate()
        return self.filter(Q(state="waiting", review__due__lt=day) | Q(state="decided", until__lt=day))

    def to_judge_by(self, person: Any) -> VerdictQuerySet:
        """Those that wait for the word of this head or coordinator."""
        standing = person.standing
        led = [h.unit_id for h in standing.held if h.role == Role.UNIT_HEAD]
        units = Q(pk__in=led)
        for held in standing.held:
            if held.role == Role.QUALITY_COORDINATOR:
                units |= Q(path__startswith=held.path)
        return self.filter(state="waiting", document__unit__in=Unit.objects.filter(units).order_by().values("pk"))

    def matching(self, text: str) -> VerdictQuerySet:
        return self.filter(in_any_language(text, "document__title") | Q(document__number__icontains=text))


class ProposalQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ProposalQuerySet:
        """Who proposed, their unit, the unit that owns the document, and those who see everything."""
        if not _insider(person):
            return self.none()
        if person.standing.sees_everything:
            return self
        units = own_units(person)
        return self.filter(Q(proposer=person) | Q(unit__in=units) | Q(document__unit__in=units))

    def overdue(self, day: datetime.date | None = None) -> ProposalQuerySet:
        return self.none()

    def to_answer_by(self, person: Any) -> ProposalQuerySet:
        """Filed ones that wait for this head, or for the quality office; nobody answers their own."""
        led = [h.unit_id for h in person.standing.held if h.role == Role.UNIT_HEAD]
        rows = self.filter(state="filed").exclude(proposer=person)
        return rows if person.standing.quality_office else rows.filter(document__unit__in=led)

    def matching(self, text: str) -> ProposalQuerySet:
        return self.filter(
            Q(text__icontains=text) | Q(number__icontains=text) | in_any_language(text, "document__title")
        )


class CopyQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> CopyQuerySet:
        if not _insider(person):
            return self.none()
        if person.standing.sees_everything:
            return self
        units = own_units(person)
        return self.filter(Q(holder=person) | Q(holder__unit__in=units) | Q(version__document__unit__in=units))

    def to_collect(self) -> CopyQuerySet:
        """Still held, though their version is no longer in force."""
        return self.filter(state="held").exclude(version__state__in=("approved", "in_force"))

    def matching(self, text: str) -> CopyQuerySet:
        return self.filter(
            in_any_language(text, "version__document__title", "holder__last_name") | Q(where__icontains=text)
        )
