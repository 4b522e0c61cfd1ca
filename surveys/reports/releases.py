"""Files of a release: the report as PDF on letterhead and as DOCX, inside and public; the figures as XLSX and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.models import Person
from qa_portal.reports.base import CannotMake, Progress, Report, report, safe_name
from qa_portal.reports.layout import as_html, contents
from qa_portal.reports.letterhead import page_css, sides
from qa_portal.reports.models import Seal
from qa_portal.reports.pdf import write_pdf
from qa_portal.reports.seals import address, picture, seal_for, sealed
from qa_portal.reports.sheets import TYPES, csv_lines, write_xlsx
from qa_portal.reports.word import TYPE, write_docx
from qa_portal.web.registry import registry

from ..content import say
from ..models import Release
from ..report_blocks import blocks_of, facts_of
from ..result_words import group_label, said, tree_label
from ..results import Reading, lines, with_campaign

KIND = gettext_lazy("Report on a survey")


def since_then(release: Release) -> str:
    """What has become of a report since it was printed."""
    return _("The report was withdrawn.") if release.state == Release.WITHDRAWN else ""


sealed(Release, since_then)


def seal_of(release: Release, public: bool) -> Seal:
    edition = "public" if public else "inside"
    return seal_for(
        release,
        f"surveys.release.{edition}",
        lambda: f"{KIND}: {release}",
        lambda: [*facts_of(release, public), (_("Digest of the figures"), release.digest or "—")],
    )


# -- the report ---------------------------------------------------------------------------------------
def write_report(stream: Any, reading: Reading, language: str, form: str, told: Any) -> None:
    """Write the report of one language and format into a binary stream; the caller speaks that language."""
    release = reading.release
    blocks = blocks_of(reading)
    if form == "docx":
        write_docx(stream, blocks, title=str(release), lines=_title_lines(release), progress=told)
        return
    told(1, 4)
    html = paper_html(reading, blocks, language)
    told(2, 4)
    person = reading.person or release.created_by or Person(username="")
    css = page_css(language, edition=release.version, running=str(release), person=person, landscape=False)
    write_pdf(html, stream, css)
    told(4, 4)


def _title_lines(release: Release) -> tuple[str, ...]:
    unit = release.campaign.unit
    return tuple(line for line in (registry.identity()["name"], unit.name if unit else "", str(KIND)) if line)


def paper_html(reading: Reading, blocks: list[Any], language: str) -> str:
    release = reading.release
    draft = not release.is_shown
    seal = None if draft else seal_of(release, reading.public)
    frame = {
        "language": language,
        "title": str(release),
        "kind": str(KIND),
        "number": f"{release.campaign_id}/{release.version}",
        "subject": str(release),
        "date": release.published_on or release.sent_on or timezone.localdate(),
        "sides": sides(release.campaign.unit),
        "approval": None,
        "signatures": [],
        "seal": {"code": seal.shown_code, "address": address(seal), "picture": mark_safe(picture(seal))}
        if seal
        else None,
    }
    context = {
        "paper": frame,
        "contents": contents(blocks),
        "body": as_html(blocks, for_paper=True),
        "draft": draft,
    }
    return render_to_string("surveys/paper/release.html", context)


class _Paper(Report):
    """One edition in one format, ordered by somebody who may see the release."""

    form = "pdf"
    public = False

    @cached_property
    def record(self) -> Release:
        rows = with_campaign(Release.objects.visible_to(self.person)).select_related(
            "campaign__questionnaire", "campaign__unit", "campaign__term", "created_by"
        )
        found = rows.filter(pk=self.params["id"]).exclude(state=Release.MAKING).first()
        if found is None:
            raise CannotMake(_("You may no longer see this record, so its paper was not made."))
        return found

    def title(self) -> str:
        edition = _("public edition") if self.public else ""
        return " · ".join(part for part in (str(self.record), edition) if part)

    def file_name(self) -> str:
        return safe_name(self.title(), self.form)

    def version(self) -> str:
        return str(self.record.revision)

    def write(self, stream: Any, progress: Progress) -> None:
        reading = Reading(self.record, None if self.public else self.person)
        write_report(stream, reading, self.language, self.form, progress)


@report
class ReleasePaper(_Paper):
    key = "surveys.release"


@report
class ReleaseWord(_Paper):
    key = "surveys.release.docx"
    form = "docx"
    content_type = TYPE


@report
class PublicPaper(_Paper):
    key = "surveys.release.public"
    public = True


@report
class PublicWord(_Paper):
    key = "surveys.release.public.docx"
    form = "docx"
    public = True
    content_type = TYPE


# -- the figures as a table -------------------------------------------------------------------------------
def sheet_head() -> list[tuple[str, int]]:
    return [
        (_("Breakdown"), 22),
        (_("Group"), 36),
        (_("Section"), 30),
        (_("Code"), 22),
        (_("Question"), 60),
        (_("Answers"), 10),
        (_("Mean"), 10),
        (_("Mean, 95 % interval"), 20),
        (_("Band"), 14),
        (_("Two best answers"), 18),
        (_("Two best answers, 95 % interval"), 20),
        (_("By answer"), 40),
        (_("Apart"), 28),
        (_("Note"), 24),
    ]


def sheet_rows(reading: Reading, tree: str | None = None) -> Iterator[list[Any]]:
    """What the page shows, a question in a group a line: numbers as numbers, bands as words, nothing that is hidden."""
    for line in lines(reading, tree):
        words = said(line.question, line.cell)
        cell = line.cell or {}
        yield [
            tree_label(line.group.tree),
            group_label(line.group),
            say(line.part.name),
            line.question.code,
            say(line.question.text),
            cell.get("n"),
            cell.get("mean"),
            words.mean_span,
            words.grade,
            words.top,
            words.top_span,
            _by_answer(cell),
            words.apart,
            _("too few answers") if words.few else _("only a band") if words.band_only else "",
        ]


def _by_answer(cell: dict[str, Any]) -> str:
    """ "1: 0; 2: 1; …" where counts are shown, else the shares of a choice."""
    if cell.get("counts"):
        return "; ".join(f"{key}: {count}" for key, count in cell["counts"].items())
    return "; ".join(f"{key}: {100 * share[0]:.0f} %" for key, share in (cell.get("shares") or {}).items())


def sheet_name(release: Release, kind: str) -> str:
    return safe_name(f"{release} {date_format(timezone.localdate(), 'Y-m-d')}", kind)


def write_sheet(stream: Any, reading: Reading, kind: str, tree: str | None = None) -> None:
    """The figures as XLSX or CSV in the language at hand."""
    if kind == "csv":
        stream.writelines(csv_lines(sheet_head(), sheet_rows(reading, tree)))
    else:
        write_xlsx(stream, str(reading.release), sheet_head(), sheet_rows(reading, tree))


@report
class ReleaseSheet(_Paper):
    """The whole table in the background, for those who order it among their papers."""

    key = "surveys.release.xlsx"
    form = "xlsx"
    content_type = TYPES["xlsx"]

    def write(self, stream: Any, progress: Progress) -> None:
        write_sheet(stream, Reading(self.record, self.person), "xlsx")
