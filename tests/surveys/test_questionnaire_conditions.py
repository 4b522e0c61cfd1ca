"""What is wrong with a questionnaire while it is written: conditions, words, blocks; typed answers; invented ones."""

from __future__ import annotations

import pytest

from surveys import conditions
from surveys.content import judge, shown_keys
from surveys.drafting import differences
from surveys.invented_report import cells_of
from surveys.inventing import NUMBER, invent
from surveys.options import as_lines, read_lines

W = {"kk": "сөз", "ru": "слово", "en": "word"}
OPTIONS = [{"code": "yes", "text": W}, {"code": "no", "text": W}]


def item(code, kind="likert", **fields):
    values = {
        "code": code, "wording": 1, "kind": kind, "scale": "agree" if kind == "likert" else "", "reverse": False,
        "text": W, "hint": {}, "na": False, "refuse": False, "required": False, "remark": False,
        "options": OPTIONS if kind in ("single", "multiple") else [], "low": None, "high": None, "areas": [], "show_if": {},
    }  # fmt: skip
    return {**values, **fields}


def section(*items, code="s1", **fields):
    values = {"code": code, "name": W, "intro": {}, "block": "", "per_teacher": False, "areas": []}
    return {**values, "items": list(items), **fields}


def content(*sections):
    return {"name": W, "intro": {}, "thanks": {}, "sections": list(sections)}


def shown_if(code, op="in", *values):
    return {"code": code, "op": op, "values": list(values)}


def said(whole, about_courses=False):
    """(level, item or section) of each problem."""
    return [(p.level, p.item or p.section) for p in conditions.problems(whole, about_courses)]


def test_a_sound_questionnaire_has_no_problem():
    whole = content(
        section(item("a", "single"), item("b", show_if=shown_if("a", "in", "yes")), item("c", "rating")),
        section(item("d", "text", show_if=shown_if("c", "at_most", 6)), code="s2"),
        section(
            item("e", "number", low=0, high=10), item("f", show_if=shown_if("e", "at_least", 3)), code="s3", block="x"
        ),
    )
    assert said(whole) == []


@pytest.mark.parametrize(
    "condition",
    [
        shown_if("nowhere", "in", "yes"),  # unknown
        shown_if("z", "answered"),  # later
        shown_if("b", "answered"),  # itself
        shown_if("a", "in", "perhaps"),  # no option
        shown_if("a", "in"),  # names no answer
        shown_if("a", "at_least", 1),  # not a number
        shown_if("r", "at_least", 11),  # beyond the scale
        shown_if("r", "at_most", -1),
        shown_if("r", "at_least", 1, 2),  # takes one
        shown_if("t", "in", "x"),  # a free text
        shown_if("l", "in", 6),
        shown_if("n", "at_least", 21),
        shown_if("a", "like", "yes"),  # not understood
        shown_if("o", "in", "yes"),  # in an optional block
    ],
)
def test_a_condition_that_leads_nowhere_is_an_error(condition):
    whole = content(
        section(
            item("a", "single"),
            item("r", "rating"),
            item("l"),
            item("t", "text"),
            item("n", "number", low=0, high=20),
        ),
        section(item("o", "single"), code="s2", block="extra"),
        section(item("b", show_if=condition), item("z"), code="s3"),
    )
    assert ("error", "b") in said(whole)
    assert {where for level, where in said(whole) if level == "error"} == {"b"}


def test_conditions_in_a_circle_are_named_with_the_way_round():
    whole = content(
        section(
            item("a", show_if=shown_if("c", "answered")),
            item("b", show_if=shown_if("a", "answered")),
            item("c", show_if=shown_if("b", "answered")),
        )
    )
    found = conditions.errors(whole)
    assert any("a → c → b → a" in problem.text for problem in found)
    # nobody reaches the section either
    assert any(problem.section == "s1" and not problem.item for problem in found)


def test_what_hangs_on_something_never_shown_is_never_shown_itself():
    whole = content(
        section(item("a", "single", required=True)),
        # everybody must answer yes or no, so this is never shown …
        section(item("b", "single", show_if=shown_if("a", "not_in", "yes", "no")), code="s2"),
        # … nor what asks for its answer, though it must be answered
        section(item("c", required=True, show_if=shown_if("b", "in", "yes")), code="s3"),
    )
    found = said(whole)
    assert found.count(("error", "c")) == 2  # never true, and must be answered
    assert {("error", "b"), ("error", "s2"), ("error", "s3")} <= set(found)
    # passing over makes it possible
    whole["sections"][0]["items"][0]["required"] = False
    assert said(whole) == []


def test_a_condition_that_is_always_true_is_said_and_does_not_block():
    whole = content(section(item("a", "single", required=True), item("b", show_if=shown_if("a", "in", "yes", "no"))))
    assert said(whole) == [("warning", "b")]
    assert conditions.errors(whole) == []
    whole["sections"][0]["items"][0]["na"] = True  # "not applicable" meets no condition
    assert said(whole) == []


