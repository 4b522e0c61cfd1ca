"""The respondent's side in a browser without script, and what it must never leave behind."""

from __future__ import annotations

import datetime
import logging
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import forget
from surveys.models import Campaign, Envelope, Invitation, Respondent

from . import scenes_answering as scenes

pytestmark = pytest.mark.django_db
PLANTED = "сирек-кездесетін-сөз"


@pytest.fixture
def visitor():
    cache.clear()
    return Client()


def words(answer):
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def open_one(visitor, token, row, **more):
    return visitor.post("/answer/survey/", {"token": token, "invitation": row.pk, "lang": "en", **more})


# -- from letter to thanks, without script ------------------------------------------------------------------------------
def test_from_the_code_to_thanks_without_script(visitor):
    token, row = scenes.invited()
    assert "Код" not in words(visitor.get("/answer/?lang=en"))
    listed = visitor.post("/answer/", {"token": token.upper(), "lang": "en"})
    assert listed.status_code == 200 and "Studying here" in words(listed)
    assert f'name="token" value="{token}"' in listed.content.decode()
    page = open_one(visitor, token, row)
    text = page.content.decode()
    assert page.status_code == 200 and text.count("data-ask-page data-first") == 1 and text.count("data-ask-page") == 3
    sent = visitor.post("/answer/survey/", scenes.sent(token, row, clear="2", why="Fast", tools=["board", "model"]))
    assert sent.status_code == 200 and "We are grateful." in words(sent)
    assert str(row.pk) not in sent.content.decode() and "/public/loop/" in sent.content.decode()
    assert Envelope.objects.count() == 1
    after = visitor.post("/answer/", {"token": token, "lang": "en"})
    assert "Already received" in words(after)


def test_what_must_be_said_is_said_before_answering(visitor):
    for place, sentence in (("directory", "lies on the portal"), ("officers", "passphrases of two officers")):
        token, row = scenes.invited(scenes.survey(scenes.campaign(key_place=place)))
        text = words(open_one(visitor, token, row))
        assert sentence in text and "neither changed nor withdrawn" in text and "6 weeks after the last day" in text
        about = words(visitor.get(f"/answer/about/{row.survey.campaign.uid}/?lang=en"))
        assert "changes the running program" in about and "Studying here" in about
    assert visitor.get(f"/answer/about/{scenes.campaign(Campaign.DRAFT).uid}/").status_code == 404


def test_beside_each_text_stands_who_will_read_it(visitor):
    token, row = scenes.invited()
    text = open_one(visitor, token, row).content.decode()
    assert text.count('class="ask-who"') == text.count("data-text") == 3


