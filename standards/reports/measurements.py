"""The board of indicators on letterhead, with its charts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.models import Unit
from qa_portal.reports.base import CannotMake, report
from qa_portal.reports.layout import as_html
from qa_portal.reports.printed import Printed

from ..board_blocks import blocks
from ..boards import in_force, lines, sees_unit

BOARD = "standards.indicator_board"
MOST_CHARTS = 40


@dataclass(frozen=True)
class BoardAsked:
    """Which board: what stands in a record's place where a paper is ordered."""

    unit_id: int | None
    year: int
    standard: str = ""

    @property
    def pk(self) -> list[Any]:
        return [self.unit_id, self.year, self.standard]


@report
class BoardPaper(Printed):
    key = BOARD
    template = "standards/paper/indicator_board.html"
    kind = gettext_lazy("Indicators of quality")

    @cached_property
    def asked(self) -> BoardAsked:
        return BoardAsked(*self.params["id"])

    @cached_property
    def record(self) -> Unit | None:  # type: ignore[override]
        if self.asked.unit_id is None:
            if sees_unit(self.person, None):
                return None
        else:
            found = Unit.objects.visible_to(self.person).filter(pk=self.asked.unit_id).first()
            if found is not None and sees_unit(self.person, found):
                return found
        raise CannotMake(_("You may no longer see these values, so their paper was not made."))

    def unit(self) -> Any:
        return self.record

    def version(self) -> str:
        _seen = self.record  # whoever may not see it orders nothing
        return ""

    def number(self) -> str:
        return str(self.asked.year)

    def subject(self) -> str:
        place = str(self.record) if self.record else _("The university")
        standard = _("standard %(code)s") % {"code": self.asked.standard} if self.asked.standard else ""
        return " · ".join(part for part in (place, standard) if part)

    def date(self) -> datetime.date:
        return timezone.localdate()

    def content(self) -> dict[str, Any]:
        found = lines(in_force(self.asked.standard), self.asked.unit_id, self.asked.year)
        name = str(self.record) if self.record else _("The university")
        return {"body": as_html(blocks(found, self.asked.unit_id, name, MOST_CHARTS), for_paper=True)}