def test_missing_words_are_named_by_language():
    half = {"kk": "сөз", "ru": "", "en": "word"}
    whole = content(
        section(item("a", "single", text=half, options=[{"code": "x", "text": half}]), intro={"kk": "бар"}),
    )
    texts = [problem.text for problem in conditions.errors(whole)]
    assert sum("Русский" in text for text in texts) == 3
    assert sum("English" in text for text in texts) == 1
    assert len(texts) == 4  # one answer is not a choice


def test_blocks_sections_and_the_whole():
    assert said(content()) == [("error", "")]
    assert said(content(section())) == [("error", ""), ("error", "s1")]
    assert ("error", "") in said(content(section(item("a"), block="x")))  # no core
    assert ("error", "a") in said(content(section(item("a")), section(item("a"), code="s2")))  # twice
    about_teachers = content(section(item("a")), section(item("b"), code="s2", per_teacher=True))
    assert said(about_teachers) == [("error", "s2")]
    assert said(about_teachers, about_courses=True) == []
    about_teachers["sections"].append(section(item("c", show_if=shown_if("b", "answered")), code="s3"))
    assert said(about_teachers, about_courses=True)[0] == ("error", "c")


def test_a_condition_in_words():
    items = {"a": item("a", "single", text={"kk": "Бар ма?"}, options=[{"code": "yes", "text": {"kk": "Иә"}}])}
    assert "Бар ма?" in conditions.in_words(shown_if("a", "in", "yes"), items)
    assert "Иә" in conditions.in_words(shown_if("a", "in", "yes"), items)
    assert conditions.in_words({}, items) == ""


def test_the_core_is_compared_with_the_version_before():
    former = content(section(item("a"), item("b"), item("c")), section(item("d"), code="s2", block="x"))
    now = content(section(item("a", wording=2), item("e")), section(item("c"), code="s2", block="y"))
    found = differences(former, now)
    assert (found.dropped, found.new, found.reworded) == (["b", "c"], ["e"], ["a"])
    assert not differences(former, former)


# -- answers typed as lines ---------------------------------------------------------------------------------------------
def test_answers_are_typed_as_lines_and_come_back_as_they_were():
    text = "yes = Иә | Да | Yes\n\n no=Жоқ|Нет|No \nБасқа | Другое | Other"
    found, wrong = read_lines(text)
    assert wrong == []
    assert [option["code"] for option in found] == ["yes", "no", "a1"]
    assert found[2] == {"code": "a1", "kk": "Басқа", "ru": "Другое", "en": "Other"}
    assert read_lines(as_lines(found)) == (found, [])
    partly = [{"code": "x", "kk": "", "ru": "Да", "en": ""}]
    assert read_lines(as_lines(partly)) == (partly, [])


@pytest.mark.parametrize(
    "text", ["na = Жоқ", "Үлкен = Иә", "a = ", "a = Иә\na = Жоқ", "a = 1|2|3|4", f"a = {'ә' * 201}", "a b = x"]
)
def test_a_line_that_is_not_understood_is_named_by_its_number(text):
    _found, wrong = read_lines(text)
    assert len(wrong) == 1
    assert str(len(text.splitlines())) in wrong[0]


# -- invented answers ---------------------------------------------------------------------------------------------------
WHOLE = content(
    section(
        item("a", "single"),
        item("b", show_if=shown_if("a", "in", "yes"), na=True),
        item("c", "multiple"),
        item("d", "number", low=1, high=5, required=True),
        item("e", "rating", refuse=True),
        item("f", "text"),
    ),
    section(item("g", reverse=True), code="s2", per_teacher=True),
)


def test_invented_answers_are_the_same_each_time_and_fit_the_questions():
    sections, rows = invent(WHOLE, seed=7)
    assert (sections, rows) == invent(WHOLE, seed=7)
    assert rows != invent(WHOLE, seed=8)[1]
    assert len(rows) == NUMBER
    for row in rows:
        judged = judge(sections, row)
        assert judged.complete
        assert judged.answers == row
        assert set(row) <= shown_keys(sections, row)
    assert {"g@1", "g@2"} <= {key for row in rows for key in row}


def test_the_report_of_invented_answers_has_the_cells_of_a_release():
    cells = cells_of(WHOLE, seed=7)
    assert sorted(cells) == ["a", "b", "c", "d", "e", "g"]  # texts have none
    assert sum(cells["a"]["counts"].values()) == cells["a"]["n"] <= NUMBER
    assert 1 <= cells["b"]["mean"] <= 5
    assert cells["d"]["n"] == NUMBER
    assert cells["g"]["n"] > NUMBER  # of two teachers
    assert cells_of(content(section()), seed=7) == {}
