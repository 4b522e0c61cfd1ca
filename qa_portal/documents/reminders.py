"""Reminders of the library: answers on approval sheets, and reviews of documents."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of
from qa_portal.people.heads import head_ids, heads_by_unit
from qa_portal.people.models import Deputy, Office, Unit
from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE
from qa_portal.policy.registry import policy

from .models import Agreement, Document

MOST_TEXT = 140


def _thresholds(audience: str, key: str) -> dict[int, tuple[str, ...]]:
    return {days: (audience,) for days in policy(key)}


def _prepare() -> dict[str, Any]:
    """What a sweep needs to know once: who holds which office, heads, deputies, unit paths."""
    offices: dict[str, set[int]] = {}
    for role, person_id in Office.objects.on().filter(person__is_active=True).values_list("role", "person_id"):
        offices.setdefault(role, set()).add(person_id)
    deputies: dict[int, list[int]] = {}
    for principal, deputy in Deputy.objects.on().values_list("principal_id", "deputy_id"):
        deputies.setdefault(principal, []).append(deputy)
    return {
        "offices": offices,
        "deputies": deputies,
        "heads": heads_by_unit(),
        "paths": dict(Unit.objects.values_list("pk", "path")),
    }


def _with_deputies(known: dict[str, Any], people: list[int]) -> list[int]:
    return [*people, *(deputy for person in people for deputy in known["deputies"].get(person, ()))]


def _holding(known: dict[str, Any], roles: Any) -> list[int]:
    return sorted({person for role in roles for person in known["offices"].get(role, ())})


def _answerers(known: dict[str, Any], name: str, agreement: Agreement) -> list[int]:
    """The office asked, or the head of the answering unit; at the top the Board. Never whoever wrote the text."""
    if agreement.role:
        people = _holding(known, [agreement.role])
    elif agreement.answering_unit_id is None:
        people = _holding(known, BOARD_ROLES)
    else:
        head = known["heads"].get(agreement.answering_unit_id)
        people = [head] if head else []
    own = {agreement.version.submitted_by_id, *agreement.version.authors}
    return [person for person in _with_deputies(known, people) if person not in own]


def _owners(known: dict[str, Any], name: str, document: Document) -> list[int]:
    """The head of the owner unit with deputies; an act without an owner is the quality office's."""
    if document.unit_id is None:
        return _holding(known, QUALITY_OFFICE)
    return _with_deputies(known, head_ids(known["paths"], known["heads"], document.unit_id))


def _short(document: Document) -> str:
    text = str(document)
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"


def _answer_line(agreement: Agreement, late: int, language: str) -> Line:
    text = _("your answer on the approval sheet: %(document)s") % {"document": _short(agreement.version.document)}
    return Line(f"{lateness(late)}: {text}", agreement.get_absolute_url())


def _review_line(document: Document, late: int, language: str) -> Line:
    text = _("review of the document: %(document)s") % {"document": _short(document)}
    return Line(f"{lateness(late)}: {text}", document.get_absolute_url())


remind_of(
    ReminderRule(
        name="documents.answer_due",
        rows=lambda: Agreement.objects.waiting().select_related("version__document").defer("version__summary"),
        deadline="due",
        thresholds=lambda: _thresholds("answerer", "documents.remind_answer"),
        prepare=_prepare,
        audience=_answerers,
        line=_answer_line,
    )
)
remind_of(
    ReminderRule(
        name="documents.review_due",
        rows=lambda: Document.objects.live().filter(review_due__isnull=False),
        deadline="review_due",
        thresholds=lambda: _thresholds("owner", "documents.remind_review"),
        prepare=_prepare,
        audience=_owners,
        line=_review_line,
    )
)
