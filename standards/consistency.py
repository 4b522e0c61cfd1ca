"""Does an answer hold together: warnings for the unit and for the quality office. They hold up nothing by themselves.

For many answers at once: one query for their evidence, one for last time's answers, however many there are.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from qa_portal.dates.days import add_months
from qa_portal.documents.models import Evidence, EvidenceUse
from qa_portal.policy.registry import policy

from .models import AreaAnswer, Score


@dataclass(frozen=True)
class Doubt:
    """What does not fit, by a code and in words."""

    code: str
    text: str


def evidence_of(answers: Iterable[AreaAnswer]) -> dict[int, list[EvidenceUse]]:
    """What hangs on each answer, withdrawn pieces too; one query."""
    rows = EvidenceUse.objects.filter(
        record_type=ContentType.objects.get_for_model(AreaAnswer), record_id__in=[answer.pk for answer in answers]
    )
    found: dict[int, list[EvidenceUse]] = defaultdict(list)
    for use in rows.select_related("evidence", "added_by").order_by("pk"):
        found[use.record_id].append(use)
    return found


def doubts(answers: list[AreaAnswer], proofs: dict[int, list[EvidenceUse]] | None = None) -> dict[int, list[Doubt]]:
    """By the number of the answer; those that hold together have an empty list."""
    if proofs is None:
        proofs = evidence_of(answers)
    prefetch_related_objects(answers, "previous")
    months = policy("standards.evidence_fresh_months")
    return {answer.pk: list(_of(answer, proofs.get(answer.pk, []), months)) for answer in answers}


def doubts_of(answer: AreaAnswer) -> list[Doubt]:
    return doubts([answer])[answer.pk]


def _of(answer: AreaAnswer, uses: list[EvidenceUse], months: int) -> Iterable[Doubt]:
    valid = [use.evidence for use in uses if use.evidence.state == Evidence.VALID]
    if answer.score == Score.FULLY and not valid:
        yield Doubt("no_evidence", _("“Fully met” without evidence."))
    fresh_from = _fresh_from(answer.accepted_on, months)
    for old in (piece for piece in valid if piece.speaks_of < fresh_from):
        yield Doubt("old_evidence", _("Out of date, it speaks of %(day)s: %(title)s") % _named(old))
    for gone in (use.evidence for use in uses if use.evidence.state == Evidence.WITHDRAWN):
        yield Doubt("withdrawn_evidence", _("Withdrawn evidence: %(title)s") % _named(gone))
    if score_changed(answer) and not comment_changed(answer):
        yield Doubt("unexplained", _("The score differs from last time, and the comment does not say why."))
    if answer.copied:
        yield Doubt("copied", _("The text is last time's, word by word: nobody has changed it yet."))


def _fresh_from(judged_on: datetime.date | None, months: int) -> datetime.date:
    """Evidence of what was accepted is as old as it was on that day."""
    return add_months(judged_on or timezone.localdate(), -months)


def _named(evidence: Any) -> dict[str, Any]:
    return {"title": evidence.title, "day": evidence.speaks_of.strftime("%d.%m.%Y")}


def score_changed(answer: AreaAnswer) -> bool:
    """Against last time's answer, where both have a score."""
    last = answer.previous
    return last is not None and last.looked_at and answer.looked_at and answer.score != last.score


def comment_changed(answer: AreaAnswer) -> bool:
    """Something is said that was not said last time."""
    last = answer.previous
    words = answer.comment.split()
    return bool(words) and (last is None or words != last.comment.split())
