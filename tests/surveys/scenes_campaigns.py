"""What the tests of campaigns live in: a questionnaire in use, students and courses, a campaign in each state."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import Body, BodyKind, Seat
from qa_portal.people.models import Office, Person
from qa_portal.people.roles import Role
from qa_portal.programmes.models import AcademicYear, Course, Discipline, Programme, Student, Term
from qa_portal.workflow.writing import door
from surveys import custody, launching
from surveys.models import Campaign, Invitation, Questionnaire, RosterLine
from surveys.workflow import campaigns as steps

from .scenes_urn import small_content, teacher_content


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


# -- the university ----------------------------------------------------------------------------------------------------
def term(w: Any) -> Term:
    """A term whose classes end in ten days."""
    year, _made = AcademicYear.objects.get_or_create(
        name="2090/2091", defaults={"since": in_days(-200), "until": in_days(160)}
    )
    found, _made = Term.objects.get_or_create(
        year=year, season="autumn", defaults={"since": in_days(-100), "until": in_days(10)}
    )
    return found


def programme(w: Any, code: str = "6B10101", level: str = "bachelor", unit: Any = None) -> Programme:
    found = Programme.objects.filter(code=code).first()
    return found or Programme.objects.create(
        code=code, name=f"Бағдарлама {code}", name_kk=f"Бағдарлама {code}", level=level, unit=unit or w.department
    )


def students(w: Any, number: int, group: str = "ЖМ-21", of: Programme | None = None, **fields: Any) -> list[Student]:
    first = Student.objects.count()
    return Student.objects.bulk_create(
        Student(
            number=f"S{n:05d}",
            name=f"Студент {n}",
            email=f"s{n}@students.example.org",
            programme=of or programme(w),
            group=group,
            **{"year": 2, "language": ("kk", "ru", "en")[n % 3], **fields},
        )
        for n in range(first, first + number)
    )


def course(
    w: Any, code: str = "TER101", groups: tuple[str, ...] = ("ЖМ-21",), teachers: Any = None, unit: Any = None
) -> Course:
    discipline, _made = Discipline.objects.get_or_create(
        code=code,
        defaults={
            "name_kk": f"Пән {code}",
            "name_ru": f"Дисциплина {code}",
            "unit": unit or w.department,
            "credits": 5,
        },
    )
    found, _made = Course.objects.get_or_create(discipline=discipline, term=term(w), defaults={"groups": list(groups)})
    found.teachers.set([w.staff] if teachers is None else teachers)
    return found


def questionnaire(w: Any, code: str = "camp", audience: str = "students", **fields: Any) -> Questionnaire:
    """In use, with its content fixed; one of a code."""
    found = Questionnaire.objects.filter(code=code).first()
    if found is not None:
        return found
    about = fields.get("about_courses", False)
    values = {
        "designer": "school_committee" if about else "quality_manager",
        "checker": "quality_manager",
        "fixed": teacher_content() if about else small_content(),
        **fields,
    }
    found = Questionnaire(code=code, state=Questionnaire.IN_USE, audience=audience, **values)
    found.name_kk, found.name_ru, found.name_en = f"Сауалнама {code}", f"Опрос {code}", f"Survey {code}"
    with door("import"):
        found.save()
    return found


def manager(w: Any) -> Person:
    """The quality manager, who reviews surveys about courses."""
    found = Person.objects.filter(username="manager").first()
    return found or w.person("manager", w.asb_unit, Role.QUALITY_MANAGER, w.university)


def office(w: Any, username: str, role: str) -> Person:
    found = Person.objects.filter(username=username).first() or w.person(username, w.asb_unit)
    Office.objects.get_or_create(
        person=found, role=role, unit=w.university, defaults={"since": datetime.date(2020, 1, 1)}
    )
    return found


def committee(w: Any) -> Body:
    """The committee of the school of medicine; chair: head2, member: staff2."""
    found = Body.objects.filter(code="camp_committee").first()
    if found is not None:
        return found
    kind, _made = BodyKind.objects.get_or_create(
        code="school_committee", defaults={"name_kk": "Мектеп комитеті", "name_en": "School committee"}
    )
    with door("import"):
        found = Body(code="camp_committee", kind=kind, unit=w.school)
        found.name_kk = found.name_ru = found.name_en = "Комитет"
        found.save()
        for username, duty in (("head2", "chair"), ("staff2", "member")):
            Seat(body=found, person=getattr(w, username), duty=duty, since=datetime.date(2020, 1, 1)).save()
    return found


# -- campaigns ---------------------------------------------------------------------------------------------------------
def draft(w: Any, by: str = "asb", **fields: Any) -> Campaign:
    values = {
        "questionnaire": fields.pop("questionnaire", None) or questionnaire(w),
        "year": timezone.localdate().year,
        "opens_on": timezone.localdate(),
        "closes_on": in_days(20),
        "report_due": in_days(60),
        "trees": [["school", "department"], ["level", "year"]],
        **fields,
    }
    campaign = Campaign(**values)
    if not campaign.name:
        campaign.name_kk, campaign.name_ru, campaign.name_en = "Студенттер", "Студенты", "Students"
    return campaign.add(by=getattr(w, by))


def lines(campaign: Campaign, number: int = 12, **fields: Any) -> list[RosterLine]:
    """People without accounts, all of one group unless told."""
    first = RosterLine.objects.count()
    return RosterLine.objects.bulk_create(
        RosterLine(
            campaign=campaign,
            **{
                "email": f"line{n}@example.net",
                "name": f"Адам {n}",
                "language": ("kk", "ru", "en")[n % 3],
                "strata": {"level": "bachelor", "year": "2"},
                **fields,
            },
        )
        for n in range(first, first + number)
    )


def listed(w: Any, number: int = 12, **fields: Any) -> Campaign:
    campaign = draft(w, **fields)
    lines(campaign, number)
    return campaign


def submitted(w: Any, **fields: Any) -> Campaign:
    campaign = listed(w, **fields)
    return steps.submit(campaign, by=campaign.created_by)


def checked(w: Any, **fields: Any) -> Campaign:
    return steps.check(submitted(w, **fields), by=w.asb2)


def rehearsed(campaign: Campaign) -> Campaign:
    """What the urn's step of rehearsing leaves."""
    public = custody.make_key(campaign)
    with door("import"):
        Campaign.objects.filter(pk=campaign.pk).update(public_key=public, rehearsed_on=timezone.localdate())
    campaign.refresh_from_db()
    return campaign


