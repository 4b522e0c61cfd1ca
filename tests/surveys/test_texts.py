"""Texts are read by the quality office before anybody, coded, and shown by theme where there are enough of them."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capa import signals
from qa_portal.permissions import Refused
from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import forget
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door
from surveys import names_in_text, report_blocks, reviewing, theme_socket
from surveys.models import Release, TextAnswer, TextCode, Theme
from surveys.results import Reading
from surveys.reviewing import Typed
from surveys.text_results import code_of, of_theme

from . import scenes_releases
from . import scenes_texts as scenes

pytestmark = pytest.mark.django_db
Review = TextAnswer.Review


def address(campaign, **query):
    asked = "&".join(f"{name}={str(value).replace('#', '%23')}" for name, value in query.items())
    return f"/surveys/texts/{campaign.pk}/?{asked}"


def seen(row):
    row.refresh_from_db()
    return reviewing.mark_of(row, row.codes.values_list("theme", flat=True))


def typed(row, review, themes=(), shown_as=None):
    """What the form of one card sends."""
    values = {"text": str(row.pk), f"seen-{row.pk}": seen(row), f"review-{row.pk}": review}
    return {**values, f"shown_as-{row.pk}": shown_as or row.text, f"themes-{row.pk}": [t.pk for t in themes]}


# -- who reads ----------------------------------------------------------------------------------------------------------
def test_before_review_and_after_it_only_the_office_reads_texts(world):
    scenes.texts(scenes.campaign(world), 2)
    for username in ("board", "admin", "dean", "head", "staff", "expert"):
        assert not TextAnswer.objects.visible_to(getattr(world, username)).exists(), username
    assert TextAnswer.objects.visible_to(world.asb).count() == 2


def test_only_the_office_reviews(world):
    campaign = scenes.campaign(world)
    (row,) = scenes.texts(campaign, 1)
    for username in ("board", "head", "admin"):
        with pytest.raises(Refused):
            reviewing.review(campaign, {row.pk: Typed("shown")}, by=getattr(world, username))
    row.refresh_from_db()
    assert row.review == Review.WAITING


# -- the pages ------------------------------------------------------------------------------------------------------------
def test_progress_is_said_by_survey_and_by_question(world, signed_in):
    campaign = scenes.campaign(world)
    scenes.texts(campaign, 4)
    scenes.texts(campaign, 3, review="shown")
    scenes.texts(campaign, 2, f"{scenes_releases.TEACHES}@7#")
    scenes.texts(campaign, 1, f"{scenes_releases.TEACHES}@8#", review="withheld")
    client = signed_in("asb")
    (row,) = client.get("/surveys/texts/").context["rows"]
    assert (row["progress"].reviewed, row["progress"].number, row["progress"].percent) == (4, 10, 40)
    rows = client.get(address(campaign)).context["rows"]
    assert [(line["progress"].reviewed, line["progress"].number) for line in rows] == [(3, 7), (1, 3)]
    assert client.get(address(campaign, question="nothing")).status_code == 404
    assert client.get(address(scenes.campaign(world))).status_code == 404


def test_a_page_shows_some_texts_without_unit_and_in_an_order_drawn_anew(world, signed_in, monkeypatch):
    campaign = scenes.campaign(world)
    scenes.texts(campaign, 30, unit=world.far_school)
    drawn = []
    monkeypatch.setattr(
        "surveys.views.reviewing._chance.shuffle", lambda rows: (drawn.append(len(rows)), rows.reverse())
    )
    answer = signed_in("asb").get(address(campaign, question=scenes.WORDS))
    assert (drawn, len(answer.context["cards"])) == ([30], 10)
    assert str(world.far_school) not in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert len(signed_in("asb").get(address(campaign, question=scenes.WORDS, size=1)).context["cards"]) == 1


def test_several_are_settled_at_once_and_what_was_passed_over_waits(world, signed_in):
    campaign, rooms = scenes.campaign(world), scenes.theme(world)
    first, second, third, fourth = scenes.texts(campaign, 4, text="Ахметов нашар оқытады")
    data: dict = {"text": []}
    for one in (
        typed(first, "shown", [rooms]),
        typed(second, "masked", shown_as="… нашар оқытады"),
        typed(third, "withheld"),
        typed(fourth, ""),
    ):
        data["text"].append(one.pop("text"))
        data |= one
    answer = signed_in("asb").post(address(campaign, question=scenes.WORDS), data)
    assert answer.status_code == 302
    stands = {row.pk: (row.review, row.shown_as) for row in TextAnswer.objects.all()}
    assert stands == {
        first.pk: ("shown", ""),
        second.pk: ("masked", "… нашар оқытады"),
        third.pk: ("withheld", ""),
        fourth.pk: ("waiting", ""),
    }
    code = TextCode.objects.get()
    assert (code.text, code.theme, code.coder) == (first, rooms, world.asb)


@pytest.mark.parametrize(
    ("review", "shown_as"),
    [("masked", " "), ("masked", "Мәтін 000 және тағы"), ("masked", "Мәтін 000"), ("nothing", ""), ("", "")],
)
def test_a_mistake_settles_nothing_of_that_text_and_what_was_typed_stays(world, signed_in, review, shown_as):
    campaign, rooms = scenes.campaign(world), scenes.theme(world)
    wrong, good = scenes.texts(campaign, 2)
    data = {**typed(wrong, review, [rooms], shown_as), f"shown_as-{wrong.pk}": shown_as}
    more = typed(good, "shown")
    data = {**data, **more, "text": [data["text"], more["text"]]}
    answer = signed_in("asb").post(address(campaign, question=scenes.WORDS), data)
    assert answer.status_code == 400
    (card,) = answer.context["cards"]
    assert (card.text.pk, card.themes, card.shown_as) == (wrong.pk, {rooms.pk}, shown_as)
    assert card.problem in answer.content.decode()
    wrong.refresh_from_db()
    good.refresh_from_db()
    assert (wrong.review, good.review, TextCode.objects.count()) == ("waiting", "shown", 0)


def test_the_second_reviewer_is_told_and_overwrites_nothing(world, signed_in):
    campaign, rooms = scenes.campaign(world), scenes.theme(world)
    (row,) = scenes.texts(campaign, 1)
    late = typed(row, "withheld", [rooms])
    assert signed_in("asb").post(address(campaign, question=scenes.WORDS), typed(row, "shown")).status_code == 302
    answer = signed_in("asb2").post(address(campaign, question=scenes.WORDS), late)
    assert answer.status_code == 409
    (card,) = answer.context["cards"]
    assert (card.review, card.themes) == ("withheld", {rooms.pk})
    assert card.now == str(Review.SHOWN.label)
    row.refresh_from_db()
    assert (row.review, row.codes.count()) == ("shown", 0)
    # having looked, the second may decide
    again = {**late, f"seen-{row.pk}": card.seen}
    assert signed_in("asb2").post(address(campaign, question=scenes.WORDS), again).status_code == 302
    row.refresh_from_db()
    assert (row.review, row.codes.get().coder) == ("withheld", world.asb2)


def test_the_same_form_sent_twice_is_harmless(world, signed_in):
    campaign, rooms = scenes.campaign(world), scenes.theme(world)
    (row,) = scenes.texts(campaign, 1)
    data = typed(row, "shown", [rooms])
    for _time in range(2):
        assert signed_in("asb").post(address(campaign, question=scenes.WORDS), data).status_code == 302
    assert TextCode.objects.count() == 1


def test_texts_of_another_survey_and_nonsense_change_nothing(world, signed_in):
    campaign, other = scenes.campaign(world), scenes.campaign(world)
    scenes.texts(campaign, 1)
    (foreign,) = scenes.texts(other, 1)
    data = {
        "text": [str(foreign.pk), "x", "0" * 32],
        **{k: v for k, v in typed(foreign, "shown").items() if k != "text"},
    }
    assert signed_in("asb").post(address(campaign, question=scenes.WORDS), data).status_code == 302
    foreign.refresh_from_db()
    assert foreign.review == Review.WAITING


def test_a_retired_theme_is_not_chosen_anew_and_stays_where_it_is(world):
    campaign, old = scenes.campaign(world), scenes.retired(world)
    kept, fresh = scenes.texts(campaign, 2)
    scenes.code(world, [kept], old)
    chosen = frozenset({old.pk})
    asked = {kept.pk: Typed("shown", themes=chosen), fresh.pk: Typed("shown", themes=chosen)}
    outcome = reviewing.review(campaign, asked, by=world.asb)
    assert (outcome.done, list(outcome.wrong)) == (1, [fresh.pk])
    assert list(TextCode.objects.values_list("text", flat=True)) == [kept.pk]


def test_a_review_costs_the_same_for_one_text_and_for_many(world, signed_in, django_assert_num_queries):
    campaign = scenes.campaign(world)
    client = signed_in("asb")
    scenes.texts(campaign, 1)
    client.get(address(campaign, question=scenes.WORDS))
    with CaptureQueriesContext(connection) as few:
        client.get(address(campaign, question=scenes.WORDS))
    scenes.texts(campaign, 24)
    with django_assert_num_queries(len(few)):
        client.get(address(campaign, question=scenes.WORDS, size=25))


def test_surnames_of_people_are_pointed_out_whatever_their_ending():
    names = {"Ахметов", "Smith"}
    assert names_in_text.named("Ахметовтың сабағы, ахметов, Smiths class", names) == ["Smiths", "Ахметовтың"]
    assert names_in_text.named("Бөлме суық", names) == []


# -- in a release -----------------------------------------------------------------------------------------------------
def test_keys_of_teachers_are_one_question():
    assert [code_of(key) for key in ("q", "q#", "q@12", "q@12#")] == ["q", "q#", "q", "q#"]


def shown(release, scope="inside"):
    return [(row["code"], row["theme"], row["count"], len(row["texts"])) for row in theme_socket.themes(release, scope)]


def test_themes_are_counted_from_five_and_texts_shown_from_ten(world):
    release, rooms, food = scenes_releases.made(world), scenes.theme(world), scenes.theme(world, "food")
    rows = scenes.texts(release, 9, review="shown")
    scenes.code(world, rows[:5], rooms)
    scenes.code(world, rows[5:9], food)
    scenes.code(world, scenes.texts(release, 6), food)  # not reviewed: they count nowhere
    assert shown(release) == [(scenes.WORDS, str(rooms), 5, 0)]
    scenes.texts(release, 1, review="masked", shown_as="жабық мәтін")
    # under a named theme, or under none: four of another theme are too few to be named
    found = theme_socket.themes(release, "inside")
    assert [(row["count"], len(row["texts"])) for row in found] == [(5, 5), (None, 5)]
    assert "жабық мәтін" in found[1]["texts"]
    assert found[0]["reviewed"] == 10


def test_withheld_texts_and_originals_of_masked_ones_are_never_shown(world):
    release = scenes_releases.made(world)
    scenes.texts(release, 10, review="masked", text="Ахметов", shown_as="…")
    scenes.texts(release, 3, review="withheld", text="құпия")
    words = {text for row in theme_socket.themes(release, "inside") for text in row["texts"]}
    assert words == {"…"}


def test_the_public_reads_themes_from_ten_and_no_text(world):
    release, rooms, food = scenes_releases.published(world), scenes.theme(world), scenes.theme(world, "food")
    rows = scenes.texts(release, 19, review="shown")
    scenes.code(world, rows[:10], rooms)
    scenes.code(world, rows[10:], food)
    assert shown(release, "public") == [(scenes.WORDS, str(rooms), 10, 0)]
    assert {theme for _code, theme, *_rest in shown(release)} == {str(rooms), str(food)}


def test_of_surveys_about_courses_no_text_is_shown_to_everybody(world):
    release, rooms = scenes_releases.courses_sent(world), scenes.theme(world)
    key = f"{scenes_releases.TEACHES}@{world.staff.pk}#"
    scenes.code(world, scenes.texts(release, 12, key, "shown"), rooms)
    assert shown(release) == [(f"{scenes_releases.TEACHES}#", str(rooms), 12, 0)]


def test_the_order_is_drawn_once_a_release(world):
    release = scenes_releases.made(world)
    scenes.texts(release, 25, review="shown")
    first = theme_socket.themes(release, "inside")[0]["texts"]
    assert first == theme_socket.themes(release, "inside")[0]["texts"]
    assert sorted(first) == sorted(row.text for row in TextAnswer.objects.all())
    release.digest = "e" * 64
    assert theme_socket.themes(release, "inside")[0]["texts"] != first


def test_a_long_list_is_cut_and_says_so(world):
    release = scenes_releases.made(world)
    scenes.texts(release, 33, review="shown")
    (row,) = theme_socket.themes(release, "inside")
    assert (len(row["texts"]), row["more"]) == (30, 3)


def test_a_release_keeps_the_stricter_number_it_was_made_by(world):
    release, rooms = scenes_releases.made(world), scenes.theme(world)
    release.facts["numbers"] |= {"k_inside": 8, "k_texts": 12}
    scenes.code(world, scenes.texts(release, 7, review="shown"), rooms)
    scenes.texts(release, 4, review="shown")
    assert shown(release) == []
    PolicyValue.objects.create(key="surveys.k_texts", value=5, valid_from="2020-01-01", reason="t", author=world.admin)
    forget()
    assert shown(release) == []


def test_page_api_and_paper_of_a_release_show_the_same(world, signed_in):
    release, rooms = scenes_releases.sent(world), scenes.theme(world)
    rows = scenes.texts(release, 12, review="shown")
    scenes.code(world, rows, rooms)
    client = signed_in("staff")
    page = client.get(f"/surveys/releases/{release.pk}/results/").content.decode()
    assert rows[0].text in page and str(rooms) in page
    told = client.get(f"/api/v1/surveys/releases/{release.pk}/results/").json()["themes"]
    assert [(row["theme"], row["count"]) for row in told] == [(str(rooms), 12)]
    blocks = report_blocks._themes(Reading(release, world.staff))
    assert any(rows[0].text in str(block) for block in blocks)
    public = report_blocks._themes(Reading(release))
    assert f"{rooms} (12)" in str(public) and rows[0].text not in str(public)


# -- the codebook ---------------------------------------------------------------------------------------------------------
def test_the_office_keeps_the_codebook_with_one_level_of_parts(world, signed_in):
    client = signed_in("asb")
    data = {"code": "food", "name_kk": "Тамақ", "name_ru": "", "name_en": "", "areas": []}
    assert client.post("/surveys/themes/add/", data).status_code == 302
    food = Theme.objects.get(code="food")
    assert client.post("/surveys/themes/add/", {**data, "code": "canteen", "parent": food.pk}).status_code == 302
    part = Theme.objects.get(code="canteen")
    assert client.post("/surveys/themes/add/", {**data, "code": "soup", "parent": part.pk}).status_code == 400
    top = scenes.theme(world, "top")
    edit = {"name_kk": "Тамақ", "parent": top.pk, "areas": []}
    assert client.post(f"/surveys/themes/{food.pk}/edit/", edit).status_code == 400
    assert client.post("/surveys/themes/add/", {**data, "code": "x", "name_kk": ""}).status_code == 400
    assert signed_in("staff").get("/surveys/themes/").status_code == 200


def test_a_theme_tells_where_it_is_spoken_of_from_five_texts_on(world, signed_in):
    rooms, sent = scenes.theme(world), scenes_releases.sent(world)
    few, hidden = scenes_releases.sent(world), scenes_releases.made(world)
    scenes.code(world, scenes.texts(sent, 5, review="withheld"), rooms)
    scenes.code(world, scenes.texts(few, 4, review="shown"), rooms)
    scenes.code(world, scenes.texts(hidden, 9, review="shown"), rooms)
    assert of_theme(rooms, world.staff) == [(sent, 5)]
    page = signed_in("staff").get(f"/surveys/themes/{rooms.pk}/")
    section = next(section for section in page.context["sections"] if section["id"] == "spoken")
    assert [(line["release"], line["n"]) for line in section["releases"]] == [(sent, 5)]


# -- the signal -----------------------------------------------------------------------------------------------------------
def waiting():
    return {row.pk for row in signals.waiting_rows(registry.signals["surveys.theme"])}


def test_a_loud_theme_of_a_report_that_is_sent_proposes_a_finding_once_a_report(world):
    rooms, food = scenes.theme(world, areas=["S1.A1"]), scenes.theme(world, "food")
    release = scenes_releases.sent(world)
    scenes.code(world, scenes.texts(release, 10, review="shown"), rooms)
    scenes.code(world, scenes.texts(release, 9, review="shown"), food)
    scenes.code(world, scenes.texts(scenes_releases.made(world), 20, review="shown"), food)
    assert waiting() == {rooms.pk}
    signal, row = signals.find("surveys.theme", rooms.pk)
    draft = signal.draft(row)
    assert rooms.name in draft["title"] and "10" in draft["description"]
    assert (draft["area"], draft["source_kind"], draft["unit"]) == ("S1.A1", "survey", world.university)
    signals.set_aside(signal, row, by=world.asb, reason="Белгілі")
    assert waiting() == set()
    # the same report says nothing anew, a later one does
    later = scenes_releases.sent(world)
    with door("import"):
        Release.objects.filter(pk=later.pk).update(sent_on=timezone.localdate() + datetime.timedelta(days=2))
    scenes.code(world, scenes.texts(later, 11, review="shown"), food)
    assert waiting() == {food.pk}
