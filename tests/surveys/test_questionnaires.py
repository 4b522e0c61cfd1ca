"""The bank of questions and questionnaires: who writes, who checks, wordings, versions, writing in place, previews, paper."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from qa_portal.notices.models import Notice
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door
from surveys.content import freeze
from surveys.models import Campaign, Item, Question, Questionnaire, Section
from surveys.permissions.questionnaires import checking_body
from surveys.reports.questionnaires import QuestionnairePaper
from surveys.views import front
from surveys.workflow import questionnaires as steps

from . import scenes_questionnaires as scenes

pytestmark = pytest.mark.django_db
TYPED = "Жоғалмайтын мәтін"


def api(world, username):
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_authenticate(getattr(world, username))
    return client


def texts(name="text", words=TYPED):
    return scenes.words(name, words)


# -- the bank -------------------------------------------------------------------------------------------------------
def test_a_question_is_written_in_three_languages_with_its_answers_as_lines(world, signed_in):
    client = signed_in("asb")
    data = {
        "code": "q-x",
        "kind": "single",
        **texts(),
        "options": "yes = Иә | Да | Yes\nЖоқ | Нет | No",
        "allow_na": "on",
    }
    answer = client.post("/surveys/questions/add/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Question.objects.get(code="q-x")
    assert made.options == [scenes.YES_NO[0], {"code": "a1", "kk": "Жоқ", "ru": "Нет", "en": "No"}]
    assert (made.state, made.wording, made.authors) == ("draft", 1, [world.asb.pk])
    page = client.get(f"/surveys/questions/{made.pk}/edit/").content.decode()
    assert "yes = Иә | Да | Yes" in page
    assert "three-languages" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "бар"},
        {"text_kk": "", "text_ru": "", "text_en": ""},
        {"kind": "likert"},  # without a scale
        {"kind": "likert", "scale": "bipolar", "reverse": "on"},
        {"options": "na = x"},
        {"kind": "number", "low": 5, "high": 5},
        {"kind": "nothing"},
        {"text_kk": "а\x00б"},
        {"text_kk": "а" * 501},
    ],
)
def test_a_wrong_question_is_not_entered_and_what_was_typed_stays(world, signed_in, wrong):
    data = {"code": "q-x", "kind": "single", **texts(), "options": "a = x", **wrong}
    answer = signed_in("asb").post("/surveys/questions/add/", data)
    assert answer.status_code == 400
    assert not Question.objects.exists()
    if "text_ru" not in wrong:
        assert TYPED in answer.content.decode()


def test_words_read_by_respondents_become_a_new_wording_when_they_change(world, signed_in):
    asked = scenes.standing(world)
    client = signed_in("asb2")
    address = f"/surveys/questions/{asked.pk}/edit/"
    assert str(asked.wording + 1) in client.get(address).context["lead"]
    data = {
        "kind": "single",
        **{f"text_{code}": getattr(asked, f"text_{code}") for code in ("kk", "ru", "en")},
        "options": "yes = Иә | Да | Yes\nno = Жоқ | Нет | No",
        "allow_na": "on",
        "areas": [],
    }
    # what is not read by respondents leaves the wording alone
    assert client.post(address, {**data, "allow_refuse": "on"}).status_code == 302
    assert Question.objects.get(pk=asked.pk).wording == 1
    assert client.post(address, {**data, "text_kk": "Басқа сөз"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.wording, asked.authors) == (2, [world.asb2.pk])
    changes = asked.history.first().changes
    assert {"field": "wording", "old": 1, "new": 2} in changes
    # the questionnaire in use keeps the words that were approved
    item = Item.objects.get(question=asked)
    frozen = freeze(item.section.questionnaire)["sections"][0]["items"][0]
    assert frozen["wording"] == 1
    assert frozen["text"]["kk"] != "Басқа сөз"


def test_a_question_nobody_has_read_keeps_its_first_wording(world):
    asked = scenes.question(world)
    asked.text_kk = "Басқа"
    asked.save_changes(by=world.asb)
    assert Question.objects.get(pk=asked.pk).wording == 1


def test_a_question_is_retired_only_where_nobody_asks_it(world):
    asked = scenes.standing(world)
    with pytest.raises(NotNow):
        steps.retire(asked, by=world.asb, reason="Артық")
    half = scenes.question(world, text_ru="")
    with pytest.raises(NotNow):
        steps.take_up(half, by=world.asb)


# -- who writes -----------------------------------------------------------------------------------------------------
def test_each_kind_of_designer_begins_its_own_and_sees_no_other_draft(world, signed_in):
    scenes.alumni(world), scenes.career(world), scenes.committee(world)
    for username, designer in (("alumni", "alumni_club"), ("career", "career_centre"), ("hr", "school_committee")):
        client = signed_in(username)
        form = client.get("/surveys/questionnaires/add/").context["form"]
        assert [value for value, _label in form.fields["designer"].choices] == [designer]
        assert [value for value, _label in form.fields["checker"].choices] == ["quality_manager"]
        data = {"code": username, "audience": "graduates", "designer": designer, "checker": "quality_manager"}
        answer = client.post("/surveys/questionnaires/add/", {**data, **texts("name")})
        assert answer.status_code == 302, answer.context["form"].errors
        assert client.get(answer.url).status_code == 200
        assert client.get(f"/surveys/questionnaires/{scenes.draft(world).pk}/").status_code == 404
        assert client.post("/surveys/questionnaires/add/", {**data, "checker": "academic_council"}).status_code == 400
    seen = Questionnaire.objects.visible_to(world.hr)
    assert [row.code for row in seen] == ["hr"]
    assert not Questionnaire.objects.visible_to(world.staff).exists()
    assert not Question.objects.visible_to(world.staff).exists()


def test_a_schools_own_questionnaire_is_written_by_its_committee_alone(world):
    scenes.committee(world, world.far_school, "hr")
    scenes.committee(world, world.school, "auditor")
    own = scenes.bare(world, by="hr", designer="school_committee", unit=world.far_school, about_courses=True)
    with pytest.raises(Refused):
        own.name_kk = "Басқа"
        own.save_changes(by=world.auditor)
    assert not Questionnaire.objects.visible_to(world.auditor).filter(pk=own.pk).exists()
    every = scenes.bare(world, by="hr", designer="school_committee")
    assert Questionnaire.objects.visible_to(world.auditor).filter(pk=every.pk).exists()
    with pytest.raises(Refused):
        scenes.bare(world, by="auditor", designer="school_committee", unit=world.far_school)


# -- who checks -----------------------------------------------------------------------------------------------------
def test_nobody_approves_what_they_wrote_neither_the_text_nor_a_new_question(world):
    scenes.alumni(world)
    made = scenes.draft(world, by="alumni", designer="alumni_club", audience="graduates")
    # one officer puts a section in, the other writes a question of it in the bank
    steps.put_section(made, by=world.asb, **scenes.words("name", "Тағы"))
    last = made.sections.order_by("-place").first()
    scenes.item(last, scenes.question(world, "own-words", "asb2"))
    made.refresh_from_db()
    steps.submit(made, by=world.alumni)
    assert {world.alumni.pk, world.asb.pk, world.asb2.pk} <= set(made.authors)
    for username in ("asb", "asb2"):
        with pytest.raises(Refused):
            steps.approve(made, by=getattr(world, username))
        with pytest.raises(Refused):
            steps.send_back(made, by=getattr(world, username), reason="Жоқ")


def test_the_yearly_ones_are_approved_by_the_councils_decision_only(world):
    made = scenes.before_council(world)
    assert checking_body(made) == "academic_council"
    with pytest.raises(Refused):
        steps.approve(made, by=world.asb2)
    waiting = registry.decidable["surveys.questionnaire.approve"]
    assert list(waiting.waiting("academic_council")) == [made]
    assert not waiting.waiting("board").exists()
    steps.approve(made, by=scenes.council(world), basis="Кеңес № 3.1")
    assert (made.state, made.decision) == ("in_use", "Кеңес № 3.1")
    assert waiting.body(made) == ""
    # what the manager checks does not wait for the Council
    assert not waiting.waiting("academic_council").filter(pk=scenes.submitted(world).pk).exists()
    back = scenes.before_council(world)
    steps.send_back(back, by=world.asb2, reason="Толықтыру")
    assert (back.state, back.fixed, back.submitted_on) == ("returned", {}, None)


def test_what_a_body_above_annuls_brings_the_former_version_back(world):
    first = scenes.approved_by_council(world)
    second = scenes.next_version(world, first)
    steps.submit(second, by=world.asb)
    steps.approve(second, by=scenes.council(world), basis="Кеңес № 4.1")
    first.refresh_from_db()
    assert first.state == "superseded"
    steps.undo_approval(second, by=scenes.council(world, scenes.OVER_COUNCIL), reason="Күшін жою")
    first.refresh_from_db()
    assert (first.state, second.state, second.approved_on) == ("in_use", "submitted", None)


def test_approval_takes_up_new_questions_and_tells_the_authors(world):
    made = scenes.in_use(world)
    assert {q.state for q in Question.objects.filter(items__section__questionnaire=made)} == {"in_use"}
    assert Notice.objects.filter(person=world.asb).exists()


# -- what is submitted is what is asked -------------------------------------------------------------------------------
def test_problems_keep_it_from_being_submitted_and_stand_on_the_page(world, signed_in):
    made = scenes.draft(world)
    item = Item.objects.filter(section__questionnaire=made, show_if__isnull=False).order_by("pk")[1]
    item.show_if = {"code": "nowhere", "op": "in", "values": ["x"]}
    item.save()
    with pytest.raises(NotNow):
        steps.submit(made, by=world.asb)
    page = signed_in("asb").get(made.get_absolute_url())
    shown = next(section for section in page.context["sections"] if section["id"] == "problems")
    assert [problem.item for problem in shown["errors"]] == [item.question.code]
    step = next(step for step in page.context["steps"] if step["name"] == "submit")
    assert step["allowed"] is False
    assert "nowhere" in str(step["why_not"])


def test_words_are_fixed_when_submitted_and_free_again_when_sent_back(world):
    made = scenes.submitted(world)
    asked = Question.objects.filter(items__section__questionnaire=made).order_by("pk").first()
    before = freeze(made)
    asked.text_kk = "Басқа"
    asked.save_changes(by=world.asb)
    assert freeze(Questionnaire.objects.get(pk=made.pk)) == before
    steps.send_back(made, by=world.asb2, reason="Жоқ")
    assert freeze(made)["sections"][0]["items"][0]["text"]["kk"] == "Басқа"
    assert len(freeze(made, blocks=[])["sections"]) == 2
    assert len(freeze(made, blocks=["extra"])["sections"]) == 3


def test_the_core_is_locked_what_is_dropped_needs_a_reason_that_stays(world, signed_in):
    former = scenes.in_use(world)
    made = scenes.next_version(world, former)
    assert (made.version, made.state) == (2, "draft")
    assert [s["name"] for s in freeze(made)["sections"]] == [s["name"] for s in freeze(former)["sections"]]
    with pytest.raises(NotNow):
        steps.next_version(former, by=world.asb)
    text = Item.objects.get(section__questionnaire=made, question__kind="text")
    steps.put_item(
        made, by=world.asb, section=text.section.pk, question=scenes.taken_up(world).pk
    )  # else the section stays empty
    steps.remove_part(made, by=world.asb, part=f"item-{text.pk}")
    client = signed_in("asb")
    changed = next(s for s in client.get(made.get_absolute_url()).context["sections"] if s["id"] == "changed")
    assert ("dropped", text.question.code) in [row[:2] for row in changed["rows"]]
    address = f"{made.get_absolute_url()}submit/"
    assert text.question.code in client.get(address).content.decode()
    assert client.post(address, {"note": ""}).status_code == 400
    assert client.post(address, {"note": TYPED}).status_code == 302
    assert made.history.first().why == TYPED
    made.refresh_from_db()
    steps.approve(made, by=world.asb2)
    former.refresh_from_db()
    assert (former.state, made.state) == ("superseded", "in_use")
    assert former.history.first().verb == "supersede"


def test_cancelled_code_may_be_taken_again_with_the_next_number(world, signed_in):
    gone = scenes.cancelled(world)
    data = {"code": gone.code, "audience": "students", "designer": "quality_manager", "checker": "academic_council"}
    client = signed_in("asb")
    assert client.post("/surveys/questionnaires/add/", {**data, **texts("name")}).status_code == 302
    assert Questionnaire.objects.get(code=gone.code, state="draft").version == 2
    assert client.post("/surveys/questionnaires/add/", {**data, **texts("name")}).status_code == 400


# -- writing in place -------------------------------------------------------------------------------------------------
def test_sections_and_questions_are_written_on_pages_of_their_own(world, signed_in):
    made = scenes.bare(world)
    client = signed_in("asb")
    base = made.get_absolute_url()
    assert client.post(f"{base}sections/add/", texts("name", "Оқу")).status_code == 302
    section = Section.objects.get()
    new = {"section": section.pk, "new-code": "n-one", "new-kind": "single", "new-allow_na": "on"}
    new |= {f"new-text_{code}": f"{TYPED} {code}" for code in ("kk", "ru", "en")}
    answer = client.post(f"{base}items/add/", {**new, "new-options": "a = x | y | z\nb = x | y | z", "more": "1"})
    assert answer.url == f"{base}items/add/?section={section.pk}"
    assert client.get(answer.url).context["form"].initial == {"section": section.pk}
    bank = scenes.taken_up(world)
    follow = {"section": section.pk, "question": bank.pk, "remark": "on", "show_code": "n-one", "show_op": "in"}
    assert client.post(f"{base}items/add/", {**follow, "show_values": ["n-one=a"]}).status_code == 302
    first, second = Item.objects.order_by("place")
    assert second.show_if == {"code": "n-one", "op": "in", "values": ["a"]}
    assert (second.question, second.remark) == (bank, True)
    # edited: the condition goes, the section is renamed
    page = client.get(f"{base}items/{second.pk}/")
    assert page.context["form"].initial["show_values"] == ["n-one=a"]
    assert client.post(f"{base}items/{second.pk}/", {"section": section.pk, "required": "on"}).status_code == 302
    second.refresh_from_db()
    assert (second.show_if, second.required, second.remark) == ({}, True, False)
    assert client.post(f"{base}sections/{section.pk}/", texts("name", "Оқыту")).status_code == 302
    section.refresh_from_db()
    assert section.name_kk == "Оқыту қаз"
    made.refresh_from_db()
    assert made.history.filter(verb="put_item").count() == 3
    assert [q.state for q in Question.objects.filter(code="n-one")] == ["draft"]
    assert first.question.created_by == world.asb


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": "", "new-code": "ok", "new-kind": "likert", "new-text_kk": TYPED},  # no scale
        {"show_code": "later", "show_op": "answered"},
        {"show_op": "in"},  # of no question: nothing is wrong, so the code is given too
        {"show_code": "nowhere", "show_op": "in"},
        {"section": "999999"},
        {"question": "999999"},
    ],
)
def test_a_wrong_question_in_its_place_changes_nothing(world, signed_in, wrong):
    made = scenes.draft(world)
    first = Item.objects.filter(section__questionnaire=made).order_by("section__place", "place").first()
    data = {"section": first.section_id, "question": scenes.taken_up(world).pk, **wrong}
    if wrong == {"show_op": "in"}:
        data["show_code"] = first.question.code
    answer = signed_in("asb").post(f"{made.get_absolute_url()}items/add/", data)
    assert answer.status_code == 400
    assert Item.objects.filter(section__questionnaire=made).count() == 4
    assert Questionnaire.objects.get(pk=made.pk).revision == made.revision
    if "new-text_kk" in wrong:
        assert TYPED in answer.content.decode()


def test_parts_go_up_and_down_over_the_edge_of_a_section_and_out(world):
    made = scenes.draft(world)
    order = lambda: list(  # noqa: E731
        Item.objects.filter(section__questionnaire=made)
        .order_by("section__place", "place")
        .values_list("section__place", "question__code")
    )
    (one, choice), (_one, rating), (two, text), extra = order()
    item = Item.objects.get(question__code=rating)
    steps.move_part(made, by=world.asb, part=f"item-{item.pk}", way="down")
    assert order() == [(one, choice), (two, rating), (two, text), extra]
    steps.move_part(made, by=world.asb, part=f"item-{item.pk}", way="up")
    steps.move_part(made, by=world.asb, part=f"item-{item.pk}", way="up")
    assert order()[:2] == [(one, rating), (one, choice)]
    steps.move_part(made, by=world.asb, part=f"item-{item.pk}", way="up")  # it is the first already
    assert order()[:2] == [(one, rating), (one, choice)]
    section = item.section
    steps.move_part(made, by=world.asb, part=f"section-{section.pk}", way="down")
    assert [code for _place, code in order()][:1] == [text]
    steps.remove_part(made, by=world.asb, part=f"section-{section.pk}")
    assert [code for _place, code in order()] == [text, extra[1]]
    assert Question.objects.filter(code=rating).exists()
    assert [s.place for s in made.sections.order_by("place")] == [1, 2]


def test_what_somebody_else_wrote_meanwhile_is_told_and_the_text_is_kept(world, signed_in):
    made = scenes.draft(world)
    steps.put_section(made, by=world.asb2, **scenes.words("name", "Басқа"))
    data = {"revision": made.revision - 1, **texts("name")}
    answer = signed_in("asb").post(f"{made.get_absolute_url()}sections/add/", data)
    assert answer.status_code == 409
    assert TYPED in answer.content.decode()
    foreign = scenes.section(scenes.bare(world))
    assert signed_in("asb").get(f"{made.get_absolute_url()}sections/{foreign.pk}/").status_code == 404
    gone = scenes.submitted(world)
    assert signed_in("asb").get(f"{gone.get_absolute_url()}sections/add/").status_code == 409


# -- as a respondent sees it ------------------------------------------------------------------------------------------
def test_the_preview_speaks_each_language_and_leaves_the_readers_alone(world, signed_in):
    made = scenes.draft(world)
    client = signed_in("asb")
    base = made.get_absolute_url()
    for code, words in (("kk", "Сауалнама қаз"), ("ru", "Сауалнама рус"), ("en", "Сауалнама eng")):
        page = client.get(f"{base}preview/?language={code}&width=desktop")
        assert page.context["sheet_url"].endswith(f"language={code}")
        sheet = client.get(page.context["sheet_url"])
        assert f"<h1>{words}" in sheet.content.decode()
        assert sheet.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert 'name="q.' in sheet.content.decode()
        assert "csrfmiddlewaretoken" not in sheet.content.decode()
    assert client.get(f"{base}preview/?language=xx&width=9").context["width"] == "phone"
    world.asb.refresh_from_db()
    assert world.asb.language == "kk"


def test_the_report_with_invented_answers_is_marked_and_gone_once_people_are_asked(world, signed_in):
    made = scenes.in_use(world)
    client = signed_in("asb")
    page = client.get(f"{made.get_absolute_url()}invented/")
    assert page.status_code == 200
    assert page.context["parts"] == client.get(f"{made.get_absolute_url()}invented/").context["parts"]
    assert page.context["parts"][0]["rows"][0]["said"].n
    assert "note--warning" in page.content.decode()
    assert client.get(f"{scenes.bare(world).get_absolute_url()}invented/").status_code == 200
    with door("import"):
        Campaign(
            questionnaire=made,
            state=Campaign.OPEN,
            name="Науқан",
            year=2026,
            opens_on="2026-01-01",
            closes_on="2026-02-01",
        ).save()
    assert client.get(f"{made.get_absolute_url()}invented/").status_code == 409


def test_the_paper_has_boxes_for_each_answer_in_the_language_asked_for(world):
    made = scenes.in_use(world)
    for language, words in (("kk", "Иә"), ("ru", "Да"), ("en", "Yes")):
        with translation.override(language):
            html = QuestionnairePaper({"id": made.pk}, world.asb, language).html()
        assert f"□ {words}" in html
        assert html.count("□") >= 2 + 5 + 11


# -- lists, API, front ---------------------------------------------------------------------------------------------------
def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_lists_ask_the_same_number_of_queries_however_long(world, signed_in):
    scenes.draft(world), scenes.in_use(world)
    client = signed_in("asb")
    rest = APIClient()
    rest.force_authenticate(world.asb)
    addresses = ("/surveys/questionnaires/", "/surveys/questions/")
    before = [queries(client, address) for address in addresses]
    before += [queries(rest, f"/api/v1{address}") for address in addresses]
    for _n in range(2):
        scenes.draft(world), scenes.in_use(world)
    after = [queries(client, address) for address in addresses]
    after += [queries(rest, f"/api/v1{address}") for address in addresses]
    assert after == before


def test_the_page_of_a_questionnaire_asks_the_same_number_of_queries_however_long(world, signed_in):
    made = scenes.draft(world)
    client = signed_in("asb")
    before = queries(client, made.get_absolute_url())
    more = scenes.section(made)
    for n in range(6):
        scenes.item(more, scenes.question(world, f"more-{n}"))
    assert queries(client, made.get_absolute_url()) == before


def test_a_whole_questionnaire_is_written_by_the_api(world):
    client = api(world, "asb")
    question = {"code": "api-q", "kind": "single", **texts(), "options": ["a = x | y | z", "b = x | y | z"]}
    made = client.post("/api/v1/surveys/questions/", question, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["options"][0] == {"code": "a", "kk": "x", "ru": "y", "en": "z"}
    asked = made.json()["id"]
    assert client.patch(f"/api/v1/surveys/questions/{asked}/", {"hint_kk": "Кеңес"}, format="json").status_code == 200
    assert len(Question.objects.get(pk=asked).options) == 2
    data = {"code": "api", "audience": "students", "designer": "quality_manager", "checker": "quality_manager"}
    answer = client.post("/api/v1/surveys/questionnaires/", {**data, **texts("name")}, format="json")
    assert answer.status_code == 201, answer.json()
    address = f"/api/v1/surveys/questionnaires/{answer.json()['id']}/"
    assert answer.json()["problems"][0]["level"] == "error"
    found = client.post(f"{address}put-section/", texts("name", "Бөлім"), format="json").json()
    section = int(found["content"]["sections"][0]["code"][1:])
    assert client.post(f"{address}put-item/", {"section": section, "question": asked}, format="json").status_code == 200
    scale = scenes.taken_up(world).pk
    shown = {"show_code": "api-q", "show_op": "in", "show_values": ["b"]}
    answer = client.post(f"{address}put-item/", {"section": section, "question": scale, **shown}, format="json")
    assert answer.json()["content"]["sections"][0]["items"][1]["show_if"]["values"] == ["b"]
    client.patch(f"/api/v1/surveys/questions/{asked}/", {"hint_kk": ""}, format="json")
    sent = client.post(f"{address}submit/", {}, format="json")
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted"), sent.json()
    assert api(world, "asb2").post(f"{address}approve/").json()["state"] == "in_use"


def test_the_front_page_leads_to_what_is_there_and_counts_what_is_seen(world, signed_in):
    scenes.in_use(world)
    cards = {card["url"]: card["figure"] for card in signed_in("asb").get("/surveys/").context["cards"]}
    assert cards[reverse("surveys:questionnaires")] == 1
    assert cards[reverse("surveys:questions")] == 4
    assert signed_in("expert").get("/surveys/").status_code == 403
    assert front.Way("no-such-page", "", "", "x").card(world.asb) is None


def test_the_desk_shows_what_waits_and_search_finds_it(world):
    made = scenes.submitted(world)
    waits = registry.desk["questionnaires-check"].rows
    assert list(waits(world.asb2)) == [made]
    assert list(waits(world.asb)) == []
    back = scenes.returned(world)
    assert back in registry.desk["questionnaires-returned"].rows(world.asb)
    found = registry.search["questionnaires"].find(world.asb, made.code)
    assert [row["url"] for row in found] == [made.get_absolute_url()]
    assert list(registry.search["questions"].find(world.staff, "c")) == []
