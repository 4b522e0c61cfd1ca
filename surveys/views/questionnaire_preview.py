"""A questionnaire as a respondent meets it, in each language, on a phone and on a desk; and its report with invented answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin

from qa_portal.permissions import NotNow
from qa_portal.web.pages.reading import find

from ..content import LANGUAGES, asked, say
from ..drafting import content_of, items_by_code
from ..invented_report import report
from ..inventing import NUMBER, TEACHERS
from ..models import Campaign, QuestionKind

#: a campaign of these states has asked somebody already: its results speak, invented ones no longer
LAUNCHED = (Campaign.LAUNCHING, Campaign.OPEN, Campaign.CLOSED, Campaign.OPENING, Campaign.OPENED)
WIDTHS = ("phone", "desktop")


def _language(request: HttpRequest) -> str:
    asked_for = request.GET.get("language", "")
    return asked_for if asked_for in LANGUAGES else get_language() or "kk"


class _Page(View):
    pages: Any = None

    def _record(self, request: HttpRequest, pk: int) -> Any:
        return find(self.pages, request.user, pk)

    def _frame(self, record: Any, title: str) -> dict[str, Any]:
        number, name = self.pages.heading(record)
        return {
            "record": record,
            "title": title,
            "lead": f"{number} {name}",
            "crumbs": [*self.pages.crumbs(record), {"label": number, "url": record.get_absolute_url()}],
        }


class Preview(_Page):
    """Which language and how wide; the sheet itself stands in a frame, so that a phone's width is a phone's page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(request, pk)
        language = _language(request)
        width = request.GET.get("width", "")
        width = width if width in WIDTHS else WIDTHS[0]
        words = {"phone": _("Phone"), "desktop": _("Desktop")}
        sheet = reverse("surveys:questionnaire-sheet", args=[pk])
        return render(
            request,
            "surveys/questionnaires/preview.html",
            {
                **self._frame(record, _("As a respondent sees it")),
                "languages": [
                    {"code": code, "label": name, "url": f"?language={code}&width={width}", "on": code == language}
                    for code, name in settings.LANGUAGES
                ],
                "widths": [
                    {"label": words[name], "url": f"?language={language}&width={name}", "on": name == width}
                    for name in WIDTHS
                ],
                "width": width,
                "sheet_url": f"{sheet}?language={language}",
            },
        )


@method_decorator(xframe_options_sameorigin, name="dispatch")
class Sheet(_Page):
    """The page inside the frame: the same parts as the page of answering, and nothing that could be sent."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(request, pk)
        language, content = _language(request), content_of(record)
        with translation.override(language):
            return render(
                request,
                "surveys/questionnaires/sheet.html",
                {
                    "title": say(content["name"], language),
                    "intro": say(content["intro"], language),
                    "thanks": say(content["thanks"], language),
                    "sections": asked(content, TEACHERS),
                    "answers": {},
                    "errors": {},
                    "language": language,
                    "page_number": 1,
                },
            )


class Invented(_Page):
    """The report with invented answers, before anybody is asked. They are made anew at each visit and kept nowhere."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(request, pk)
        if Campaign.objects.filter(questionnaire=record, state__in=LAUNCHED).exists():
            raise NotNow(
                _("A campaign asks this questionnaire already: invented answers are gone, look at its results.")
            )
        content = content_of(record)
        context = {
            **self._frame(record, _("The report with invented answers")),
            "parts": report(content, record.pk),
            "texts": [
                say(item["text"]) for item in items_by_code(content).values() if item["kind"] == QuestionKind.TEXT
            ],
            "number": NUMBER,
        }
        return render(request, "surveys/questionnaires/invented.html", context)
