"""Columns and filters of the registers of students and courses."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, Tick
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table

from .models import Course, Programme, Student, Term


class StudentTable(Table):
    order = (alphabetical("name"), "pk")
    columns = (
        Column(
            "name",
            _("Full name"),
            lambda row: row.name,
            lambda row: format_html('{}<span class="sub">{}</span>', row.name, row.number),
            sort=(alphabetical("name"),),
            width=34,
        ),
        Column("number", _("Student's number"), lambda row: row.number, page=False),
        Column(
            "programme",
            _("Programme"),
            lambda row: str(row.programme),
            lambda row: format_html('{}<span class="sub">{}</span>', row.programme.name, row.programme.code),
            sort=("programme__code",),
            width=40,
        ),
        Column("group", pgettext_lazy("of students", "Group"), lambda row: row.group, sort=("group",)),
        Column("year", _("Year of study"), lambda row: row.year, sort=("year",), css="number"),
        Column("email", _("E-mail"), lambda row: row.email, width=30),
        Column("language", _("Language"), lambda row: row.get_language_display(), page=False),
        Column("active", _("Studies now"), lambda row: _studies(row)),
        Column("graduated_on", _("Graduated on"), lambda row: row.graduated_on, page=False),
    )


def _studies(row: Student) -> str:
    return gettext("yes") if row.active else gettext("no")


class CourseTable(Table):
    order = ("-term__since", "discipline__code", "pk")
    columns = (
        Column(
            "discipline",
            _("Discipline"),
            lambda row: str(row.discipline),
            lambda row: format_html('{}<span class="sub">{}</span>', row.discipline.name, row.discipline.code),
            sort=("discipline__code",),
            width=40,
        ),
        Column("unit", _("Unit"), lambda row: str(row.discipline.unit), sort=("discipline__unit__path",), width=30),
        Column("term", _("Term"), lambda row: str(row.term), sort=("term__since",), width=24),
        Column("teachers", _("Teachers"), lambda row: _teachers(row), css="wrap", width=40),
        Column("groups", _("Groups"), lambda row: ", ".join(row.groups), css="wrap", width=24),
    )


def _teachers(row: Course) -> str:
    return ", ".join(person.get_full_name() for person in row.teachers.all())


class _Filters(RecordFilters):
    """Students and courses have no states."""

    state: Any = None
    overdue: Any = None


class StudentFilters(_Filters):
    FIRST = ("programme", "year", "studies")

    programme = django_filters.ModelChoiceFilter(label=_("Programme"), queryset=Programme.objects.order_by("code"))
    year = django_filters.NumberFilter(label=_("Year of study"), min_value=1, max_value=20)
    group = django_filters.CharFilter(label=pgettext_lazy("of students", "Group"), max_length=40)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=settings.LANGUAGES)
    studies = Tick(label=_("Only those who study now"), method="only_active")
    unreached = Tick(label=_("Without an e-mail"), method="without_email")

    class Meta:
        model = Student
        fields: list[str] = []

    def only_active(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(active=True) if value else rows

    def without_email(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(email="") if value else rows


class CourseFilters(_Filters):
    FIRST = ("term", "unit")

    term = django_filters.ModelChoiceFilter(label=_("Term"), queryset=Term.objects.select_related("year"))
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Unit.objects.working(), field_name="discipline__unit"
    )

    class Meta:
        model = Course
        fields: list[str] = []
