"""The chapter on findings and CAPA in reports on quality; its figures are those of the page (`loops.py`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa_portal.reports.blocks import Block, Facts, Heading, Table, Text
from qa_portal.web.registry import Chapter, ChapterScope, chapter

from . import loops
from .models import CapaAction, Finding

#: rows of a table; how many more there are is said
MOST = 25


def findings_of(scope: ChapterScope) -> Any:
    """Findings found in the days, or open in them, or closed in them; of the standard and the unit."""
    rows = Finding.objects.all() if scope.person is None else Finding.objects.visible_to(scope.person)
    rows = rows.exclude(state=Finding.CANCELLED).filter(found_on__lte=scope.until)
    rows = rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=scope.since))
    if scope.standard:
        rows = rows.filter(Q(requirement__standard__code=scope.standard) | Q(area__standard__code=scope.standard))
    if scope.unit is not None:
        rows = rows.filter(unit__path__startswith=scope.unit.path)
    return rows


def make(scope: ChapterScope) -> list[Block]:
    rows = findings_of(scope)
    numbers = loops.figures(rows)
    if not numbers["all"]:
        return []
    within = Q(found_on__gte=scope.since)
    actions = CapaAction.objects.filter(plan__finding__in=rows.order_by().values("pk")).exclude(
        state__in=(CapaAction.CANCELLED, CapaAction.DRAFT)
    )
    done = actions.filter(state__in=(CapaAction.CARRIED_OUT, CapaAction.VERIFIED)).count()
    days = numbers["days"]
    facts: tuple[tuple[str, str], ...] = (
        (_("Findings in the period"), str(numbers["all"])),
        (_("Newly found"), str(rows.filter(within).count())),
        (_("Open"), str(numbers["open"])),
        (_("Overdue"), str(numbers["overdue"])),
        (_("Closed"), str(numbers["closed"])),
        (
            _("Usual time to close"),
            ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days is not None else "—",
        ),
        (_("Actions carried out"), _("%(done)s of %(all)s") % {"done": done, "all": actions.count()}),
    )
    return [Facts(facts), *_listed(rows)]


def _listed(rows: Any) -> list[Block]:
    """The findings that matter most: major and critical ones, open first."""
    grave = rows.filter(severity__in=("major", "critical")).select_related("unit").order_by("-state", "-pk")
    shown = list(grave[: MOST + 1])
    if not shown:
        return []
    lines = tuple(
        (
            row.number,
            row.title,
            str(row.unit),
            str(row.get_severity_display()),
            str(row.state_label),
            date_format(row.found_on, "SHORT_DATE_FORMAT"),
        )
        for row in shown[:MOST]
    )
    head = (_("No."), _("Finding"), _("Unit"), _("Severity"), _("State"), _("Found on"))
    found: list[Block] = [Heading(_("Major and critical findings"), 3), Table(head, lines)]
    if len(shown) > MOST:
        found.append(Text(_("The first %(n)s are shown.") % {"n": MOST}, quiet=True))
    return found


chapter(Chapter("findings", gettext_lazy("Findings and corrective actions"), 40, make))
