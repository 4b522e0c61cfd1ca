"""/public/loop/: what people said and what was done, by year, for everybody. No names, no numbers of petitions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from standards.standard_choices import standards

from ..content import say
from ..models import Audience, LoopEntry, Release, TeacherReply
from ..result_sight import number
from ..tables.loop import source_words

#: lines of one year that are shown
MOST = 500
MOST_REPLIES = 200


@method_decorator(login_not_required, name="dispatch")
class PublicLoop(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        known = list(LoopEntry.objects.published().order_by().values_list("published_on", "audience").distinct())
        years = sorted({day.year for day, _audience in known}, reverse=True)
        asked = number(request.GET.get("year"))
        year = asked if asked in years else (years[0] if years else None)
        said_by = {audience for _day, audience in known}
        audiences = [(code, capfirst(str(words))) for code, words in Audience.choices if code in said_by]
        audience = _one_of(request.GET.get("audience", ""), audiences)
        names = standards()
        standard = _one_of(request.GET.get("standard", ""), names)
        items = _lines(year, audience, standard) if year else []
        replies = [] if standard or audience else _replies()
        context = {
            "title": _("You said — we did"),
            "lead": _(
                "What students, teachers, graduates, employers and others told the university, and what was done."
            ),
            "year": year,
            "years": years,
            "audiences": audiences,
            "audience": audience,
            "standards": names,
            "standard": standard,
            "items": items,
            "replies": replies,
            "filtered": bool(audience or standard),
            "clear_url": reverse("public-loop"),
            "empty": {"text": _("Here will stand what was done about what people said.")},
        }
        return render(request, "surveys/loop_public.html", context)


def _one_of(asked: str, choices: list[tuple[str, str]]) -> str:
    """What was chosen, or nothing for what is no choice."""
    return asked if asked in {code for code, _words in choices} else ""


def _lines(year: int, audience: str, standard: str) -> list[dict[str, Any]]:
    rows = LoopEntry.objects.published().filter(published_on__year=year)
    rows = rows.filter(audience=audience) if audience else rows
    rows = rows.of_standard(standard) if standard else rows
    rows = rows.select_related("release__campaign", "petition")
    rows = rows.defer("release__facts", "release__campaign__content", "petition__text")
    return [_line(row) for row in rows.order_by("-published_on", "-pk")[:MOST]]


def _line(row: LoopEntry) -> dict[str, Any]:
    """The report is linked only where everybody may read it."""
    release = row.release
    parts = [capfirst(source_words(row))]
    if release is not None:
        parts.append(str(release.campaign.year))
    if row.audience:
        parts.append(str(row.get_audience_display()))
    public = release is not None and release.state == Release.PUBLISHED
    return {
        "row": row,
        "about": " · ".join(parts),
        "url": reverse("public-survey", args=[release.pk]) if release is not None and public else "",
    }


def _replies() -> list[dict[str, str]]:
    """What teachers answer publicly to published results of their courses: the course and the words, no name."""
    rows = TeacherReply.objects.written().filter(node__release__state=Release.PUBLISHED, node__survey__isnull=False)
    found = rows.order_by("-pk").values_list("node__survey__title", "node__survey__campaign__year", "text")
    return [
        {"course": say(title), "year": str(year), "text": text} for title, year, text in found[:MOST_REPLIES]
    ]  # fmt: skip
