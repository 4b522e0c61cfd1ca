"""What answering hands to shared pages: surveys that wait for a person's answer; and silence in the log."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qa_portal.web.registry import DeskSource, desk

from .. import silence
from ..content import say
from ..models import Campaign, Invitation

silence.begin()


def _owed(person: Any) -> QuerySet[Invitation]:
    return (
        Invitation.objects.filter(respondent__person=person, participated=False, survey__campaign__state=Campaign.OPEN)
        .select_related("survey__campaign")
        .defer("survey__campaign__content")
        .order_by("survey__campaign__closes_on", "survey_id")
    )


def _item(row: Invitation) -> dict[str, Any]:
    campaign = row.survey.campaign
    return {
        "label": say(row.survey.title, get_language()) or campaign.name,
        "url": reverse("answer"),
        "meta": _("Anonymous survey"),
        "due": campaign.closes_on,
    }


desk(DeskSource("surveys.owed", _("Surveys that wait for your answer"), _owed, _item, lambda: reverse("answer"), 70))
