"""What the tests of answering live in: an open campaign with every kind of question, and people who were asked."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.utils import timezone

from qa_portal.workflow.writing import door
from surveys import keys, sealing
from surveys.models import Campaign, Invitation, Questionnaire, Respondent, Survey


def words(text: str) -> dict[str, str]:
    return {"kk": f"{text} (қаз)", "ru": f"{text} (рус)", "en": text} if text else {"kk": "", "ru": "", "en": ""}


def item(code: str, kind: str = "likert", **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "wording": 1,
        "kind": kind,
        "scale": "agree" if kind == "likert" else "",
        "reverse": False,
        "text": words(f"Question {code}"),
        "hint": words(""),
        "na": kind in ("likert", "rating"),
        "refuse": False,
        "required": False,
        "remark": False,
        "options": [],
        "low": None,
        "high": None,
        "areas": [],
        "show_if": {},
        **more,
    }


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "text": words(f"Answer {code}")} for code in codes]


def section(code: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name": words(f"Section {code}"),
        "intro": words(""),
        "block": "",
        "per_teacher": False,
        "areas": [],
        "items": list(items),
        **more,
    }


def content(*sections: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Every kind of question; `why` is asked only of those who chose little in `clear`."""
    usual = (
        section(
            "s1",
            item("clear"),
            item("fair", refuse=True),
            item("why", "text", show_if={"code": "clear", "op": "at_most", "values": [2]}),
        ),
        section(
            "s2",
            item("recommend", "rating", remark=True),
            item("place", "single", options=options("ward", "library")),
            item("tools", "multiple", options=options("board", "screen", "model")),
            item("hours", "number", low=0, high=80),
            item("wish", "text"),
        ),
    )
    return {
        "name": words("Studying here"),
        "intro": words("A few questions."),
        "thanks": words("We are grateful."),
        "sections": list(sections or usual),
        **more,
    }


def campaign(state: str = Campaign.OPEN, **fields: Any) -> Campaign:
    today = timezone.localdate()
    _private, public = sealing.new_key()
    with door("import"):
        questionnaire = Questionnaire(
            code=f"q-{uuid.uuid4().hex[:8]}",
            audience="students",
            designer="quality_manager",
            checker="academic_council",
            state=Questionnaire.IN_USE,
        )
        questionnaire.name = questionnaire.name_kk = questionnaire.name_ru = questionnaire.name_en = "Studying here"
        questionnaire.save()
        found = Campaign(
            questionnaire=questionnaire,
            state=state,
            year=today.year,
            opens_on=today - datetime.timedelta(days=5),
            closes_on=today + datetime.timedelta(days=5),
            public_key=public,
            content=fields.pop("content", None) or content(),
        )
        for name, value in fields.items():
            setattr(found, name, value)
        for code, title in words("Studying here").items():
            setattr(found, f"name_{code}", title)
        found.save()
    return found


def survey(of: Campaign | None = None, **fields: Any) -> Survey:
    return Survey.objects.create(campaign=of or campaign(), **{"title": words("Studying here"), **fields})


def respondent(person: Any = None, **fields: Any) -> tuple[str, Respondent]:
    """A respondent and the token of the letter."""
    token = keys.new_token()
    return token, Respondent.objects.create(token_hash=keys.hash_of(token), person=person, **fields)


def invited(of: Survey | None = None, person: Any = None, **fields: Any) -> tuple[str, Invitation]:
    """The token of somebody who was asked, and the invitation."""
    token, who = respondent(person, **fields)
    return token, Invitation.objects.create(survey=of or survey(), respondent=who, strata={"level": "bachelor"})


def closed(of: Campaign, state: str = Campaign.CLOSED) -> None:
    with door("import"):
        of.state = state
        of.save()


def sent(token: str, invitation: Invitation, **answers: Any) -> dict[str, Any]:
    """The body of a form that sends answers; `clear=2` or `**{"recommend#": "…"}`."""
    body: dict[str, Any] = {"token": token, "invitation": str(invitation.pk), "lang": "en", "do": "send"}
    return body | {f"q.{key}": value for key, value in answers.items()}
