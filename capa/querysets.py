"""Which findings, plans and actions there are, and who may see them (contract.md, "Who sees …")."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Q
from django.utils import timezone

from qa_portal.people.grants import granted
from qa_portal.people.models import Unit
from qa_portal.web.words import Words
from qa_portal.workflow.models import RecordQuerySet

OPEN_ACTIONS = ("approved", "in_progress")
#: what a search in findings looks at; on PostgreSQL the same columns have a trigram index (migration 0003)
FINDING_WORDS = Words("capa_finding", "number", "title", "description")


def _units(person: Any) -> Q:
    """Units below those the person heads, and the person's own unit.

    As numbers from a subquery, which is run once: a join would compare the path of each row's unit.
    """
    standing = person.standing
    own = Q(path=standing.unit_path) if standing.unit_path else Q(pk__in=[])
    for path in [*standing.led_paths, *(h.path for h in standing.held if h.role == "quality_coordinator")]:
        own |= Q(path__startswith=path)
    return Q(unit__in=Unit.objects.filter(own).order_by().values("pk"))


class FindingQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> FindingQuerySet:
        """Board, ASB, representative, Council secretary, administrator: all. Others: own unit and below, and what they
        found, own, prove or check. An external expert: granted findings only."""
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything:
            return self
        if standing.outsider:
            return self.filter(pk__in=granted(person, self.model))
        # Numbers gathered by index and put together. As conditions joined by OR the database would either look at
        # every finding (PostgreSQL) or read and sort all visible ones for one page (SQLite).
        rows = self.model._base_manager.order_by()
        plans = apps.get_model("capa", "CapaPlan")._base_manager.order_by()
        actions = apps.get_model("capa", "CapaAction")._base_manager.order_by()
        seen = rows.filter(_units(person) | Q(reporter=person)).values("pk")
        return self.filter(
            pk__in=seen.union(
                rows.filter(reporter=person, duplicate_of__isnull=False).values("duplicate_of"),
                actions.filter(owner=person).values("plan__finding"),
                plans.filter(checker=person).values("finding"),
                granted(person, self.model),
            )
        )

    def open(self) -> FindingQuerySet:
        return self.filter(state="open")

    def overdue(self, day: datetime.date | None = None) -> FindingQuerySet:
        """Open findings with an open action past its deadline."""
        late = self.model._base_manager.filter(
            plans__actions__state__in=OPEN_ACTIONS, plans__actions__due__lt=day or timezone.localdate()
        )
        return self.filter(state="open", pk__in=late.values("pk"))

    def matching(self, text: str) -> FindingQuerySet:
        known = FINDING_WORDS.numbers(text, self.db)
        if known is not None:
            return self.filter(pk__in=known)
        return self.filter(Q(title__icontains=text) | Q(description__icontains=text) | Q(number__icontains=text))

    def with_progress(self) -> FindingQuerySet:
        """Adds `actions_all` and `actions_done`, cancelled ones left out."""
        live = ~Q(plans__actions__state="cancelled") & Q(plans__actions__isnull=False)
        return self.annotate(
            actions_all=Count("plans__actions", filter=live, distinct=True),
            actions_done=Count(
                "plans__actions", filter=Q(plans__actions__state__in=("carried_out", "verified")), distinct=True
            ),
        )


class PlanQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> PlanQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything:
            return self
        if standing.outsider:
            return self.filter(pk__in=granted(person, self.model))
        return self.filter(
            _units(person)
            | Q(checker=person)
            | Q(finding__reporter=person)
            | Q(pk__in=apps.get_model("capa", "CapaAction")._base_manager.filter(owner=person).order_by().values("plan"))
            | Q(pk__in=granted(person, self.model))
        )

    def live(self) -> PlanQuerySet:
        return self.filter(state__in=self.model.LIVE)

    def overdue(self, day: datetime.date | None = None) -> PlanQuerySet:
        late = self.model._base_manager.filter(
            actions__state__in=OPEN_ACTIONS, actions__due__lt=day or timezone.localdate()
        )
        return self.filter(pk__in=late.values("pk"))

    def matching(self, text: str) -> PlanQuerySet:
        return self.filter(
            Q(number__icontains=text)
            | Q(cause__icontains=text)
            | Q(finding__title__icontains=text)
            | Q(finding__number__icontains=text)
        )

    def with_progress(self) -> PlanQuerySet:
        live = ~Q(actions__state="cancelled") & Q(actions__isnull=False)
        return self.annotate(
            actions_all=Count("actions", filter=live),
            actions_done=Count("actions", filter=Q(actions__state__in=("carried_out", "verified"))),
        )


class ActionQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ActionQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything:
            return self
        if standing.outsider:
            return self.filter(pk__in=granted(person, self.model))
        return self.filter(
            _units(person)
            | Q(owner=person)
            | Q(plan__checker=person)
            | Q(plan__finding__reporter=person)
            | Q(pk__in=granted(person, self.model))
        )

    def open(self) -> ActionQuerySet:
        return self.filter(state__in=OPEN_ACTIONS)

    def overdue(self, day: datetime.date | None = None) -> ActionQuerySet:
        return self.filter(state__in=OPEN_ACTIONS, due__lt=day or timezone.localdate())

    def due_within(self, days: int) -> ActionQuerySet:
        today = timezone.localdate()
        return self.filter(state__in=OPEN_ACTIONS, due__range=(today, today + datetime.timedelta(days=days)))

    def waiting_for_decision_of(self, person: Any) -> ActionQuerySet:
        """Submitted actions that this person may approve: head of the unit that decides, or the Board; never own work."""
        standing = person.standing
        heads = [h.unit_id for h in standing.held if h.role == "unit_head"]
        whose = Q(approval_unit_id__in=heads)
        if standing.board:
            whose |= Q(approval_unit__isnull=True)
        return self.filter(whose, state="submitted").exclude(
            Q(submitted_by=person) | Q(owner=person) | Q(created_by=person)
        )

    def matching(self, text: str) -> ActionQuerySet:
        return self.filter(
            Q(text__icontains=text) | Q(plan__number__icontains=text) | Q(plan__finding__title__icontains=text)
        )
