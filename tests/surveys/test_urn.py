"""Opening an urn: everything or nothing; what is kept, what is gone, what is said when it stops."""

from __future__ import annotations

import logging
import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from qa_portal.notices.models import Notice
from qa_portal.permissions import NotNow, Refused
from qa_portal.workflow.writing import door
from surveys import custody, keys, opening, sealing
from surveys.models import Campaign, Envelope, Invitation, Survey, TextAnswer, UrnOpening
from surveys.models.ballots import Ballot
from surveys.workflow import opening as steps

from . import scenes_urn as scenes

pytestmark = pytest.mark.django_db


def ready_to_open(world: Any, **fields: Any) -> Campaign:
    """Everybody answered, closed, the step taken, the worker has not begun."""
    campaign = scenes.open_campaign(world, **fields)
    scenes.answer_all(campaign)
    return scenes.begin_opening(campaign, by=world.asb)


def stopped(campaign: Campaign, envelopes: int) -> str:
    """It went back to "closed" with a sentence; nothing is written or destroyed."""
    campaign.refresh_from_db()
    assert campaign.state == Campaign.CLOSED
    assert Ballot.objects.count() == TextAnswer.objects.count() == UrnOpening.objects.count() == 0
    assert Envelope.objects.count() == envelopes
    assert keys.path_of(campaign.uid).exists()
    assert campaign.key_destroyed_on is None
    return campaign.problem


# -- what an opening leaves ------------------------------------------------------------------------------------------
def test_all_envelopes_become_ballots_and_texts_and_are_gone(world):
    campaign = ready_to_open(world)
    assert opening.run(campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.problem, campaign.progress) == (Campaign.OPENED, "", 100)
    assert Ballot.objects.count() == TextAnswer.objects.count() == 30
    assert not Envelope.objects.exists()
    found = UrnOpening.objects.get()
    assert (found.envelopes, found.participants, found.by) == (30, 30, world.asb)
    assert found.digest == opening.digest_of(Ballot.objects.values_list("survey", "strata", "answers"))


def test_ballots_hold_what_was_answered_and_no_texts(world):
    campaign = scenes.open_campaign(world, 6, trees=[])
    chance, sent = random.Random(5), []
    for invitation in scenes.invitations(campaign):
        sent.append({**scenes.some_answers(chance), "q-likert#": "Ескертпе"})
        scenes.answer(invitation, sent[-1])
    scenes.close_and_open(campaign)
    texts = ("q-text", "q-likert#")
    expected = [{key: value for key, value in one.items() if key not in texts} for one in sent]
    stored = list(Ballot.objects.values_list("answers", flat=True))
    assert sorted(map(repr, map(sorted, (one.items() for one in stored)))) == sorted(
        map(repr, map(sorted, (one.items() for one in expected)))
    )
    said = Counter(TextAnswer.objects.values_list("question", "text"))
    assert said == Counter((key, one[key]) for one in sent for key in texts)


def test_answers_stand_in_the_order_of_the_questionnaire(world):
    campaign = scenes.open_campaign(world, 5, trees=[])
    for invitation in scenes.invitations(campaign):
        scenes.answer(invitation, {"q-many": ["d", "b", "a"], "q-likert": 3, "unknown": "x", "q-one": "na"})
    scenes.close_and_open(campaign)
    for answers in Ballot.objects.values_list("answers", flat=True):
        assert answers == {"q-likert": 3, "q-one": "na", "q-many": ["a", "b", "d"]}
        if connection.vendor == "sqlite":  # PostgreSQL has an order of its own
            assert list(answers) == ["q-likert", "q-one", "q-many"]


def test_a_refused_text_is_no_text(world):
    campaign = scenes.open_campaign(world, 5, trees=[])
    for invitation in scenes.invitations(campaign):
        scenes.answer(invitation, {"q-text": "refused"})
    scenes.close_and_open(campaign)
    assert not TextAnswer.objects.exists()
    assert list(Ballot.objects.values_list("answers", flat=True)) == [{"q-text": "refused"}] * 5


