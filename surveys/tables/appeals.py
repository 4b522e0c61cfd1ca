"""Columns of the registers of appeals and of the reports on them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table


class AcademicAppealTable(Table):
    order = ("-filed_on", "-pk")
    columns = (
        Column(
            "number",
            _("Appeal"),
            lambda r: r.number,
            lambda r: cells.link(r.get_absolute_url(), r.number, r.student_name),
            sort=("number",),
            css="main",
            width=18,
        ),
        Column("student", _("Name"), lambda r: r.student_name, sort=("student_name",), page=False, width=30),
        Column("subject", _("What is appealed"), lambda r: r.subject, width=50),
        Column("kind", _("About"), lambda r: str(r.get_kind_display()), sort=("kind",), width=24),
        Column("unit", _("Unit"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column(
            "filed",
            _("Filed on"),
            lambda r: r.filed_on,
            lambda r: cells.date(r.filed_on),
            sort=("filed_on",),
            css="date",
        ),
        Column(
            "due",
            _("Decision due on"),
            lambda r: r.due_on,
            lambda r: cells.due(r.due_on, r.deadline_counts),
            sort=("due_on",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("decision", _("Decision"), lambda r: str(r.get_decision_display()), sort=("decision",)),
        Column("in_time", _("Filed in time"), lambda r: str(_("yes") if r.in_time else _("no")), page=False),
        Column("cause", _("Cause"), lambda r: str(r.get_cause_display()), sort=("cause",), page=False, width=30),
        Column("grade", _("Grade given"), lambda r: r.grade, page=False),
        Column("new_grade", _("New grade"), lambda r: r.new_grade, page=False),
        Column("decided", _("Decided on"), lambda r: r.decided_on, page=False),
    )


class AppealReportTable(Table):
    order = ("-term__since", "unit__path")
    columns = (
        Column(
            "term",
            _("Term"),
            lambda r: str(r.term),
            lambda r: cells.link(r.get_absolute_url(), r.term),
            sort=("term__since",),
            css="main",
            width=30,
        ),
        Column("unit", _("School or university"), lambda r: str(r.unit), sort=("unit__path",), width=40),
        Column("filed", _("Filed"), lambda r: r.figures.get("filed", "")),
        Column("upheld", _("Share upheld, %"), lambda r: r.figures.get("upheld_share") or ""),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("problems", _("Systemic problems"), lambda r: r.problems, page=False, width=60),
    )
