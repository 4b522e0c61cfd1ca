"""Reminders of conformity reviews: verdicts not given in time, decisions not carried out in time."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of
from qa_portal.people.heads import head_ids, heads_by_unit, quality_office
from qa_portal.people.models import Unit
from qa_portal.policy.registry import policy

from . import policy as _numbers  # noqa: F401 - declared before they are read
from .models import ConformityReview, ConformityVerdict

MOST_TEXT = 140


def _thresholds(head: str) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for audience, key in (("head", head), ("asb", "documents.tell_asb_of_review")):
        for days in policy(key):
            found[days] = (*found.get(days, ()), audience)
    return found


def _prepare() -> dict[str, Any]:
    return {
        "heads": heads_by_unit(),
        "paths": dict(Unit.objects.values_list("pk", "path")),
        "asb": list(quality_office().values_list("pk", flat=True)),
    }


def _audience(known: dict[str, Any], name: str, verdict: ConformityVerdict) -> list[int]:
    unit = verdict.document.unit_id
    if name == "head" and unit is not None:
        return head_ids(known["paths"], known["heads"], unit)
    return known["asb"]


def _asked(verdict: ConformityVerdict, late: int, language: str) -> Line:
    words = {"document": Truncator(str(verdict.document)).chars(MOST_TEXT), "review": verdict.review.number}
    text = _("is “%(document)s” still in line? Conformity review %(review)s") % words
    return Line(f"{lateness(late)}: {text}", verdict.get_absolute_url())


def _decided(verdict: ConformityVerdict, late: int, language: str) -> Line:
    words = {"document": Truncator(str(verdict.document)).chars(MOST_TEXT), "review": verdict.review.number}
    if verdict.verdict == ConformityVerdict.Verdict.END:
        text = _("“%(document)s” is to be annulled: conformity review %(review)s") % words
    else:
        text = _("“%(document)s” is to be changed: conformity review %(review)s") % words
    return Line(f"{lateness(late)}: {text}", verdict.get_absolute_url())


def _rows(state: str, **which: Any) -> Any:
    return ConformityVerdict.objects.filter(state=state, **which).select_related("document", "review")


remind_of(
    ReminderRule(
        name="documents.verdict_due",
        # Until the whole review is closed or cancelled; its day is the same for every document.
        rows=lambda: _rows(ConformityVerdict.WAITING, review__state=ConformityReview.OPEN).annotate(
            verdict_by=F("review__due")
        ),
        deadline="verdict_by",
        thresholds=lambda: _thresholds("documents.remind_verdict"),
        prepare=_prepare,
        audience=_audience,
        line=_asked,
    )
)
remind_of(
    ReminderRule(
        name="documents.decision_due",
        rows=lambda: _rows(ConformityVerdict.DECIDED),
        deadline="until",
        thresholds=lambda: _thresholds("documents.remind_carrying_out"),
        prepare=_prepare,
        audience=_audience,
        line=_decided,
    )
)
