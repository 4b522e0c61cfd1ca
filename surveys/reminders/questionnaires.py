"""Reminders: a questionnaire that waits for whoever checks it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, remind_of, thresholds
from qa_portal.people.heads import quality_office
from qa_portal.web.registry import registry

from ..models import Questionnaire
from ..permissions.questionnaires import checking_body


def _prepare() -> dict[str, Any]:
    return {"office": list(quality_office().values_list("pk", flat=True)), "bodies": {}}


def _audience(known: dict[str, Any], name: str, row: Questionnaire) -> list[int]:
    """Those who run the body that approves it, looked up once a body; else the quality office without its authors."""
    code = checking_body(row)
    if not code:
        return [pk for pk in known["office"] if pk not in row.authors]
    if code not in known["bodies"]:
        known["bodies"][code] = [person.pk for person in registry.body_people(code)]
    return known["bodies"][code]


def _line(row: Questionnaire, late: int, language: str) -> Line:
    words = _("Waits to be checked for %(n)d days: %(name)s") % {"n": late, "name": row.name}
    return Line(words, row.get_absolute_url())


remind_of(
    ReminderRule(
        name="surveys.questionnaire_check",
        rows=lambda: Questionnaire.objects.filter(state=Questionnaire.SUBMITTED).defer("fixed"),
        deadline="submitted_on",
        thresholds=lambda: thresholds(checker="surveys.remind_check"),
        prepare=_prepare,
        audience=_audience,
        line=_line,
    )
)
