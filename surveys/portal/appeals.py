"""What appeals hand to shared pages: menu, desk, search, the signal of an accepted report, indicators."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.registry import (
    DeskSource,
    MenuItem,
    SearchSource,
    Signal,
    Verb,
    desk,
    formula,
    menu,
    searchable,
    signal,
    verb,
)

from ..appeal_figures import IN_TIME, UPHELD
from ..models import AcademicAppeal, AppealReport
from ..permissions.appeals import is_student, may_enter
from ..querysets.appeals import KEEPERS, panel_paths, within

menu(
    MenuItem(
        "academic-appeals", _("Academic appeals"), "surveys:academic-appeals", "scale", 45, lambda p: True, more=True
    )
)


# -- desk ----------------------------------------------------------------------------------------------
def _item(appeal: AcademicAppeal) -> dict[str, Any]:
    return {
        "label": appeal.number,
        "url": appeal.get_absolute_url(),
        "meta": str(appeal.get_kind_display()),
        "due": cells.desk_due(appeal.due_on),
    }


def _kept(person: Any, *states: str) -> Any:
    """What the panel, the Chancellery and the quality office keep; heads see theirs in the register."""
    if not may_enter(person):
        return AcademicAppeal.objects.none()
    rows = AcademicAppeal.objects.visible_to(person).filter(state__in=states)
    mine = Q(pk__isnull=False) if person.standing.has(*KEEPERS) else within(panel_paths(person))
    return rows.filter(mine).exclude(Q(student__isnull=False) & Q(student=person)).order_by("filed_on", "pk")


def _seats(person: Any) -> Any:
    rows = AcademicAppeal.objects.visible_to(person).filter(state=AcademicAppeal.IN_COMMISSION)
    return rows.order_by("due_on", "pk")


def _to_say(person: Any) -> Any:
    return _seats(person).filter(members__person=person, members__opinion="")


def _to_decide(person: Any) -> Any:
    """Everybody has spoken: the chair writes the decision."""
    waiting = AcademicAppeal.objects.filter(members__opinion="").order_by().values("pk")
    return _seats(person).filter(members__person=person, members__chair=True).exclude(pk__in=waiting)


def _list(query: str = "") -> Any:
    return lambda: reverse("surveys:academic-appeals") + query


desk(
    DeskSource(
        "appeals-opinion", _("Appeals on which I give an opinion"), _to_say, _item, _list("?commission=true"), 12
    )
)
desk(DeskSource("appeals-decide", _("Appeals to decide"), _to_decide, _item, _list("?commission=true"), 13))
desk(
    DeskSource(
        "appeals-admit",
        _("Appeals to admit or not"),
        lambda person: _kept(person, AcademicAppeal.FILED),
        _item,
        _list("?state=filed"),
        15,
    )
)
desk(
    DeskSource(
        "appeals-commission",
        _("Appeals that need a commission"),
        lambda person: _kept(person, AcademicAppeal.ADMITTED),
        _item,
        _list("?state=admitted"),
        15,
    )
)
desk(
    DeskSource(
        "appeals-close",
        _("Decided appeals to close"),
        lambda person: _kept(person, AcademicAppeal.DECIDED),
        _item,
        _list("?state=decided"),
        69,
    )
)


def _to_accept(person: Any) -> Any:
    rows = AppealReport.objects.filter(state=AppealReport.SUBMITTED).select_related("term__year", "unit").order_by("pk")
    if not person.standing.quality_office:
        return rows.none()
    mine = [report.pk for report in rows if refusal(person, "surveys.accept_appeal_report", report)]
    return rows.exclude(pk__in=mine)


desk(
    DeskSource(
        "appeal-reports",
        _("Reports on appeals to accept"),
        _to_accept,
        lambda report: {"label": str(report), "url": report.get_absolute_url(), "meta": "", "due": None},
        lambda: reverse("surveys:appeal-reports") + "?state=submitted",
        63,
    )
)
verb(
    Verb(
        _("Appeal against a grade"),
        lambda: reverse("surveys:academic-appeal-add"),
        "scale",
        _("Your own result"),
        62,
        is_student,
    )
)


# -- search ----------------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = AcademicAppeal.objects.visible_to(person).matching(text).order_by("-pk")[:10]
    return [
        {"label": f"{row.number} · {row.student_name}", "url": row.get_absolute_url(), "meta": str(row.state_label)}
        for row in rows
    ]


searchable(SearchSource("academic-appeals", _("Academic appeals"), _find, 27))


# -- signals ---------------------------------------------------------------------------------------------
def _with_problems() -> Any:
    rows = AppealReport.objects.filter(state=AppealReport.ACCEPTED).exclude(problems="")
    return rows.select_related("term__year", "unit").order_by("-pk")


def _draft(report: AppealReport) -> dict[str, Any]:
    words = [report.problems]
    if report.recommendations:
        words += [gettext("Recommended:"), report.recommendations]
    return {
        "title": gettext("Problems found by appeals: %(unit)s, %(term)s") % {"unit": report.unit, "term": report.term},
        "description": "\n\n".join(words),
        "requirement": "",
        "area": "S4.A6",
        "unit": report.unit,
        "severity": "minor",
        "source_kind": "petition",
    }


signal(Signal("surveys.appeal_report", _("Reports on appeals"), _with_problems, _draft, once=True))
formula(UPHELD)
formula(IN_TIME)
