"""The record of a talk on paper: plan, groups, questions, what was said, conclusions."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Signature
from qa_portal.reports.printed import Printed

from ..models import Talk


def _fact(label: Any, value: Any) -> dict[str, Any]:
    return {"label": label, "value": value or "—"}


@report
class TalkPaper(Printed):
    """A focus group, an interview or a round table, as the office files it (N1 §4.1.7)."""

    key = "surveys.talk"
    kind = gettext_lazy("Record of a talk")
    template = "surveys/talks/paper.html"

    def rows(self) -> Any:
        return Talk.objects.visible_to(self.person).select_related("unit", "moderator")

    def number(self) -> str:
        return f"{self.record.on:%d.%m.%Y}"

    def subject(self) -> str:
        return str(self.record.title)

    def date(self) -> datetime.date:
        return self.record.on

    def content(self) -> dict[str, Any]:
        talk = self.record
        return {
            "facts": [
                _fact(_("Kind"), talk.get_kind_display()),
                _fact(_("With whom"), talk.get_audience_display()),
                _fact(_("Unit"), talk.unit),
                _fact(_("Day"), date_format(talk.on, "DATE_FORMAT")),
                _fact(_("Place"), talk.place),
                _fact(_("Standards and areas"), ", ".join(talk.areas)),
                _fact(_("State"), talk.state_label),
            ],
            "questions": [line for line in talk.questions.splitlines() if line.strip()],
            "quotes": talk.quotes.prefetch_related("themes"),
        }

    def signatures(self) -> list[Signature]:
        return [Signature(_("Who leads it"), self.record.moderator)]