def test_a_wrong_answer_keeps_all_that_was_typed(visitor):
    token, row = scenes.invited()
    answer = visitor.post(
        "/answer/survey/",
        scenes.sent(token, row, clear="1", why="Because", hours="900", place="ward", **{"recommend#": "A remark"}),
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "Write a number from 0 to 80." in text and 'href="#a-hours"' in text
    assert ">Because</textarea>" in text and ">A remark</textarea>" in text and 'value="900"' in text
    assert 'name="q.clear" value="1" checked' in text and 'value="ward" checked' in text
    assert Envelope.objects.count() == 0


def test_a_pasted_book_is_refused_in_words_and_given_back(visitor):
    token, row = scenes.invited()
    book = "x" * 1_000_000
    answer = visitor.post("/answer/survey/", scenes.sent(token, row, wish=book))
    assert answer.status_code == 422 and book in answer.content.decode()
    library = visitor.post("/answer/survey/", scenes.sent(token, row, wish="x" * 6_000_000))
    assert library.status_code == 413 and "бетте тұр" in words(library)
    assert Envelope.objects.count() == 0


def test_another_language_keeps_the_answers(visitor):
    token, row = scenes.invited()
    body = scenes.sent(token, row, clear="1", why="Жылдам", tools=["screen"]) | {"to": "ru"}
    answer = visitor.post("/answer/survey/", body)
    text = answer.content.decode()
    assert answer.status_code == 200 and '<html lang="ru"' in text and "Question clear (рус)" in text
    assert (
        ">Жылдам</textarea>" in text and 'name="q.clear" value="1" checked' in text and 'value="screen" checked' in text
    )
    assert Envelope.objects.count() == 0  # pressing a language sends nothing
    assert visitor.cookies["django_language"].value == "ru"


def test_a_letter_is_answered_in_its_language_unless_another_was_chosen(visitor):
    token, _row = scenes.invited(language="ru")
    assert '<html lang="ru"' in visitor.post("/answer/", {"token": token}).content.decode()
    visitor.get("/answer/?lang=en")
    assert '<html lang="en"' in visitor.post("/answer/", {"token": token}).content.decode()


# -- refusals -------------------------------------------------------------------------------------------------------------
def test_sent_again_is_good_news(visitor):
    token, row = scenes.invited()
    visitor.post("/answer/survey/", scenes.sent(token, row, clear="2"))
    again = visitor.post("/answer/survey/", scenes.sent(token, row, clear="5"))
    assert again.status_code == 409 and "received already" in words(again)
    script = visitor.post("/answer/survey/", scenes.sent(token, row), headers={"Accept": "application/json"})
    assert (script.status_code, script.json()["received"]) == (409, True)
    assert Envelope.objects.count() == 1


def test_late_and_foreign_answers_are_refused_in_words(visitor):
    token, row = scenes.invited()
    foreign, _other = scenes.invited(scenes.survey())
    for body in (
        scenes.sent(foreign, row),
        scenes.sent("0" * 32, row),
        scenes.sent("", row),
        scenes.sent(token, row) | {"invitation": "x"},
    ):
        answer = visitor.post("/answer/survey/", body)
        assert answer.status_code == 404 and "not among those" in words(answer)
    scenes.closed(row.survey.campaign)
    for accept in ("text/html", "application/json"):
        late = visitor.post("/answer/survey/", scenes.sent(token, row, clear="2"), headers={"Accept": accept})
        assert late.status_code == 410 and "takes no answers any more" in late.content.decode()
    assert Envelope.objects.count() == 0


def test_an_unknown_code_is_told_from_one_mistyped(visitor):
    assert visitor.post("/answer/", {"token": "f" * 32}).status_code == 404
    mistyped = visitor.post("/answer/", {"token": "12 34"})
    assert mistyped.status_code == 400 and 'value="12 34"' in mistyped.content.decode()
    assert visitor.post("/answer/", {"token": "", "to": "ru"}).status_code == 200


def test_a_form_of_another_site_is_refused():
    visitor = Client(enforce_csrf_checks=True)
    token, row = scenes.invited()
    assert visitor.post("/answer/survey/", scenes.sent(token, row)).status_code == 403
    visitor.get("/answer/")
    right = {"csrfmiddlewaretoken": visitor.cookies["csrftoken"].value}
    assert visitor.post("/answer/survey/", scenes.sent(token, row) | right).status_code == 200


def test_the_address_alone_leads_to_the_list(visitor):
    answer = visitor.get("/answer/survey/")
    assert (answer.status_code, answer["Location"]) == (302, "/answer/")


def test_a_fault_of_ours_gives_everything_back(visitor):
    token, row = scenes.invited(scenes.survey(scenes.campaign(public_key=b"no key at all")))
    answer = visitor.post("/answer/survey/", scenes.sent(token, row, clear="2", why=PLANTED, tools=["board", "model"]))
    text = answer.content.decode()
    assert answer.status_code == 500
    assert f'<textarea name="q.why" hidden>{PLANTED}</textarea>' in text and text.count('name="q.tools"') == 2
    assert 'action="/answer/survey/"' in text
    assert Invitation.objects.filter(participated=True).count() == Envelope.objects.count() == 0


def test_to_the_script_everything_is_said_as_json(visitor):
    token, row = scenes.invited()
    ask = {"headers": {"Accept": "application/json"}}
    wrong = visitor.post("/answer/survey/", scenes.sent(token, row, hours="900"), **ask)
    assert (wrong.status_code, wrong.json()["errors"]) == (422, {"hours": "Write a number from 0 to 80."})
    right = visitor.post("/answer/survey/", scenes.sent(token, row, hours="9"), **ask)
    assert right.json() == {"received": True, "again": False}


# -- somebody signed in ---------------------------------------------------------------------------------------------------
def test_a_person_signed_in_sees_their_own_list_and_answers(signed_in, world):
    _token, row = scenes.invited(person=world.staff)
    _other, foreign = scenes.invited(person=world.head)
    client = signed_in("staff")
    assert str(row.pk) in client.get("/answer/").content.decode()
    assert str(foreign.pk) not in client.get("/answer/").content.decode()
    assert "Studying here" in client.get("/").content.decode()
    assert client.post("/answer/survey/", scenes.sent("", foreign)).status_code == 404
    assert client.post("/answer/survey/", scenes.sent("", row)).status_code == 200
    assert "Studying here" not in client.get("/").content.decode()


def test_a_session_without_its_second_factor_is_a_stranger_here(world):
    """The link of the letter works all the same."""
    token, row = scenes.invited(person=world.asb)
    client = Client()
    client.force_login(world.asb, backend="django.contrib.auth.backends.ModelBackend")
    assert str(row.pk) not in client.get("/answer/").content.decode()
    assert str(row.pk) in client.post("/answer/", {"token": token}).content.decode()


# -- what is left behind --------------------------------------------------------------------------------------------------
def test_neither_token_nor_answer_is_left_anywhere(visitor, caplog):
    token, row = scenes.invited()
    bad_token, bad = scenes.invited(scenes.survey(scenes.campaign(public_key=b"broken")))
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "django_structlog")
    answers = [
        visitor.get("/answer/"),
        visitor.post("/answer/", {"token": token}),
        open_one(visitor, token, row, **{"q.why": PLANTED}),
        visitor.post("/answer/survey/", scenes.sent(token, row, clear="1", why=PLANTED, hours="x")),
        visitor.post("/answer/survey/", scenes.sent(bad_token, bad, clear="1", why=PLANTED)),
        visitor.post("/answer/survey/", scenes.sent(token, row, clear="1", why=PLANTED)),
        visitor.post("/answer/survey/", scenes.sent(token, row, clear="1", why=PLANTED)),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 422, 500, 200, 409]
    logged = "\n".join(
        f"{record.msg} {record.args}" for record in caplog.records if record.name != "django.db.backends"
    )
    assert "answering failed" in logged and logged.count("request_finished") == 7
    for secret in (token, bad_token, PLANTED, str(row.pk), str(row.respondent_id), "127.0.0.1", "user_agent"):
        assert secret not in logged, secret
    for answer in answers:
        assert "sessionid" not in answer.cookies
        assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "same-origin"
        assert token not in str(answer.headers)
    assert Session.objects.count() == 0 and mail.outbox == []
    assert set(visitor.cookies) <= {"csrftoken"}


