"""Documents in force, acts, reviews, proposals and copies for the tests of upkeep."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.documents import conformity
from qa_portal.documents.models import (
    ChangeProposal,
    ConformityReview,
    ConformityVerdict,
    Document,
    DocumentKind,
    PaperCopy,
    Version,
)
from qa_portal.documents.workflow import upkeep as steps
from qa_portal.people.models import Office
from qa_portal.people.roles import Role
from qa_portal.permissions import SYSTEM
from qa_portal.workflow.writing import door


def days(count: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=count)


def kind(code: str = "upkept", **fields: Any) -> DocumentKind:
    values = {"mark": "", "level": "regulatory", "public": "choice", **fields}
    found = DocumentKind.objects.filter(code=code).first()
    return found or DocumentKind.objects.create(
        code=code, name_kk=f"{code} түрі", name_ru=f"вид {code}", name_en=f"kind {code}", **values
    )


def document(w: Any, of: str = "upkept", unit: Any = None, title: str = "Емтихан ережесі", **fields: Any) -> Document:
    """An internal document of the therapy department, in force with its version 1.0."""
    values = {
        "kind": kind(of),
        "unit": unit or w.department,
        "state": Document.IN_FORCE,
        "number": f"T-{Document.objects.count() + 1}",
        "in_force_on": days(-400),
        "last_review": days(-400),
        "review_due": days(600),
        **{f"title_{code}": title for code in ("kk", "ru", "en")},
        **fields,
    }
    with door("import"):
        made = Document(**values)
        made.save()
        made.write_entry("add", SYSTEM, to_state=made.state)
        if made.state in Document.LIVE:
            made.current = version(made)
            made.save()
    return made


def version(of: Document, major: int = 1, state: str = Version.IN_FORCE, **fields: Any) -> Version:
    values = {"approved_on": days(-400), "in_force_on": days(-400), "authors": [], "checksum": "0" * 64, **fields}
    with door("import"):
        made = Version(document=of, major=major, state=state, **values)
        made.save()
        made.write_entry("add", SYSTEM, to_state=made.state)
    return made


def act(**fields: Any) -> Document:
    """An external act: a law in force."""
    values = {
        "origin": "external",
        "kind": kind("an-act", origin="external", public="never"),
        "state": Document.IN_FORCE,
        "number": "319",
        "adopted_on": datetime.date(2007, 7, 27),
        **{f"title_{code}": "Білім туралы" for code in ("kk", "ru", "en")},
        **fields,
    }
    with door("import"):
        made = Document(**values)
        made.save()
        made.write_entry("add", SYSTEM, to_state=made.state)
    return made


def resting(w: Any, **fields: Any) -> tuple[Document, Document]:
    """A law, and a document of the department that rests on it."""
    law = act()
    return law, document(w, basis=[law.pk], **fields)


def lawyer(w: Any) -> Any:
    person = w.person("lawyer", w.asb_unit)
    Office.objects.create(person=person, role=Role.LEGAL, unit=w.university, since=datetime.date(2020, 1, 1))
    return w.lawyer


# -- conformity reviews ------------------------------------------------------------------
def review(w: Any, **fields: Any) -> ConformityReview:
    law, _document = resting(w, **fields)
    found = conformity.open_review(law, ConformityReview.Cause.NEW_EDITION, w.asb, "Баптар өзгерді")
    assert found is not None
    return found


def verdict(w: Any, **fields: Any) -> ConformityVerdict:
    return review(w, **fields).verdicts.get()


def judged(w: Any, said: str = "change", **fields: Any) -> ConformityVerdict:
    found = verdict(w, **fields)
    return steps.judge(found, by=w.head, verdict=said, note="5-бап өзгерді", until=days(30).isoformat())


def decided(w: Any, said: str = "change", **fields: Any) -> ConformityVerdict:
    found = judged(w, said, **fields)
    return steps.decide(found, by=w.asb, verdict=said, decision="Келісемін", until=days(30).isoformat())


def all_decided(w: Any) -> ConformityReview:
    return ConformityReview.objects.get(pk=decided(w).review_id)


def closed(w: Any) -> ConformityReview:
    return steps.close(all_decided(w), by=w.asb)


def struck(w: Any) -> ConformityVerdict:
    return steps.strike_out(verdict(w), by=w.asb, reason="Қатысы жоқ")


# -- proposals and copies ---------------------------------------------------------------------
def proposal(w: Any, by: str = "staff", **fields: Any) -> ChangeProposal:
    who = getattr(w, by)
    values = {"document": document(w), "unit": who.unit, "text": "3-тармақ", "reason": "Ескірді", **fields}
    return ChangeProposal(proposer=who, **values).add(by=who)


def accepted(w: Any, **fields: Any) -> ChangeProposal:
    return steps.accept(proposal(w, **fields), by=w.head, note="Ескереміз")


def refused(w: Any) -> ChangeProposal:
    return steps.refuse(proposal(w), by=w.head, reason="Заңға қайшы")


def copy(w: Any, **fields: Any) -> PaperCopy:
    values = {"holder": w.staff, "where": "12-бөлме", **fields}
    of = values.pop("version", None) or document(w).current
    return PaperCopy(version=of, **values).add(by=w.asb)


def given_back(w: Any) -> PaperCopy:
    return steps.give_back(copy(w), by=w.asb, on=timezone.localdate().isoformat())
