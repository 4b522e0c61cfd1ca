"""Focus groups and interviews: who holds them, quotes without names, conclusions that become findings."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capa import signals
from qa_portal.notices.models import Notice
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Person
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry
from surveys.models import Talk
from surveys.reports.talks import TalkPaper
from surveys.workflow import talks as steps
from tests.bodies import scenes_bodies

from . import scenes_talks as scenes
from . import scenes_texts

pytestmark = pytest.mark.django_db
TYPED = "Жоғалмайтын мәтін"


def sees(world, talk):
    people = ("asb", "board", "dean", "head", "head2", "coordinator", "staff", "staff2", "stranger", "expert")
    return {name for name in people if Talk.objects.visible_to(getattr(world, name)).filter(pk=talk.pk).exists()}


# -- who ------------------------------------------------------------------------------------------------------------
def test_the_line_of_the_unit_the_office_and_whoever_leads_it_see_it(world):
    assert sees(world, scenes.concluded(world)) == {"asb", "board", "dean", "head", "coordinator", "staff"}


def test_the_schools_committee_holds_talks_in_its_school(world):
    scenes_bodies.seat(world, scenes_bodies.committee(world), "staff2")
    made = scenes.planned(world, by="staff2", unit=world.other, moderator=world.auditor)
    assert {"staff2", "head2"} <= sees(world, made)
    steps.cancel(made, by=world.staff2, reason="Кейін")
    with pytest.raises(Refused):
        scenes.planned(world, by="staff2", unit=world.far_school)


@pytest.mark.parametrize("username", ["staff", "coordinator", "board", "head2", "stranger"])
def test_others_do_not(world, username):
    with pytest.raises(Refused):
        scenes.planned(world, by=username)


def test_the_form_offers_the_units_for_which_one_holds_talks(world, signed_in):
    units = signed_in("dean").get("/surveys/talks/add/").context["form"].fields["unit"].queryset
    assert set(units) == {world.school, world.department, world.other}
    assert world.far_school in signed_in("asb").get("/surveys/talks/add/").context["form"].fields["unit"].queryset


# -- planned and held ---------------------------------------------------------------------------------------------------
def data(world, **more):
    values = {"kind": "interview", "title": TYPED, "audience": "staff", "unit": world.department.pk}
    return {**values, "moderator": world.staff.pk, "on": timezone.localdate().isoformat(), "groups": "", **more}


def test_a_talk_is_planned_and_edited_until_it_is_concluded(world, signed_in):
    client = signed_in("head")
    answer = client.post("/surveys/talks/add/", data(world, groups="Мұғалімдер – 5\n"))
    assert answer.status_code == 302
    talk = Talk.objects.get()
    assert talk.groups == [{"name": "Мұғалімдер", "people": 5}]
    assert client.post(f"/surveys/talks/{talk.pk}/edit/", data(world, place="305")).status_code == 302
    talk.refresh_from_db()
    assert (talk.place, talk.groups) == ("305", [])
    done = scenes.concluded(world)
    done.plan = "Басқа"
    with pytest.raises(NotNow):
        done.save_changes(by=world.head)


@pytest.mark.parametrize("groups", ["Резиденттер", "Резиденттер – көп", "– 5", "А – 0", "А – 99999"])
def test_groups_are_names_with_numbers(world, signed_in, groups):
    answer = signed_in("head").post("/surveys/talks/add/", data(world, groups=groups))
    assert answer.status_code == 400
    assert TYPED in answer.content.decode() and not Talk.objects.exists()


def test_it_is_held_on_a_day_that_has_come_with_its_groups(world):
    talk = scenes.planned(world)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    for wrong in ({"on": tomorrow.isoformat(), "groups": scenes.GROUPS}, {**scenes.hold_inputs(), "groups": ""}):
        with pytest.raises(InputProblem):
            steps.hold(talk, by=world.staff, **wrong)
    steps.hold(talk, by=world.staff, **scenes.hold_inputs())
    assert (talk.state, [row["people"] for row in talk.groups]) == (Talk.HELD, [6, 8])


# -- quotes -----------------------------------------------------------------------------------------------------------
def test_quotes_are_added_changed_and_taken_out_until_the_conclusion(world):
    rooms = scenes_texts.theme(world)
    talk = scenes.quoted(world)
    quote = talk.quotes.get()
    steps.edit_quote(talk, by=world.head, quote=quote.pk, group="Интерндер", text="Бөлме суық.", themes=[rooms.pk])
    quote.refresh_from_db()
    assert (quote.group, quote.text, list(quote.themes.all())) == ("Интерндер", "Бөлме суық.", [rooms])
    steps.remove_quote(talk, by=world.asb, quote=quote.pk, reason="Қайталанған")
    assert not talk.quotes.exists()
    done = scenes.concluded(world)
    with pytest.raises(NotNow):
        steps.add_quote(done, by=world.staff, text="Кеш")


def test_a_quote_of_another_talk_is_not_touched(world):
    talk, other = scenes.quoted(world), scenes.quoted(world)
    with pytest.raises(InputProblem):
        steps.remove_quote(talk, by=world.staff, quote=other.quotes.get().pk, reason="x")
    assert other.quotes.exists()


def test_a_quote_with_a_surname_is_questioned(world, signed_in):
    Person.objects.filter(username="head").update(last_name_kk="Ахметов")
    talk = scenes.held(world)
    words = {"text": "Ахметовтың сабағы ұнайды", "group": "Резиденттер"}
    client = signed_in("staff")
    answer = client.post(f"/surveys/talks/{talk.pk}/add-quote/", words)
    assert answer.status_code == 400
    assert "Ахметовтың сабағы ұнайды" in answer.content.decode() and not talk.quotes.exists()
    assert client.post(f"/surveys/talks/{talk.pk}/add-quote/", {**words, "anyway": "on"}).status_code == 302
    assert talk.quotes.count() == 1


def test_a_theme_lists_the_talks_that_one_may_see(world, signed_in):
    rooms, talk = scenes_texts.theme(world), scenes.held(world)
    steps.add_quote(talk, by=world.staff, text="Бөлме суық.", themes=[rooms.pk])
    for username, number in (("head", 1), ("stranger", 0)):
        page = signed_in(username).get(f"/surveys/themes/{rooms.pk}/")
        section = next(section for section in page.context["sections"] if section["id"] == "spoken")
        assert len(section["talks"]) == number


# -- concluded ----------------------------------------------------------------------------------------------------------
def test_the_conclusion_is_told_and_its_recommendations_propose_a_finding(world):
    talk = scenes.concluded(world)
    assert {"head", "asb"} <= set(Notice.objects.filter(verb="conclude").values_list("person__username", flat=True))
    scenes.held(world)
    signal = registry.signals["surveys.talk"]
    assert list(signals.waiting_rows(signal)) == [talk]
    finding = signals.raise_finding(signal, talk, by=world.asb)
    assert (finding.unit, finding.title, finding.source_kind) == (world.department, "Екі симулятор алу.", "survey")
    assert not signals.waiting_rows(signal).exists()


def test_whoever_leads_a_talk_that_is_not_concluded_is_reminded(world):
    scenes.held(world)
    scenes.concluded(world)
    rule = next(rule for rule in rules() if rule.name == "surveys.talk_conclusions")
    sweep_rule(rule, timezone.localdate() + datetime.timedelta(days=7))
    told = Notice.objects.filter(verb="surveys.talk_conclusions").values_list("person__username", flat=True)
    assert list(told) == ["staff"]


def test_pages_of_a_talk_show_what_stands_in_it(world, signed_in):
    talk = scenes.concluded(world)
    page = signed_in("head").get(f"/surveys/talks/{talk.pk}/")
    shown = {section["id"] for section in page.context["sections"]}
    assert shown == {"questions", "quotes", "conclusions", "recommendations"}
    assert "Симулятор жетпейді." in page.content.decode()
    told = signed_in("head").get(f"/api/v1/surveys/talks/{talk.pk}/").json()
    assert told["groups"][0] == {"name": "Резиденттер", "people": 6}
    assert [quote["text"] for quote in told["quotes"]] == ["Симулятор жетпейді."]


def test_the_paper_says_groups_questions_quotes_and_conclusions(world):
    talk = scenes.concluded(world)
    html = TalkPaper({"id": talk.pk}, world.head, "kk").html()
    for words in ("Резиденттер", "Не кедергі?", "Симулятор жетпейді.", "Симулятор аз.", "Екі симулятор алу."):
        assert words in html


def test_a_register_costs_the_same_for_one_talk_and_for_many(world, signed_in, django_assert_num_queries):
    clients = [(signed_in("head"), url) for url in ("/surveys/talks/", "/api/v1/surveys/talks/")]
    scenes.quoted(world)
    for client, url in clients:
        client.get(url)
    counts = []
    for client, url in clients:
        with CaptureQueriesContext(connection) as taken:
            assert client.get(url).status_code == 200
        counts.append(len(taken))
    for _number in range(6):
        scenes.quoted(world)
    for (client, url), number in zip(clients, counts, strict=True):
        with django_assert_num_queries(number):
            client.get(url)
