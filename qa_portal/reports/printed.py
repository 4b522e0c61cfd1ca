"""Printed: a record on letterhead. An app's paper says whose rows, which template, and what stands in it."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from .base import CannotMake, Progress, Report, safe_name
from .letterhead import Approval, Signature, page_css, sides
from .models import Seal
from .pdf import write_pdf
from .seals import address, picture


class Printed(Report):
    """The paper of one record, in one language, as the person may see it today."""

    template: ClassVar[str] = ""
    kind: ClassVar[Any] = ""
    landscape: ClassVar[bool] = False

    # -- what an app's paper says -------------------------------------------------------
    def rows(self) -> Any:
        """The records that this person may see."""
        raise NotImplementedError

    def number(self) -> str:
        raise NotImplementedError

    def subject(self) -> str:
        """What it is about, under the title."""
        return ""

    def date(self) -> datetime.date:
        raise NotImplementedError

    def edition(self) -> int:
        return 1

    def unit(self) -> Any:
        """The department under the university's name."""
        return getattr(self.record, "unit", None)

    def approval(self) -> Approval | None:
        return None

    def signatures(self) -> list[Signature]:
        return []

    def seal(self) -> Seal | None:
        """The seal by which anybody checks the paper; None for papers without one, drafts among them."""
        return None

    def content(self) -> dict[str, Any]:
        """What the template prints beside the frame."""
        return {}

    # -- the paper -------------------------------------------------------------------------
    @cached_property
    def record(self) -> Any:
        found = self.rows().filter(pk=self.params["id"]).first()
        if found is None:
            raise CannotMake(_("You may no longer see this record, so its paper was not made."))
        return found

    def title(self) -> str:
        return f"{self.kind} {self.number()}"

    def file_name(self) -> str:
        return safe_name(self.title(), "pdf")

    def version(self) -> str:
        return str(self.record.revision)

    def html(self) -> str:
        approval = self.approval()
        frame = {
            "language": self.language,
            "title": self.title(),
            "kind": self.kind,
            "number": self.number(),
            "subject": self.subject(),
            "date": self.date(),
            "sides": sides(self.unit()),
            "approval": approval.in_language(self.language) if approval else None,
            "signatures": self.signatures(),
            "seal": self._seal(),
        }
        return render_to_string(self.template, {"paper": frame, "record": self.record, **self.content()})

    def _seal(self) -> dict[str, Any] | None:
        seal = self.seal()
        if seal is None:
            return None
        return {"code": seal.shown_code, "address": address(seal), "picture": mark_safe(picture(seal))}

    def css(self) -> str:
        return page_css(
            self.language, edition=self.edition(), running=self.title(), person=self.person, landscape=self.landscape
        )

    def write(self, stream: Any, progress: Progress) -> None:
        write_pdf(self.html(), stream, self.css())
