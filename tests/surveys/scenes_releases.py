"""Releases made by hand: a yearly survey of 415 students with 75 answers, and one about courses. No ballots, no engine."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.authority import speaking_for
from qa_portal.permissions import SYSTEM
from qa_portal.programmes.models import AcademicYear, Course, Discipline, Term
from qa_portal.workflow.writing import door
from surveys.making import begin
from surveys.models import Campaign, Questionnaire, Release, ReleaseNode, Survey, TeacherReply
from surveys.workflow import releases as steps
from surveys.workflow import replies as reply_steps

COUNCIL = "academic_council"
CLEAR, HEAVY, LOAD, WAY = "st-clear", "st-heavy", "st-load", "st-way"
ROOMS, MARK, HOURS, WORDS = "st-rooms", "st-mark", "st-hours", "st-words"
TEACHES = "co-teaches"


def w3(text: str) -> dict[str, str]:
    return {"kk": f"{text} (қаз)", "ru": f"{text} (рус)", "en": text}


# -- what was asked -----------------------------------------------------------------------------------
def item(code: str, kind: str = "likert", scale: str = "agree", **more: Any) -> dict[str, Any]:
    blank = {"reverse": False, "wording": 1, "options": [], "areas": []}
    return {"code": code, "kind": kind, "scale": scale, "text": w3(f"Question {code}"), **blank, **more}


def sections() -> list[dict[str, Any]]:
    options = [{"code": code, "text": w3(f"Way {code}")} for code in ("bus", "foot")]
    return [
        {
            "code": "s1",
            "name": w3("Teaching"),
            "areas": ["S1.A1"],
            "per_teacher": False,
            "items": [item(CLEAR, areas=["S1.A1"]), item(HEAVY, reverse=True), item(LOAD, scale="bipolar")],
        },
        {
            "code": "s2",
            "name": w3("Conditions"),
            "areas": [],
            "per_teacher": False,
            "items": [
                item(ROOMS, scale="satisfied"),
                item(WAY, "single", "", options=options),
                item(MARK, "rating", ""),
                item(HOURS, "number", ""),
                item(WORDS, "text", ""),
            ],
        },
    ]


def course_sections() -> list[dict[str, Any]]:
    about = {"code": "c1", "name": w3("Course"), "areas": [], "per_teacher": False, "items": [item(CLEAR)]}
    teacher = {"code": "c2", "name": w3("Teacher"), "areas": [], "per_teacher": True, "items": [item(TEACHES)]}
    return [about, teacher]


# -- cells -----------------------------------------------------------------------------------------------
def likert(n: int = 75, mean: float = 4.1, **more: Any) -> dict[str, Any]:
    """Exact from twenty answers on, else a rounded mean and a band."""
    if n < 20:
        cell = {"kind": "likert", "wording": 1, "n": n, "exact": False, "mean": round(mean, 1), "grade": "good"}
        return {**cell, "top2_band": "75–100", **more}
    counts = dict(zip("12345", (0, n // 15, n // 5, n // 3, 0), strict=True))
    counts["5"] = n - sum(counts.values())
    top = (counts["4"] + counts["5"]) / n
    found = {
        "kind": "likert", "wording": 1, "n": n, "exact": True, "mean": mean, "mean_low": mean - 0.2, "mean_high": mean + 0.2,
        "grade": "good", "top2": top, "top2_low": top - 0.1, "top2_high": min(top + 0.1, 1), "counts": counts,
        "apart": {"na": 6, "refused": 0},
    }  # fmt: skip
    return {**found, **more}


def low(n: int = 75) -> dict[str, Any]:
    counts = {"1": n // 3, "2": n // 3, "3": n - 2 * (n // 3) - 5, "4": 3, "5": 2}
    return likert(n, 2.1, grade="poor", top2=5 / n, top2_low=0.03, top2_high=0.15, counts=counts)


def around(n: int = 75) -> dict[str, Any]:
    counts = {"1": 5, "2": 10, "3": n - 30, "4": 10, "5": 5}
    cell = {"kind": "likert", "wording": 1, "n": n, "exact": True, "mean": 3.0, "counts": counts, "apart": {}}
    return {**cell, "ideal": (n - 30) / n, "too_little": 15 / n, "too_much": 15 / n}


def whole(n: int = 75) -> dict[str, Any]:
    shares = {"bus": [0.6, 0.5, 0.7], "foot": [0.4, 0.3, 0.5]}
    points = {str(step): (n if step == 8 else 0) for step in range(11)}
    return {
        CLEAR: likert(n),
        HEAVY: likert(n, 3.4, grade="fair"),
        LOAD: around(n),
        ROOMS: low(n),
        WAY: {"kind": "single", "wording": 1, "n": n, "exact": True, "shares": shares, "apart": {}},
        MARK: {
            "kind": "rating", "wording": 1, "n": n, "exact": True, "mean": 8.0, "mean_low": 7.8, "mean_high": 8.2, "top2": 0.0,
            "top2_low": 0.0, "top2_high": 0.05, "counts": points, "apart": {},
        },
        HOURS: {"kind": "number", "wording": 1, "n": n, "exact": True, "mean": 12.5, "median": 12, "low": 9, "high": 15},
    }  # fmt: skip


def facts(w: Any, year: int) -> dict[str, Any]:
    def stratum(path: str, label: str, invited: int, answered: int, **more: bool) -> dict[str, Any]:
        shares = {"share_invited": round(invited / 415, 4), "share_answered": round(answered / 75, 4)}
        row = {"tree": SCHOOLS, "path": path, "label": w3(label), "invited": invited, "answered": answered}
        return {**row, **shares, "apart": False, "public": False, **more}

    strata = [
        stratum(f"{w.school.pk}", "Medicine", 300, 55, public=True),
        stratum(f"{w.far_school.pk}", "Law", 115, 20, apart=True),
    ]
    reliability = [
        {"section": "s1", "name": w3("Teaching"), "n": 70, "alpha": 0.81, "warning": True, "public": True,
         "items": [{"code": CLEAR, "rest": 0.6, "without": 0.7}, {"code": HEAVY, "rest": -0.1, "without": 0.9}]},
    ]  # fmt: skip
    points = [
        {
            "year": year - 2,
            "release": 0,
            "mean": 3.7,
            "top2": 0.6,
            "n": 60,
            "wording": 1,
            "break": False,
            "public": True,
        },
        {
            "year": year - 1,
            "release": 0,
            "mean": 3.9,
            "top2": 0.7,
            "n": 8,
            "wording": 1,
            "break": False,
            "public": False,
        },
        {"year": year, "release": 0, "mean": 4.1, "top2": 0.73, "n": 75, "wording": 2, "break": True, "public": True},
    ]
    return {
        "numbers": {"k_inside": 5, "k_public": 10},
        "response": {"invited": 415, "answered": 75, "rate": 0.1807, "margin": 0.1025},
        "strata": strata,
        "sections": sections(),
        "reliability": reliability,
        "trend": {CLEAR: points},
        "texts": {WORDS: 24},
    }


# -- campaigns ----------------------------------------------------------------------------------------------
def questionnaire(w: Any, **fields: Any) -> Questionnaire:
    values = {
        "code": f"students-{Questionnaire.objects.count() + 1}",
        "audience": "students",
        "designer": "quality_manager",
        "checker": COUNCIL,
        "state": "superseded",
        "name_kk": "Студенттер сауалнамасы",
        "name_ru": "Анкета студентов",
        "name_en": "Survey of students",
        **fields,
    }
    with door("import"):
        made = Questionnaire(**values)
        made.save()
    return made


def campaign(w: Any, of: Questionnaire | None = None, **fields: Any) -> Campaign:
    today = timezone.localdate()
    number = Campaign.objects.count() + 1
    values = {
        "questionnaire": of or questionnaire(w),
        "name_kk": f"Студенттер {number}",
        "name_ru": f"Студенты {number}",
        "name_en": f"Students {number}",
        "year": today.year,
        "opens_on": today - datetime.timedelta(days=40),
        "closes_on": today - datetime.timedelta(days=10),
        "report_due": today + datetime.timedelta(days=30),
        "state": Campaign.OPENED,
        "trees": [["school", "department"]],
        **fields,
    }
    with door("import"):
        made = Campaign(**values)
        made.save()
    return made


# -- groups -----------------------------------------------------------------------------------------------
def node(release: Release, tree: str, path: str, label: str, cells: dict[str, Any], **fields: Any) -> ReleaseNode:
    place = release.nodes.count()
    values = {"scope": "inside", "depth": len(path.split("/")) if path else 0, "place": place, **fields}
    return ReleaseNode.objects.create(release=release, tree=tree, path=path, label=w3(label), cells=cells, **values)


SCHOOLS = "school/department"


def fill(w: Any, release: Release) -> Release:
    """The whole, two schools, departments of the first of which two are hidden; in public the whole and one school."""
    node(release, "", "", "All", whole(), invited=415, answered=75)
    medicine = f"{w.school.pk}"
    node(release, SCHOOLS, medicine, "Medicine", {CLEAR: likert(55, 4.2), ROOMS: low(55)}, unit=w.school, answered=55)
    law = f"{w.far_school.pk}"
    node(release, SCHOOLS, law, "Law", {CLEAR: likert(20, 3.9)}, unit=w.far_school, invited=115, answered=20)
    therapy = f"{medicine}/{w.department.pk}"
    node(release, SCHOOLS, therapy, "Therapy", {CLEAR: likert(12, 4.3)}, unit=w.department, invited=60, answered=12)
    surgery = f"{medicine}/{w.other.pk}"
    node(release, SCHOOLS, surgery, "Surgery", {}, unit=w.other, hidden=True)
    node(release, SCHOOLS, f"{medicine}/9999", "Dentistry", {}, hidden=True)
    open_ = {CLEAR: likert(), ROOMS: low()}
    node(release, "", "", "All", open_, scope="public", invited=415, answered=75)
    node(release, SCHOOLS, medicine, "Medicine", {CLEAR: likert(55, 4.2)}, scope="public", unit=w.school, answered=55)
    return settled(release, facts(w, release.campaign.year))


def settled(release: Release, found: dict[str, Any]) -> Release:
    with door("import"):
        Release.objects.filter(pk=release.pk).update(facts=found, rules_version="1", digest="d" * 64)
    release.refresh_from_db()
    return release


# -- a release in each of its states -----------------------------------------------------------------------
def making(w: Any, of: Campaign | None = None, **fields: Any) -> Any:
    return begin(of or campaign(w, **fields), w.asb)


def halted(w: Any) -> Any:
    return steps.halt(making(w), by=SYSTEM, reason="Кілт табылмады")


def made(w: Any, **fields: Any) -> Any:
    return steps.made(fill(w, making(w, **fields)), by=SYSTEM)


def recommended(w: Any, **fields: Any) -> Any:
    row = made(w, **fields)
    return steps.add_recommendation(
        row, by=w.asb, text="Кітапхана кешке дейін ашық болсын", unit=w.department.pk, question=ROOMS
    )


def concluded(w: Any, **fields: Any) -> Any:
    """With conclusions and one recommendation, ready to be sent."""
    row = recommended(w, **fields)
    row.summary_kk, row.conclusions_kk = "Оқыту жақсы, бөлмелер нашар.", "Бөлмелерді жөндеу керек."
    row.save_changes(by=w.asb)
    return row


def sent(w: Any, **fields: Any) -> Any:
    return steps.send(concluded(w, **fields), by=w.asb)


def considered(w: Any, **fields: Any) -> Any:
    return steps.consider(sent(w, **fields), by=speaking_for(w.council, COUNCIL), basis="№ 3")


def published(w: Any, **fields: Any) -> Any:
    return steps.publish(considered(w, **fields), by=w.asb)


def withdrawn(w: Any) -> Any:
    return steps.withdraw(sent(w), by=w.asb, reason="Қате")


def for_manager(w: Any) -> Any:
    """Of a questionnaire that the quality manager checks: it may be published without the Council."""
    return sent(w, of=campaign(w, questionnaire(w, checker="quality_manager")))


# -- about courses -------------------------------------------------------------------------------------------
def course(w: Any, code: str, unit: Any, *teachers: str) -> Course:
    today = timezone.localdate()
    year = AcademicYear.objects.get_or_create(
        name="2025/2026",
        defaults={"since": today - datetime.timedelta(days=300), "until": today + datetime.timedelta(days=60)},
    )[0]
    term = Term.objects.get_or_create(
        year=year, season="autumn", defaults={"since": year.since, "until": today - datetime.timedelta(days=20)}
    )[0]
    discipline = Discipline.objects.create(code=code, name_kk=code, unit=unit, credits=5)
    found = Course.objects.create(discipline=discipline, term=term)
    found.teachers.set([getattr(w, username) for username in teachers])
    return found


#: code, unit, teacher: three courses of therapy and surgery, one of the far school
COURSES = (("THER", "department", "staff"), ("CARD", "department", "staff2"), ("SURG", "other", "head2"), ("LAW", "far_school", "stranger"))  # fmt: skip


def course_campaign(w: Any) -> Campaign:
    asked = questionnaire(
        w, code=f"course-{Questionnaire.objects.count() + 1}", about_courses=True, checker="quality_manager"
    )
    found = campaign(w, asked, way=Campaign.Way.COURSES, trees=[["course"]])
    for number, (code, unit, teacher) in enumerate(COURSES):
        person = getattr(w, teacher)
        taught = course(w, f"{code}{found.pk}", getattr(w, unit), teacher)
        frozen = [{"id": person.pk, "name": w3(person.get_full_name())}]
        Survey.objects.create(campaign=found, course=taught, title=w3(f"Course {code} {number}"), teachers=frozen)
    return found


def fill_courses(w: Any, release: Release) -> Release:
    surveys = dict(
        zip((code for code, _unit, _teacher in COURSES), release.campaign.surveys.order_by("pk"), strict=True)
    )
    med, far = f"{w.school.pk}", f"{w.far_school.pk}"
    node(release, "", "", "All", {CLEAR: likert(80), TEACHES: likert(80)}, invited=200, answered=80)
    for tree in ("course", "teacher"):
        code_of = CLEAR if tree == "course" else TEACHES
        groups = [
            (med, "Medicine", w.school, 60), (f"{med}/{w.department.pk}", "Therapy", w.department, 40),
            (f"{med}/{w.other.pk}", "Surgery", w.other, 20), (far, "Law", w.far_school, 20),
        ]  # fmt: skip
        for path, label, unit, n in groups:
            node(release, tree, path, label, {code_of: likert(n)}, unit=unit, answered=n)
        for code, unit_name, teacher in COURSES:
            unit = getattr(w, unit_name)
            above = far if unit_name == "far_school" else f"{med}/{unit.pk}"
            survey = surveys[code]
            path, more = f"{above}/c{survey.pk}", {"unit": unit, "survey": survey, "answered": 20}
            if tree == "teacher":
                person = getattr(w, teacher)
                path, more = f"{path}/t{person.pk}", {**more, "teacher": person}
            node(release, tree, path, f"{tree} {code}", {code_of: likert(20)}, **more)
    node(release, "", "", "All", {CLEAR: likert(80)}, scope="public", invited=200, answered=80)
    base = facts(w, release.campaign.year) | {
        "sections": course_sections(),
        "trend": {},
        "reliability": [],
        "strata": [],
    }
    return settled(release, base)


def courses_made(w: Any) -> Any:
    row = steps.made(fill_courses(w, begin(course_campaign(w), w.asb)), by=SYSTEM)
    row.conclusions_kk = "Курстар жақсы."
    row.save_changes(by=w.asb)
    return row


def courses_sent(w: Any) -> Any:
    return steps.send(courses_made(w), by=w.asb)


def own_node(w: Any, release: Release, teacher: str = "staff") -> ReleaseNode:
    return release.nodes.get(scope="inside", teacher=getattr(w, teacher))


def reply(w: Any, of: Release | None = None, teacher: str = "staff") -> Any:
    release = of or courses_sent(w)
    person = getattr(w, teacher)
    text = "Рақмет, практиканы көбейтемін."
    return TeacherReply(node=own_node(w, release, teacher), teacher=person, text=text).add(by=person)


def reply_withdrawn(w: Any) -> Any:
    return reply_steps.withdraw(reply(w), by=w.staff)


def names(rows: Any) -> list[str]:
    """Labels of groups in English, in order."""
    return [row.label["en"] for row in rows]
