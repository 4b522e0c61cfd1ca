"""The files of a report: the frozen issue on letterhead as PDF, and as DOCX; a draft on order."""

from __future__ import annotations

import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from qa_portal.people.models import Person
from qa_portal.reports.base import safe_name
from qa_portal.reports.blocks import Block
from qa_portal.reports.layout import as_html, contents
from qa_portal.reports.letterhead import page_css, sides
from qa_portal.reports.models import Seal
from qa_portal.reports.pdf import write_pdf
from qa_portal.reports.seals import address, picture, seal_for, sealed
from qa_portal.reports.word import write_docx
from qa_portal.web.registry import registry

from ..models import QualityReport


def span(report: QualityReport) -> str:
    return _("%(since)s to %(until)s") % {
        "since": date_format(report.since, "DATE_FORMAT"),
        "until": date_format(report.until, "DATE_FORMAT"),
    }


def since_then(report: QualityReport) -> str:
    """What has become of an issue since it was printed."""
    if report.state == QualityReport.CANCELLED:
        return _("The report was cancelled.")
    return "" if report.is_frozen else _("The report was sent back after this issue was made.")


sealed(QualityReport, since_then)


def seal_of(report: QualityReport) -> Seal:
    """Seal of one submission: a report sent back and submitted anew gets another one."""
    moment = timezone.localtime(report.worked_at or timezone.now())
    return seal_for(
        report,
        f"standards.report.{moment:%Y%m%d%H%M}"[:60],
        lambda: f"{report.kind.name} {report.number}",
        lambda: [
            (_("Number"), report.number),
            (_("Title"), report.heading),
            (_("Period"), span(report)),
            (_("Unit"), report.unit.name if report.unit else registry.identity()["name"]),
            (_("Figures as of"), date_format(moment, "DATETIME_FORMAT")),
        ],
    )


def write_issue(
    stream: Any, report: QualityReport, blocks: list[Block], language: str, form: str, told: Any, seal: bool = True
) -> None:
    """Write the file of one language and format into a binary stream; the caller speaks that language."""
    if form == "docx":
        write_docx(stream, blocks, title=report.heading, lines=_lines(report), progress=told)
        return
    told(1, 4)
    html = paper_html(report, blocks, language, seal_of(report) if seal else None)
    told(2, 4)
    person = report.submitted_by or report.created_by or Person(username="")
    css = page_css(language, edition=1, running=f"{report.number} {report.heading}", person=person, landscape=False)
    write_pdf(html, stream, css)
    told(4, 4)


def _lines(report: QualityReport) -> tuple[str, ...]:
    unit = report.unit.name if report.unit else ""
    day = report.frozen_at or report.worked_at
    lines = (
        registry.identity()["name"],
        unit,
        _("No. %(number)s") % {"number": report.number},
        span(report),
        _("Figures as of %(day)s") % {"day": date_format(timezone.localtime(day), "DATE_FORMAT")} if day else "",
    )
    return tuple(line for line in lines if line)


def paper_html(report: QualityReport, blocks: list[Block], language: str, seal: Seal | None) -> str:
    day: datetime.date = timezone.localtime(report.worked_at).date() if report.worked_at else timezone.localdate()
    made = report.heading.startswith(report.kind.name)
    frame = {
        "language": language,
        "title": report.heading,
        # A title made from kind and year says the kind already.
        "kind": report.heading if made else report.kind.name,
        "number": report.number,
        "subject": "" if made else report.heading,
        "date": day,
        "sides": sides(report.unit),
        "approval": None,
        "signatures": [],
        "seal": {"code": seal.shown_code, "address": address(seal), "picture": mark_safe(picture(seal))}
        if seal
        else None,
    }
    return render_to_string(
        "standards/paper/report.html",
        {
            "paper": frame,
            "report": report,
            "span": span(report),
            "contents": contents(blocks),
            "body": as_html(blocks, for_paper=True),
            "draft": seal is None,
        },
    )


def file_name(report: QualityReport, form: str) -> str:
    return safe_name(f"{report.number} {report.heading}", form)
