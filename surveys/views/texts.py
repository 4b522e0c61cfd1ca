"""Pages of the codebook, as declarations. The page of review: reviewing.py."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages

from .. import text_results
from ..filters.texts import ThemeFilters
from ..forms.texts import ThemeForm
from ..models import Talk, Theme
from ..tables.texts import ThemeTable
from .questionnaires import areas_of

MOST_TALKS = 20


class ThemePages(RecordPages):
    model = Theme
    slug, plural = "theme", "themes"
    title, kind = _("Codebook of themes"), _("Theme")
    lead = _("Into these themes texts of surveys and quotes of talks are coded.")
    table, filters, form = ThemeTable, ThemeFilters, ThemeForm
    add_label = _("Add a theme")
    empty = _("Here will stand the themes into which free texts are coded.")
    clause = "N1 §4.1.7"
    related = ("parent",)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.code, record.name

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        if refusal(request.user, "surveys.review_texts"):
            return []
        return [{"label": _("Review of texts"), "url": reverse("surveys:texts"), "icon": "message"}]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("description", _("What belongs here"), record.description)] if record.description else []
        releases = text_results.of_theme(record, request.user)
        talks = self._talks(record, request.user)
        return [
            *found,
            {
                "id": "spoken",
                "title": _("Where it is spoken of"),
                "template": "surveys/texts/theme.html",
                "releases": [{"release": row, "n": n, "state": cells.state(row)} for row, n in releases],
                "talks": [{"talk": row, "n": n, "state": cells.state(row)} for row, n in talks],
            },
        ]

    def _talks(self, record: Theme, person: Any) -> list[tuple[Talk, int]]:
        counts: dict[int, int] = {}
        for talk in record.quotes.order_by().values_list("talk_id", flat=True):
            counts[talk] = counts.get(talk, 0) + 1
        rows = Talk.objects.visible_to(person).filter(pk__in=counts).exclude(state=Talk.CANCELLED)
        return [(row, counts[row.pk]) for row in rows.order_by("-on", "-pk")[:MOST_TALKS]]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        parent = record.parent
        parts = list(record.children.order_by("code"))
        return facts(
            fact(_("Code"), record.code),
            fact(_("Part of"), cells.link(parent.get_absolute_url(), parent.name)) if parent else None,
            fact(_("Its parts"), ", ".join(row.name for row in parts)) if parts else None,
            fact(_("Standards and areas"), areas_of(record.areas)),
        )
