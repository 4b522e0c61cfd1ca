"""Self-assessment cycles at every stage, made through the steps themselves; answers are filled at once.

`areas(world)` gives the catalogue standards and areas, `cycle(world, units=…)` a running cycle, `programme(world)` a
programme with head, commission and committee.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import Body, BodyKind, Seat
from qa_portal.people.models import Office, Unit
from qa_portal.people.roles import Role
from qa_portal.programmes.models import Programme
from qa_portal.workflow.writing import door
from standards.models import AreaAnswer, Assessment, Cycle, EvaluationArea, PlanRow, Standard
from standards.workflow import answers as answer_steps
from standards.workflow import assessments as steps
from standards.workflow import cycles as cycle_steps
from standards.workflow import plan_rows as row_steps

COMMITTEE, COUNCIL = "bbbk", "academic_council"


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def speaker(person: Any, *codes: str) -> Any:
    """A person who carries the word of these bodies."""
    found = copy.copy(person)
    found.decides_for = frozenset(codes)
    return found


def areas(world: Any, standard_codes: Iterable[str] = ("S1", "S2"), n: int = 3) -> list[EvaluationArea]:
    """The first `n` evaluation areas of these standards in the world's edition; made where they are not there."""
    edition = Standard.objects.get(pk=world.requirement.standard_id).edition
    for code in standard_codes:
        number = int(code[1:])
        words = {f"name_{language}": f"{number}-стандарт" for language in ("kk", "ru", "en")}
        standard, _made = Standard.objects.get_or_create(
            edition=edition, code=code, defaults={"number": number, "source": "N0", **words}
        )
        for place in range(1, n + 1):
            words = {f"text_{language}": f"{code} аясы {place}" for language in ("kk", "ru", "en")}
            EvaluationArea.objects.get_or_create(
                standard=standard, code=f"{code}.A{place}", defaults={"place": place, **words}
            )
    found = EvaluationArea.objects.filter(standard__edition=edition, standard__code__in=standard_codes, place__lte=n)
    return list(found.select_related("standard").order_by("standard__number", "place"))


# -- cycles ---------------------------------------------------------------------------------------
def draft(world: Any, standard_codes: Iterable[str] = ("S1", "S2"), year: int | None = None, **fields: Any) -> Cycle:
    """A cycle being prepared, of a year that is still free."""
    codes = list(standard_codes)
    areas(world, codes)
    taken = set(Cycle.objects.exclude(state=Cycle.CANCELLED).values_list("year", flat=True))
    if year is None:
        year = next(y for y in range(timezone.localdate().year, 2200) if y not in taken)
    dates = {"opens_on": in_days(0), "answer_by": in_days(30), "verify_by": in_days(50), "decide_by": in_days(60)}
    return Cycle(year=year, standards=codes, **{**dates, **fields}).add(by=world.asb)


def planned(world: Any, cycle: Cycle | None = None, unit: Unit | None = None, **fields: Any) -> Assessment:
    """A unit's self-assessment (therapy) in a cycle that is not open yet."""
    cycle = cycle or draft(world)
    codes = [area.code for area in areas(world, cycle.standards)]
    values = {"unit": unit or world.department, "areas": codes, "due": cycle.answer_by, **fields}
    return Assessment(cycle=cycle, **values).add(by=world.asb)


def cycle(
    world: Any, units: Iterable[Unit] | None = None, programmes: Iterable[Programme] = (), **fields: Any
) -> Cycle:
    """A running cycle in which these units (therapy unless told) and programmes answer."""
    found = draft(world, **fields)
    for unit in [world.department] if units is None else units:
        planned(world, found, unit)
    for each in programmes:
        planned(world, found, each.unit, programme=each, lead=each.head)
    return cycle_steps.launch(fresh(found), by=world.asb)


def prepared(world: Any) -> Cycle:
    """A draft in which therapy is planned."""
    return fresh(planned(world).cycle)


def assessment(world: Any, **fields: Any) -> Assessment:
    """Therapy's self-assessment, open for answers."""
    return cycle(world, **fields).assessments.get(unit=world.department, programme=None)


# -- answers -----------------------------------------------------------------------------------------
def answer_all(assessment: Assessment, by: Any, score: str = "largely") -> Assessment:
    """Everything that is still written gets a score and a comment."""
    for answer in AreaAnswer.objects.filter(assessment=assessment, state__in=AreaAnswer.EDITABLE_STATES):
        answer.score, answer.comment = score, f"{answer.code}: талдау жасалды"
        answer.save_typing(by=by)
    return fresh(assessment)


def accept_all(assessment: Assessment, by: Any) -> Assessment:
    for answer in AreaAnswer.objects.filter(assessment=assessment, state=AreaAnswer.SUBMITTED):
        answer_steps.accept(answer, by=by)
    return fresh(assessment)


def complete(world: Any, **fields: Any) -> Assessment:
    return answer_all(assessment(world, **fields), world.coordinator)


def submitted(world: Any, **fields: Any) -> Assessment:
    return steps.submit(complete(world, **fields), by=world.head)


