"""The page of questions: what stands on it, what comes back from it, and that browser and server follow one set of conditions."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from surveys import content
from surveys.answer_sheet import lay_out, typed
from surveys.scales import WORDS, words_of

from . import scenes_answering as scenes

HERE = Path(__file__).parent
SCRIPT = HERE.parents[1] / "static" / "js" / "answer-rules.js"
VECTORS = json.loads((HERE / "show_if.json").read_text())


def sections(*made, teachers=()):
    return content.asked(scenes.content(*made), teachers)


def asked(key, show_if=None, kind="likert"):
    return scenes.item(key, kind, show_if=show_if or {}, options=scenes.options("x", "z"), na=True, refuse=True)


# -- conditions, here and in the browser ------------------------------------------------------------------------------
@pytest.mark.parametrize("vector", VECTORS["meets"])
def test_a_condition_is_met_as_the_vectors_say(vector):
    assert content.meets(vector["condition"], vector["answers"]) is vector["meets"]


@pytest.mark.parametrize("vector", VECTORS["shown"])
def test_questions_are_shown_as_the_vectors_say(vector):
    items = [asked(key, condition) for key, condition in vector["items"]]
    assert content.shown_keys(sections(scenes.section("s", *items)), vector["answers"]) == set(vector["shown"])


@pytest.mark.parametrize("vector", VECTORS["values"])
def test_controls_are_read_as_the_vectors_say(vector):
    made = sections(scenes.section("s", asked("q", kind=vector["kind"])))
    post = QueryDict(mutable=True)
    post.setlist("q.q", vector["values"])
    assert content.judge(made, typed(made, post)).answers.get("q") == vector["value"]


def test_the_browser_follows_the_same_vectors():
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node; the same vectors are walked on the server")
    done = subprocess.run(
        [node, "--input-type=module", "-e", WALK],
        input=json.dumps({**VECTORS, "script": SCRIPT.read_text()}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout or "null")) == (0, []), done.stderr


WALK = """
let text = "";
for await (const part of process.stdin) text += part;
const vectors = JSON.parse(text);
const script = await import("data:text/javascript;base64," + Buffer.from(vectors.script).toString("base64"));
const wrong = [];
for (const one of vectors.meets) if (script.meets(one.condition, one.answers) !== one.meets) wrong.push(one);
for (const one of vectors.shown) {
  const items = one.items.map(([key, showIf]) => ({ key, showIf }));
  if (JSON.stringify([...script.shown(items, one.answers)]) !== JSON.stringify(one.shown)) wrong.push(one);
}
for (const one of vectors.values) {
  const found = script.valueOf(one.kind, one.values);
  if (JSON.stringify(found ?? null) !== JSON.stringify(one.value)) wrong.push({ ...one, found });
}
console.log(JSON.stringify(wrong));
"""


# -- what stands on the page ------------------------------------------------------------------------------------------
def test_questions_of_one_scale_that_follow_one_another_stand_as_one_table():
    made = sections(
        scenes.section(
            "s",
            scenes.item("a"),
            scenes.item("b", refuse=True),
            scenes.item("c", scale="satisfied"),
            scenes.item("d", "text"),
            scenes.item("e"),
        )
    )
    (page,) = lay_out(made, language="en")
    groups = [([line.key for line in group.lines], group.battery) for group in page.groups]
    assert groups == [(["a", "b"], True), (["c"], True), (["d"], False), (["e"], True)]
    assert [code for code, _word in page.groups[0].apart] == ["na", "refused"]


def test_every_scale_has_five_words():
    assert {scale: len({str(word) for word in words}) for scale, words in WORDS.items()} == dict.fromkeys(WORDS, 5)
    assert words_of("unknown") == WORDS["agree"]


def test_what_stands_apart_is_not_offered_beside_an_empty_text_box_unless_it_must_be_filled():
    made = sections(
        scenes.section("s", scenes.item("a", "text", na=True), scenes.item("b", "text", na=True, required=True))
    )
    (page,) = lay_out(made, language="en")
    assert [[choice.value for choice in group.lines[0].apart] for group in page.groups] == [[], ["na"]]


def test_a_section_for_each_teacher_stands_once_a_teacher():
    teachers = [{"id": 7, "name": scenes.words("Aigul")}, {"id": 9, "name": scenes.words("Nurlan")}]
    made = sections(scenes.section("t", scenes.item("a"), per_teacher=True), teachers=teachers)
    pages = lay_out(made, {"a@9": 4}, "en")
    assert [(page.teacher, page.groups[0].lines[0].name) for page in pages] == [("Aigul", "q.a@7"), ("Nurlan", "q.a@9")]
    assert [choice.value for choice in pages[1].groups[0].lines[0].choices if choice.chosen] == ["4"]


@pytest.mark.django_db
def test_the_partial_needs_no_request_and_speaks_the_language_asked_for():
    """Authors look at it in each language with what they typed."""
    answers = {"clear": 2, "why": "Because", "recommend#": "A remark", "tools": ["screen"], "hours": 12}
    context = {"sections": sections(), "answers": answers, "language": "ru", "errors": {"fair": "Нужен ответ"}}
    html = render_to_string("surveys/answer/sections.html", context)
    assert "Question clear (рус)" in html and "(қаз)" not in html
    assert 'name="q.clear" value="2" checked' in html and 'value="screen" checked' in html
    assert ">Because</textarea>" in html and ">A remark</textarea>" in html and 'value="12"' in html
    assert '<p class="wrong" id="a-fair-wrong" data-wrong>Нужен ответ</p>' in html
    assert html.count("<legend>") == html.count("<fieldset") == 5


@pytest.mark.django_db
def test_what_is_typed_cannot_leave_its_place_on_the_page():
    context = {
        "sections": sections(),
        "answers": {"why": "</textarea><script>x</script>"},
        "language": "en",
        "errors": {},
    }
    assert "<script>" not in render_to_string("surveys/answer/sections.html", context)


# -- what comes back ----------------------------------------------------------------------------------------------------
def test_an_answer_counts_more_than_what_stands_apart_from_it():
    made = sections(scenes.section("s", asked("m", kind="multiple"), asked("n", kind="number")))
    post = QueryDict("q.m=na&q.m=x&q.n=5&q.n=na")
    assert typed(made, post) == {"m": ["x"], "n": "5"}


def test_fields_of_other_names_are_not_answers():
    assert typed(sections(), QueryDict("clear=5&token=x&q.unknown=1&q.clear=3")) == {"clear": "3"}
