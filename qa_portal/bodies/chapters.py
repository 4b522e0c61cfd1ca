"""The chapter on decisions in reports on quality."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.reports.blocks import Block, Facts, Heading, Table, Text
from qa_portal.web.registry import Chapter, ChapterScope, chapter

from .models import Assignment, Body, Decision
from .timeliness import assignments_in_time

MOST = 40


def decisions_of(scope: ChapterScope) -> Any:
    """Decisions taken in the days that still stand or were changed; of bodies of the unit and below."""
    rows = Decision.objects.all() if scope.person is None else Decision.objects.visible_to(scope.person)
    rows = rows.filter(decided_on__range=(scope.since, scope.until), passed=True).exclude(state=Decision.ANNULLED)
    return rows.filter(body__unit__path__startswith=scope.unit.path) if scope.unit is not None else rows


def make(scope: ChapterScope) -> list[Block]:
    rows = decisions_of(scope)
    if not rows.exists():
        return []
    given = Assignment.objects.filter(decision__in=rows.order_by().values("pk"))
    timely = assignments_in_time(given)
    share = timely["share"]
    by_body = rows.order_by().values("body").annotate(n=Count("pk")).order_by("-n", "body")
    names = Body.objects.in_bulk([row["body"] for row in by_body])
    facts = (
        (_("Decisions taken"), str(rows.count())),
        (_("Assignments given"), str(given.count())),
        (_("Assignments carried out in time"), f"{share} %" if share is not None else "—"),
    )
    counts = tuple((str(names[row["body"]]), str(row["n"])) for row in by_body)
    return [Facts(facts), Table((_("Body"), _("Decisions")), counts, numeric=(1,)), *_performed(rows)]


def _performed(rows: Any) -> list[Block]:
    """The decisions that moved something in the portal: a document, a plan, a self-assessment."""
    moved = rows.exclude(performed="").select_related("body", "item").order_by("-decided_on", "-pk")
    shown = list(moved[: MOST + 1])
    if not shown:
        return []
    lines = tuple(
        (date_format(row.decided_on, "SHORT_DATE_FORMAT"), str(row.body), row.number, row.item.title)
        for row in shown[:MOST]
    )
    head = (_("Date"), _("Body"), _("No."), _("Question"))
    found: list[Block] = [Heading(_("Decisions carried into the records"), 3), Table(head, lines)]
    if len(shown) > MOST:
        found.append(Text(_("The first %(n)s are shown.") % {"n": MOST}, quiet=True))
    return found


chapter(Chapter("decisions", gettext_lazy("Decisions of collegial bodies"), 80, make, by_standard=False))
