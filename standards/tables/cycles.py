"""Columns of the registers of cycles, self-assessments and rows of monitoring plans, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table


def person(value: Any) -> str:
    return value.get_short_name() if value else ""


def _day(key: str, label: Any, page: bool = True) -> Column:
    return Column(
        key, label, lambda r: getattr(r, key), lambda r: cells.date(getattr(r, key)), (key,), css="date", page=page
    )


def _due(row: Any) -> Any:
    return cells.due(row.due, row.deadline_counts)


_STATE = Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",))
_DUE = Column("due", _("Answers by"), lambda r: r.due, _due, sort=("due",), css="date")


class CycleTable(Table):
    order = ("-year", "-pk")
    columns = (
        Column(
            "title",
            _("Cycle"),
            str,
            lambda r: cells.link(r.get_absolute_url(), r),
            sort=("year",),
            css="main",
            width=40,
        ),
        Column("year", _("Year"), lambda r: r.year, sort=("year",), css="num"),
        Column("standards", _("Standards"), lambda r: " ".join(r.standards), width=30),
        _day("opens_on", _("Answering begins"), page=False),
        _day("answer_by", _("Answers by")),
        _day("verify_by", _("Verified by"), page=False),
        _day("decide_by", _("Decided by")),
        _STATE,
        _day("approved_on", _("Approved on")),
        Column("basis", _("Decision"), lambda r: r.basis, page=False, width=40),
        Column("edition", _("Edition"), lambda r: r.edition.number, page=False),
    )


class AssessmentTable(Table):
    order = ("-cycle__year", "unit__path", "programme_id", "pk")
    columns = (
        Column(
            "what",
            _("Unit or programme"),
            lambda r: str(r.programme or r.unit),
            lambda r: cells.link(r.get_absolute_url(), r.programme or r.unit, str(r.unit) if r.programme else ""),
            sort=("unit__path", "programme__code"),
            css="main",
            width=50,
        ),
        Column("unit", _("Unit"), lambda r: str(r.unit), page=False, width=30),
        Column("cycle", _("Cycle"), lambda r: str(r.cycle), sort=("cycle__year",), width=30),
        Column("areas", _("Areas"), lambda r: len(r.areas), css="num"),
        Column("lead", _("Who leads it"), lambda r: person(r.lead)),
        _DUE,
        _STATE,
        _day("submitted_on", _("Submitted on"), page=False),
        _day("considered_on", _("Considered by the committee on"), page=False),
        _day("verified_on", _("Verified on"), page=False),
        Column("summary", _("Summary"), lambda r: r.summary, page=False, width=60),
        Column("strong", _("Strong points"), lambda r: r.strong, page=False, width=60),
        Column("improve", _("To be improved"), lambda r: r.improve, page=False, width=60),
    )


class PlanRowTable(Table):
    order = ("assessment", "due", "pk")
    columns = (
        Column(
            "indicator",
            _("Indicator"),
            lambda r: r.indicator,
            lambda r: cells.link(r.get_absolute_url(), r.indicator, r.area),
            sort=("pk",),
            css="main",
            width=50,
        ),
        Column("area", _("Evaluation area"), lambda r: r.area, sort=("area",), page=False),
        Column("programme", _("Programme"), lambda r: str(r.assessment.programme), width=40),
        Column("cycle", _("Cycle"), lambda r: str(r.assessment.cycle), page=False),
        Column("source", _("Source of data"), lambda r: r.source, page=False, width=40),
        Column("owner", _("Who answers for it"), lambda r: person(r.owner)),
        Column("due", _("By"), lambda r: r.due, _due, sort=("due",), css="date"),
        Column("planned", _("Planned value"), lambda r: r.planned),
        Column("fact", _("Actual value"), lambda r: r.fact),
        _day("fact_on", _("As of"), page=False),
        Column("note", _("Note on the difference"), lambda r: r.note, page=False, width=60),
        _STATE,
    )
