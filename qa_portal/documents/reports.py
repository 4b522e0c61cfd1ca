"""The official sheets of a version: acquaintance, changes, approval (N2 annexes Г, Д, Е; N3 §6; N4 §10, §11)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.models import Person
from qa_portal.people.roles import Role
from qa_portal.reports.base import report
from qa_portal.reports.printed import Printed
from qa_portal.web.registry import registry
from qa_portal.web.sqlite import alphabetical

from .models import Acquaintance, Agreement, ChangeLine, DocumentKind, Version
from .readership import of_major


def day(value: datetime.date | datetime.datetime | None) -> str:
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return date_format(value, "SHORT_DATE_FORMAT") if value else ""


def columns(name: str, *widths: float) -> str:
    """Widths of a table's columns in percent: with a fixed layout a long word cannot push the others off the page."""
    return "".join(f".{name} col:nth-child({n}){{width:{width}%}}" for n, width in enumerate(widths, 1))


class Sheet(Printed):
    """A sheet that belongs to one version of a document: its number and edition stand on each page."""

    widths = ""

    def rows(self) -> Any:
        related = ("document__kind", "document__unit")
        return Version.objects.visible_to(self.person).select_related(*related)

    @property
    def document(self) -> Any:
        return self.record.document

    def number(self) -> str:
        return self.document.number or _("without a number yet")

    def subject(self) -> str:
        return self.document.title

    def date(self) -> datetime.date:
        return self.record.approved_on or timezone.localdate()

    def edition(self) -> Any:
        return self.record.label

    def css(self) -> str:
        return super().css() + self.widths

    def facts(self) -> list[dict[str, Any]]:
        version = self.record
        found = [
            (_("Kind of document"), self.document.kind.name),
            (_("Version"), version.label),
            (_("State"), version.state_label),
        ]
        if version.approved_on:
            found.append((_("Approved"), f"{day(version.approved_on)} · {version.approval_basis}".strip(" ·")))
        in_force = version.in_force_on or version.effective_from
        if in_force:
            found.append((_("In force from"), day(in_force)))
        return [{"label": label, "value": value} for label, value in found]


@report
class AcquaintanceSheet(Sheet):
    """Who has read the version, and when: what stands in the portal takes the place of signatures."""

    key = "documents.acquaintance_sheet"
    kind = gettext_lazy("Acquaintance sheet")
    template = "documents/paper/acquaintance.html"
    widths = columns("readers", 6, 28, 22, 20, 9, 15)

    @cached_property
    def seen(self) -> Any:
        return of_major(self.record, self.person)

    def version(self) -> str:
        newest = self.seen.aggregate(last=Max("changed_at"))["last"]
        return f"{self.record.revision}.{self.seen.count()}.{newest or ''}"

    def content(self) -> dict[str, Any]:
        names = (
            alphabetical(f"person__last_name_{self.language}"),
            alphabetical(f"person__first_name_{self.language}"),
        )
        rows = list(self.seen.select_related("person", "unit").order_by("unit__path", *names, "pk"))
        asked = Acquaintance.objects.filter(
            version__document=self.record.document_id, version__major=self.record.major
        ).exclude(state=Acquaintance.VOID)
        return {
            "facts": [
                *self.facts(),
                {
                    "label": _("People on this sheet"),
                    "value": _("%(shown)s of %(asked)s who were asked") % {"shown": len(rows), "asked": asked.count()},
                },
            ],
            "readers": rows,
        }


def sheet_count(text: str) -> int:
    """How many sheets "3, 5–7" are: 4; 0 where no number stands."""
    total = 0
    for first, last in re.findall(r"(\d{1,4})(?:\s*[-–—]\s*(\d{1,4}))?", text):
        total += int(last) - int(first) + 1 if last and int(last) >= int(first) else 1
    return total


