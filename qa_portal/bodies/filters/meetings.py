"""Filters of meetings, agenda items and decisions; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import AgendaItem, Body, Decision, Meeting
from ..querysets.meetings import my_bodies


def bodies(request: Any) -> Any:
    return Body.objects.visible_to(request.user) if request is not None else Body.objects.none()


class _OfBody(RecordFilters):
    # None of them has a deadline of its own.
    overdue = None  # type: ignore[assignment]
    body = django_filters.ModelChoiceFilter(label=_("Body"), queryset=bodies)


class MeetingFilters(_OfBody):
    FIRST = ("state", "body", "year", "mine")
    year = RecordNumber(label=_("Year"), field_name="year")
    mine = Tick(label=_("Of my bodies"), method="of_my_bodies")
    in_writing = Tick(label=_("Votes in writing"), method="only_in_writing")
    ahead = Tick(label=_("Still ahead"), method="still_ahead")

    class Meta:
        model = Meeting
        fields: list[str] = []

    def of_my_bodies(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(body__in=my_bodies(self.request.user)) if value else rows

    def only_in_writing(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(in_writing=True) if value else rows

    def still_ahead(self, rows: Any, name: str, value: bool) -> Any:
        ahead = (Meeting.PLANNED, Meeting.INVITED, Meeting.IN_SESSION)
        return rows.filter(state__in=ahead) if value else rows


class ItemFilters(_OfBody):
    FIRST = ("state", "body", "mine", "waits_for_me")
    meeting = RecordNumber(label=_("Meeting"), field_name="meeting_id")
    mine = Tick(label=_("Proposed by me"), method="proposed_by_me")
    waits_for_me = Tick(label=_("Waits for my vote"), method="waiting_for_me")

    class Meta:
        model = AgendaItem
        fields: list[str] = []

    def proposed_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(proposer=self.request.user) if value else rows

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.waiting_for_vote_of(self.request.user) if value else rows


class _YesOrNo(forms.NullBooleanSelect):
    """Django would call the open choice "Unknown"; here it means both."""

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.choices = [("unknown", _("All")), ("true", _("yes")), ("false", _("no"))]


class DecisionFilters(_OfBody):
    FIRST = ("state", "body", "passed", "mine")
    meeting = RecordNumber(label=_("Meeting"), field_name="meeting_id")
    passed = django_filters.BooleanFilter(label=_("Passed"), widget=_YesOrNo())
    mine = Tick(label=_("Of my bodies"), method="of_my_bodies")
    decided_after = django_filters.DateFilter(label=_("Decided from"), field_name="decided_on", lookup_expr="gte")
    decided_before = django_filters.DateFilter(label=_("Decided to"), field_name="decided_on", lookup_expr="lte")

    class Meta:
        model = Decision
        fields: list[str] = []

    def of_my_bodies(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(body__in=my_bodies(self.request.user)) if value else rows
