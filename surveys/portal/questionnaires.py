"""What questionnaires hand to shared pages: menu, desk, search, home verbs, what the Academic Council decides."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.web.registry import (
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    Verb,
    decidable,
    desk,
    menu,
    searchable,
    verb,
)

from ..designers import kinds_of
from ..models import Checker, Question, Questionnaire
from ..permissions.questionnaires import checking_body


def _insider(person: Any) -> bool:
    return not person.standing.outsider


menu(MenuItem("surveys", _("Surveys"), "surveys:front", "survey", 42, _insider))


# -- what the Council decides -----------------------------------------------------------------------------------------
def _before(code: str) -> Any:
    rows = Questionnaire.objects.filter(state=Questionnaire.SUBMITTED, checker=Checker.COUNCIL)
    sample = Questionnaire(checker=Checker.COUNCIL)
    return rows.defer("fixed") if code == checking_body(sample) else rows.none()


shown_on(Questionnaire)
decidable(
    Decidable(
        Questionnaire,
        "approve",
        _("Questionnaire of a yearly survey"),
        lambda row: checking_body(row) if row.state == Questionnaire.SUBMITTED else "",
        _before,
        undo="undo_approval",
        otherwise="send_back",
        inputs=lambda row, decision: {"basis": str(decision)[:200]},
    )
)


# -- desk -----------------------------------------------------------------------------------------------------------------
def _item(row: Questionnaire) -> dict[str, Any]:
    meta = f"{row.code} · v{row.version} · {row.state_label}"
    return {"label": row.name, "url": row.get_absolute_url(), "meta": meta, "due": None}


def _to_check(person: Any) -> Any:
    """Submitted ones that the quality manager checks, without those that the person wrote."""
    rows = Questionnaire.objects.filter(state=Questionnaire.SUBMITTED, checker=Checker.QUALITY_MANAGER)
    if not person.standing.quality_office:
        return rows.none()
    own = [pk for pk, authors in rows.values_list("pk", "authors") if person.pk in authors]
    return rows.exclude(pk__in=own).exclude(created_by=person).defer("fixed").order_by("submitted_on", "pk")


def _returned(person: Any) -> Any:
    """Sent back with a remark, to those who write it."""
    rows = Questionnaire.objects.filter(state=Questionnaire.RETURNED).written_by(person)
    return rows.defer("fixed").order_by("changed_at", "pk")


def _list(query: str) -> Any:
    return lambda: reverse("surveys:questionnaires") + query


desk(DeskSource("questionnaires-check", _("Questionnaires to check"), _to_check, _item, _list("?state=submitted"), 36))
desk(
    DeskSource(
        "questionnaires-returned",
        _("Questionnaires sent back to you"),
        _returned,
        _item,
        _list("?state=returned&mine=true"),
        37,
    )
)
verb(
    Verb(
        _("Write a questionnaire"),
        _list(""),
        "survey",
        _("Sections, questions, conditions, in three languages"),
        13,
        lambda person: bool(kinds_of(person)),
    )
)


# -- search ---------------------------------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Questionnaire.objects.visible_to(person).matching(text).defer("fixed").order_by("code", "-version")[:10]
    return [
        {"label": row.name, "url": row.get_absolute_url(), "meta": f"{row.code} · v{row.version} · {row.state_label}"}
        for row in rows
    ]


def _find_questions(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Question.objects.visible_to(person).matching(text).order_by("code")[:10]
    return [{"label": row.text, "url": row.get_absolute_url(), "meta": row.code} for row in rows]


searchable(SearchSource("questionnaires", _("Questionnaires"), _find, 45))
searchable(SearchSource("questions", _("Bank of questions"), _find_questions, 46))
