"""Answers on evaluation areas at every stage; cycles and self-assessments come from `scenes_cycles`."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from qa_portal.documents.evidence import attach_proof
from qa_portal.documents.models import Evidence, EvidenceUse
from qa_portal.workflow.writing import door
from standards.models import AreaAnswer, Assessment, Cycle
from standards.workflow import answers as steps
from standards.workflow import answers_sharing as sharing

from . import scenes_cycles as cycles

TYPED = "Жоғалмайтын мәтін"


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def of(assessment: Assessment, code: str = "S1.A1") -> AreaAnswer:
    return AreaAnswer.objects.get(assessment=assessment, code=code)


def open_answer(world: Any) -> AreaAnswer:
    return of(cycles.assessment(world))


def submitted(world: Any) -> AreaAnswer:
    return of(cycles.submitted(world))


def accepted(world: Any) -> AreaAnswer:
    return steps.accept(submitted(world), by=world.asb2)


def sent_back(world: Any) -> AreaAnswer:
    """Sent back by the quality office; the self-assessment is not returned to the unit yet."""
    return steps.send_back(submitted(world), by=world.asb, reason="Дәлел жеткіліксіз")


def returned(world: Any) -> AreaAnswer:
    """Sent back, and the unit writes again."""
    answer = sent_back(world)
    cycles.steps.send_back(fresh(answer.assessment), by=world.asb, note="Толықтырыңыз")
    return fresh(answer)


def delegated(world: Any, areas: tuple[str, ...] = ("S1.A1", "S2"), person: str = "staff") -> Assessment:
    found = cycles.assessment(world)
    who = getattr(world, person)
    return sharing.delegate(found, by=world.head, person=who.pk, areas=list(areas), until=in_days(9).isoformat())


def prove(answer: AreaAnswer, by: Any, title: str = "Хаттама", months_ago: int = 0) -> Evidence:
    day = timezone.localdate() - datetime.timedelta(days=31 * months_ago)
    return attach_proof(answer, by, title, link="https://example.org/h", speaks_of=day)  # type: ignore[return-value]


def prove_old(answer: AreaAnswer, by: Any, title: str = "Былтырғы хаттама") -> Evidence:
    """Evidence of an answer that is accepted already, as it was attached before."""
    evidence = Evidence(title=title, link="https://example.org/old", speaks_of=in_days(-300)).add(by=by)
    EvidenceUse.objects.create(
        evidence=evidence, record_type=ContentType.objects.get_for_model(answer), record_id=answer.pk, added_by=by
    )
    return evidence


def type_in(answer: AreaAnswer, by: Any, **words: str) -> AreaAnswer:
    for name, value in words.items():
        setattr(answer, name, value)
    answer.save_typing(by=by)
    return answer


def last_time(world: Any, assessment: Assessment, **words: str) -> Assessment:
    """A self-assessment of last year, approved, to which this one is tied; `words` stand in each of its answers."""
    said = {"score": "partly", "comment": "Былтырғы түсініктеме", "strong": "", "improve": "Былтырғы олқылық", **words}
    with door("import"):
        year = assessment.cycle.year - 1
        before = Cycle.objects.filter(year=year).first() or Cycle(
            year=year,
            edition=assessment.cycle.edition,
            standards=assessment.cycle.standards,
            state=Cycle.APPROVED,
            opens_on=in_days(-400),
            answer_by=in_days(-390),
            verify_by=in_days(-380),
            decide_by=in_days(-370),
        )
        before.save()
        old = Assessment.objects.filter(cycle=before, unit=assessment.unit).first() or Assessment(
            cycle=before, unit=assessment.unit, areas=assessment.areas, state=Assessment.APPROVED, due=in_days(-390)
        )
        old.save()
        for answer in AreaAnswer.objects.filter(assessment=assessment):
            row = AreaAnswer.objects.filter(assessment=old, code=answer.code).first() or AreaAnswer(
                assessment=old,
                cycle=before,
                unit=answer.unit,
                area=answer.area,
                code=answer.code,
                standard=answer.standard,
                state=AreaAnswer.ACCEPTED,
                **said,
            )
            row.save()
            AreaAnswer.objects.filter(pk=answer.pk).update(previous=row)
        Assessment.objects.filter(pk=assessment.pk).update(previous=old)
    return fresh(old)


def with_last_time(world: Any) -> Assessment:
    found = cycles.assessment(world)
    last_time(world, found)
    return fresh(found)