def test_answering_asks_the_same_number_of_queries_for_one_and_for_many(visitor):
    token, row = scenes.invited()

    def asked():
        visitor.post("/answer/", {"token": token})
        with CaptureQueriesContext(
            connection,
        ) as found:
            visitor.post("/answer/", {"token": token})
        return len(found)

    one = asked()
    for _more in range(5):
        Invitation.objects.create(survey=scenes.survey(), respondent=row.respondent)
    assert asked() == one <= 5


# -- open links -----------------------------------------------------------------------------------------------------------
def link():
    return scenes.survey(scenes.campaign(way=Campaign.Way.LINK)).campaign


def test_a_visitor_of_an_open_link_answers_without_being_anybody(visitor):
    of = link()
    address = f"/answer/open/{of.uid}/"
    assert "Studying here" in words(visitor.get(f"{address}?lang=en")) and Respondent.objects.count() == 0
    page = visitor.post(address, {"lang": "en"})
    text = page.content.decode()
    token = re.search(r'name="token" value="([0-9a-f]{32})"', text)[1]
    row = Invitation.objects.get()
    assert row.respondent.person is None and "does not know who you are" in words(page)
    assert visitor.post("/answer/survey/", scenes.sent(token, row, clear="4")).status_code == 200
    assert Envelope.objects.count() == 1


def test_an_open_link_is_of_open_links_only(visitor):
    of = scenes.survey().campaign
    assert visitor.get(f"/answer/open/{of.uid}/").status_code == 404
    assert visitor.post(f"/answer/open/{of.uid}/").status_code == 404
    draft = scenes.campaign(Campaign.DRAFT, way=Campaign.Way.LINK)
    assert visitor.get(f"/answer/open/{draft.uid}/").status_code == 404
    over = link()
    scenes.closed(over)
    assert visitor.post(f"/answer/open/{over.uid}/").status_code == 410
    assert Respondent.objects.count() == 0


def test_an_open_link_is_begun_so_often_within_an_hour_and_nobody_is_looked_at(visitor, world):
    PolicyValue.objects.create(
        key="surveys.open_link_an_hour",
        value=10,
        valid_from=timezone.localdate() - datetime.timedelta(days=1),
        reason="tests",
        author=world.admin,
    )
    forget()
    of, other = link(), link()
    with time_machine.travel(timezone.now(), tick=False):
        answers = [Client(REMOTE_ADDR=f"10.0.0.{n}").post(f"/answer/open/{of.uid}/").status_code for n in range(12)]
        assert answers == [200] * 10 + [429] * 2
        assert visitor.post(f"/answer/open/{other.uid}/").status_code == 200
