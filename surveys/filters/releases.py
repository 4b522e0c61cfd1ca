"""Filters of the registers of releases and of teachers' answers; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import Audience, Release, TeacherReply


class ReleaseFilters(RecordFilters):
    FIRST = ("state", "audience", "year", "to_me")
    audience = django_filters.MultipleChoiceFilter(
        label=_("Who was asked"),
        field_name="campaign__questionnaire__audience",
        choices=Audience.choices,
        distinct=False,
        widget=forms.SelectMultiple(attrs={"data-few": ""}),
    )
    year = django_filters.NumberFilter(label=_("Year"), field_name="campaign__year", min_value=2000, max_value=2100)
    to_me = Tick(label=_("Sent to me"), method="sent_to_me")
    not_received = Tick(label=_("Sent to me, not received yet"), method="not_received_by_me")
    courses = Tick(label=_("About courses"), method="about_courses")

    class Meta:
        model = Release
        fields: list[str] = []

    def sent_to_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(receipts__person=self.request.user) if value else rows

    def not_received_by_me(self, rows: Any, name: str, value: bool) -> Any:
        mine = {"receipts__person": self.request.user, "receipts__opened_on__isnull": True}
        return rows.filter(**mine) if value else rows

    def about_courses(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(campaign__way="courses") if value else rows


class ReplyFilters(RecordFilters):
    FIRST = ("state", "mine")
    overdue = None  # type: ignore[assignment]  # nothing is due here
    release = RecordNumber(label=_("Report on a survey"), field_name="node__release_id")
    mine = Tick(label=_("My own"), method="written_by_me")

    class Meta:
        model = TeacherReply
        fields: list[str] = []

    def written_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(teacher=self.request.user) if value else rows
