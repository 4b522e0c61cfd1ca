"""Launching, letters, reminders, the days by the clock, counters that nobody reads, and the end of the ledger."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa_portal.dates.models import DayOff
from qa_portal.notices.models import Letter, Notice
from qa_portal.people.models import Person
from qa_portal.permissions import SYSTEM, NotNow
from qa_portal.web.forms import InputProblem
from surveys import by_clock, course_roster, inviting, keys, launching, letters, response
from surveys.answering import respondent_by
from surveys.models import Campaign, Envelope, Invitation, LetterOwed, Questionnaire, Respondent, RosterLine
from surveys.workflow import campaigns as steps

from . import scenes_campaigns as scenes

pytestmark = pytest.mark.django_db


def fresh(campaign):
    return Campaign.objects.get(pk=campaign.pk)


def people(campaign):
    return Respondent.objects.filter(invitations__survey__campaign=campaign).distinct()


# -- launching ---------------------------------------------------------------------------------------------------
def test_nothing_is_launched_before_its_urn_was_rehearsed(world):
    campaign = scenes.checked(world)
    with pytest.raises(NotNow):
        steps.launch(campaign, by=world.asb)
    assert steps.launch(scenes.rehearsed(campaign), by=world.asb).state == Campaign.LAUNCHING


def test_before_its_first_day_it_begins_only_when_somebody_says_so(world):
    campaign = scenes.ready(world, opens_on=scenes.in_days(3))
    with pytest.raises(InputProblem):
        steps.launch(campaign, by=world.asb)
    steps.launch(campaign, by=world.asb, now=True)
    assert campaign.opens_on == timezone.localdate()


def test_what_lacks_something_is_not_launched(world):
    late = scenes.ready(world)
    scenes.set_state(late, Campaign.READY, opens_on=scenes.in_days(-5), closes_on=scenes.in_days(-1))
    empty = scenes.ready(world)
    empty.roster.all().delete()
    for campaign in (late, empty):
        with pytest.raises(NotNow):
            steps.launch(campaign, by=world.asb)
    superseded = scenes.ready(world)
    scenes.set_state(superseded, Campaign.READY)
    Questionnaire._base_manager.filter(pk=superseded.questionnaire_id).update(state="superseded")
    with pytest.raises(NotNow):
        steps.launch(fresh(superseded), by=world.asb)


def test_the_roster_becomes_invitations_and_is_gone(world):
    campaign = scenes.draft(world)
    scenes.lines(campaign, 10, strata={"level": "bachelor", "year": "2", "school": world.school.pk})
    scenes.lines(campaign, 6, strata={"level": "master", "year": "1", "school": world.far_school.pk})
    RosterLine.objects.create(campaign=campaign, person=world.staff, language="kk")
    steps.submit(campaign, by=world.asb)
    steps.check(campaign, by=world.asb2)
    steps.launch(scenes.rehearsed(campaign), by=world.asb)
    assert launching.launch(campaign.pk)
    campaign = fresh(campaign)
    assert (campaign.state, campaign.roster.count(), campaign.progress) == (Campaign.OPEN, 0, 100)
    assert campaign.content["sections"][0]["items"][0]["code"] == "q-likert"
    survey = campaign.surveys.get()
    assert survey.title == {"kk": "Студенттер", "ru": "Студенты", "en": "Students"}
    assert survey.invitations.count() == 17
    strata = [tuple(sorted(row.strata)) for row in survey.invitations.all()]
    # one person of no school and level would stand alone beside the groups: the smaller group joins them
    assert {each: strata.count(each) for each in set(strata)} == {("level", "school", "year"): 10, (): 7}
    assert not launching.launch(campaign.pk)  # a second worker comes too late
    assert survey.invitations.count() == 17


def test_no_token_stands_in_any_table(world):
    campaign = scenes.opened(world)
    row = people(campaign).first()
    token = keys.token_for(row.pk)
    assert row.token_hash == keys.hash_of(token) and respondent_by(token) == row
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert token not in repr(cursor.fetchall()), table


def test_somebody_asked_again_keeps_the_link(world):
    first = scenes.opened(world)
    known = {row.email: row.token_hash for row in people(first)}
    again = scenes.draft(world)
    RosterLine.objects.bulk_create(
        RosterLine(campaign=again, email=email, name="Жаңа ат", language="en") for email in sorted(known)
    )
    steps.submit(again, by=world.asb)
    steps.check(again, by=world.asb2)
    steps.launch(scenes.rehearsed(again), by=world.asb)
    assert launching.launch(again.pk)
    assert {row.email: row.token_hash for row in people(again)} == known
    assert set(people(again).values_list("name", "language")) == {("Жаңа ат", "en")}


def test_the_order_of_the_ledger_is_not_that_of_the_roster(world, monkeypatch):
    shuffled = []
    monkeypatch.setattr(inviting.random.SystemRandom, "shuffle", lambda self, rows: shuffled.append(len(rows)))
    scenes.opened(world)
    assert shuffled == [12]


def test_a_launch_that_fails_asks_nobody_and_says_so(world, monkeypatch):
    campaign = scenes.launching_one(world)

    def broken(campaign):
        Invitation.objects.all().delete()
        raise RuntimeError

    monkeypatch.setattr(inviting.letters, "owe", lambda *args, **kwargs: broken(campaign))
    assert not launching.launch(campaign.pk)
    campaign = fresh(campaign)
    assert (campaign.state, bool(campaign.problem), campaign.roster.count()) == (Campaign.READY, True, 12)
    assert not Invitation.objects.exists() and not campaign.surveys.exists() and not LetterOwed.objects.exists()
    monkeypatch.undo()
    steps.launch(campaign, by=world.asb)
    assert launching.launch(campaign.pk)


def test_a_launch_left_behind_is_taken_up(world):
    campaign = scenes.launching_one(world)
    assert launching._take(campaign.pk)
    assert launching.resume() == 0  # somebody works on it
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6), tick=False):
        assert launching.resume() == 1
    assert fresh(campaign).state == Campaign.OPEN


def test_about_courses_there_is_a_survey_a_course(world):
    scenes.students(world, 6)
    first, second = scenes.course(world), scenes.course(world, "TER102", teachers=[world.staff, world.staff2])
    campaign = scenes.about_courses(world)
    course_roster.take_courses(campaign, [first.pk, second.pk], world.asb)
    steps.submit(campaign, by=world.asb)
    steps.check(campaign, by=scenes.manager(world))
    steps.launch(scenes.rehearsed(campaign), by=world.asb)
    assert launching.launch(campaign.pk)
    surveys = {survey.course: survey for survey in campaign.surveys.select_related("course")}
    assert set(surveys) == {first, second}
    assert {row["id"] for row in surveys[second].teachers} == {world.staff.pk, world.staff2.pk}
    assert surveys[first].title["ru"] == "Дисциплина TER101"
    assert surveys[first].strata == {"school": world.school.pk, "department": world.department.pk}
    assert Invitation.objects.count() == 12 and people(campaign).count() == 6
    mail.outbox.clear()
    assert letters.send_waiting() == 6
    assert all("TER101" in one.body and "TER102" in one.body for one in mail.outbox)


def test_an_open_link_has_a_survey_and_nobody_in_the_ledger(world, signed_in):
    campaign = scenes.by_link(world)
    steps.submit(campaign, by=world.asb)
    steps.check(campaign, by=world.asb2)
    steps.launch(scenes.rehearsed(campaign), by=world.asb)
    assert launching.launch(campaign.pk)
    assert campaign.surveys.count() == 1 and not Invitation.objects.exists() and not LetterOwed.objects.exists()
    client = signed_in("asb")
    page = client.get(f"/surveys/campaigns/{campaign.pk}/").content.decode()
    assert f"{settings.SITE_URL}/answer/open/{campaign.uid}/" in page
    for kind, start in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        answer = client.get(f"/surveys/campaigns/{campaign.pk}/link/{kind}/")
        assert answer.content.startswith(start)
    assert client.get(f"/surveys/campaigns/{campaign.pk}/link/exe/").status_code == 404
    with pytest.raises(NotNow):
        steps.remind(fresh(campaign), by=SYSTEM)


# -- letters ---------------------------------------------------------------------------------------------------------
def test_one_letter_for_all_that_somebody_owes_and_none_is_kept(world):
    mail.outbox.clear()
    first = scenes.opened(world, invitation_ru="Просим ответить")
    second = scenes.draft(world, name_kk="Екінші", name_ru="Второй", name_en="The other")
    RosterLine.objects.create(campaign=second, email="line1@example.net", name="Адам 1", language="ru")
    RosterLine.objects.create(campaign=second, email="only@example.net", language="en")
    steps.submit(second, by=world.asb)
    steps.check(second, by=world.asb2)
    steps.launch(scenes.rehearsed(second), by=world.asb)
    assert launching.launch(second.pk)
    before = Letter.objects.count()
    assert letters.send_waiting() == 13
    assert not LetterOwed.objects.exists() and Letter.objects.count() == before
    sent = {one.to[0]: one for one in mail.outbox if "@example.net" in one.to[0]}
    both = sent["line1@example.net"]
    assert both.extra_headers["Content-Language"] == "ru"
    assert "Студенты" in both.body and "Второй" in both.body and "Просим ответить" in both.body
    token = re.search(r"/answer/#([0-9a-f]{32})", both.body).group(1)
    assert token in both.alternatives[0].content
    assert respondent_by(token) == Respondent.objects.get(email="line1@example.net")
    assert "The other" in sent["only@example.net"].subject
    assert people(first).count() == 12


def test_people_with_an_account_find_it_in_their_inbox(world):
    Person.objects.filter(username="staff2").update(letters_wanted="reminders")
    campaign = scenes.draft(world)
    for person in (world.staff, world.staff2, world.head):
        RosterLine.objects.create(campaign=campaign, person=person, language="kk")
    steps.submit(campaign, by=world.asb)
    steps.check(campaign, by=world.asb2)
    Person.objects.filter(username="head").update(is_active=False)  # left since
    steps.launch(scenes.rehearsed(campaign), by=world.asb)
    assert launching.launch(campaign.pk)
    asked = Notice.objects.filter(verb=letters.ASKED).order_by("person__username")
    assert [(row.person.username, row.kind, row.url) for row in asked] == [
        ("staff", "step", "/answer/"), ("staff2", "reminder", "/answer/"),
    ]  # fmt: skip
    mail.outbox.clear()
    letters.send_waiting()
    assert [one.to for one in mail.outbox] == [["staff@example.org"]]


def test_a_letter_that_cannot_be_sent_waits_and_its_address_is_in_no_log(world, monkeypatch, caplog):
    scenes.opened(world)
    monkeypatch.setattr(letters.EmailMultiAlternatives, "send", lambda self: (_ for _ in ()).throw(OSError("line1")))
    assert letters.send_waiting() == 0
    assert LetterOwed.objects.filter(attempts=1).count() == 12
    assert "line1" not in caplog.text
    monkeypatch.undo()
    assert letters.send_waiting() == 12


def test_one_worker_sends_a_letter(world):
    scenes.opened(world)
    row = LetterOwed.objects.first()
    LetterOwed.objects.filter(pk=row.pk).update(claimed_at=timezone.now())
    assert not letters.send(row.pk)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11), tick=False):
        assert letters.send(row.pk)


# -- reminders ---------------------------------------------------------------------------------------------------------
def test_only_those_who_have_not_answered_are_reminded_and_only_the_day_is_kept(world):
    campaign = scenes.opened_before(world)
    letters.send_waiting()
    scenes.took_part(campaign, 5)
    steps.remind(campaign, by=world.asb)
    assert LetterOwed.objects.count() == 12  # how many owe an answer is in no table of letters
    mail.outbox.clear()
    assert letters.send_waiting() == 7
    open_ones = people(campaign).filter(invitations__participated=False).values_list("email", flat=True)
    assert sorted(one.to[0] for one in mail.outbox) == sorted(open_ones)
    assert fresh(campaign).reminded_on == [timezone.localdate().isoformat()]
    with pytest.raises(NotNow):
        steps.remind(fresh(campaign), by=world.asb)


def test_a_survey_just_begun_is_not_reminded_of(world):
    with pytest.raises(NotNow):
        steps.remind(scenes.opened(world), by=world.asb)


def test_the_clock_reminds_half_way_and_before_the_end(world):
    today = timezone.localdate()
    for day in range(-40, 40):  # every day works, whatever day of the week the test runs on
        DayOff.objects.create(day=today + datetime.timedelta(days=day), working=True, name="x")
    campaign = scenes.opened(world)
    assert by_clock.remind_days(campaign) == [scenes.in_days(10), scenes.in_days(18)]
    reminded = []
    for offset in range(21):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=offset), tick=False):
            if by_clock.remind_due(timezone.localdate()):
                reminded.append(offset)
            assert by_clock.remind_due(timezone.localdate()) == 0
    assert reminded == [10, 18]
    DayOff.objects.filter(day=scenes.in_days(10)).update(working=False)
    scenes.set_state(campaign, Campaign.OPEN, reminded_on=[])
    assert by_clock.remind_due(scenes.in_days(10)) == 0


# -- the last day --------------------------------------------------------------------------------------------------------
def test_the_clock_closes_after_the_last_day(world):
    campaign = scenes.opened(world)
    last = timezone.make_aware(datetime.datetime.combine(campaign.closes_on, datetime.time(23, 30)))
    assert by_clock.close_over(last) == 0
    with time_machine.travel(last + datetime.timedelta(minutes=20), tick=False):
        assert by_clock.close_over(timezone.now()) == 1
    entry = campaign.history.get(verb="close")
    assert timezone.localtime(entry.at).date() == campaign.closes_on  # a duty with the same last day is done in time
    scenes.set_state(campaign, Campaign.OPEN, opens_on=scenes.in_days(-9), closes_on=scenes.in_days(-1))
    assert by_clock.close_over(timezone.now()) == 1  # a round that was missed
    assert fresh(campaign).state == Campaign.CLOSED
    assert not LetterOwed.objects.exists()  # nothing is asked any more


def test_closing_before_the_last_day_needs_a_reason(world):
    campaign = scenes.opened(world)
    with pytest.raises(InputProblem):
        steps.close(campaign, by=world.asb)
    steps.close(campaign, by=world.asb, reason="Бәрі жауап берді")
    assert campaign.closes_on == timezone.localdate()


def test_more_days_are_given_with_a_reason(world):
    campaign = scenes.opened(world)
    with pytest.raises(InputProblem):
        steps.extend(campaign, by=world.asb, until=campaign.closes_on.isoformat(), reason="x")
    steps.extend(campaign, by=world.asb, until=scenes.in_days(30).isoformat(), reason="Сессия")
    assert fresh(campaign).closes_on == scenes.in_days(30)


def test_cancelling_destroys_answers_and_key(world, django_capture_on_commit_callbacks):
    campaign = scenes.opened(world)
    Envelope.objects.create(survey=campaign.surveys.get(), ciphertext=b"x")
    assert keys.path_of(campaign.uid).exists()
    with django_capture_on_commit_callbacks(execute=True):
        steps.cancel(campaign, by=world.asb, reason="Қате сауалнама")
    assert not Envelope.objects.exists() and not keys.path_of(campaign.uid).exists()
    assert fresh(campaign).key_destroyed_on == timezone.localdate()
    assert by_clock.keep()["ended"] == 1
    assert not Invitation.objects.exists() and not Respondent.objects.exists()


# -- counters ----------------------------------------------------------------------------------------------------------
def test_nobody_reads_an_exact_counter_of_an_open_survey(world, signed_in):
    campaign = scenes.opened(world, trees=[])
    scenes.took_part(campaign, 7)
    with pytest.raises(response.StillOpen):
        response.response(fresh(campaign))
    by_clock.count_open(timezone.localdate())
    assert response.live_rates(fresh(campaign)) == []  # twelve people are no large group


def large(world, number=60):
    campaign = scenes.draft(world)
    scenes.lines(campaign, number - 9)
    scenes.lines(campaign, 9, strata={"level": "master", "year": "1"})
    steps.submit(campaign, by=world.asb)
    steps.check(campaign, by=world.asb2)
    steps.launch(scenes.rehearsed(campaign), by=world.asb)
    assert launching.launch(campaign.pk)
    return fresh(campaign)


def test_rates_of_large_groups_in_steps_of_five_once_a_day(world, signed_in):
    campaign = large(world)
    url, client = f"/surveys/campaigns/{campaign.pk}/", signed_in("asb")
    empty = client.get(url).content
    scenes.took_part(campaign, 11)  # 18.3 %
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub(b"", client.get(url).content) == token.sub(b"", empty)  # nothing moves during the day
    by_clock.count_open(timezone.localdate())
    rates = {(row.tree, row.path): row.percent for row in response.live_rates(fresh(campaign))}
    assert set(rates) == {("", ""), ("level/year", "bachelor"), ("level/year", "bachelor/2")}
    assert rates["", ""] == 15
    scenes.took_part(campaign, 59)
    by_clock.count_open(timezone.localdate())
    assert response.live_rates(fresh(campaign))[0].percent == 15  # the next figures come with the next day
    by_clock.count_open(scenes.in_days(1))
    assert response.live_rates(fresh(campaign))[0].percent == 95
    body = client.get(f"/api/v1/surveys/campaigns/{campaign.pk}/").json()
    assert not {"counts", "answered", "invited", "participated"} & set(body)


def test_after_the_last_day_the_counts_are_exact(world, signed_in):
    campaign = large(world)
    scenes.took_part(campaign, 20)
    steps.close(campaign, by=world.asb, reason="x")
    found = response.response(fresh(campaign))
    assert (found.total.invited, found.total.answered) == (60, 20)
    assert found.groups["level/year", "master"].invited == 9
    assert sum(found.surveys[pk].answered for pk in found.surveys) == 20
    page = signed_in("asb").get(f"/surveys/campaigns/{campaign.pk}/")
    section = next(one for one in page.context["sections"] if one["id"] == "response")
    assert section["total"].answered == 20


# -- the end of the ledger --------------------------------------------------------------------------------------------------
def test_some_weeks_later_the_ledger_is_counts(world):
    campaign = large(world)
    other = scenes.opened(world)
    Respondent.objects.filter(pk=people(other).first().pk).update(name="Қалады")
    scenes.took_part(campaign, 20)
    steps.close(campaign, by=world.asb, reason="x")
    before = response.response(fresh(campaign))
    scenes.set_state(campaign, Campaign.OPENED)
    letters.tell_accounts(campaign, [(world.staff.pk, "kk", True)])
    last = campaign.closes_on
    assert response.end_ledgers(last + datetime.timedelta(weeks=6)) == 0
    assert response.end_ledgers(last + datetime.timedelta(weeks=6, days=1)) == 1
    assert not Invitation.objects.filter(survey__campaign=campaign).exists()
    assert set(Respondent.objects.values_list("pk", flat=True)) == set(people(other).values_list("pk", flat=True))
    assert response.response(fresh(campaign)) == before
    record_type = ContentType.objects.get_for_model(Campaign)
    assert not Notice.objects.filter(record_type=record_type, record_id=campaign.pk, verb=letters.ASKED).exists()
    assert response.end_ledgers(last + datetime.timedelta(weeks=9)) == 0


def test_an_urn_still_sealed_keeps_its_ledger(world):
    campaign = scenes.closed(world)
    assert response.end_ledgers(scenes.in_days(400)) == 0
    assert Invitation.objects.filter(survey__campaign=campaign).count() == 12


def test_launching_costs_the_same_for_more_people_of_one_piece(world):
    scenes.opened(world)  # what is read once a process is known by now
    counted = []
    for number in (5, 60):
        campaign = scenes.launching_one(world, number=number)
        with CaptureQueriesContext(connection) as queries:
            assert launching.launch(campaign.pk)
        counted.append(len(queries))
    assert abs(counted[0] - counted[1]) <= 2  # the content types of the first
