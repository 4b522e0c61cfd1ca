"""Filters of conformity reviews, verdicts, proposals and paper copies; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import ChangeProposal, ConformityReview, ConformityVerdict, PaperCopy


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def below(unit: Any) -> Any:
    return Unit.objects.below(unit.path).order_by().values("pk")


class ReviewFilters(RecordFilters):
    FIRST = ("state", "cause", "overdue")
    cause = django_filters.ChoiceFilter(label=_("Cause"), choices=ConformityReview.Cause.choices)
    act = RecordNumber(label=_("What changed"), field_name="act_id")

    class Meta:
        model = ConformityReview
        fields: list[str] = []


class VerdictFilters(RecordFilters):
    FIRST = ("state", "unit", "waits_for_me", "overdue")
    unit = UnitFilter(label=_("Owner unit and below"), queryset=units, method="in_unit")
    verdict = django_filters.ChoiceFilter(label=_("Verdict"), choices=ConformityVerdict.Verdict.choices)
    review = RecordNumber(label=_("Conformity review"), field_name="review_id")
    document = RecordNumber(label=_("Document"), field_name="document_id")
    waits_for_me = Tick(label=_("Waits for my verdict"), method="waiting_for_me")

    class Meta:
        model = ConformityVerdict
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(document__unit__in=below(value)) if value else rows

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.to_judge_by(self.request.user) if value else rows


class ProposalFilters(RecordFilters):
    FIRST = ("state", "unit", "mine", "waits_for_me")
    overdue = None  # type: ignore[assignment]
    unit = UnitFilter(label=_("Owner unit and below"), queryset=units, method="in_unit")
    document = RecordNumber(label=_("Document"), field_name="document_id")
    mine = Tick(label=_("Proposed by me"), method="proposed_by_me")
    waits_for_me = Tick(label=_("Waits for my answer"), method="waiting_for_me")

    class Meta:
        model = ChangeProposal
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(document__unit__in=below(value)) if value else rows

    def proposed_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(proposer=self.request.user) if value else rows

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.to_answer_by(self.request.user) if value else rows


class CopyFilters(RecordFilters):
    FIRST = ("state", "unit", "to_collect", "mine")
    overdue = None  # type: ignore[assignment]
    unit = UnitFilter(label=_("Unit of the holder and below"), queryset=units, method="in_unit")
    version = RecordNumber(label=_("Version"), field_name="version_id")
    document = RecordNumber(label=_("Document"), field_name="version__document_id")
    to_collect = Tick(label=_("To be collected"), method="only_to_collect")
    mine = Tick(label=_("I hold it"), method="held_by_me")

    class Meta:
        model = PaperCopy
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(holder__unit__in=below(value)) if value else rows

    def only_to_collect(self, rows: Any, name: str, value: bool) -> Any:
        return rows.to_collect() if value else rows

    def held_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(holder=self.request.user) if value else rows