def accepted(world: Any, **fields: Any) -> Assessment:
    """With the quality office, every area accepted."""
    return accept_all(submitted(world, **fields), world.asb2)


def returned(world: Any) -> Assessment:
    return steps.send_back(submitted(world), by=world.asb, note="Түсініктеме аз")


def verified(world: Any, **fields: Any) -> Assessment:
    return steps.verify(accepted(world, **fields), by=world.asb)


def cancelled(world: Any) -> Assessment:
    return steps.cancel(assessment(world), by=world.asb, reason="Бөлімше таратылды")


def sent(world: Any) -> Cycle:
    """A cycle before the Council: its only self-assessment is verified."""
    return cycle_steps.submit(fresh(verified(world).cycle), by=world.asb)


def approved(world: Any) -> Cycle:
    return cycle_steps.approve(sent(world), by=speaker(world.council, COUNCIL), basis="Академиялық кеңес № 5.1")


def cancelled_cycle(world: Any) -> Cycle:
    return cycle_steps.cancel(cycle(world), by=world.asb, reason="Басқа тәртіп бекітілді")


# -- programmes -----------------------------------------------------------------------------------------
def committee(world: Any) -> Body:
    """The programme committee of the school: head2 presides, council keeps the minutes."""
    found = Body.objects.filter(kind__code=COMMITTEE).first()
    if found is not None:
        return found
    kind, _made = BodyKind.objects.get_or_create(
        code=COMMITTEE, defaults={"name": "Білім беру бағдарламалары комитеті"}
    )
    with door("import"):
        found = Body(code=f"{COMMITTEE}-{world.school.code}", kind=kind, unit=world.school)
        found.name_kk = found.name_ru = found.name_en = "ББ комитеті"
        found.save()
        for username, duty in (("head2", "chair"), ("council", "secretary"), ("staff", "member")):
            Seat(body=found, person=getattr(world, username), duty=duty, since=datetime.date(2020, 1, 1)).save()
    return found


def programme(world: Any, code: str = "6B10101") -> Programme:
    """A programme of therapy; its head is staff2."""
    found = Programme.objects.filter(code=code).first()
    if found is not None:
        return found
    committee(world)
    if not Office.objects.filter(role=Role.PROGRAMME_HEAD, person=world.staff2).exists():
        Office.objects.create(
            person=world.staff2, role=Role.PROGRAMME_HEAD, unit=world.department, since=datetime.date(2020, 1, 1)
        )
    words = {f"name_{language}": "Жалпы медицина" for language in ("kk", "ru", "en")}
    return Programme.objects.create(code=code, level="bachelor", unit=world.department, head=world.staff2, **words)


def programme_assessment(world: Any, commission: bool = True) -> Assessment:
    """A programme's, open; the commission: staff presides, hr is its secretary, stranger a member."""
    found = cycle(world, units=(), programmes=[programme(world)], standard_codes=("S9",)).assessments.get()
    return with_commission(world, found) if commission else found


def with_commission(world: Any, assessment: Assessment) -> Assessment:
    return steps.set_commission(
        fresh(assessment),
        by=world.asb,
        chair=world.staff.pk,
        secretary=world.hr.pk,
        members=[world.stranger.pk],
        note="№ 14 бұйрық",
    )


def programme_planned(world: Any) -> Assessment:
    found = programme(world)
    return planned(world, draft(world, ("S9",)), found.unit, programme=found, lead=found.head)


def programme_complete(world: Any) -> Assessment:
    return answer_all(programme_assessment(world), world.staff2)


def programme_submitted(world: Any) -> Assessment:
    return steps.submit(programme_complete(world), by=world.staff2)


def agreed(world: Any) -> Assessment:
    return steps.agree(programme_submitted(world), by=world.head)


def endorsed(world: Any) -> Assessment:
    return steps.endorse(agreed(world), by=world.dean)


def considered(world: Any) -> Assessment:
    found = endorsed(world)
    return steps.consider(found, by=speaker(world.council, committee(world).code), basis="ББК № 3.2")


def programme_verified(world: Any) -> Assessment:
    return steps.verify(accept_all(considered(world), world.asb2), by=world.asb)


# -- monitoring plan ---------------------------------------------------------------------------------------
def plan_row(world: Any, of: Assessment | None = None, **fields: Any) -> PlanRow:
    of = of or programme_assessment(world)
    values = {
        "area": of.areas[0],
        "indicator": "Түлектердің жұмысқа орналасуы",
        "source": "Мансап орталығы",
        "due": in_days(20),
        "owner": world.staff,
        "planned": "85 %",
        **fields,
    }
    return PlanRow(assessment=of, **values).add(by=world.staff2)


def entered(world: Any, **fields: Any) -> PlanRow:
    return row_steps.enter_fact(
        plan_row(world, **fields), by=world.staff, fact="82 %", fact_on=in_days(0).isoformat(), note="3 % кем"
    )


def dropped(world: Any) -> PlanRow:
    return row_steps.drop(plan_row(world), by=world.staff2, reason="Дерек жиналмайды")
