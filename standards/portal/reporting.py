"""What reports hand to shared pages: menu, desk, search, what bodies decide, the public link."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.web.registry import (
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    decidable,
    desk,
    menu,
    panel,
    provable,
    registry,
    searchable,
)

from ..models import QualityReport, Standard
from ..permissions.reporting import approves, body_of


def insider(person: Any) -> bool:
    return not person.standing.outsider


menu(MenuItem("reports", _("Reports on quality"), "standards:reports", "file-text", 58, insider, more=True))
provable(QualityReport)
shown_on(QualityReport)


def _waiting(code: str) -> Any:
    """Reports that wait for a decision of this body: of its own code, or of the kind of body for the report's unit."""
    rows = (
        QualityReport.objects.filter(state=QualityReport.SUBMITTED)
        .exclude(kind__body="")
        .select_related("kind", "unit")
    )
    return rows.filter(pk__in=[row.pk for row in rows if body_of(row) == code])


decidable(
    Decidable(
        QualityReport,
        "approve",
        _("Report on quality"),
        lambda report: body_of(report) if report.state == QualityReport.SUBMITTED else "",
        _waiting,
        undo="undo_approval",
        otherwise="send_back",
    )
)


# -- desk ---------------------------------------------------------------------------------------------
def _item(report: QualityReport) -> dict[str, Any]:
    return {
        "label": report.heading,
        "url": report.get_absolute_url(),
        "meta": f"{report.number} · {report.kind}",
        "due": None,
    }


def _rows(*states: str) -> Any:
    return QualityReport.objects.filter(state__in=states).select_related("kind", "unit").defer("frozen").order_by("pk")


def _to_write(person: Any) -> Any:
    return _rows(QualityReport.DRAFT).filter(created_by=person)


def _to_approve(person: Any) -> Any:
    """Reports that an office decides about, and this person may."""
    rows = _rows(QualityReport.SUBMITTED).filter(kind__body="")
    if not (person.standing.board or person.standing.led_paths or person.standing.sees_everything):
        return rows.none()
    return rows.filter(pk__in=[row.pk for row in rows if approves(person, row)])


def _to_publish(person: Any) -> Any:
    rows = _rows(QualityReport.APPROVED)
    return rows if person.standing.quality_office else rows.filter(created_by=person)


def _list(query: str) -> Any:
    return lambda: reverse("standards:reports") + query


desk(DeskSource("reports", _("Reports to finish"), _to_write, _item, _list("?state=draft&mine=true"), 66))
desk(DeskSource("reports-approve", _("Reports to approve"), _to_approve, _item, _list("?state=submitted"), 15))
desk(DeskSource("reports-publish", _("Reports to publish"), _to_publish, _item, _list("?state=approved"), 67))


# -- search and panels ------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = (
        QualityReport.objects.visible_to(person)
        .matching(text)
        .select_related("kind")
        .defer("frozen")
        .order_by("-pk")[:10]
    )
    return [{"label": r.heading, "url": r.get_absolute_url(), "meta": f"{r.number} · {r.state_label}"} for r in rows]


searchable(SearchSource("reports", _("Reports on quality"), _find, 25))


@panel(Standard)
def _of_standard(standard: Standard, request: Any) -> dict[str, Any] | None:
    """The published reports on this standard and on all of them."""
    rows = QualityReport.objects.visible_to(request.user).filter(
        state=QualityReport.PUBLISHED, kind__standard__in=(standard.code, "")
    )
    found = list(rows.select_related("kind").defer("frozen").order_by("-year", "-pk")[:5])
    if not found:
        return None
    return {"title": _("Reports on quality"), "template": "standards/reporting/of_standard.html", "rows": found}


registry.public_links.append(
    lambda: {
        "title": _("Reports on quality"),
        "text": _("What the university reports on its quality each year, with figures of its own records."),
        "url": reverse("public-reports"),
        "icon": "file-text",
    }
)
