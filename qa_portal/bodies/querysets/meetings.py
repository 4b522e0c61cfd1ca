"""Meetings, items, decisions: papers follow membership (N1 §2.1)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet

#: how many bodies may stand one above the other
DEEP = 4


def in_or_above(bodies: QuerySet) -> Q:
    """The record's body is one of these, or one of these stands above it, at any height."""
    found = Q()
    for depth in range(DEEP + 1):
        found |= Q(**{f"body{'__above' * depth}__in": bodies})
    return found


def my_bodies(person: Any, *duties: str) -> QuerySet:
    return apps.get_model("bodies", "Seat").objects.bodies_of(person, *duties)


class MeetingQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> MeetingQuerySet:
        """Members of the body, whoever proposed one of its items, those who see everything; and whoever presided or kept
        the minutes, who signs them even when their seat has ended meanwhile.
        """
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        items = apps.get_model("bodies", "AgendaItem")._base_manager.filter(proposer=person, meeting__isnull=False)
        mine = Q(body__in=my_bodies(person)) | Q(chaired_by=person) | Q(kept_by=person)
        return self.filter(mine | Q(pk__in=items.order_by().values("meeting")))

    def matching(self, text: str) -> MeetingQuerySet:
        return self.filter(in_any_language(text, "body__name") | Q(items__title__icontains=text)).distinct()


class ItemQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ItemQuerySet:
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        return self.filter(Q(body__in=my_bodies(person)) | Q(proposer=person))

    def waiting_for_vote_of(self, person: Any) -> ItemQuerySet:
        """Voting is open, this person has a vote, is there (or it is in writing) and has said nothing yet."""
        attendance = apps.get_model("bodies", "Attendance").objects.order_by()
        mine = attendance.filter(
            meeting=OuterRef("meeting"), seat__person=person, seat__state="held", voting=True
        ).filter(Q(present=True, left_at__isnull=True) | Q(meeting__in_writing=True))
        said = apps.get_model("bodies", "Vote").objects.order_by().filter(item=OuterRef("pk"), seat__person=person)
        open_ = self.filter(state="voting").exclude(meeting__in_writing=True, meeting__closes_at__lte=timezone.now())
        return open_.filter(Exists(mine), ~Exists(said))

    def matching(self, text: str) -> ItemQuerySet:
        return self.filter(Q(title__icontains=text) | Q(text__icontains=text) | in_any_language(text, "body__name"))


class DecisionQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> DecisionQuerySet:
        """Members, proposers, whoever got an assignment from it, members of the bodies above, those who see everything."""
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        assigned = apps.get_model("bodies", "Assignment")._base_manager.filter(owner=person).order_by()
        return self.filter(
            in_or_above(my_bodies(person)) | Q(item__proposer=person) | Q(pk__in=assigned.values("decision"))
        )

    def matching(self, text: str) -> DecisionQuerySet:
        return self.filter(
            Q(text__icontains=text) | Q(item__title__icontains=text) | in_any_language(text, "body__name")
        )