def test_an_urn_without_answers_is_opened_and_empty(world):
    campaign = scenes.close_and_open(scenes.open_campaign(world))
    assert campaign.state == Campaign.OPENED
    assert UrnOpening.objects.get().envelopes == 0


@pytest.mark.parametrize("number", [1, 4])
def test_fewer_than_five_answers_are_not_opened(world, number):
    campaign = scenes.open_campaign(world)
    scenes.answer_all(campaign, most=number)
    scenes.close(campaign)
    with pytest.raises(NotNow):
        steps.open_urn(campaign, by=world.asb)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.CLOSED
    assert Envelope.objects.count() == number


def test_another_campaigns_urn_is_left_alone(world):
    other = scenes.open_campaign(world, 7)
    scenes.answer_all(other)
    scenes.opened_campaign(world, 8)
    assert Envelope.objects.filter(survey__campaign=other).count() == 7
    assert keys.path_of(other.uid).exists()
    assert Ballot.objects.count() == 8


# -- who ----------------------------------------------------------------------------------------------------------------
def test_only_the_quality_office_opens(world):
    campaign = scenes.close(scenes.open_campaign(world))
    with pytest.raises(Refused):
        steps.open_urn(campaign, by=world.board)
    with pytest.raises(Refused):
        steps.finish_opening(campaign, by=world.asb)


# -- it stops and reports ------------------------------------------------------------------------------------------
def test_a_missing_envelope_stops_it(world):
    campaign = ready_to_open(world)
    Envelope.objects.filter(pk=Envelope.objects.first().pk).delete()
    assert not opening.run(campaign.pk)
    problem = stopped(campaign, 29)
    assert "30" in problem and "29" in problem
    assert Notice.objects.filter(person=world.asb, verb="halt_opening").exists()


def test_an_envelope_too_many_stops_it(world):
    campaign = scenes.open_campaign(world)
    scenes.answer_all(campaign, most=29)
    row = Envelope.objects.first()
    Envelope.objects.create(survey=row.survey, ciphertext=row.ciphertext)
    scenes.begin_opening(campaign)
    assert not opening.run(campaign.pk)
    assert "29" in stopped(campaign, 30)


def test_a_damaged_envelope_stops_it(world):
    campaign = ready_to_open(world)
    row = Envelope.objects.first()
    sealed = bytearray(row.ciphertext)
    sealed[100] ^= 1
    Envelope.objects.filter(pk=row.pk).update(ciphertext=bytes(sealed))
    assert not opening.run(campaign.pk)
    assert "1" in stopped(campaign, 30)


def test_an_envelope_moved_to_another_survey_stops_it(world):
    campaign = scenes.open_campaign(world, 0, content=scenes.teacher_content(), trees=[])
    one, two = (scenes.add_survey(campaign, 6, teachers=[world.staff]) for _n in range(2))
    for invitation in scenes.invitations(campaign):
        scenes.answer(invitation, {"c-likert": 4})
    first, second = one.envelopes.first(), two.envelopes.first()
    Envelope.objects.filter(pk=first.pk).update(survey=two)
    Envelope.objects.filter(pk=second.pk).update(survey=one)  # the numbers agree, the envelopes do not
    scenes.begin_opening(campaign)
    assert not opening.run(campaign.pk)
    assert "2" in stopped(campaign, 12)


def test_one_missing_here_and_one_too_many_there_are_two_mistakes(world):
    campaign = scenes.open_campaign(world, 0, content=scenes.teacher_content(), trees=[])
    one, two = (scenes.add_survey(campaign, 6) for _n in range(2))
    for invitation in scenes.invitations(campaign):
        scenes.answer(invitation, {"c-likert": 4})
    Envelope.objects.filter(pk=one.envelopes.first().pk).update(survey=two)
    scenes.begin_opening(campaign)
    assert not opening.run(campaign.pk)
    stopped(campaign, 12)


