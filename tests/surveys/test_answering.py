"""Answering by its functions: tokens, what is owed, what is taken in and what is refused."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from surveys import answering, sealing
from surveys.models import Campaign, Envelope, Invitation, Respondent, Survey
from surveys.urn import put_in

from . import scenes_answering as scenes

pytestmark = pytest.mark.django_db


def count():
    return (Invitation.objects.filter(participated=True).count(), Envelope.objects.count())


# -- tokens -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "0A1B 2C3D 4E5F 6071 8293 A4B5 C6D7 E8F9",
        " 0a1b-2c3d-4e5f-6071–8293-a4b5-c6d7-e8f9\n",
        "#0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "0а1В 2с3d 4е5f 6о71 8293 а4в5 с6d7 е8f9",  # Cyrillic letters that look alike
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed):
    assert answering.read_token(typed) == "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


@pytest.mark.parametrize("typed", ["", "0a1b", "z" * 32, "0" * 33, "0" * 5000])
def test_what_can_be_no_code_is_none(typed):
    assert answering.read_token(typed) == ""
    assert answering.respondent_by(typed) is None


def test_a_printed_code_reads_back():
    token, who = scenes.respondent()
    assert len(answering.grouped(token).split()) == 8
    assert answering.respondent_by(answering.grouped(token)) == who


# -- what is owed -------------------------------------------------------------------------------------------------------
def test_owed_is_what_is_open_and_not_answered():
    _token, one = scenes.invited()
    who = one.respondent
    two, over = scenes.survey(), scenes.survey(scenes.campaign(Campaign.CLOSED))
    for place in (two, over):
        Invitation.objects.create(survey=place, respondent=who)
    scenes.invited(two)
    assert [row.survey for row in answering.owed(who)] == [one.survey, two]
    put_in(one, {})
    assert [row.survey for row in answering.owed(who)] == [two]
    assert [row.survey for row in answering.invited(who)] == [one.survey, two]


def test_minutes_count_sections_for_each_teacher():
    made = scenes.content(scenes.section("t", *[scenes.item(f"a{n}", "text") for n in range(3)], per_teacher=True))
    of = scenes.campaign(content=made)
    two = Survey(campaign=of, teachers=[{"id": 1, "name": {}}, {"id": 2, "name": {}}])
    assert answering.minutes_of(two) == 4
    assert answering.minutes_of(Survey(campaign=of, teachers=[])) == 1


# -- taking in ----------------------------------------------------------------------------------------------------------
def opened(private, envelope):
    return sealing.unseal(private, envelope.survey_id, envelope.ciphertext)


def test_an_answer_is_judged_sealed_and_counted_once():
    private, public = sealing.new_key()
    _token, row = scenes.invited(scenes.survey(scenes.campaign(public_key=public)))
    answering.receive(row.respondent, row.pk, {"clear": "2", "why": " Fast ", "hours": "12"})
    assert count() == (1, 1)
    strata, answers = opened(private, Envelope.objects.get())
    assert (strata, answers) == ({"level": "bachelor"}, {"clear": 2, "why": "Fast", "hours": 12})


def test_answers_to_hidden_questions_are_dropped():
    private, public = sealing.new_key()
    _token, row = scenes.invited(scenes.survey(scenes.campaign(public_key=public)))
    answering.receive(row.respondent, row.pk, {"clear": 5, "why": "left over from before"})
    assert opened(private, Envelope.objects.get())[1] == {"clear": 5}


def test_sent_again_it_is_received_already():
    _token, row = scenes.invited()
    answering.receive(row.respondent, row.pk, {"clear": 2})
    with pytest.raises(answering.AlreadyReceived):
        answering.receive(row.respondent, row.pk, {"clear": 5})
    stale = Invitation(pk=row.pk, survey=row.survey, respondent=row.respondent)  # as read before the first was through
    with pytest.raises(answering.AlreadyReceived):
        answering.take_in(stale, {"clear": 5})
    assert count() == (1, 1)


@pytest.mark.parametrize("state", [Campaign.CLOSED, Campaign.OPENED, Campaign.LAUNCHING, Campaign.CANCELLED])
def test_what_is_not_open_takes_nothing(state):
    _token, row = scenes.invited(scenes.survey(scenes.campaign(state)))
    with pytest.raises(answering.NotOpen):
        answering.receive(row.respondent, row.pk, {"clear": 2})
    assert count() == (0, 0)


def test_closed_while_the_answer_was_under_way_takes_nothing():
    _token, row = scenes.invited()
    scenes.closed(Campaign.objects.get())
    with pytest.raises(answering.NotOpen):
        put_in(row, {"clear": 2})  # its campaign was read while open
    assert count() == (0, 0)


def test_somebody_elses_invitation_is_none():
    _token, row = scenes.invited()
    _other, who = scenes.respondent()
    for respondent, number in ((who, row.pk), (None, row.pk), (row.respondent, "x"), (row.respondent, who.pk)):
        with pytest.raises(answering.NotInvited):
            answering.receive(respondent, number, {"clear": 2})
    assert count() == (0, 0)


def test_what_does_not_fit_is_said_in_the_language_of_the_page():
    _token, row = scenes.invited()
    with pytest.raises(answering.NotFitting) as found:
        answering.receive(row.respondent, row.pk, {"hours": "900", "wish": "x" * 4001}, "en")
    assert found.value.judged.unfit["hours"] == "Write a number from 0 to 80."
    assert sorted(found.value.judged.unfit) == ["hours", "wish"]
    assert str(found.value) == "" and count() == (0, 0)


def test_cut_off_between_the_two_writings_neither_stands():
    _token, row = scenes.invited()

    def cut(execute, sql, *rest):
        if "INSERT INTO" in sql and "surveys_envelope" in sql:  # of PostgreSQL's one statement, or the second of two
            raise ConnectionError
        return execute(sql, *rest)

    with pytest.raises(ConnectionError), transaction.atomic(), connection.execute_wrapper(cut):
        answering.receive(row.respondent, row.pk, {"clear": 2})
    assert count() == (0, 0)
    answering.receive(row.respondent, row.pk, {"clear": 2})
    assert count() == (1, 1)


# -- open links ---------------------------------------------------------------------------------------------------------
def test_an_open_link_makes_a_respondent_that_is_nobody():
    of = scenes.survey(scenes.campaign(way=Campaign.Way.LINK)).campaign
    token, row = answering.begin(of)
    who = Respondent.objects.get()
    assert (who.person, who.email, who.name, row.strata) == (None, "", "", {})
    assert answering.respondent_by(token) == who and token not in str(who.__dict__)