@report
class ChangeSheet(Sheet):
    """What was changed from version to version, in the form of the kind: by section, or by numbers of sheets."""

    key = "documents.change_sheet"
    kind = gettext_lazy("Change sheet")
    landscape = True

    @property
    def by_sheets(self) -> bool:
        return self.document.kind.change_form == DocumentKind.ChangeForm.SHEETS

    @property
    def template(self) -> str:  # type: ignore[override]
        return f"documents/paper/changes_{'sheets' if self.by_sheets else 'sections'}.html"

    @property
    def widths(self) -> str:  # type: ignore[override]
        if self.by_sheets:
            return columns("changes", 4, 5, 7, 7, 7, 6, 13, 18, 15, 8, 10)
        return columns("changes", 4, 5, 10, 9, 24, 15, 14, 9, 10)

    @cached_property
    def lines(self) -> list[ChangeLine]:
        """Of this version and all before it that count; struck-out lines are not printed."""
        version = self.record
        seen = Version.objects.visible_to(self.person).filter(document=version.document_id)
        before = [
            row.pk
            for row in seen
            if row.pk == version.pk
            or (row.state != Version.CANCELLED and (row.major, row.minor) < (version.major, version.minor))
        ]
        lines = ChangeLine.objects.filter(version__in=before).written().select_related("version", "entered_by")
        return list(lines.order_by("version__major", "version__minor", "place", "pk"))

    def version(self) -> str:
        newest = max((line.pk * 1000 + line.revision for line in self.lines), default=0)
        return f"{self.record.revision}.{len(self.lines)}.{newest}"

    def content(self) -> dict[str, Any]:
        return {"facts": self.facts(), "lines": [self._line(n, line) for n, line in enumerate(self.lines, 1)]}

    def _line(self, number: int, line: ChangeLine) -> dict[str, Any]:
        version, who = line.version, line.entered_by
        basis = [line.basis, _("No. %(number)s") % {"number": line.basis_number} if line.basis_number else ""]
        total = sum(sheet_count(text) for text in (line.sheets_replaced, line.sheets_new, line.sheets_annulled))
        return {
            "number": number,
            "version": version.label,
            "section": line.section,
            "replaced": line.sheets_replaced,
            "new": line.sheets_new,
            "annulled": line.sheets_annulled,
            "total": total or "",
            "kind": line.get_change_display(),
            "description": line.description,
            "basis": " ".join(part for part in basis if part),
            "basis_date": day(line.basis_date),
            "name": who.get_full_name() if who else "",
            "post": who.post if who else "",
            "date": day(line.entered_on),
            "introduced": day(line.introduced_on or version.in_force_on or version.effective_from),
        }


@report
class ApprovalSheet(Sheet):
    """Who agreed or objected in each round, and whose word approved the version."""

    key = "documents.approval_sheet"
    kind = gettext_lazy("Approval sheet")
    template = "documents/paper/approval.html"
    widths = columns("answers", 6, 24, 20, 18, 11, 21)

    @cached_property
    def answers(self) -> list[Agreement]:
        rows = Agreement.objects.visible_to(self.person).filter(version=self.record)
        return list(rows.select_related("unit", "answered_by").order_by("round", "-role", "pk"))

    def version(self) -> str:
        return f"{self.record.revision}.{len(self.answers)}.{sum(row.revision for row in self.answers)}"

    def content(self) -> dict[str, Any]:
        rounds: dict[int, list[dict[str, Any]]] = {}
        for row in self.answers:
            lines = rounds.setdefault(row.round, [])
            lines.append(self._answer(len(lines) + 1, row))
        return {
            "facts": self.facts(),
            "rounds": [{"number": number, "lines": lines} for number, lines in rounds.items()],
            "words": list(self._words()),
        }

    def _answer(self, number: int, row: Agreement) -> dict[str, Any]:
        who = row.answered_by
        return {
            "number": number,
            "party": row.party,
            "name": who.get_full_name() if who else "",
            "post": who.post if who else "",
            "date": day(row.answered_at),
            "answer": row.state_label,
            "reason": row.reason,
        }

    def _words(self) -> Iterable[dict[str, Any]]:
        """The words on the route of approval."""
        people = Person.objects.in_bulk([word["by"] for word in self.record.approvals if word.get("by")])
        for word in self.record.approvals:
            who = people.get(word.get("by"))
            code = word["authority"]
            role = code.removeprefix("role:")
            yield {
                "authority": dict(Role.choices).get(role, role) if role != code else registry.body_name(code),
                "basis": word.get("basis", ""),
                "date": day(parse_date(word.get("on") or "")),
                "name": who.get_full_name() if who else "",
                "post": who.post if who else "",
            }
