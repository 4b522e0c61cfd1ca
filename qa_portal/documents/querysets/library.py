"""Which documents, versions and answers there are, and who may see them.

What was once approved is read by everybody inside, marked by its state; what is being prepared by those who prepare,
agree or decide. Members of a body see what stands on its agenda: the room of bodies lends them sight.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from qa_portal.people.grants import granted
from qa_portal.people.models import Unit
from qa_portal.people.querysets import in_any_language
from qa_portal.people.roles import Role
from qa_portal.web.fields import holding
from qa_portal.web.registry import registry
from qa_portal.workflow.models import RecordQuerySet

from ..finding import found_documents

LIVE = ("in_force", "due_for_review")
ONCE_IN_FORCE = (*LIVE, "annulled", "archived")
ISSUED = ("approved", "in_force", "superseded", "annulled")


def own_units(person: Any) -> QuerySet:
    """Numbers of the units in which a person prepares: the own one, those coordinated or led with all below."""
    standing = person.standing
    own = Q(path=standing.unit_path) if standing.unit_path else Q(pk__in=[])
    for path in [*standing.led_paths, *(h.path for h in standing.held if h.role == Role.QUALITY_COORDINATOR)]:
        own |= Q(path__startswith=path)
    return Unit.objects.filter(own).order_by().values("pk")


def lent(person: Any, model: Any) -> Q:
    """What the rooms above let this person see."""
    seen = Q(pk__in=[])
    for ids in registry.lends_sight.get(model, ()):
        seen |= Q(pk__in=ids(person))
    return seen


def orders_of(person: Any) -> Q:
    """Versions that wait for the order of an office that this person holds."""
    codes = [f"role:{role}" for role in sorted(person.standing.roles)]
    return Q(waits_for__in=codes) if codes else Q(pk__in=[])


class KindQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> KindQuerySet:
        return self if person.is_authenticated else self.none()

    def in_use(self) -> KindQuerySet:
        return self.filter(retired=False)


class DocumentQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> DocumentQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything or standing.has(Role.LEGAL):
            return self
        if standing.outsider:
            # What is published they read on the public page, without its history, objections and names.
            return self.filter(Q(pk__in=granted(person, self.model)) | lent(person, self.model))
        agreements = apps.get_model("documents", "Agreement").objects
        versions = apps.get_model("documents", "Version")
        # Also where the first text is approved for a later day: people are asked to read it already.
        shown = Q(state="approved") | lent(person, versions) | orders_of(person)
        through = versions._base_manager.filter(shown).order_by().values("document")
        return self.filter(
            Q(state__in=ONCE_IN_FORCE)
            | Q(unit__in=own_units(person))
            | Q(created_by=person)
            | Q(pk__in=agreements.asked_of(person).order_by().values("version__document"))
            | Q(pk__in=through)
            | Q(pk__in=granted(person, self.model))
            | lent(person, self.model)
        )

    @staticmethod
    def _public() -> Q:
        return Q(published_on__isnull=False, state__in=LIVE)

    def public(self) -> DocumentQuerySet:
        """What anybody reads without signing in."""
        return self.filter(self._public())

    def live(self) -> DocumentQuerySet:
        return self.filter(state__in=LIVE)

    def overdue(self, day: datetime.date | None = None) -> DocumentQuerySet:
        """In force and past the day of its review."""
        return self.filter(state__in=LIVE, review_due__lt=day or timezone.localdate())

    def unpublished(self) -> DocumentQuerySet:
        """In force, to be published by the rule of its kind, and not published."""
        return self.filter(state__in=LIVE, published_on__isnull=True, kind__public="always", origin="internal")

    def supporting(self, code: str) -> DocumentQuerySet:
        """Documents that support a standard ("S1", its parts included) or one part of the catalogue ("S1.R7")."""
        found = holding("supports", code)
        if "." not in code:
            found |= Q(supports__contains=f" {code}.")
        return self.filter(found)

    def resting_on(self, document: Any) -> DocumentQuerySet:
        return self.filter(holding("basis", document.pk) | Q(parent=document))

    def matching(self, text: str) -> DocumentQuerySet:
        """In title, number or the words of the version in force."""
        return found_documents(self, text)


class VersionQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> VersionQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything or standing.has(Role.LEGAL):
            return self
        documents = apps.get_model("documents", "Document")._base_manager.order_by()
        if standing.outsider:
            given = granted(person, apps.get_model("documents", "Document"))
            return self.filter(
                Q(pk__in=granted(person, self.model))
                | Q(state__in=ISSUED, document__in=given)
                | lent(person, self.model)
            )
        agreements = apps.get_model("documents", "Agreement").objects
        mine = documents.filter(Q(unit__in=own_units(person)) | Q(created_by=person)).values("pk")
        return self.filter(
            Q(state__in=ISSUED)
            | Q(document__in=mine)
            | Q(created_by=person)
            | Q(pk__in=agreements.asked_of(person).order_by().values("version"))
            | orders_of(person)
            | Q(pk__in=granted(person, self.model))
            | lent(person, self.model)
        )

    def to_check(self, person: Any) -> VersionQuerySet:
        """Texts whose form the quality office checks; not one's own."""
        rows = self.filter(state="form_check").exclude(submitted_by=person).exclude(created_by=person)
        return rows if person.standing.quality_office else self.none()

    def to_order(self, person: Any) -> VersionQuerySet:
        """Texts that wait for the order of an office that this person holds; not one's own."""
        return self.filter(orders_of(person), state="approving").exclude(submitted_by=person)

    def to_go_on_with(self, person: Any) -> VersionQuerySet:
        """Texts of one's own that came back, were agreed, or are not handed in yet."""
        mine = Q(created_by=person) | Q(submitted_by=person)
        return self.filter(mine, state__in=("draft", "returned", "agreed"))

    def waiting_for(self, person: Any) -> VersionQuerySet:
        """All that waits for this person's next step."""
        kinds = (self.to_check(person), self.to_order(person), self.to_go_on_with(person))
        seen = Q(pk__in=[])
        for rows in kinds:
            seen |= Q(pk__in=rows.order_by().values("pk"))
        return self.filter(seen)

    def overdue(self, day: datetime.date | None = None) -> VersionQuerySet:
        """Whose agreement should have been there."""
        return self.filter(state="in_agreement", agree_by__lt=day or timezone.localdate())

    def matching(self, text: str) -> VersionQuerySet:
        return self.filter(
            in_any_language(text, "document__title") | Q(document__number__icontains=text) | Q(summary__icontains=text)
        )


class ChangeQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ChangeQuerySet:
        seen = apps.get_model("documents", "Version").objects.visible_to(person)
        return self.filter(version__in=seen.order_by().values("pk"))

    def written(self) -> ChangeQuerySet:
        return self.filter(state="written")

    def matching(self, text: str) -> ChangeQuerySet:
        return self.filter(Q(description__icontains=text) | Q(section__icontains=text) | Q(basis__icontains=text))


class AgreementQuerySet(RecordQuerySet):
    def asked_of(self, person: Any) -> AgreementQuerySet:
        """Answers that are this person's to give, or were: as head of the answering unit, on the Board, in the office."""
        standing = person.standing
        led = [h.unit_id for h in standing.held if h.role == Role.UNIT_HEAD]
        asked = Q(answering_unit__in=led) | Q(answered_by=person)
        if standing.board:
            asked |= Q(answering_unit__isnull=True, role="")
        if standing.roles:
            asked |= Q(role__in=sorted(standing.roles))
        return self.filter(asked)

    def visible_to(self, person: Any) -> AgreementQuerySet:
        seen = apps.get_model("documents", "Version").objects.visible_to(person)
        return self.filter(version__in=seen.order_by().values("pk"))

    def waiting(self) -> AgreementQuerySet:
        return self.filter(state="waiting")

    def waiting_for(self, person: Any) -> AgreementQuerySet:
        """Answers that this person is to give now; nobody answers about their own text."""
        return self.waiting().asked_of(person).exclude(version__submitted_by=person)

    def overdue(self, day: datetime.date | None = None) -> AgreementQuerySet:
        return self.filter(state="waiting", due__lt=day or timezone.localdate())

    def matching(self, text: str) -> AgreementQuerySet:
        return self.filter(
            in_any_language(text, "version__document__title", "unit__name")
            | Q(version__document__number__icontains=text)
        )
