"""Risks are read by the unit, by those above it, and by those who see everything."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from qa_portal.documents.querysets.library import own_units
from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet

from .cycles import insider

LIVE = ("identified", "assessed")


def catalogue_words(code: str = "catalogue_code") -> Subquery:
    """The catalogue's words of a risk in all languages, as {"text_kk": …, "mitigation_kk": …}, by the column of its code.

    A subquery, so that a list reads them along with its rows. Of the newest edition that has begun and knows the risk:
    one that the catalogue dropped since keeps its words.
    """
    editions = apps.get_model("standards", "Edition").objects.begun().order_by().values("pk")
    rows = apps.get_model("standards", "CatalogueRisk")._base_manager.filter(
        code=OuterRef(code), standard__edition__in=editions
    )
    columns = [f"{name}_{language}" for name in ("text", "mitigation") for language in ("kk", "ru", "en")]
    said = JSONObject(**{column: F(column) for column in columns})
    return Subquery(rows.order_by("-standard__edition__number").annotate(said=said).values("said")[:1])


class EventQuerySet(models.QuerySet):
    def with_words(self) -> EventQuerySet:
        return self.annotate(catalogue=catalogue_words("risk__catalogue_code"))


class UnitRiskQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> UnitRiskQuerySet:
        if not insider(person):
            return self.none()
        if person.standing.sees_everything:
            return self
        measures = apps.get_model("standards", "RiskMeasure")._base_manager.filter(owner=person)
        return self.filter(
            Q(unit__in=own_units(person)) | Q(owner=person) | Q(pk__in=measures.order_by().values("risk"))
        )

    def live(self) -> UnitRiskQuerySet:
        return self.filter(state__in=LIVE)

    def with_words(self) -> UnitRiskQuerySet:
        """Brings what the catalogue says along, for `words` and `mitigation`."""
        return self.annotate(catalogue=catalogue_words())

    def with_measures(self) -> UnitRiskQuerySet:
        """Adds `measures_all` and `measures_done`, cancelled ones left out."""
        measures = apps.get_model("standards", "RiskMeasure")._base_manager.filter(risk=OuterRef("pk")).order_by()

        def count(rows: Any) -> Coalesce:
            return Coalesce(Subquery(rows.values("risk").annotate(n=Count("pk")).values("n")), 0)

        return self.annotate(
            measures_all=count(measures.exclude(state="cancelled")), measures_done=count(measures.filter(state="done"))
        )

    def now(self) -> UnitRiskQuerySet:
        """Adds `likelihood_now` and `impact_now`: after measures where that was judged, else before them."""
        return self.annotate(
            likelihood_now=Coalesce("likelihood_after", "likelihood"), impact_now=Coalesce("impact_after", "impact")
        )

    def overdue(self, day: datetime.date | None = None) -> UnitRiskQuerySet:
        """The review is due."""
        return self.live().filter(review_on__lt=day or timezone.localdate())

    def matching(self, text: str) -> UnitRiskQuerySet:
        catalogue = apps.get_model("standards", "CatalogueRisk").objects.in_force().matching(text)
        return self.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(catalogue_code__iexact=text)
            | Q(catalogue_code__in=catalogue.order_by().values("code"))
        )


class RiskMeasureQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> RiskMeasureQuerySet:
        seen = apps.get_model("standards", "UnitRisk").objects.visible_to(person)
        return self.filter(risk__in=seen.order_by().values("pk"))

    def open(self) -> RiskMeasureQuerySet:
        return self.filter(state="open")

    def overdue(self, day: datetime.date | None = None) -> RiskMeasureQuerySet:
        return self.filter(state="open", due__lt=day or timezone.localdate())

    def matching(self, text: str) -> RiskMeasureQuerySet:
        return self.filter(Q(text__icontains=text) | Q(risk__number__icontains=text))


class ContextSheetQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ContextSheetQuerySet:
        """Approved ones of the university are read by everybody inside; the others by the unit and those above."""
        if not insider(person):
            return self.none()
        if person.standing.sees_everything:
            return self
        return self.filter(Q(unit__in=own_units(person)) | Q(unit__kind="university", state="approved"))

    def matching(self, text: str) -> ContextSheetQuerySet:
        found = in_any_language(text, "unit__name")
        return self.filter(found | Q(year=int(text))) if text.isascii() and text.isdigit() else self.filter(found)
