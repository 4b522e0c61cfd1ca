"""Mechanisms and their years as tests need them: done by the therapy department, checked by others.

The council has a kind of its own and the committee is that of the law school, so that they stand beside whatever bodies
other scenes make in the same world.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import Body, BodyKind, Seat
from qa_portal.workflow.writing import door
from standards.models import Mechanism, MechanismAim, MechanismYear
from standards.workflow import mechanisms as steps

AIMS = 3
PROOF = "https://example.org/report"


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def mechanism(w: Any, code: str = "", **fields: Any) -> Mechanism:
    """A mechanism with three aims; a new one each time unless its code is named."""
    code = code or f"T{Mechanism.objects.count() + 1}"
    found = Mechanism.objects.filter(code=code).first()
    if found is not None:
        return found
    words = {"name_kk": f"{code} механизмі", "name_ru": f"механизм {code}", "name_en": f"mechanism {code}"}
    values = {"kind": "internal", "doer_kk": "Кафедра", "standards": ["S1"], "place": 50, **words, **fields}
    found = Mechanism.objects.create(code=code, **values)
    for place in range(1, AIMS + 1):
        texts = {"text_kk": f"{place}-мақсат", "text_ru": f"цель {place}", "text_en": f"aim {place}"}
        MechanismAim.objects.create(mechanism=found, code=f"{code}.{place}", place=place, **texts)
    return found


def body(w: Any, code: str, kind: str, unit: Any, seats: tuple[tuple[str, str], ...]) -> Body:
    found = Body.objects.filter(code=code).first()
    if found is not None:
        return found
    of, _made = BodyKind.objects.get_or_create(code=kind, defaults={"name_kk": "Орган", "name_en": "body"})
    with door("import"):
        found = Body(code=code, kind=of, unit=unit)
        found.name_kk, found.name_ru, found.name_en = f"{code} органы", f"орган {code}", f"body {code}"
        found.save()
        for username, duty in seats:
            Seat(body=found, person=getattr(w, username), duty=duty, since=datetime.date(2020, 1, 1)).save()
    return found


def council(w: Any) -> Body:
    """Chair: hr; secretary: council."""
    return body(w, "mech_council", "mech_council", w.university, (("hr", "chair"), ("council", "secretary")))


def committee(w: Any) -> Body:
    """The school committee of the law school; chair: auditor, member: quality."""
    seats = (("auditor", "chair"), ("quality", "member"))
    return body(w, "mech_committee", "school_committee", w.far_school, seats)


# -- years -----------------------------------------------------------------------------------------
def planned(w: Any, by: str = "asb", **fields: Any) -> MechanismYear:
    council(w)
    committee(w)
    values = {
        "mechanism": fields.pop("mechanism", None) or mechanism(w),
        "year": timezone.localdate().year,
        "due": in_days(20),
        "planned": "Сауалнама жүргізу",
        **fields,
    }
    if not values.get("doer_body"):
        values.setdefault("doer_unit", w.department)
    return MechanismYear(**values).add(by=getattr(w, by))


def started(w: Any, **options: Any) -> MechanismYear:
    return steps.start(planned(w, **options), by=w.asb)


def reported(w: Any, reporter: str = "coordinator", **options: Any) -> MechanismYear:
    return steps.report_done(started(w, **options), by=getattr(w, reporter), done="Өткізілді", link=PROOF)


def results(year: MechanismYear, *reached: str) -> dict[str, str]:
    """What the form of aims is sent: the first aim reached, the second partly, the third weak, unless told."""
    found = {}
    for aim, value in zip(year.aims, reached or ("reached", "partly", "weak"), strict=True):
        found |= {f"aim_{aim.pk}": value, f"note_{aim.pk}": "Себебі" if value == "weak" else ""}
    return found


def judged(w: Any, *reached: str, **options: Any) -> MechanismYear:
    year = reported(w, **options)
    return steps.judge_aims(year, by=w.asb, **results(year, *reached))


def say(w: Any, year: MechanismYear, username: str, speaks_as: str, effect: str = "effective") -> MechanismYear:
    return steps.conclude(year, by=getattr(w, username), speaks_as=speaks_as, effect=effect, text="Тиімді")


def concluded(w: Any, *reached: str, **options: Any) -> MechanismYear:
    """By the head of surgery and by the secretary of the council."""
    year = judged(w, *reached, **options)
    say(w, year, "head2", f"unit:{w.other.pk}")
    return say(w, year, "council", f"body:{council(w).pk}", "partly")


def acting(w: Any, *reached: str, **options: Any) -> MechanismYear:
    return steps.close_check(concluded(w, *reached, **options), by=w.asb)


def closed(w: Any, *reached: str, **options: Any) -> MechanismYear:
    return steps.act(acting(w, *reached, **options), by=w.head, acted="Сұрақтар жаңартылады")


def cancelled(w: Any, **options: Any) -> MechanismYear:
    return steps.cancel(planned(w, **options), by=w.asb, reason="Қате енгізілді")


def viewed(w: Any, effect: str = "not", **options: Any) -> MechanismYear:
    year = reported(w, **options)
    return steps.give_view(year, by=w.auditor, body=committee(w).pk, effect=effect, recommendation="Қайта қарау")
