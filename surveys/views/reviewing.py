"""/surveys/texts/: texts of answers are reviewed and coded by the quality office.

They come in an order drawn anew each time, without unit, ratings or anything else of who wrote. Nothing is kept of the page
in the browser or in the session.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from .. import names_in_text, reviewing
from ..models import Campaign, TextAnswer, TextCode, Theme
from ..reviewing import Typed
from ..text_results import question_words

SIZES = (1, 10, 25)
WAITING = TextAnswer.Review.WAITING
_chance = random.SystemRandom()


@dataclass
class Card:
    """One text on the page, as it stands or as it was chosen."""

    text: TextAnswer
    seen: str
    review: str = ""
    shown_as: str = ""
    themes: set[int] = field(default_factory=set)
    problem: str = ""
    now: str = ""  # how another reviewer settled it meanwhile
    names: list[str] = field(default_factory=list)


class _ReviewPage(View):
    """Base: asks the right, keeps the answer out of caches and what was typed out of reports about errors."""

    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        reviewing.check(request.user)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response


class Overview(_ReviewPage):
    """Campaigns with texts, and how far each is reviewed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        progress = reviewing.by_campaign(request.user)
        campaigns = Campaign.objects.filter(pk__in=progress).defer("content", "counts").order_by("-closes_on", "-pk")
        context = {
            "title": _("Texts"),
            "rows": [{"campaign": row, "progress": progress[row.pk]} for row in campaigns],
            "crumbs": [{"label": _("Surveys"), "url": reverse("surveys:front")}],
        }
        return render(request, "surveys/texts/overview.html", context)


