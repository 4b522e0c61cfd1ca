"""The paper of a rating of units (input 10 of the management review, N2 §9.3)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.models import Unit
from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Signature
from qa_portal.reports.printed import Printed

from ..models import Rating
from ..rated import names_of, unit_name
from .indicators import fact, when


@report
class RatingPaper(Printed):
    """Places, scores, and of each unit every value and index that made its score."""

    key = "standards.rating"
    kind = gettext_lazy("Rating of units")
    template = "standards/ratings/paper.html"

    def rows(self) -> Any:
        return Rating.objects.visible_to(self.person).select_related("formula", "created_by")

    def number(self) -> str:
        return str(self.record.year)

    def subject(self) -> str:
        return str(self.record.formula)

    def date(self) -> datetime.date:
        return self.record.published_on or timezone.localtime(self.record.created_at).date()

    def unit(self) -> Unit | None:
        return None

    def content(self) -> dict[str, Any]:
        rating = self.record
        names = names_of(rating)
        return {
            "facts": [
                fact(_("Year"), str(rating.year)),
                fact(_("Which units are compared"), rating.formula.get_unit_kind_display()),
                fact(_("Formula"), str(rating.formula)),
                fact(_("Decision"), rating.formula.basis),
                fact(_("State"), rating.state_label),
                fact(_("Published on"), when(rating.published_on)),
            ],
            "rated": [self._line(row, names) for row in rating.rows],
        }

    def _line(self, row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
        return {
            "place": "—" if row["place"] is None else row["place"],
            "name": unit_name(row, self.language),
            "score": _said(row["score"]),
            "parts": [
                {
                    "code": part["code"],
                    "name": names.get(part["code"], ""),
                    "value": _said(part["value"]),
                    "index": _said(part["index"]),
                    "weight": part["weight"],
                }
                for part in row["parts"]
            ],
        }

    def signatures(self) -> list[Signature]:
        published = self.record.history.filter(verb="publish").select_related("by").first()
        made_on = timezone.localtime(self.record.created_at).date()
        return [
            Signature(_("Made by"), self.record.created_by, made_on),
            Signature(_("Published by"), published.by if published else None, self.record.published_on),
        ]


def _said(text: str | None) -> str:
    return "—" if text is None else number_format(text)
