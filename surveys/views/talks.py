"""Pages of talks, as declarations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages

from ..filters.talks import TalkFilters
from ..forms.talks import TalkForm
from ..models import Talk
from ..tables.talks import TalkTable
from .questionnaires import areas_of


class TalkPages(RecordPages):
    model = Talk
    slug, plural = "talk", "talks"
    title, kind = _("Focus groups and interviews"), _("Talk")
    lead = _("What was asked and said face to face, without names, and what follows from it.")
    table, filters, form = TalkTable, TalkFilters, TalkForm
    add_label = _("Plan a talk")
    empty = _("Here will stand focus groups, interviews and round tables, with their conclusions.")
    clause = "N1 §4.1.7"
    related = ("unit", "moderator")
    list_related = ("unit", "moderator")
    list_defer = ("plan", "questions", "conclusions", "recommendations")
    printed = "surveys.talk"

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [{"label": _("Codebook of themes"), "url": reverse("surveys:themes"), "icon": "list"}]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        edit = self.url("edit", record.pk) if record.edit_refusal(request.user) is None else ""
        found = [
            prose(name, title, text, edit and f"{edit}#id_{name}")
            for name, title, text in (("plan", _("Plan"), record.plan), ("questions", _("Questions"), record.questions))
            if text or edit
        ]
        if record.state in (Talk.HELD, Talk.CONCLUDED):
            quotes = list(record.quotes.prefetch_related("themes"))
            found.append(
                {"id": "quotes", "title": _("What was said"), "template": "surveys/talks/quotes.html", "rows": quotes}
            )
        if record.conclusions:
            found.append(prose("conclusions", _("Conclusions"), record.conclusions))
        if record.recommendations:
            found.append(prose("recommendations", _("Recommendations"), record.recommendations))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        about = facts(
            fact(_("Kind"), record.get_kind_display()),
            fact(_("With whom"), record.get_audience_display()),
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Who leads it"), record.moderator.get_full_name()),
            fact(_("Day"), cells.date(record.on)),
            fact(_("Place"), record.place) if record.place else None,
            fact(_("Standards and areas"), areas_of(record.areas)),
        )
        if record.groups:
            rows = [fact(row["name"], row["people"]) for row in record.groups]
            about.append({"title": _("Groups"), "rows": rows})
        return about
