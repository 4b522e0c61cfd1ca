"""Columns of the registers of risks, measures and context sheets, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table

from .. import risk_levels


def person(value: Any) -> str:
    return value.get_short_name() if value else ""


def _by_person(name: str) -> tuple[Any, ...]:
    return alphabetical(f"{name}__last_name_kk"), alphabetical(f"{name}__first_name_kk")


def measures(risk: Any) -> str:
    """«2 / 3»: measures carried out of those not cancelled."""
    return f"{risk.measures_done} / {risk.measures_all}" if risk.measures_all else "—"


def _level(risk: Any) -> Any:
    return risk_levels.badge(risk.level, risk.kind) if risk.level else "—"


_STATE = Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",))


class UnitRiskTable(Table):
    #: the greatest first; those not rated yet on top, because they wait
    order = (F("level").desc(nulls_first=True), "-pk")
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "words",
            _("What may happen"),
            lambda r: r.words,
            lambda r: cells.link(
                r.get_absolute_url(), r.brief, " · ".join(filter(None, (r.number, r.catalogue_code or r.standard)))
            ),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("unit", _("Unit"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column("kind", _("Kind"), lambda r: r.get_kind_display(), sort=("kind",)),
        Column("owner", _("Owner"), lambda r: person(r.owner), sort=_by_person("owner")),
        Column("level", _("Level"), lambda r: r.level, _level, sort=("level",), css="wraps"),
        Column("measures", _("Measures done"), measures, css="num"),
        Column(
            "review",
            _("Next review"),
            lambda r: r.review_on,
            lambda r: cells.due(r.review_on, r.deadline_counts),
            sort=("review_on",),
            css="date",
        ),
        _STATE,
        Column(
            "light", _("Level in words"), lambda r: str(risk_levels.WORDS.get(risk_levels.light(r), "")), page=False
        ),
        Column("catalogue", _("Risk of the catalogue"), lambda r: r.catalogue_code, page=False),
        Column("standard", _("Standard"), lambda r: r.standard, page=False),
        Column("likelihood", _("Likelihood before measures"), lambda r: r.likelihood, page=False),
        Column("impact", _("Impact before measures"), lambda r: r.impact, page=False),
        Column("likelihood_after", _("Likelihood after measures"), lambda r: r.likelihood_after, page=False),
        Column("impact_after", _("Impact after measures"), lambda r: r.impact_after, page=False),
        Column("text", _("What may cause it"), lambda r: r.text, page=False, width=60),
        Column("consequence", _("What would follow"), lambda r: r.consequence, page=False, width=60),
        Column("existing", _("What is in place already"), lambda r: r.existing, page=False, width=60),
        Column("reviewed", _("Last review"), lambda r: r.reviewed_on, page=False),
        Column("closed", _("Closed on"), lambda r: r.closed_on, page=False),
    )


class RiskMeasureTable(Table):
    order = ("due", "pk")
    columns = (
        Column(
            "text",
            _("Measure"),
            lambda r: r.text,
            lambda r: cells.link(r.get_absolute_url(), r.brief, r.risk.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("risk", _("Risk"), lambda r: r.risk.number, page=False),
        Column("unit", _("Unit"), lambda r: str(r.risk.unit), sort=("risk__unit__path",), width=30),
        Column("owner", _("Who does it"), lambda r: person(r.owner), sort=_by_person("owner")),
        Column(
            "due",
            _("Deadline"),
            lambda r: r.due,
            lambda r: cells.due(r.due, r.deadline_counts),
            sort=("due",),
            css="date",
        ),
        _STATE,
        Column("done", _("What was done"), lambda r: r.done_note, page=False, width=60),
        Column("done_on", _("Carried out on"), lambda r: r.done_on, page=False),
    )


class ContextSheetTable(Table):
    order = ("-year", "unit__path")
    columns = (
        Column(
            "sheet",
            _("Context sheet"),
            str,
            lambda r: cells.link(r.get_absolute_url(), r.unit, str(r.year)),
            sort=("unit__path",),
            css="main",
            width=40,
        ),
        Column("year", _("Year"), lambda r: r.year, sort=("year",), css="num"),
        Column("approver", _("Approved by"), lambda r: person(r.approved_by)),
        Column(
            "approved",
            _("Approved on"),
            lambda r: r.approved_on,
            lambda r: cells.date(r.approved_on),
            sort=("approved_on",),
            css="date",
        ),
        _STATE,
        *(
            Column(name, label, lambda r, name=name: getattr(r, name), page=False, width=60)
            for name, label in (
                ("political", _("Political and legal factors")),
                ("economic", _("Economic factors")),
                ("social", _("Social and cultural factors")),
                ("technological", _("Technology and market")),
                ("strengths", _("Strengths")),
                ("weaknesses", _("Weaknesses")),
                ("threats", _("Threats")),
                ("opportunities", _("Opportunities")),
            )
        ),
    )
