"""The questionnaire on paper, in one of its three languages: for the Council's papers, and for whoever answers by hand."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from qa_portal.reports.base import report
from qa_portal.reports.printed import Printed

from .. import conditions
from ..answer_sheet import lay_out
from ..content import asked, say
from ..drafting import content_of, items_by_code
from ..models import Questionnaire


@report
class QuestionnairePaper(Printed):
    """As respondents read it, with boxes to tick and lines to write on; conditions in words (N1 §4.1.7)."""

    key = "surveys.questionnaire"
    kind = gettext_lazy("Questionnaire")
    template = "surveys/questionnaires/paper.html"

    def rows(self) -> Any:
        return Questionnaire.objects.visible_to(self.person).select_related("unit")

    def number(self) -> str:
        return f"{self.record.code} · v{self.record.version}"

    def subject(self) -> str:
        return say(content_of(self.record)["name"], self.language)

    def date(self) -> datetime.date:
        return self.record.approved_on or timezone.localtime(self.record.created_at).date()

    def edition(self) -> int:
        return self.record.version

    def version(self) -> str:
        """Words of a draft may change in the bank as well."""
        return str(self.record.revision) if self.record.fixed else ""

    def content(self) -> dict[str, Any]:
        content = content_of(self.record)
        items = items_by_code(content)
        teacher = [{"id": 0, "name": {self.language: "____________________"}}]
        pages = lay_out(asked(content, teacher), {}, self.language)
        said = {code: conditions.in_words(item["show_if"], items) for code, item in items.items() if item["show_if"]}
        return {
            "draft": self.record.state in Questionnaire.PREPARED,
            "intro": say(content["intro"], self.language),
            "thanks": say(content["thanks"], self.language),
            "pages": pages,
            "conditions": said,
            "lines": range(3),
        }
