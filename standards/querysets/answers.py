"""Answers on evaluation areas: whoever sees the self-assessment sees its answers."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.workflow.models import RecordQuerySet

#: states in which words may still be typed, of an answer and of its self-assessment alike
WRITING = ("open", "returned")


def answers_for(person: Any) -> Q:
    """Rows of units that this person heads (or one above) or for whose quality they answer, oneself or as a deputy."""
    found = Q(pk__in=[])
    for office in person.standing.held:
        if office.role in (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR):
            found |= Q(unit__path__startswith=office.path)
    return found


def with_quality_office(prefix: str = "") -> Q:
    """A self-assessment that lies with the quality office: a unit's once submitted, a programme's once endorsed."""
    state, programme = f"{prefix}state", f"{prefix}programme__isnull"
    return Q(**{state: "submitted", programme: True}) | Q(**{state: "endorsed", programme: False})


class AnswerQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> AnswerQuerySet:
        seen = apps.get_model("standards", "Assessment").objects.visible_to(person)
        return (
            self
            if person.is_authenticated and person.standing.sees_everything
            else self.filter(assessment__in=seen.order_by().values("pk"))
        )

    def live(self) -> AnswerQuerySet:
        return self.exclude(state="cancelled")

    def being_written(self) -> AnswerQuerySet:
        return self.filter(state__in=WRITING, assessment__state__in=WRITING)

    def delegated_to(self, person: Any) -> AnswerQuerySet:
        """What somebody was asked to write and still may."""
        return self.being_written().filter(assignee=person)

    def to_write(self, person: Any) -> AnswerQuerySet:
        """Everything in which this person may type now."""
        members = apps.get_model("standards", "CommissionMember").objects
        mine = (
            Q(assignee=person)
            | Q(assessment__lead=person)
            | Q(assessment__programme__head=person)
            | Q(assessment__in=members.filter(person=person).order_by().values("assessment"))
        )
        return self.being_written().filter(mine | answers_for(person))

    def to_verify(self, person: Any) -> AnswerQuerySet:
        """What waits for the quality office; not of the unit in which this person works, which they head or coordinate."""
        standing = person.standing
        if not standing.has(*QUALITY_OFFICE, Role.QUALITY_REPRESENTATIVE):
            return self.none()
        rows = self.filter(with_quality_office("assessment__"), state="submitted")
        own = answers_for(person)
        if standing.unit_path:
            # of the unit itself or of a part of it
            path = standing.unit_path
            own |= Q(unit__path__in=[path[: n + 1] for n, sign in enumerate(path) if sign == "."])
        return rows.exclude(own)

    def overdue(self, day: datetime.date | None = None) -> AnswerQuerySet:
        """Asked of somebody by a day that has passed, and not submitted."""
        return self.being_written().filter(assigned_until__lt=day or timezone.localdate())

    def low(self, points: int, since: int) -> AnswerQuerySet:
        """Accepted with so few points in a cycle of this year or a later one, and not answered anew since."""
        newer = self.model._base_manager.filter(previous=OuterRef("pk"), state="accepted")
        rows = self.filter(state="accepted", points__lte=points, cycle__year__gte=since)
        return rows.exclude(cycle__state="cancelled").filter(~Exists(newer))

    def matching(self, text: str) -> AnswerQuerySet:
        return self.filter(Q(code__iexact=text) | Q(comment__icontains=text) | Q(improve__icontains=text))
