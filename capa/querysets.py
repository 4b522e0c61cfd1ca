"""Which findings, plans and actions there are, and who may see them (contract.md, "Who sees …")."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from qa_portal.people.grants import granted
from qa_portal.people.models import Unit
from qa_portal.web.registry import registry
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


def _progress(actions: Any, whose: str) -> dict[str, Any]:
    """Counts as subqueries: worked out for the rows that are shown; a join would group the whole table first."""

    def count(rows: Any) -> Coalesce:
        return Coalesce(Subquery(rows.order_by().values(whose).annotate(n=Count("pk")).values("n")), 0)

    return {
        "actions_all": count(actions.exclude(state="cancelled")),
        "actions_done": count(actions.filter(state__in=("carried_out", "verified"))),
    }


class FindingQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> FindingQuerySet:
        """Board, ASB, representative, Council secretary, administrator: all. Others: own unit and below, and what they
        found, own, prove or check. An outsider: granted findings, and those they reported themselves."""
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything:
            return self
        if standing.outsider:
            return self.filter(Q(pk__in=granted(person, self.model)) | Q(reporter=person))
        # Numbers gathered by index and put together. As conditions joined by OR the database would either look at
        # every finding (PostgreSQL) or read and sort all visible ones for one page (SQLite).
        rows = self.model._base_manager.order_by()
        plans = apps.get_model("capa", "CapaPlan")._base_manager.order_by()
        actions = apps.get_model("capa", "CapaAction")._base_manager.order_by()
        seen = rows.filter(_units(person)).values("pk")
        return self.filter(
            pk__in=seen.union(
                rows.filter(reporter=person).values("pk"),
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
        actions = apps.get_model("capa", "CapaAction")._base_manager.filter(plan__finding=OuterRef("pk"))
        return self.annotate(**_progress(actions, "plan__finding"))


class PlanQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> PlanQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything:
            return self
        if standing.outsider:
            return self.filter(pk__in=granted(person, self.model))
        rows = self.model._base_manager.order_by()
        actions = apps.get_model("capa", "CapaAction")._base_manager.order_by()
        return self.filter(
            pk__in=rows.filter(_units(person))
            .values("pk")
            .union(
                rows.filter(checker=person).values("pk"),
                rows.filter(finding__reporter=person).values("pk"),
                actions.filter(owner=person).values("plan"),
                granted(person, self.model),
                *(ids(person) for ids in registry.lends_sight.get(self.model, ())),
            )
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
        actions = apps.get_model("capa", "CapaAction")._base_manager.filter(plan=OuterRef("pk"))
        return self.annotate(**_progress(actions, "plan"))


class ActionQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ActionQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything:
            return self
        if standing.outsider:
            return self.filter(pk__in=granted(person, self.model))
        rows = self.model._base_manager.order_by()
        return self.filter(
            pk__in=rows.filter(_units(person))
            .values("pk")
            .union(
                rows.filter(owner=person).values("pk"),
                rows.filter(plan__checker=person).values("pk"),
                rows.filter(plan__finding__reporter=person).values("pk"),
                granted(person, self.model),
            )
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


class ActionLinkQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ActionLinkQuerySet:
        """Whoever sees the action sees what it serves."""
        actions = self.model._meta.get_field("action").related_model.objects.visible_to(person)
        return self.filter(action__in=actions.order_by().values("pk"))

    def of(self, record: Any) -> ActionLinkQuerySet:
        kind = ContentType.objects.get_for_model(record)
        return self.filter(record_type=kind, record_id=record.pk)

    def linked(self) -> ActionLinkQuerySet:
        return self.filter(state="linked")

    def matching(self, text: str) -> ActionLinkQuerySet:
        return self.filter(action__text__icontains=text)
