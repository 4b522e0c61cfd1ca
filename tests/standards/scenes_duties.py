"""Rules and duties that the tests of duties live in: few, small, made without the file of rules."""

from __future__ import annotations

import datetime
from typing import Any

import time_machine
from django.utils import timezone

from qa_portal.bodies.models import Body
from qa_portal.documents.models import Document, DocumentKind, Origin, Version
from qa_portal.programmes.models import Programme
from qa_portal.workflow.writing import door
from standards.models import Duty, DutyRule
from standards.workflow import duties as steps
from standards.workflow.duties_making import make_duties
from tests.bodies import scenes_work

DAY = datetime.timedelta(days=1)
PAPER = "https://example.org/hattama"
CODE = "duty_body"


def today() -> datetime.date:
    return timezone.localdate()


def on(day: datetime.date) -> Any:
    """Noon of a day, in Almaty."""
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(6, 0), tzinfo=datetime.UTC), tick=False)


def fulfil(duty: Duty, by: Any, **fields: Any) -> Duty:
    """Shown by a paper, today."""
    return steps.fulfil(duty, by=by, **{"done_on": today().isoformat(), "link": PAPER, **fields})


def rule(code: str = "policy-report", **fields: Any) -> DutyRule:
    found = DutyRule.objects.filter(code=code).first()
    if found is not None:
        return found
    values = {
        "group": "policy",
        "basis": "N0 S1.S6",
        "standard": "S1",
        "timing": "yearly",
        "opens": "01-01",
        "due": "12-31",
        "paper": "Есеп",
        "doer": "АСБ",
        **fields,
    }
    made = DutyRule(code=code, **values)
    made.name_kk, made.name_ru, made.name_en = f"Міндет {code}", f"Обязанность {code}", f"Duty {code}"
    made.full_clean()
    made.save()
    return made


def from_last(code: str = "review", **fields: Any) -> DutyRule:
    return rule(code, timing="from_last", opens="", due="", months=fields.pop("months", 36), **fields)


def only(of: DutyRule) -> Duty:
    """The open duty of a rule that falls due first."""
    return Duty.objects.filter(rule=of).order_by("due_on", "pk").select_related("rule__unit", "unit")[0]


def made(of: DutyRule) -> Duty:
    make_duties()
    return only(of)


# -- states for the table of access --------------------------------------------------------------------
def of_department(w: Any) -> Duty:
    """Open now, answered for by the head of the therapy department; its office sets the date."""
    return made(rule("department-check", role="unit_head", unit=w.department, date_by_office=True))


def done(w: Any) -> Duty:
    duty = of_department(w)
    if duty.state == Duty.OPEN:
        steps.fulfil(duty, by=w.head, done_on=today().isoformat(), link=PAPER)
    return duty


def waived(w: Any) -> Duty:
    duty = made(rule("department-other", role="unit_head", unit=w.department))
    if duty.state == Duty.OPEN:
        steps.waive(duty, by=w.asb, reason="Биыл керек емес")
    return duty


def body(w: Any) -> Body:
    return scenes_work.body(w, CODE)


def to_decide(w: Any) -> Duty:
    body(w)
    return made(rule("discussion", body=CODE, unit=w.department))


def decided(w: Any) -> Duty:
    duty = to_decide(w)
    if duty.state == Duty.OPEN:
        decision = scenes_work.decision(w, body(w))
        steps.decide(duty, by=speaking(w, CODE), decision=decision.pk)
    return duty


def speaking(w: Any, *codes: str) -> Any:
    person = w.board
    person.decides_for = frozenset(codes)
    return person


# -- documents, programmes ------------------------------------------------------------------------------
def document(w: Any, kind: str = "quality_manual", reviewed: datetime.date | None = None) -> Document:
    """In force, with its version; of the therapy department."""
    of, _made = DocumentKind.objects.get_or_create(
        code=kind,
        defaults={
            "name": kind,
            "name_kk": kind,
            "name_ru": kind,
            "name_en": kind,
            "origin": Origin.INTERNAL,
            "number_pattern": "D-{number}",
        },
    )
    number = Document.objects.count() + 1
    with door("import"):
        found = Document(
            kind=of, origin=Origin.INTERNAL, state=Document.IN_FORCE, number=f"D-{number}", unit=w.department
        )
        found.title_kk = found.title_ru = found.title_en = f"Құжат {number}"
        found.in_force_on = found.last_review = reviewed or today() - 400 * DAY
        found.save()
        version = Version(document=found, state=Version.IN_FORCE, approved_on=found.in_force_on, major=1)
        version.save()
        Document.objects.filter(pk=found.pk).update(current=version)
    found.refresh_from_db()
    return found


def programme(w: Any, code: str = "6B10101", head: str | None = "staff2") -> Programme:
    return Programme.objects.create(
        code=code,
        name=code,
        name_kk=code,
        name_ru=code,
        name_en=code,
        level="bachelor",
        unit=w.department,
        head=getattr(w, head) if head else None,
    )
