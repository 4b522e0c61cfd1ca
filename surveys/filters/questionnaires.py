"""Filters of the bank of questions and of questionnaires; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.web.filters import RecordFilters, Tick

from ..models import Audience, Designer, Question, QuestionKind, Questionnaire


class QuestionFilters(RecordFilters):
    FIRST = ("state", "kind", "questionnaire")
    overdue = None  # type: ignore[assignment]  # nothing is due here
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=QuestionKind.choices)
    questionnaire = django_filters.CharFilter(label=_("Code of a questionnaire"), method="of_questionnaire")

    class Meta:
        model = Question
        fields: list[str] = []

    def of_questionnaire(self, rows: Any, name: str, value: str) -> Any:
        """Those that stand in some version of it."""
        seen = Questionnaire.objects.visible_to(self.request.user).filter(code=value) if self.request else None
        return rows.none() if seen is None else rows.filter(items__section__questionnaire__in=seen).distinct()


class QuestionnaireFilters(RecordFilters):
    FIRST = ("state", "audience", "designer", "mine")
    overdue = None  # type: ignore[assignment]  # nothing is due here
    code = django_filters.CharFilter(label=_("Code"))
    audience = django_filters.ChoiceFilter(label=_("Who is asked"), choices=Audience.choices)
    designer = django_filters.ChoiceFilter(label=_("Who wrote it"), choices=Designer.choices)
    about_courses = Tick(label=_("About courses"), method="only_about_courses")
    mine = Tick(label=_("Written by me or my colleagues"), method="only_mine")

    class Meta:
        model = Questionnaire
        fields: list[str] = []

    def only_about_courses(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(about_courses=True) if value else rows

    def only_mine(self, rows: Any, name: str, value: bool) -> Any:
        return rows.written_by(self.request.user) if value and self.request else rows
