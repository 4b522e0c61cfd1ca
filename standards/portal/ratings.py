"""What rating formulas and ratings hand to shared pages: desk, search, what a body decides, the chapter of reports."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.reports.blocks import Block, Heading, Picture, Table, Text
from qa_portal.web.registry import (
    Chapter,
    ChapterScope,
    Decidable,
    DeskSource,
    SearchSource,
    chapter,
    decidable,
    desk,
    searchable,
)

from ..models import Rating, RatingFormula
from ..permissions.indicators import preparing_offices
from ..permissions.ratings import body_of_formulas
from ..rated import chart_of, missing, unit_name


# -- what a body decides --------------------------------------------------------------------------
def _waiting(code: str) -> Any:
    rows = RatingFormula.objects.filter(state=RatingFormula.SUBMITTED)
    return rows if code and code == body_of_formulas() else rows.none()


shown_on(RatingFormula)
decidable(
    Decidable(
        RatingFormula,
        "approve",
        _("Approve a rating formula"),
        lambda record: body_of_formulas() if record.state == RatingFormula.SUBMITTED else "",
        _waiting,
        undo="undo_approval",
        otherwise="send_back",
    )
)


# -- desk: what waits for me ----------------------------------------------------------------------------
def _formulas(person: Any) -> Any:
    rows = RatingFormula.objects.filter(state__in=(RatingFormula.DRAFT, RatingFormula.SUBMITTED)).order_by("pk")
    return rows if preparing_offices(person) else rows.none()


def _to_publish(person: Any) -> Any:
    """Ratings made by others."""
    offices = preparing_offices(person)
    rows = Rating.objects.filter(state=Rating.MADE).exclude(created_by=person).select_related("formula")
    if not offices:
        return rows.none()
    return rows.order_by("pk") if None in offices else rows.exclude(_made_by_all(offices)).order_by("pk")


def _made_by_all(offices: list[int | None]) -> Q:
    """Who deputises for one person only does not publish that person's ratings."""
    principals = set(offices)
    return Q(created_by__in=principals) if len(principals) == 1 else Q(pk__in=[])


desk(
    DeskSource(
        "rating-formulas",
        _("Rating formulas to finish"),
        _formulas,
        lambda row: {"label": str(row), "url": row.get_absolute_url(), "meta": str(row.state_label), "due": None},
        lambda: reverse("standards:rating-formulas") + "?state=draft&state=submitted",
        64,
    )
)
desk(
    DeskSource(
        "ratings",
        _("Ratings to publish"),
        _to_publish,
        lambda row: {"label": str(row), "url": row.get_absolute_url(), "meta": str(row.state_label), "due": None},
        lambda: reverse("standards:ratings") + "?state=made",
        65,
    )
)


# -- search ----------------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Rating.objects.visible_to(person).matching(text).select_related("formula").order_by("-year", "-pk")[:5]
    formulas = RatingFormula.objects.visible_to(person).matching(text).order_by("-version")[:5]
    return [
        {"label": str(row), "url": row.get_absolute_url(), "meta": str(row.state_label)} for row in (*rows, *formulas)
    ]


searchable(SearchSource("ratings", _("Ratings of units"), _find, 25))


# -- chapter of reports; input of the management review ----------------------------------------------------
def _chapter(scope: ChapterScope) -> list[Block]:
    """The published ratings of the year, the newest of each kind of units."""
    rows = Rating.objects.filter(state=Rating.PUBLISHED, year=scope.year).select_related("formula").order_by("-pk")
    newest: dict[str, Rating] = {}
    for row in rows if scope.person is None else rows.visible_to(scope.person):
        newest.setdefault(row.formula.unit_kind, row)
    return [block for row in newest.values() for block in _blocks(row)]


def _blocks(rating: Rating) -> list[Block]:
    gaps = [
        gettext("%(unit)s: no value of %(codes)s.") % {"unit": unit_name(row), "codes": ", ".join(codes)}
        for row in rating.rows
        if (codes := missing(row))
    ]
    table = tuple(
        ("—" if row["place"] is None else str(row["place"]), unit_name(row), _said(row["score"])) for row in rating.rows
    )
    head = (pgettext("in a rating", "Place"), gettext("Unit"), gettext("Score"))
    chart = chart_of(rating)
    found: list[Block] = [
        Heading(str(rating), 3),
        Text(gettext("Made by the formula %(formula)s.") % {"formula": f"“{rating.formula}”"}),
        Picture(chart),
        Table(head, table, chart.title, numeric=(0, 2)),
    ]
    return [*found, Text(" ".join(gaps), quiet=True)] if gaps else found


def _said(text: str | None) -> str:
    return "—" if text is None else number_format(text)


chapter(Chapter("rating", _("Rating of units"), 80, _chapter, by_standard=False))
