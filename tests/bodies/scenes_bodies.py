"""Bodies, seats and elections as tests need them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import Body, BodyKind, Election, Matter, Seat
from qa_portal.bodies.workflow import bodies as body_steps
from qa_portal.bodies.workflow import elections as election_steps
from qa_portal.workflow.writing import door


def day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def matter(code: str) -> Matter:
    return Matter.objects.get_or_create(
        code=code, defaults={"name_kk": f"{code} мәселесі", "name_en": f"matter {code}"}
    )[0]


def kind(code: str, of: str = "university", **fields: Any) -> BodyKind:
    names = {"name_kk": f"{code} органы", "name_ru": f"орган {code}", "name_en": f"body {code}"}
    return BodyKind.objects.get_or_create(code=code, defaults={"of": of, **names, **fields})[0]


def body(w: Any, code: str = "academic_council", of: str = "university", unit: Any = None, **fields: Any) -> Body:
    """A body of this kind; of the university unless a unit is named."""
    for name in fields.get("matters", ()):
        matter(name)
    kept, unit = kind(code, of), unit or w.university
    return Body(kind=kept, unit=unit, **{**kept.name_for(unit), **fields}).add(by=w.asb)


def committee(w: Any, unit: Any = None, **fields: Any) -> Body:
    return body(w, "school_committee", "school", unit or w.school, **{"term_years": 1, **fields})


def seat(w: Any, body: Body, username: str = "staff", **fields: Any) -> Seat:
    return Seat(body=body, person=getattr(w, username), **{"since": day(-30), **fields}).add(by=w.council)


def prepared(w: Any, *candidates: str, body: Body | None = None, **fields: Any) -> Election:
    """Of the school's committee, by the therapy department: head, coordinator, staff, staff2 may vote."""
    body = body or committee(w)
    values = {
        "title": "Мүшелер сайлауы",
        "electorate": w.department,
        "closes_on": day(5),
        "term_from": day(10),
        **fields,
    }
    election = Election(body=body, **values).add(by=w.asb)
    for username in candidates:
        election_steps.nominate(election, by=w.staff, person=getattr(w, username).pk)
    return election


def opened(w: Any, *candidates: str, **options: Any) -> Election:
    election = prepared(w, *(candidates or ("staff", "staff2")), **options)
    election_steps.open(election, by=w.asb)
    return election


def votes(w: Any, election: Election, **chosen: str) -> Election:
    """`votes(w, election, head="staff")`: head votes for staff; several names apart by a space."""
    for voter, names in chosen.items():
        picked = [election.candidates.get(person__username=name).pk for name in names.split()]
        election_steps.vote(election, by=getattr(w, voter), candidates=picked)
    return election


def closed(election: Election) -> Election:
    """The last day of voting was yesterday."""
    with door("import"):
        Election.objects.filter(pk=election.pk).update(closes_on=day(-1))
    election.refresh_from_db()
    return election


def to_count(w: Any) -> Election:
    return closed(votes(w, opened(w), head="staff", coordinator="staff", staff2="staff2"))


def counted(w: Any) -> Election:
    return election_steps.count(to_count(w), by=w.asb)


def dissolved(w: Any) -> Body:
    return body_steps.dissolve(body(w), by=w.asb, reason="Қайта құрылды", on=day(0).isoformat())


def ended(w: Any) -> Seat:
    return body_steps.end(seat(w, body(w)), by=w.asb, reason="Жұмыстан кетті", on=day(0).isoformat())
