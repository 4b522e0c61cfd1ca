"""A print of a version: its own pages with number and edition above, and "uncontrolled copy" below (N2 §7.5)."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from qa_portal.reports.base import CannotMake, Progress, Report, report, safe_name
from qa_portal.reports.letterhead import quoted
from qa_portal.reports.pdf import write_pdf

from .models import Version

MOST_PAGES = 1000


@report
class UncontrolledPrint(Report):
    """The file of a version to be printed. The file itself, to which the approval is bound, stays untouched."""

    key = "documents.print"

    @cached_property
    def record(self) -> Version:
        found = (
            Version.objects.visible_to(self.person)
            .select_related("document__kind")
            .exclude(file="")
            .filter(pk=self.params["id"])
            .first()
        )
        if found is None:
            raise CannotMake(_("You may no longer see this record, so its paper was not made."))
        return found

    def title(self) -> str:
        return str(self.record)

    def file_name(self) -> str:
        return safe_name(self.title(), "pdf")

    def version(self) -> str:
        return f"{self.record.checksum}.{self.record.state}"

    def write(self, stream: Any, progress: Progress) -> None:
        version = self.record
        if not version.is_pdf:
            raise CannotMake(_("Only a PDF can be marked for printing: open the DOCX file itself."))
        try:
            with version.file.open("rb") as stored:
                pages = PdfReader(io.BytesIO(stored.read()))
            if pages.is_encrypted or len(pages.pages) > MOST_PAGES:
                raise CannotMake(_("This file is locked or too long to be marked: open the file itself."))
            made = PdfWriter(clone_from=pages)
            stamps: dict[tuple[int, int], Any] = {}
            for place, page in enumerate(made.pages):
                size = (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
                if size not in stamps:
                    stamps[size] = self._stamp(version, *size)
                page.merge_page(stamps[size])
                progress(place, len(made.pages))
            made.write(stream)
        except (PyPdfError, OSError, ValueError) as error:
            raise CannotMake(_("This file cannot be marked for printing: open the file itself.")) from error

    def _stamp(self, version: Version, width: int, height: int) -> Any:
        """One page with nothing on it but the lines in its margins."""
        above = f"{version.document.number or version.document.title} · {_('Edition')} {version.label} · {version.state_label}"
        below = _("Printed on %(when)s by %(who)s · uncontrolled copy") % {
            "when": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT"),
            "who": self.person.get_short_name(),
        }
        css = (
            f"@page{{size:{width}pt {height}pt;margin:18pt;@top-left{{content:{quoted(above)};font-size:7pt}}"
            f"@bottom-left{{content:{quoted(below)};font-size:7pt}}@bottom-right{{content:none}}@top-right{{content:none}}}}"
        )
        drawn = io.BytesIO()
        write_pdf(f"<html lang={self.language}><title>{escape(above)}</title><body><p> </p></body></html>", drawn, css)
        return PdfReader(drawn).pages[0]
