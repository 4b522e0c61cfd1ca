"""Register and record of answers on evaluation areas: what stands behind a cell of the heat map."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.cells import fact
from qa_portal.web.pages import RecordPages

from ..answering import address_of
from ..consistency import comment_changed, doubts_of, score_changed
from ..filters.answers import AnswerFilters
from ..models import AreaAnswer, Assessment
from ..tables.answers import AnswerTable, score_badge


class AnswerPages(RecordPages):
    model = AreaAnswer
    slug, plural = "answer", "answers"
    title, kind = _("Answers on evaluation areas"), _("Answer on an evaluation area")
    lead = _(
        "What units and programmes say of each evaluation area, year by year, and what the quality office accepted."
    )
    table, filters = AnswerTable, AnswerFilters
    empty = _("Here will stand the answers of units and programmes as soon as a cycle of self-assessment is opened.")
    clause = "N0 §2"
    related = (
        "area__standard",
        "unit",
        "cycle",
        "assessment__cycle",
        "assessment__unit",
        "assessment__programme",
        "previous__cycle",
        "assignee",
        "accepted_by",
    )
    list_related = ("area", "unit", "cycle", "assessment__unit", "assessment__programme")
    list_defer = ("comment", "strong", "improve", "remark", "submitted")

    def heading(self, record: Any) -> tuple[str, str]:
        return record.code, record.area.text

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        last = record.previous
        return [
            {
                "id": "answer",
                "title": _("Answer"),
                "template": "standards/answers/record.html",
                "answer": record,
                "score": score_badge(record.score),
                "last": last if last is not None and last.looked_at else None,
                "last_score": score_badge(last.score) if last is not None else "",
                "score_changed": score_changed(record),
                "comment_changed": last is not None and comment_changed(record),
                "doubts": doubts_of(record) if record.looked_at else [],
            },
            {
                "id": "years",
                "title": _("Over the years"),
                "template": "standards/answers/years.html",
                "rows": self._years(record, request.user),
            },
        ]

    def _years(self, record: AreaAnswer, person: Any) -> list[dict[str, Any]]:
        """The same area, the same unit or programme, in every cycle that this person sees."""
        same = AreaAnswer.objects.visible_to(person).live().filter(code=record.code, unit=record.unit_id)
        same = same.filter(assessment__programme=record.assessment.programme_id)
        return [
            {"answer": row, "score": score_badge(row.score), "state": cells.state(row)}
            for row in same.select_related("cycle").order_by("-cycle__year", "-pk")
        ]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        assignee, accepted = record.assignee, record.accepted_by
        rows = [
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit)),
            fact(_("Programme"), str(record.assessment.programme)) if record.assessment.programme else None,
            fact(_("Year"), str(record.cycle.year)),
            fact(_("Who writes it"), assignee.get_full_name()) if assignee else None,
            fact(_("By"), cells.due(record.assigned_until, record.state in AreaAnswer.EDITABLE_STATES))
            if assignee
            else None,
            fact(_("Accepted by"), accepted.get_full_name()) if accepted else None,
            fact(_("Accepted on"), cells.date(record.accepted_on)) if record.accepted_on else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        area, last = record.area, record.previous
        found = [
            {
                "relation": _now("On the page of the self-assessment"),
                "label": str(record.assessment),
                "url": address_of(record),
            },
            {"relation": _now("Evaluation area"), "label": area.code, "url": area.get_absolute_url()},
        ]
        if last is not None:
            seen = Assessment.objects.visible_to(request.user).filter(pk=last.assessment_id).exists()
            url = last.get_absolute_url() if seen else ""
            found.append({"relation": _now("Last time"), "label": str(last.cycle), "url": url})
        return found
