"""The questions of a survey that is open, read once a process: what is asked is frozen at launch and does not change after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .content import AskedSection, asked
from .models import Campaign, Survey
from .sealing import size_for

#: so many surveys are remembered: some megabytes
MOST = 64


@dataclass(frozen=True)
class Questions:
    """Sections as they are asked, and the one size of all envelopes of the survey; the survey with its campaign.

    Of the remembered campaign only what launch froze may be believed: state and dates move on.
    """

    survey: Survey
    sections: list[AskedSection]
    size: int


_known: dict[Any, Questions] = {}


def _key(uid: Any, survey: Any) -> tuple[str, int]:
    """By the campaign's random name and the survey's number."""
    return str(uid).replace("-", ""), survey


def questions_of(survey: Survey) -> Questions:
    key = _key(survey.campaign.uid, survey.pk)
    found = _known.get(key)
    if found is None:
        sections = asked(survey.campaign.content, survey.teachers)
        found = Questions(survey, sections, size_for(sections))
        if survey.campaign.state == Campaign.OPEN:
            if len(_known) >= MOST:
                _known.clear()
            _known[key] = found
    return found


def survey_of(uid: Any, pk: int) -> Survey:
    """A survey with its campaign, remembered where the campaign is open."""
    found = _known.get(_key(uid, pk))
    if found is None:
        found = questions_of(Survey.objects.select_related("campaign").get(pk=pk))
    return found.survey
