"""What the tests of petitions live in: one of each kind in every state, a Chancellery, Compliance, a school committee."""

from __future__ import annotations

import copy
import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import Body, BodyKind, Seat
from qa_portal.people.models import Person, Unit
from qa_portal.people.roles import Role
from qa_portal.permissions import SYSTEM
from qa_portal.workflow.writing import door
from surveys import receipts, receiving
from surveys.models import Petition
from surveys.workflow import petitions as steps

TEXT = "Зертханада желдеткіш істемейді"
BODY = "petition_council"
#: username → (role, unit by its code); a seat in the committee has no role
OFFICERS = {
    "clerk": (Role.CHANCELLERY, "university"),
    "compliance": (Role.COMPLIANCE, "university"),
    "compliance2": (Role.COMPLIANCE, "university"),
    "needs": (Role.SPECIAL_NEEDS, "medicine"),
    "needs_far": (Role.SPECIAL_NEEDS, "law"),
    "rector": (Role.RECTOR, "university"),
}
COMMITTEE = (("committee_chair", "chair"), ("committee", "member"), ("committee_adviser", "adviser"))


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def officer(w: Any, username: str) -> Any:
    found = Person.objects.filter(username=username).first()
    if found is None:
        role, code = OFFICERS[username]
        w.person(username, w.asb_unit, role, Unit.objects.get(code=code))
    return getattr(w, username)


def _body(code: str, kind: str, unit: Any) -> Body:
    found = Body.objects.filter(code=code).first()
    if found is None:
        of, _made = BodyKind.objects.get_or_create(code=kind, defaults={"name": kind})
        with door("import"):
            found = Body(code=code, kind=of, unit=unit)
            found.name_kk = found.name_ru = found.name_en = code
            found.save()
    return found


def committee(w: Any) -> Body:
    """The committee of the school of medicine, with a chair, a member and an adviser."""
    body = _body("school_committee-medicine", "school_committee", w.school)
    for username, duty in COMMITTEE:
        if not Person.objects.filter(username=username).exists():
            w.person(username, w.other)
            with door("import"):
                Seat(body=body, person=getattr(w, username), duty=duty, since=datetime.date(2020, 1, 1)).save()
    return body


def council(w: Any) -> Body:
    return _body(BODY, "petition_council_kind", w.university)


def speaking(w: Any, *codes: str) -> Any:
    speaker = copy.copy(w.board)
    speaker.decides_for = frozenset(codes)
    return speaker


# -- petitions -----------------------------------------------------------------------------------------
def received(w: Any, by: str = "staff2", **fields: Any) -> Petition:
    """Through the portal, by name, about therapy."""
    values = {
        "kind": "complaint", "subject": "Желдеткіш", "text": TEXT, "unit": w.department, "area": "S1.A1",
        "received_on": timezone.localdate(), "author": getattr(w, by) if by else None, **fields,
    }  # fmt: skip
    code = values.pop("code", "") or receipts.new_code()
    petition = Petition(code_hash=receipts.hash_of(code), **values)
    return petition.add(by=values["author"] or SYSTEM)


def anonymous(w: Any, **fields: Any) -> Petition:
    return received(w, by="", anonymous=True, **fields)


def keeper(w: Any, petition: Petition) -> Any:
    """Who keeps this kind in the tests."""
    return officer(w, {"ethics": "compliance", "adjustment": "needs"}.get(petition.kind, "clerk"))


def registered(w: Any, **fields: Any) -> Petition:
    petition = received(w, **fields)
    typed = {"kind": petition.kind, "unit": petition.unit_id or "", "area": ""}
    return steps.register(petition, by=keeper(w, petition), **typed)


def in_work(w: Any, owner: str = "staff", **fields: Any) -> Petition:
    petition = registered(w, **fields)
    return steps.assign(petition, by=keeper(w, petition), owner=getattr(w, owner).pk)


def answered(w: Any, outcome: str = "accepted", owner: str = "staff", **fields: Any) -> Petition:
    petition = in_work(w, owner=owner, **fields)
    link = "https://example.org/done" if outcome == "implemented" else ""
    return steps.answer(petition, by=getattr(w, owner), outcome=outcome, note="Жаңасы алынады", link=link)


def closed(w: Any, **fields: Any) -> Petition:
    petition = answered(w, **fields)
    return steps.close(petition, by=keeper(w, petition))


def withdrawn(w: Any, **fields: Any) -> Petition:
    return steps.withdraw(received(w, **fields), by=w.staff2)


def before_body(w: Any, **fields: Any) -> Petition:
    council(w)
    petition = in_work(w, **fields)
    return steps.take_to_body(petition, by=keeper(w, petition), body=council(w).pk)


def decided(w: Any, **fields: Any) -> Petition:
    return steps.accept_by_decision(before_body(w, **fields), by=speaking(w, BODY), reason="№ 3 шешім")


def ethics(w: Any, **fields: Any) -> Petition:
    """In work at Compliance; sent without a name."""
    officer(w, "compliance")
    return in_work(w, owner="compliance", by="", anonymous=True, kind="ethics", unit=w.department, **fields)


def adjustment(w: Any, **fields: Any) -> Petition:
    """In work at the committee of the school; sent without a name."""
    committee(w), officer(w, "needs")
    return in_work(w, owner="committee", by="", anonymous=True, kind="adjustment", unit=w.department, **fields)


# -- from outside ---------------------------------------------------------------------------------------
def typed(w: Any, **fields: Any) -> dict[str, Any]:
    """What the public form sends."""
    return {
        "kind": "complaint", "subject": "Желдеткіш", "text": TEXT, "language": "kk", "who": "anonymous",
        "receipt": receipts.sealed(receipts.new_code()), **fields,
    }  # fmt: skip


def forget_counters() -> None:
    receiving.counters.clear()
