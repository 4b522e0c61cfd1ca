"""Is a self-assessment complete enough to be submitted, and how far is it: one truth for page, step and report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_portal.documents.models import EvidenceUse
from qa_portal.policy.registry import policy

from .models import AreaAnswer, Score

#: so many codes are named; the page shows the rest
NAMED = 5
_READ = ("pk", "code", "standard", "score", "comment", "state")


@dataclass(frozen=True)
class Progress:
    """How many of the areas are answered."""

    answered: int
    total: int

    @property
    def complete(self) -> bool:
        return self.answered == self.total


def progress(answers: Iterable[AreaAnswer]) -> dict[str, Progress]:
    """By standard, and under "" for all."""
    total: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for answer in answers:
        for key in (answer.standard, ""):
            total[key] += 1
            answered[key] += answer.answered
    return {key: Progress(answered[key], total[key]) for key in total}


def progress_of(assessment: Any) -> dict[str, Progress]:
    """The same, read from the database: one query."""
    return progress(live_answers(assessment))


def live_answers(assessment: Any) -> Any:
    return (
        AreaAnswer.objects.live()
        .filter(assessment=assessment)
        .only(*_READ)
        .order_by("area__standard__number", "area__place")
    )


def problem(assessment: Any) -> str | None:
    """The sentence why it cannot be submitted yet; None when it can."""
    answers = list(live_answers(assessment))
    if not answers:
        return _("There is no evaluation area to answer.")
    open_ = [a.code for a in answers if not a.answered]
    sentences = []
    if open_:
        words = ngettext(
            "%(n)s area has no score or no comment yet: %(codes)s.",
            "%(n)s areas have no score or no comment yet: %(codes)s.",
            len(open_),
        )
        sentences.append(words % {"n": len(open_), "codes": _named(open_)})
    bare = _unproved(answers) if policy("standards.fully_needs_evidence") else []
    if bare:
        words = ngettext(
            "“Fully met” needs evidence, and %(n)s area has none: %(codes)s.",
            "“Fully met” needs evidence, and %(n)s areas have none: %(codes)s.",
            len(bare),
        )
        sentences.append(words % {"n": len(bare), "codes": _named(bare)})
    return " ".join(sentences) or None


def _unproved(answers: list[AreaAnswer]) -> list[str]:
    full = {a.pk: a.code for a in answers if a.score == Score.FULLY}
    if not full:
        return []
    uses = EvidenceUse.objects.valid().filter(
        record_type=ContentType.objects.get_for_model(AreaAnswer), record_id__in=full
    )
    proved = set(uses.order_by().values_list("record_id", flat=True))
    return [code for pk, code in full.items() if pk not in proved]


def _named(codes: list[str]) -> str:
    return ", ".join(codes[:NAMED]) + ("…" if len(codes) > NAMED else "")