class Review(_ReviewPage):
    """The questions of a campaign; with `?question=` some texts of one of them, each with its choices."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        reviewing.check(request.user)
        campaign = Campaign.objects.filter(pk=kwargs["pk"]).first()
        self.progress = reviewing.by_question(campaign, request.user) if campaign else {}
        if campaign is None or not self.progress:
            raise Http404
        self.campaign = campaign
        self.words = question_words(campaign.content.get("sections"))
        self.code = request.GET.get("question", "")
        if self.code and self.code not in self.progress:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.code:
            return self._questions(request)
        rows = self._rows(request)
        drawn = list(rows.order_by().values_list("pk", flat=True))
        _chance.shuffle(drawn)
        return self._page(request, self._cards(drawn[: self._size(request)]))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.code:
            raise Http404
        asked = _numbers(request.POST.getlist("text"))[: max(SIZES)]
        typed = {number: _typed(request.POST, number) for number in asked}
        left = {number for number, chosen in typed.items() if not chosen.review and not chosen.themes}
        outcome = reviewing.review(
            self.campaign, {number: typed[number] for number in asked if number not in left}, by=request.user
        )
        if outcome.done:
            words = ngettext("%(n)s text is settled.", "%(n)s texts are settled.", outcome.done)
            messages.success(request, words % {"n": outcome.done})
        if not outcome.wrong and not outcome.moved:
            if not outcome.done:
                messages.info(request, _("Nothing was chosen yet."))
            return redirect(f"{request.path}?{self._query(request)}")
        self.progress = reviewing.by_question(self.campaign, request.user)
        wrong = [number for number in asked if number in outcome.wrong or number in outcome.moved or number in left]
        status = 400 if outcome.wrong else 409
        return self._page(request, self._cards(wrong, typed, outcome), status)

    # -- what is shown ------------------------------------------------------------------------------------------------
    def _rows(self, request: HttpRequest) -> Any:
        rows = TextAnswer.objects.visible_to(request.user).filter(survey__campaign=self.campaign)
        return rows.filter(question__in=self.progress[self.code].keys, review=self._show(request))

    def _show(self, request: HttpRequest) -> str:
        asked = request.GET.get("show", "")
        return asked if asked in TextAnswer.Review.values else str(WAITING)

    def _size(self, request: HttpRequest) -> int:
        asked = request.GET.get("size", "")
        return int(asked) if asked in map(str, SIZES) else 10

    def _query(self, request: HttpRequest, **changes: Any) -> str:
        kept = {"question": self.code, "show": self._show(request), "size": self._size(request)}
        return urlencode({**kept, **changes})

    def _cards(self, numbers: list[UUID], typed: Any = None, outcome: Any = None) -> list[Card]:
        """In the order of `numbers`; what was typed stays where it is given."""
        texts = TextAnswer.objects.in_bulk(numbers)
        codes: dict[UUID, set[int]] = {number: set() for number in numbers}
        for coded, theme in TextCode.objects.filter(text__in=numbers).values_list("text_id", "theme_id"):
            codes[coded].add(theme)
        names = names_in_text.surnames() if numbers else set()
        cards = []
        for number in numbers:
            text = texts.get(number)
            if text is None or text.question not in self.progress[self.code].keys:
                continue
            card = Card(text, reviewing.mark_of(text, codes[number]))
            card.names = names_in_text.named(text.text, names)
            if typed is None:
                card.review = "" if text.review == WAITING else text.review
                card.shown_as, card.themes = text.shown_as or text.text, codes[number]
            else:
                chosen = typed[number]
                card.review, card.shown_as, card.themes = chosen.review, chosen.shown_as, set(chosen.themes)
                card.problem = outcome.wrong.get(number) or outcome.moved.get(number) or ""
                card.now = str(text.get_review_display()) if number in outcome.moved else ""
            cards.append(card)
        return cards

    def _themes(self, cards: list[Card]) -> list[Theme]:
        """The themes in use, parts under the theme they belong to, and those that these texts have already."""
        kept = set().union(*(card.themes for card in cards)) if cards else set()
        rows = {row.pk: row for row in Theme.objects.in_use()}
        rows |= {row.pk: row for row in Theme.objects.filter(pk__in=kept - rows.keys())}
        line = {
            pk: (rows[row.parent_id].code, row.code) if row.parent_id in rows else (row.code, "")
            for pk, row in rows.items()
        }
        return sorted(rows.values(), key=lambda row: line[row.pk])

    def _page(self, request: HttpRequest, cards: list[Card], status: int = 200) -> HttpResponse:
        own = self.progress[self.code]
        context = {
            **self._about(),
            "title": self.words.get(self.code, self.code),
            "cards": cards,
            "themes": self._themes(cards),
            "progress": own,
            "verdicts": [(value, TextAnswer.Review(value).label) for value in reviewing.VERDICTS],
            "masked": str(TextAnswer.Review.MASKED),
            "shows": [
                {"label": label, "url": f"?{self._query(request, show=value)}", "here": value == self._show(request)}
                for value, label in TextAnswer.Review.choices
            ],
            "sizes": [
                {"n": n, "url": f"?{self._query(request, size=n)}", "here": n == self._size(request)} for n in SIZES
            ],
            "again": f"?{self._query(request)}",
            "problems": sum(bool(card.problem) for card in cards),
        }
        context["crumbs"].append({"label": self.campaign.name, "url": request.path})
        return render(request, "surveys/texts/review.html", context, status=status)

    def _questions(self, request: HttpRequest) -> HttpResponse:
        place = {code: number for number, code in enumerate(self.words)}
        codes = sorted(self.progress, key=lambda code: (place.get(code, len(place)), code))
        rows = [
            {
                "label": self.words.get(code, code),
                "url": f"?{urlencode({'question': code})}",
                "progress": self.progress[code],
            }
            for code in codes
        ]
        context = {**self._about(), "title": self.campaign.name, "rows": rows}
        return render(request, "surveys/texts/questions.html", context)

    def _about(self) -> dict[str, Any]:
        crumbs = [{"label": _("Texts"), "url": reverse("surveys:texts")}]
        return {"campaign": self.campaign, "crumbs": crumbs}


def _numbers(values: list[str]) -> list[UUID]:
    """Numbers of texts, each once; what is none is left out."""
    found: dict[UUID, None] = {}
    for value in values:
        try:
            found[UUID(value)] = None
        except ValueError:
            continue
    return list(found)


def _typed(data: Any, number: UUID) -> Typed:
    themes = {int(one) for one in data.getlist(f"themes-{number}") if one.isascii() and one.isdigit() and len(one) < 19}
    return Typed(
        review=data.get(f"review-{number}", ""),
        shown_as=data.get(f"shown_as-{number}", "").replace("\x00", "").replace("\r\n", "\n"),
        themes=frozenset(themes),
        seen=data.get(f"seen-{number}", "")[:16],
    )
