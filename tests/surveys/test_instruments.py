"""The instruments that come with the portal: the files, and their loading."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from qa_portal.permissions import SYSTEM
from standards.reading import FOLDER as CATALOGUE
from standards.registers.reading import Outcome
from surveys import loading
from surveys.conditions import problems
from surveys.content import LANGUAGES, asked, freeze
from surveys.models import Question, QuestionKind, Questionnaire

TRIO = set(LANGUAGES)
#: N1 §4.1.7–4.1.13: one section an aim (the last aim of the yearly ones is a part of the report)
SECTIONS = {"students": 11, "teachers": 8, "doctoral": 8, "course": 8, "graduates": 3, "employers": 5}
BASIS = {
    "students": "N1 §4.1.7", "teachers": "N1 §4.1.8", "doctoral": "N1 §4.1.9", "course": "N1 §4.1.10",
    "graduates": "N1 §4.1.12", "employers": "N1 §4.1.13",
}  # fmt: skip


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in loading.instruments()}


def items_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for section in row["sections"] for item in section["items"]]


def words_in(value: Any) -> list[dict[str, str]]:
    """Every value in three languages inside."""
    if isinstance(value, dict):
        found = [{code: value[code] for code in LANGUAGES if code in value}] if TRIO & value.keys() else []
        return found + [words for inner in value.values() for words in words_in(inner)]
    if isinstance(value, list):
        return [words for inner in value for words in words_in(inner)]
    return []


def load() -> str:
    out = StringIO()
    call_command("load_instruments", stdout=out)
    return out.getvalue()


# -- the files ----------------------------------------------------------------------------------------------------
def test_twelve_instruments_have_a_section_for_each_aim_and_name_their_clause(files):
    assert sorted(files) == [
        "conditions", "course", "cpd", "doctoral", "employers", "experts", "graduates", "is_users", "monitoring",
        "students", "teacher_by_students", "teachers",
    ]  # fmt: skip
    for code, wanted in SECTIONS.items():
        core = [section for section in files[code]["sections"] if not section.get("block")]
        assert len(core) == wanted, code
        assert files[code]["basis"].startswith(BASIS[code])


def test_every_word_stands_in_three_languages(files):
    for code, row in files.items():
        said = words_in(row)
        assert len(said) > 20, code
        for words in said:
            assert words.keys() == TRIO, words
            assert all(text.strip() == text and text for text in words.values()), words
            for text in words.values():
                assert "  " not in text, text


def test_no_question_is_asked_twice_and_codes_are_one_across_instruments(files):
    codes = [item["code"] for row in files.values() for item in items_of(row)]
    assert len(codes) == len(set(codes))
    for code, row in files.items():
        for section in row["sections"]:
            texts = [item["text"]["kk"] for item in section["items"]]
            assert len(texts) == len(set(texts)), code


def test_areas_are_of_the_catalogue(files):
    known = {
        area["code"]
        for path in sorted(CATALOGUE.glob("s[0-9]*.yaml"))
        for area in yaml.load(path.read_text(encoding="utf-8"), Loader=loading._loader)["areas"]  # noqa: S506
    }
    for row in files.values():
        named = {*row["areas"]}
        for part in (*row["sections"], *items_of(row)):
            named |= set(part.get("areas", ()))
        assert row["areas"]
        assert named <= known, sorted(named - known)
        assert all(section["areas"] for section in row["sections"])


def test_a_yearly_questionnaire_is_short_enough_and_uses_what_the_portal_can_do(files):
    core = [item for section in files["students"]["sections"] if not section.get("block") for item in section["items"]]
    assert 45 <= len(core) <= 52
    assert sorted({section["block"] for section in files["students"]["sections"] if section.get("block")}) == [
        "clinical",
        "dormitory",
    ]
    for code, row in files.items():
        items = items_of(row)
        assert any(item["kind"] == QuestionKind.TEXT for item in items[-2:]), code
        assert any(item.get("reverse") for item in items), code
        if code in SECTIONS:
            assert any(item.get("scale") == "bipolar" for item in items), code
            assert any(item["kind"] == QuestionKind.RATING for item in items), code
        assert not any(item.get("required") for item in items), code


def test_what_is_dangerous_to_say_may_be_refused(files):
    words = ("жемқорлық", "ақша, сыйлық", "күйзеліс", "қысым жасалады", "зиян")
    found = [item for row in files.values() for item in items_of(row) if any(w in item["text"]["kk"] for w in words)]
    assert len(found) >= 6
    assert [item["code"] for item in found if not item.get("refuse")] == []


def test_nobody_is_asked_who_they_are(files):
    asked_for = (
        "аты-жөн",
        "фамили",
        "ФИО",
        "тобыңыз",
        "в какой группе",
        "жасыңыз",
        "Ваш возраст",
        "инвалид",
        "мүгедек",
    )
    for row in files.values():
        for item in items_of(row):
            assert not any(word in str(item["text"]) for word in asked_for), item["code"]


def test_the_source_university_is_not_named():
    for path in loading.FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert not any(word in text for word in ("КАЗГЮУ", "Ясауи", "Canvas", "Platonus", "ААЖ", " QM ")), path.name


# -- loading ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_loaded_questionnaires_are_in_use_and_without_any_problem(files):
    assert "Added questions and questionnaires" in load()
    made = {row.code: row for row in Questionnaire.objects.all()}
    assert sorted(made) == sorted(files)
    for code, row in made.items():
        assert (row.state, row.version, row.decision, row.approved_on) == (Questionnaire.IN_USE, 1, "", None)
        assert problems(row.fixed, row.about_courses) == [], code
        assert freeze(row) == row.fixed
        assert [item["code"] for s in row.fixed["sections"] for item in s["items"]] == [
            item["code"] for item in items_of(files[code])
        ]
    assert {question.state for question in Question.objects.all()} == {Question.IN_USE}


@pytest.mark.django_db
def test_a_question_arrives_as_its_file_has_it():
    load()
    hard = Question.objects.get(code="st-assess-appeal")
    assert (hard.scale, hard.allow_na, hard.allow_refuse, hard.reverse) == ("agree", True, False, False)
    assert hard.areas == ["S3.A6"]
    bribe = Question.objects.get(code="te-honest-bribe")
    assert (bribe.kind, bribe.allow_na, bribe.allow_refuse) == ("single", False, True)
    assert [option["code"] for option in bribe.options] == ["self", "heard", "no"]
    assert bribe.history.get().by is None
    course = Questionnaire.objects.get(code="course")
    teachers = [{"id": n, "name": {"kk": f"№{n}"}} for n in (7, 8)]
    sections = asked(course.fixed, teachers)
    assert len(sections) == 5 + 3 * 2
    assert [section.teacher for section in sections if section.teacher] == [7, 8] * 3


@pytest.mark.django_db
def test_a_second_load_changes_nothing_and_what_the_office_changed_stays():
    load()
    before = (Question.objects.count(), Questionnaire.objects.count())
    assert "nothing was added" in load()
    changed = Question.objects.get(code="st-org-timetable")
    changed.text_kk = "Кесте қолайлы ма?"
    changed.save_changes(by=SYSTEM, why="Түсінікті болсын")
    outcome = Outcome()
    loading.load(outcome)
    assert outcome.made == []
    assert [line.split(":")[0] for line in outcome.differs] == ["st-org-timetable"]
    changed.refresh_from_db()
    assert (changed.text_kk, changed.wording) == ("Кесте қолайлы ма?", 2)
    assert (Question.objects.count(), Questionnaire.objects.count()) == before


@pytest.mark.django_db
def test_a_questionnaire_of_the_office_is_left_alone():
    own = Questionnaire(
        code="students", audience="students", designer="quality_manager", checker="academic_council",
        name_kk="Өзіміздікі", name_ru="Наша", name_en="Ours",
    )  # fmt: skip
    own.add(by=SYSTEM)
    outcome = Outcome()
    loading.load(outcome)
    assert "students" not in outcome.made
    assert outcome.differs == []
    assert list(Questionnaire.objects.filter(code="students").values_list("name_kk", "state")) == [
        ("Өзіміздікі", Questionnaire.DRAFT)
    ]
    assert Question.objects.filter(code="st-org-overall").exists()