def test_envelopes_forged_for_other_people_stop_it(world):
    """The public key lies in the database: whoever writes there can seal, but not for somebody who took part."""
    campaign = ready_to_open(world)
    row = Envelope.objects.first()
    forged = sealing.seal(bytes(campaign.public_key), row.survey_id, {"school": world.far_school.pk}, {"q-likert": 1})
    Envelope.objects.filter(pk=row.pk).update(ciphertext=forged)
    assert not opening.run(campaign.pk)
    stopped(campaign, 30)


def test_once_put_right_it_opens(world):
    campaign = ready_to_open(world)
    row = Envelope.objects.first()
    Envelope.objects.filter(pk=row.pk).delete()
    opening.run(campaign.pk)
    campaign.refresh_from_db()
    Envelope.objects.create(pk=row.pk, survey_id=row.survey_id, ciphertext=row.ciphertext)
    steps.open_urn(campaign, by=world.asb)
    assert campaign.problem == ""
    assert opening.run(campaign.pk)
    assert Ballot.objects.count() == 30


# -- killed ---------------------------------------------------------------------------------------------------------
class Killed(BaseException):
    """As a worker dies: nothing after it is run, no `except Exception` catches it."""


def test_killed_before_the_commit_nothing_is_there_and_another_worker_opens_it(world, monkeypatch):
    campaign = ready_to_open(world)
    with monkeypatch.context() as patch:
        patch.setattr(opening.UrnOpening.objects, "create", _die)
        with pytest.raises(Killed):
            opening.run(campaign.pk)
    assert Ballot.objects.count() == TextAnswer.objects.count() == 0
    assert Envelope.objects.count() == 30
    assert not opening.run(campaign.pk)  # it may still be at work
    _long_ago(campaign)
    assert opening.resume() == 1
    assert Ballot.objects.count() == 30
    assert not keys.path_of(campaign.uid).exists()


def test_killed_after_the_commit_the_next_run_destroys_the_key(world, monkeypatch):
    campaign = ready_to_open(world)
    with monkeypatch.context() as patch:
        patch.setattr(custody, "destroy", _die)
        with pytest.raises(Killed):
            opening.run(campaign.pk)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.OPENED
    assert keys.path_of(campaign.uid).exists()
    assert opening.resume() == 1
    campaign.refresh_from_db()
    assert not keys.path_of(campaign.uid).exists()
    assert campaign.key_destroyed_on is not None
    assert Ballot.objects.count() == 30
    assert opening.resume() == 0
    assert not opening.run(campaign.pk)


def _die(*args: Any, **kwargs: Any) -> None:
    raise Killed


def _long_ago(campaign: Campaign) -> None:
    campaign.refresh_from_db()
    with door("import"):
        Campaign.objects.filter(pk=campaign.pk).update(worked_at=campaign.worked_at - 2 * opening.STALE)


def test_an_error_inside_stops_it_and_its_message_is_not_repeated(world, monkeypatch, caplog):
    campaign = ready_to_open(world)

    def break_down(*args: Any) -> None:
        raise ValueError(" ".join(("secret", "words", "of an answer")))

    monkeypatch.setattr(opening, "classes", break_down)
    caplog.set_level(logging.ERROR)
    assert not opening.run(campaign.pk)
    assert "secret words" not in stopped(campaign, 30)
    assert "secret words" not in caplog.text
    assert "ValueError" in caplog.text


# -- courses --------------------------------------------------------------------------------------------------------
def course_campaign(world: Any, *sizes: int) -> tuple[Campaign, list[Survey]]:
    """Surveys of so many participants each, of therapy, about one teacher each."""
    campaign = scenes.open_campaign(world, 0, content=scenes.teacher_content(), trees=[])
    of = {"school": world.school.pk, "department": world.department.pk}
    teachers = [world.staff, world.staff2, world.head, world.head2]
    surveys = [scenes.add_survey(campaign, size, teachers=[teachers[n]], of=of) for n, size in enumerate(sizes)]
    for invitation in scenes.invitations(campaign):
        teacher = invitation.survey.teachers[0]["id"]
        scenes.answer(invitation, {"c-likert": 4, f"t-likert@{teacher}": 5, f"t-text@{teacher}": "Жақсы түсіндіреді"})
    return scenes.close_and_open(campaign), surveys