def ready(w: Any, **fields: Any) -> Campaign:
    return rehearsed(checked(w, **fields))


def launching_one(w: Any, **fields: Any) -> Campaign:
    campaign = ready(w, **fields)
    return steps.launch(campaign, by=campaign.created_by)


def opened(w: Any, **fields: Any) -> Campaign:
    """Open for answers, by the worker's own way."""
    campaign = launching_one(w, **fields)
    assert launching.launch(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def opened_before(w: Any, days: int = 10, **fields: Any) -> Campaign:
    """Open since some days: it may be reminded of."""
    campaign = opened(w, **fields)
    with door("import"):
        Campaign.objects.filter(pk=campaign.pk).update(opens_on=in_days(-days))
    campaign.refresh_from_db()
    return campaign


def closed(w: Any, **fields: Any) -> Campaign:
    campaign = opened(w, **fields)
    return steps.close(campaign, by=campaign.created_by, reason="Бәрі жауап берді")


def cancelled(w: Any, **fields: Any) -> Campaign:
    campaign = draft(w, **fields)
    return steps.cancel(campaign, by=campaign.created_by, reason="Қажет емес")


def by_link(w: Any, **fields: Any) -> Campaign:
    values = {"way": Campaign.Way.LINK, "trees": [], "population": 40, **fields}
    return draft(w, questionnaire=questionnaire(w, "employers", "employers", designer="career_centre"), **values)


def about_courses(w: Any, by: str = "asb", **fields: Any) -> Campaign:
    values = {"way": Campaign.Way.COURSES, "term": term(w), "unit": w.school, "trees": [], **fields}
    return draft(w, by=by, questionnaire=questionnaire(w, "course", about_courses=True), **values)


def set_state(campaign: Campaign, state: str, **fields: Any) -> Campaign:
    with door("import"):
        Campaign.objects.filter(pk=campaign.pk).update(state=state, **fields)
    campaign.refresh_from_db()
    return campaign


def took_part(campaign: Campaign, number: int) -> None:
    """The first of the ledger took part, with nothing in the urn: for counts only."""
    rows = Invitation.objects.filter(survey__campaign=campaign).order_by("pk").values_list("pk", flat=True)[:number]
    Invitation.objects.filter(pk__in=list(rows)).update(participated=True)
