"""Review of texts (anonymity.md, rule 6): before it nobody but the quality office reads them.

A text is no record: it keeps no reviewer, no time and no history. So a page carries a mark of how each text stood when it
was read (`mark_of`); a text that another reviewer has settled meanwhile is not overwritten, the second is told. Which themes
a text belongs to is somebody's judgement: `TextCode.coder` is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from qa_portal.permissions import Refused, refusal

from .models import Campaign, TextAnswer, TextCode, Theme
from .text_results import code_of

Review = TextAnswer.Review
VERDICTS = (Review.SHOWN, Review.MASKED, Review.WITHHELD)


def check(person: Any) -> None:
    sentence = refusal(person, "surveys.review_texts")
    if sentence:
        raise Refused(sentence)


# -- how far it is ----------------------------------------------------------------------------------------------------
@dataclass
class Progress:
    """How many texts there are of a campaign or a question, and how many are reviewed; `keys` are the item keys."""

    number: int = 0
    reviewed: int = 0
    keys: set[str] = field(default_factory=set)

    @property
    def left(self) -> int:
        return self.number - self.reviewed

    @property
    def percent(self) -> int:
        return 100 * self.reviewed // self.number if self.number else 0

    def count(self, key: str, review: str, number: int) -> None:
        self.number += number
        self.reviewed += 0 if review == Review.WAITING else number
        self.keys.add(key)


def by_campaign(person: Any) -> dict[int, Progress]:
    rows = TextAnswer.objects.visible_to(person).order_by().values("survey__campaign", "review")
    found: dict[int, Progress] = {}
    for campaign, review, number in rows.annotate(n=Count("pk")).values_list("survey__campaign", "review", "n"):
        found.setdefault(campaign, Progress()).count("", review, number)
    return found


def by_question(campaign: Campaign, person: Any) -> dict[str, Progress]:
    """{question: progress}; what was asked for each teacher is one question."""
    rows = TextAnswer.objects.visible_to(person).filter(survey__campaign=campaign).order_by()
    found: dict[str, Progress] = {}
    columns = ("question", "review")
    for key, review, number in rows.values(*columns).annotate(n=Count("pk")).values_list(*columns, "n"):
        found.setdefault(code_of(key), Progress()).count(key, review, number)
    return found


# -- deciding -----------------------------------------------------------------------------------------------------------
def mark_of(text: TextAnswer, themes: Iterable[int]) -> str:
    """How a text stands, in sixteen letters."""
    words = f"{text.review}|{text.shown_as}|{sorted(themes)}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Typed:
    """What a reviewer chose for one text; `seen` is the mark of how it stood on the page (empty: not asked)."""

    review: str = ""
    shown_as: str = ""
    themes: frozenset[int] = frozenset()
    seen: str = ""


@dataclass
class Outcome:
    """How many are settled; of the others why not (wrong: what was typed, moved: somebody else was first)."""

    done: int = 0
    wrong: dict[UUID, str] = field(default_factory=dict)
    moved: dict[UUID, str] = field(default_factory=dict)


def review(campaign: Campaign, typed: Mapping[UUID, Typed], *, by: Any) -> Outcome:
    """Settle some texts of a campaign: each by itself, so that one mistake does not undo the others."""
    check(by)
    outcome = Outcome()
    with transaction.atomic():
        rows = TextAnswer.objects.filter(pk__in=list(typed), survey__campaign=campaign).order_by("pk")
        locked = list(rows.select_for_update(of=("self",)))
        codes: dict[UUID, set[int]] = {row.pk: set() for row in locked}
        for text, theme in TextCode.objects.filter(text__in=list(codes)).values_list("text_id", "theme_id"):
            codes[text].add(theme)
        known = set(Theme.objects.in_use().values_list("pk", flat=True))
        for row in locked:
            _settle(row, codes[row.pk], typed[row.pk], known, by, outcome)
    return outcome


def _settle(row: TextAnswer, codes: set[int], typed: Typed, known: set[int], by: Any, outcome: Outcome) -> None:
    shown_as = typed.shown_as.strip() if typed.review == Review.MASKED else ""
    stands_so = (row.review, row.shown_as, codes) == (typed.review, shown_as, set(typed.themes))
    if typed.seen and typed.seen != mark_of(row, codes) and not stands_so:
        outcome.moved[row.pk] = _(
            "Somebody else has reviewed this text meanwhile. What you chose is kept here: look at it and save again."
        )
        return
    problem = _problem(row, typed.review, shown_as) or _unknown(typed.themes - known - codes)
    if problem:
        outcome.wrong[row.pk] = problem
        return
    if not stands_so:
        TextAnswer.objects.filter(pk=row.pk).update(review=typed.review, shown_as=shown_as)
        TextCode.objects.filter(text=row, theme__in=codes - typed.themes).delete()
        fresh = sorted(typed.themes - codes)
        TextCode.objects.bulk_create(TextCode(text=row, theme_id=theme, coder=by) for theme in fresh)
    outcome.done += 1


def _problem(row: TextAnswer, verdict: str, shown_as: str) -> str:
    if verdict not in VERDICTS:
        return _("Choose whether this text may be shown.")
    if verdict != Review.MASKED:
        return ""
    if not shown_as:
        return _("Write the text as it may be shown.")
    if len(shown_as) > len(row.text):
        return _("Names are taken out, nothing is added: the text must not become longer. Put … in their place.")
    return _("It is the same text: take the names out, or let it be shown as it is.") if shown_as == row.text else ""


def _unknown(themes: frozenset[int] | set[int]) -> str:
    return _("One of the themes is no longer used. Choose from those shown.") if themes else ""
