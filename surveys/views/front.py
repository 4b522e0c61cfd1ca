"""/surveys/: what there is, each with what the person may see of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.permissions import Refused

from ..models import (
    AcademicAppeal,
    Campaign,
    CourseForm,
    LoopEntry,
    Petition,
    Question,
    Questionnaire,
    Release,
    Talk,
)


@dataclass(frozen=True)
class Way:
    """One place: its address, words, and how many rows of it the person may see; where to is known when it is shown."""

    name: str
    title: Any
    text: Any
    icon: str
    rows: Callable[[Any], Any] | None = None

    def card(self, person: Any) -> dict[str, Any] | None:
        """None while there is no such page, or where the person sees none of its rows."""
        try:
            url = reverse(f"surveys:{self.name}")
        except NoReverseMatch:
            return None
        figure = "" if self.rows is None else self.rows(person).order_by().count()
        return {"title": self.title, "text": self.text, "url": url, "icon": self.icon, "figure": figure}


def _seen(model: Any, **only: Any) -> Callable[[Any], Any]:
    return lambda person: model.objects.visible_to(person).filter(**only)


WAYS = (
    Way(
        "questionnaires",
        _("Questionnaires"),
        _("What is asked of whom, version by version. The number: in use."),
        "clipboard-check",
        _seen(Questionnaire, state=Questionnaire.IN_USE),
    ),
    Way("questions", _("Bank of questions"), _("Questions with codes that never change."), "list", _seen(Question)),
    Way(
        "campaigns",
        _("Campaigns"),
        _("Who is asked, from when to when. The number: answers are coming in."),
        "send",
        _seen(Campaign, state=Campaign.OPEN),
    ),
    Way(
        "coverage",
        _("What is asked where"),
        _("Areas of the standards, audiences, instruments, and what is missing."),
        "grid",
    ),
    Way("releases", _("Results"), _("What came out, under the rules of anonymity."), "chart", _seen(Release)),
    Way("texts", _("Texts"), _("Free answers to be reviewed and coded."), "message"),
    Way("loop-entries", _("You said — we did"), _("What followed from the answers."), "repeat", _seen(LoopEntry)),
    Way("petitions", _("Petitions"), _("Suggestions, complaints, thanks, requests."), "inbox", _seen(Petition)),
    Way("appeals", _("Academic appeals"), _("Commissions, outcomes, figures."), "scale", _seen(AcademicAppeal)),
    Way(
        "course-forms",
        _("Course management forms"),
        _("What a teacher says of the own course."),
        "book",
        _seen(CourseForm),
    ),
    Way("talks", _("Focus groups and interviews"), _("Plans, questions, conclusions."), "messages", _seen(Talk)),
)


class Front(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.standing.outsider:
            raise Refused(_("Only people of the university see surveys."))
        cards = [card for way in WAYS if (card := way.card(request.user)) is not None]
        context = {
            "title": _("Surveys"),
            "lead": _("What people think, asked so that nobody can say who answered what; and every other voice."),
            "cards": cards,
        }
        return render(request, "pages/app_front.html", context)
