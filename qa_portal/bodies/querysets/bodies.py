"""Bodies, seats, elections: known to everybody inside."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet


def insider(person: Any) -> bool:
    return person.is_authenticated and not person.standing.outsider


class KindQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> KindQuerySet:
        return self if person.is_authenticated else self.none()


class BodyQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> BodyQuerySet:
        return self if insider(person) else self.none()

    def active(self) -> BodyQuerySet:
        return self.filter(state="active")

    def with_seats(self) -> BodyQuerySet:
        """With `seats_held` and `seats_voting` of today and `chairs`, the seat of the chair: for lists."""
        today = timezone.localdate()
        held = Q(seats__state="held", seats__since__lte=today)
        held &= Q(seats__until__isnull=True) | Q(seats__until__gte=today)
        chair = apps.get_model("bodies", "Seat").objects.held(today).filter(duty="chair").select_related("person")
        return self.annotate(
            seats_held=Count("seats", filter=held), seats_voting=Count("seats", filter=held & Q(seats__voting=True))
        ).prefetch_related(Prefetch("seats", chair, to_attr="chairs"))

    def matching(self, text: str) -> BodyQuerySet:
        return self.filter(in_any_language(text, "name", "kind__name") | Q(code__icontains=text))


class SeatQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> SeatQuerySet:
        return self if insider(person) else self.none()

    def held(self, day: datetime.date | None = None) -> SeatQuerySet:
        """Seats that count on a day, today unless told."""
        day = day or timezone.localdate()
        return self.filter(state="held", since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))

    def bodies_of(self, person: Any, *duties: str) -> QuerySet:
        """Numbers of the bodies in which the person sits today (with one of the duties, if named)."""
        rows = self.held().filter(person=person)
        return (rows.filter(duty__in=duties) if duties else rows).order_by().values("body")

    def matching(self, text: str) -> SeatQuerySet:
        return self.filter(in_any_language(text, "person__last_name", "person__first_name", "body__name"))


class ElectionQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ElectionQuerySet:
        return self if insider(person) else self.none()

    def overdue(self, day: datetime.date | None = None) -> ElectionQuerySet:
        return self.filter(state="open", closes_on__lt=day or timezone.localdate())

    def waiting_for_vote_of(self, person: Any, day: datetime.date | None = None) -> ElectionQuerySet:
        """Open elections in which the person may vote and has not yet."""
        chain = [int(part) for part in person.standing.unit_path.split(".") if part]
        open_ = self.filter(state="open", closes_on__gte=day or timezone.localdate(), electorate__in=chain)
        voted = apps.get_model("bodies", "Ballot").objects.filter(voter=person).order_by().values("election")
        return open_.exclude(pk__in=voted)

    def matching(self, text: str) -> ElectionQuerySet:
        return self.filter(Q(title__icontains=text) | in_any_language(text, "body__name"))
