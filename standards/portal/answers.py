"""What answers on evaluation areas hand to shared pages: evidence, desk, search, menu, and the signal of a low score."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import policy
from qa_portal.web import cells
from qa_portal.web.registry import DeskSource, SearchSource, Signal, desk, provable, searchable, signal

from ..answering import address_of
from ..models import AreaAnswer, Assessment, Score

#: signals are of this year's cycle and the one before
YEARS = 2

provable(AreaAnswer)


# -- desk -------------------------------------------------------------------------------------------
def _given_to_me(person: Any) -> Any:
    rows = AreaAnswer.objects.delegated_to(person).select_related("area", "unit")
    return rows.order_by("assigned_until", "area__standard__number", "area__place")


def _to_verify(person: Any) -> Any:
    """Self-assessments of which areas wait for this person, each with their number."""
    waiting = AreaAnswer.objects.to_verify(person).order_by().values("assessment")
    rows = Assessment.objects.filter(pk__in=waiting).select_related("unit", "programme", "cycle")
    return rows.annotate(to_verify=Count("answers", filter=Q(answers__state=AreaAnswer.SUBMITTED))).order_by(
        "submitted_on", "pk"
    )


def _written(answer: AreaAnswer) -> dict[str, Any]:
    return {
        "label": answer.area.text,
        "url": address_of(answer),
        "meta": f"{answer.code} · {answer.unit}",
        "due": cells.desk_due(answer.assigned_until),
    }


def _verified(assessment: Any) -> dict[str, Any]:
    n = assessment.to_verify
    return {
        "label": str(assessment),
        "url": reverse("standards:assessment-answers", args=[assessment.pk]),
        "meta": ngettext("%(n)s area to verify", "%(n)s areas to verify", n) % {"n": n},
        "due": cells.desk_due(assessment.cycle.verify_by),
    }


desk(
    DeskSource(
        "answers-given",
        _("Areas of self-assessment that I was asked to write"),
        _given_to_me,
        _written,
        lambda: f"{reverse('standards:answers')}?given=true",
        14,
    )
)
desk(
    DeskSource(
        "answers-to-verify",
        _("Self-assessments with areas to verify"),
        _to_verify,
        _verified,
        lambda: f"{reverse('standards:answers')}?to_verify=true",
        15,
    )
)


# -- search -----------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = AreaAnswer.objects.visible_to(person).live().matching(text).select_related("area", "unit", "cycle")
    return [
        {
            "label": f"{row.code} {row.area.text}",
            "url": row.get_absolute_url(),
            "meta": f"{row.unit} · {row.cycle.year} · {row.get_score_display()}",
        }
        for row in rows.order_by("-cycle__year", "pk")[:10]
    ]


searchable(SearchSource("answers", _("Self-assessment: evaluation areas"), _find, 34))


# -- a low score is a signal ------------------------------------------------------------------------
def _low() -> Any:
    since = timezone.localdate().year - YEARS + 1
    rows = AreaAnswer.objects.low(policy("standards.low_score"), since)
    return rows.select_related("area", "unit", "cycle", "assessment__programme").order_by(
        "points", "-cycle__year", "pk"
    )


def _draft(answer: AreaAnswer) -> dict[str, Any]:
    score = answer.get_score_display()
    programme = answer.assessment.programme
    parts = [
        f"{answer.code}. {answer.area.text}",
        f"{answer.cycle}: {score}" + (f" · {programme}" if programme else ""),
        answer.comment,
        gettext("To be improved: %(text)s") % {"text": answer.improve} if answer.improve else "",
    ]
    return {
        "title": gettext("%(code)s: %(score)s by self-assessment — %(area)s")
        % {"code": answer.code, "score": score, "area": answer.area.text},
        "description": "\n\n".join(part for part in parts if part),
        "requirement": "",
        "area": answer.code,
        "unit": answer.unit,
        "severity": "major" if answer.score == Score.NOT_MET else "minor",
        "source_kind": "self_assessment",
    }


signal(Signal("self_assessment.low", _("Low scores of self-assessment"), _low, _draft))
