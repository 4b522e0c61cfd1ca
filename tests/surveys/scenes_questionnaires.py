"""Questionnaires as tests need them: written by asb, checked by asb2 or by the Council; questions of every kind."""

from __future__ import annotations

import copy
import datetime
from typing import Any

from qa_portal.bodies.models import Body, BodyKind, Seat
from qa_portal.people.models import Person
from qa_portal.people.roles import Role
from qa_portal.workflow.writing import door
from surveys.models import Item, Question, Questionnaire, Section
from surveys.workflow import questionnaires as steps

YES_NO = [
    {"code": "yes", "kk": "Иә", "ru": "Да", "en": "Yes"},
    {"code": "no", "kk": "Жоқ", "ru": "Нет", "en": "No"},
]
COUNCIL = frozenset({"academic_council"})
OVER_COUNCIL = frozenset({"over:academic_council"})


def words(name: str, text: str) -> dict[str, str]:
    return {f"{name}_kk": f"{text} қаз", f"{name}_ru": f"{text} рус", f"{name}_en": f"{text} eng"}


# -- people ---------------------------------------------------------------------------------------------------------
def person(w: Any, username: str, role: str = "") -> Person:
    found = Person.objects.filter(username=username).first()
    return found or w.person(username, w.school, role, w.university)


def alumni(w: Any) -> Person:
    return person(w, "alumni", Role.ALUMNI_CLUB)


def career(w: Any) -> Person:
    return person(w, "career", Role.CAREER_CENTRE)


def committee(w: Any, unit: Any = None, username: str = "hr") -> Body:
    """The committee of the law school, with one member who holds no other right in surveys."""
    unit = unit or w.far_school
    code = f"survey_committee_{unit.code}"
    found = Body.objects.filter(code=code).first()
    if found is not None:
        return found
    kind, _made = BodyKind.objects.get_or_create(
        code="school_committee", defaults={"name_kk": "Мектеп комитеті", "name_en": "School committee"}
    )
    with door("import"):
        found = Body(code=code, kind=kind, unit=unit)
        found.name_kk, found.name_ru, found.name_en = f"{code} органы", f"орган {code}", f"body {code}"
        found.save()
        Seat(body=found, person=getattr(w, username), duty="member", since=datetime.date(2020, 1, 1)).save()
    return found


# -- the bank ---------------------------------------------------------------------------------------------------------
def question(w: Any, code: str = "", by: str = "asb", **fields: Any) -> Question:
    code = code or f"q{Question.objects.count() + 1}"
    values = {"kind": "likert", "scale": "agree", **words("text", f"Сұрақ {code}"), **fields}
    if values["kind"] != "likert":
        values["scale"] = fields.get("scale", "")
    return Question(code=code, **values).add(by=getattr(w, by))


def taken_up(w: Any, **fields: Any) -> Question:
    return steps.take_up(question(w, **fields), by=w.asb)


def retired(w: Any) -> Question:
    return steps.retire(question(w), by=w.asb, reason="Артық")


def standing(w: Any) -> Question:
    """A question that a questionnaire in use asks."""
    return Item.objects.filter(section__questionnaire=in_use(w)).select_related("question").first().question


# -- questionnaires -----------------------------------------------------------------------------------------------------
def bare(w: Any, by: str = "asb", **fields: Any) -> Questionnaire:
    """Begun, without sections."""
    values = {
        "code": f"t{Questionnaire.objects.count() + 1}",
        "audience": "students",
        "designer": "quality_manager",
        "checker": "quality_manager",
        "areas": [],
        **words("name", "Сауалнама"),
        **fields,
    }
    return Questionnaire(**values).add(by=getattr(w, by))


def section(of: Questionnaire, **fields: Any) -> Section:
    place = of.sections.count() + 1
    return Section.objects.create(questionnaire=of, place=place, **{**words("name", f"Бөлім {place}"), **fields})


def item(of: Section, asked: Question, **fields: Any) -> Item:
    return Item.objects.create(section=of, question=asked, place=of.items.count() + 1, **fields)


def draft(w: Any, by: str = "asb", **fields: Any) -> Questionnaire:
    """Two sections of the core: a choice, a rating shown to those who said yes, a text; and a block."""
    made = bare(w, by=by, **fields)
    first, second = section(made), section(made)
    number = made.pk
    choice = question(w, f"c{number}-choice", by, kind="single", options=YES_NO)
    item(first, choice)
    item(
        first,
        question(w, f"c{number}-rating", by),
        remark=True,
        show_if={"code": choice.code, "op": "in", "values": ["yes"]},
    )
    item(second, question(w, f"c{number}-text", by, kind="text"))
    item(section(made, block="extra"), question(w, f"c{number}-extra", by, kind="rating"))
    return made


def submitted(w: Any, by: str = "asb", **fields: Any) -> Questionnaire:
    return steps.submit(draft(w, by, **fields), by=getattr(w, by))


def returned(w: Any, **fields: Any) -> Questionnaire:
    return steps.send_back(submitted(w, **fields), by=w.asb2, reason="Түсініксіз")


def in_use(w: Any, by: str = "asb", **fields: Any) -> Questionnaire:
    """Written by asb (or whoever is named), approved by asb2."""
    return steps.approve(submitted(w, by, **fields), by=w.asb2)


def before_council(w: Any) -> Questionnaire:
    return submitted(w, checker="academic_council")


def council(w: Any, codes: frozenset[str] = COUNCIL) -> Person:
    """Somebody who carries the Council's word."""
    speaker = copy.copy(w.council)
    speaker.decides_for = codes
    return speaker


def approved_by_council(w: Any) -> Questionnaire:
    return steps.approve(before_council(w), by=council(w), basis="Кеңес № 3.1")


def next_version(w: Any, of: Questionnaire | None = None) -> Questionnaire:
    former = of or in_use(w)
    steps.next_version(former, by=w.asb)
    return Questionnaire.objects.get(code=former.code, version=former.version + 1)


def superseded(w: Any) -> Questionnaire:
    following = next_version(w)
    steps.submit(following, by=w.asb)
    steps.approve(following, by=w.asb2)
    return Questionnaire.objects.get(code=following.code, version=1)


def cancelled(w: Any) -> Questionnaire:
    return steps.cancel(draft(w), by=w.asb, reason="Керек емес")
