"""Columns of the registers of questions and questionnaires, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from ..options import as_lines

_STATE = Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",))


def _in(name: str, code: str) -> Any:
    return lambda row: getattr(row, f"{name}_{code}") or ""


class QuestionTable(Table):
    order = ("code",)
    columns = (
        Column(
            "text",
            _("Question"),
            lambda r: r.text,
            lambda r: cells.link(r.get_absolute_url(), r.text, r.code),
            sort=("code",),
            css="main",
            width=60,
        ),
        Column("code", _("Code"), lambda r: r.code, page=False),
        Column("kind", _("Kind"), lambda r: r.get_kind_display(), sort=("kind",)),
        Column("wording", _("Wording"), lambda r: r.wording, sort=("wording",), css="num"),
        Column("uses", _("In questionnaires in use"), lambda r: r.uses, css="num"),
        Column("areas", _("Standards and areas"), lambda r: ", ".join(r.areas)),
        _STATE,
        Column("scale", _("Scale"), lambda r: r.get_scale_display() if r.scale else "", page=False),
        Column("kk", _("In Kazakh"), _in("text", "kk"), page=False, width=60),
        Column("ru", _("In Russian"), _in("text", "ru"), page=False, width=60),
        Column("en", _("In English"), _in("text", "en"), page=False, width=60),
        Column("options", _("Answers to choose from"), lambda r: as_lines(r.options), page=False, width=60),
    )


class QuestionnaireTable(Table):
    order = ("code", "-version")
    columns = (
        Column(
            "name",
            _("Questionnaire"),
            lambda r: r.name,
            lambda r: cells.link(r.get_absolute_url(), r.name, f"{r.code} · v{r.version}"),
            sort=("code", "-version"),
            css="main",
            width=50,
        ),
        Column("code", _("Code"), lambda r: r.code, page=False),
        Column("version", _("Version"), lambda r: r.version, page=False),
        Column("audience", _("Who is asked"), lambda r: r.get_audience_display(), sort=("audience",)),
        Column("designer", _("Who wrote it"), lambda r: r.get_designer_display(), sort=("designer",)),
        Column("checker", _("Checked by"), lambda r: r.get_checker_display(), sort=("checker",)),
        Column("questions", _("Questions"), lambda r: r.questions, css="num"),
        Column(
            "approved",
            _("Approved on"),
            lambda r: r.approved_on,
            lambda r: cells.date(r.approved_on),
            sort=("approved_on",),
            css="date",
        ),
        _STATE,
        Column("school", _("School"), lambda r: str(r.unit) if r.unit_id else "", page=False),
        Column("areas", _("Standards and areas"), lambda r: ", ".join(r.areas), page=False),
        Column("basis", _("Legal basis"), lambda r: r.basis, page=False),
        Column("decision", _("Decision"), lambda r: r.decision, page=False),
    )
