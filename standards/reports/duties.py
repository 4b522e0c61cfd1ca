"""The chapter of duties: how many were kept in time, late and missed in the days of a report, by standard."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qa_portal.people.models import Unit
from qa_portal.reports.blocks import Block, Facts, Heading, Table
from qa_portal.web import cells
from qa_portal.web.registry import Chapter, ChapterScope, chapter

from ..duty_words import office_words, phase_word
from ..models import Duty

MOST_MISSED = 40


def duties_kept(rows: Any) -> dict[str, int]:
    """How these duties stand: kept in time, kept late, missed (the date has passed), still open, not needed."""
    today = timezone.localdate()
    done, open_ = Q(state=Duty.DONE), Q(state=Duty.OPEN)
    return rows.order_by().aggregate(
        all=Count("pk"),
        in_time=Count("pk", filter=done & Q(done_on__lte=F("due_on"))),
        late=Count("pk", filter=done & Q(done_on__gt=F("due_on"))),
        missed=Count("pk", filter=open_ & Q(due_on__lt=today)),
        ahead=Count("pk", filter=open_ & Q(due_on__gte=today)),
        waived=Count("pk", filter=Q(state=Duty.WAIVED)),
    )


def rows_of(scope: ChapterScope) -> Any:
    rows = Duty.objects.visible_to(scope.person) if scope.person is not None else Duty.objects.all()
    rows = rows.filter(due_on__gte=scope.since, due_on__lte=scope.until)
    if scope.standard:
        rows = rows.filter(rule__standard=scope.standard)
    if scope.unit is not None:
        rows = rows.filter(unit__in=Unit.objects.below(scope.unit.path).order_by().values("pk"))
    return rows


def _blocks(scope: ChapterScope) -> list[Block]:
    rows = rows_of(scope)
    counts = duties_kept(rows)
    if not counts["all"]:
        return []
    judged = counts["in_time"] + counts["late"] + counts["missed"]
    share = f"{round(100 * counts['in_time'] / judged)} %" if judged else "—"
    found: list[Block] = [
        Heading(_("Duties"), 3),
        Facts(
            (
                (_("Fell due"), str(counts["all"])),
                (_("Kept in time"), f"{counts['in_time']} ({share})"),
                (_("Kept late"), str(counts["late"])),
                (_("Missed, still open"), str(counts["missed"])),
                (_("Their date is still to come"), str(counts["ahead"])),
                (_("Not needed this time"), str(counts["waived"])),
            )
        ),
    ]
    table = _not_kept(rows)
    return [*found, table] if table else found


def _not_kept(rows: Any) -> Table | None:
    """Those missed or kept late, the first ones by their date."""
    late = Q(state=Duty.DONE, done_on__gt=F("due_on")) | Q(state=Duty.OPEN, due_on__lt=timezone.localdate())
    listed = rows.filter(late).select_related("rule__unit", "unit").prefetch_related("subject").order_by("due_on", "pk")
    lines = tuple(
        (
            duty.name,
            duty.rule.basis,
            office_words(duty.rule),
            cells.date(duty.due_on),
            cells.date(duty.done_on) or phase_word(duty),
        )
        for duty in listed[:MOST_MISSED]
    )
    if not lines:
        return None
    head = (pgettext("by period", "Duty"), _("Legal basis"), _("Who answers"), pgettext("date", "By"), _("Done on"))
    return Table(head, lines, _("Duties missed or kept late"))


chapter(Chapter("duties", gettext_lazy("Duties kept and missed"), 60, _blocks))