def test_courses_with_few_answers_are_pooled_without_course_and_teacher(world):
    campaign, (big, *_small) = course_campaign(world, 6, 2, 3)
    pool = campaign.surveys.get(invitations=None)
    assert Counter(Ballot.objects.values_list("survey", flat=True)) == {big.pk: 6, pool.pk: 5}
    for ballot in Ballot.objects.filter(survey=pool):
        assert ballot.answers == {"c-likert": 4}
        assert ballot.strata == {"school": world.school.pk, "department": world.department.pk}
    assert set(TextAnswer.objects.values_list("survey", flat=True)) == {big.pk}


def test_where_the_pool_is_too_small_the_next_smallest_course_joins_it(world):
    campaign, (big, _six, _one) = course_campaign(world, 9, 6, 1)
    pool = campaign.surveys.get(invitations=None)
    assert Counter(Ballot.objects.values_list("survey", flat=True)) == {big.pk: 9, pool.pk: 7}
    assert all(
        "@" not in key
        for answers in Ballot.objects.filter(survey=pool).values_list("answers", flat=True)
        for key in answers
    )


def test_five_answers_of_one_person_are_not_opened(world):
    """About five courses, one answer each: five envelopes, and everybody knows whose."""
    campaign = scenes.open_campaign(world, 0, content=scenes.teacher_content(), trees=[])
    surveys = [scenes.add_survey(campaign, 1) for _n in range(5)]
    one = scenes.invitations(campaign)[0].respondent
    Invitation.objects.filter(survey__in=surveys).update(respondent=one)
    for invitation in scenes.invitations(campaign):
        scenes.answer(invitation, {"c-likert": 4})
    scenes.close(campaign)
    with pytest.raises(NotNow):
        steps.open_urn(campaign, by=world.asb)


# -- texts ------------------------------------------------------------------------------------------------------------
def test_texts_say_their_school_where_five_come_from_it(world):
    schools = [world.school.pk] * 8 + [world.far_school.pk] * 5 + [world.university.pk] * 5
    campaign = scenes.open_campaign(world, 18, strata=lambda n: {"school": schools[n]}, trees=[["school"]])
    for n, invitation in enumerate(scenes.invitations(campaign)):
        # Of the last school three only write; of the second all.
        scenes.answer(invitation, {"q-text": f"Пікір {n}"} if n < 16 else {"q-likert": 3})
    scenes.close_and_open(campaign)
    units = Counter(TextAnswer.objects.values_list("unit", flat=True))
    # Three texts without a school would be the third school's: the next smallest school's stand with them.
    assert units == {world.school.pk: 8, None: 8}


# -- destroying unread -------------------------------------------------------------------------------------------------
def test_an_urn_that_can_be_opened_is_not_destroyed_unread(world):
    campaign = scenes.open_campaign(world)
    scenes.answer_all(campaign)
    scenes.close(campaign)
    with pytest.raises(NotNow):
        steps.destroy_unread(campaign, by=world.asb, reason="Керек емес")
    assert Envelope.objects.count() == 30


def test_an_urn_with_few_answers_is_destroyed_unread(world, django_capture_on_commit_callbacks):
    campaign = scenes.open_campaign(world)
    scenes.answer_all(campaign, most=2)
    scenes.close(campaign)
    with django_capture_on_commit_callbacks(execute=True):
        steps.destroy_unread(campaign, by=world.asb, reason="Жауап аз")
    assert campaign.state == Campaign.CANCELLED
    assert not Envelope.objects.exists()
    assert not keys.path_of(campaign.uid).exists()
    assert Invitation.objects.filter(participated=True).count() == 2
