"""Texts as they come out of an urn, made by hand; themes; a release that is sent."""

from __future__ import annotations

from typing import Any

from surveys.models import Release, Survey, TextAnswer, TextCode, Theme
from surveys.workflow import texts as steps

from . import scenes_releases

WORDS = scenes_releases.WORDS
REMARK = f"{scenes_releases.CLEAR}#"


def theme(w: Any, code: str = "rooms", **fields: Any) -> Any:
    names = {"name_kk": f"{code} тақырыбы", "name_ru": f"тема {code}", "name_en": f"theme {code}"}
    return Theme(code=code, **{**names, **fields}).add(by=w.asb)


def retired(w: Any, code: str = "old") -> Any:
    return steps.retire(theme(w, code), by=w.asb, reason="Артық")


def survey_of(release: Release) -> Survey:
    survey, _made = Survey.objects.get_or_create(campaign=release.campaign, course=None)
    return survey


def texts(of: Any, number: int = 12, question: str = WORDS, review: str = "waiting", **fields: Any) -> list[TextAnswer]:
    """`number` texts of one question of a release's (or a campaign's) survey."""
    campaign = getattr(of, "campaign", of)
    survey, _made = Survey.objects.get_or_create(campaign=campaign, course=None)
    start = TextAnswer.objects.count()
    rows = [
        TextAnswer(survey=survey, question=question, review=review, **{"text": f"Мәтін {start + n:03d}", **fields})
        for n in range(number)
    ]
    return TextAnswer.objects.bulk_create(rows)


def code(w: Any, rows: list[TextAnswer], into: Theme) -> None:
    TextCode.objects.bulk_create(TextCode(text=row, theme=into, coder=w.asb) for row in rows)


def campaign(w: Any, **fields: Any) -> Any:
    """A campaign whose urn is opened, with the questions of the release scenes."""
    content = {"sections": scenes_releases.sections()}
    return scenes_releases.campaign(w, content=content, **fields)
