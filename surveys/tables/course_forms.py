"""Columns of the register of course management forms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table


class CourseFormTable(Table):
    order = ("-course__term__since", "course__discipline__code", "pk")
    columns = (
        Column(
            "course",
            _("Course"),
            lambda r: str(r.course.discipline),
            lambda r: cells.link(r.get_absolute_url(), r.course.discipline, str(r.course.term)),
            sort=("course__discipline__code",),
            css="main",
            width=50,
        ),
        Column("term", _("Term"), lambda r: str(r.course.term), sort=("course__term__since",), page=False, width=30),
        Column(
            "teacher",
            _("Teacher"),
            lambda r: r.teacher.get_short_name(),
            sort=(alphabetical("teacher__last_name_kk"), alphabetical("teacher__first_name_kk")),
            width=30,
        ),
        Column("unit", _("Unit"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column(
            "share",
            _("Outcomes reached, %"),
            lambda r: "" if r.outcomes_share is None else r.outcomes_share,
            sort=("outcomes_share",),
        ),
        Column(
            "due",
            _("Due on"),
            lambda r: r.due_on,
            lambda r: cells.due(r.due_on, r.deadline_counts),
            sort=("due_on",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("recommendation", _("Recommendation"), lambda r: r.recommendation, page=False, width=60),
        Column("answer", _("Teacher's answer"), lambda r: r.answer, page=False, width=60),
    )
