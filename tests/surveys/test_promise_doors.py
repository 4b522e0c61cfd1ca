"""The promise at its doors: sums that tell one course, small publics, inboxes, logs, a page that has gone stale."""

from __future__ import annotations

import datetime
import re

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from qa_portal.notices.models import Notice
from qa_portal.people.models import Person
from qa_portal.permissions import NotNow
from qa_portal.web.registry import ChapterScope
from qa_portal.workflow.writing import door
from surveys import answering, by_clock, inviting, launching, letters, response
from surveys.models import Campaign, Envelope, Invitation, Release, Respondent, RosterLine
from surveys.release_chapter import blocks
from surveys.release_figures import low_groups, response_rate, satisfaction
from surveys.result_words import margin_words, response_words
from surveys.results import Reading, with_campaign
from surveys.tasks.campaigns import send_letters
from surveys.workflow import opening as urn_steps

from . import scenes_answering, scenes_campaigns, scenes_engine, scenes_urn

pytestmark = pytest.mark.django_db


# -- a school with one course is that course -----------------------------------------------------------------------------
def two_schools(w):
    """Two courses in the first school, one in the other; of each course enough people for public groups."""
    today = timezone.localdate()
    campaign = scenes_engine.course_campaign()
    for number, unit in enumerate((w.department, w.other, w.far_school)):
        scenes_engine.course_survey(w, campaign, number, scenes_engine.respondents(24), [w.staff], unit)
    release = scenes_engine.published(campaign)
    with door("import"):
        Release.objects.filter(pk=release.pk).update(published_on=today, sent_on=today)
    return with_campaign(Release.objects).get(pk=release.pk)


def units_in(reading):
    return sorted({node.unit_id for node in reading.groups if node.unit_id})


def test_the_public_reads_no_sum_that_is_one_course(world, client):
    release = two_schools(world)
    public = Reading(release)
    # The single course of the far school would follow from its own sum, or from the whole less the first school.
    assert world.far_school.pk not in units_in(public)
    assert not {world.department.pk, world.other.pk} & set(units_in(public))
    assert public.root is not None and world.school.pk not in units_in(public)
    assert world.far_school.pk in units_in(Reading(release, world.asb))
    answer = client.get(f"/public/surveys/{release.pk}/")
    assert answer.status_code == 200 and f'value="{world.far_school.pk}"' not in answer.content.decode()
    far = release.nodes.get(scope="public", tree="course", path=str(world.far_school.pk))
    assert client.get(f"/public/surveys/{release.pk}/?tree=course&group={far.pk}").status_code == 404


def test_indicators_chapters_and_signals_tell_no_single_course(world):
    release = two_schools(world)
    day = timezone.localdate()
    for figures in (satisfaction(day, day), response_rate(day, day)):
        assert figures and world.far_school.pk not in figures
        assert not {world.department.pk, world.other.pk} & set(figures)
    assert blocks(ChapterScope(day, day, day.year, unit=world.far_school)) == []
    for node in release.nodes.filter(scope="inside", hidden=False):
        for cell in node.cells.values():
            cell["top2"] = 0.1
        with door("import"):
            type(node).objects.filter(pk=node.pk).update(cells=node.cells)
    assert world.far_school.pk not in {node.unit_id for node in low_groups(day.year)}


def test_few_answers_are_not_counted_in_public():
    release = Release(facts={"numbers": {"k_public": 10}, "response": {"invited": 30, "answered": 7, "rate": 0.2333, "margin": 0.3}})  # fmt: skip
    assert "7" in response_words(release) and margin_words(release)
    assert "7" not in response_words(release, public=True) and margin_words(release, public=True) == ""
    release.facts["response"]["answered"] = 10
    assert "10" in response_words(release, public=True)


# -- inboxes, logs -------------------------------------------------------------------------------------------------------
def test_a_reminder_in_an_inbox_does_not_say_who_has_not_answered(world):
    """Who reads the daily letter only has notices and letters in tables: both say the same to whoever was asked."""
    Person.objects.filter(username__in=("staff", "staff2")).update(letters_wanted="reminders")
    campaign = scenes_campaigns.draft(world)
    for person in (world.staff, world.staff2):
        RosterLine.objects.create(campaign=campaign, person=person, language="en")
    campaign = scenes_campaigns.set_state(campaign, Campaign.OPEN)
    survey = campaign.surveys.create(title={"kk": "Сауалнама"})
    for person, took in ((world.staff, True), (world.staff2, False)):
        row = Respondent.objects.create(person=person, token_hash=person.username)
        Invitation.objects.create(survey=survey, respondent=row, participated=took)
    letters.owe_reminders(campaign)
    mail.outbox.clear()
    letters.send_waiting()
    rows = Notice.objects.filter(verb=letters.REMINDED).values_list("person__username", "subject", "kind", "url")
    told = {username: rest for username, *rest in rows}
    assert sorted(told) == ["staff", "staff2"] and told["staff"] == told["staff2"]
    assert not mail.outbox
    letters.owe_reminders(scenes_campaigns.set_state(campaign, Campaign.CLOSED))
    letters.send_waiting()
    assert Notice.objects.filter(verb=letters.REMINDED).count() == 2


def test_jobs_do_not_say_how_many_were_reminded(world):
    """What a job gives back stands in the worker's log; letters of a reminder are those who have not answered."""
    scenes_campaigns.opened(world)
    letters.owe(Respondent.objects.values_list("pk", flat=True), reminder=True)
    assert send_letters() is None
    assert "letters" not in by_clock.keep()


def test_a_launch_that_fails_leaves_no_address_in_the_log(world, monkeypatch):
    campaign = scenes_campaigns.launching_one(world)

    def broken(*args, **kwargs):
        raise IntegrityError(f"Key (email)=({campaign.roster.order_by('pk').first().email}) already exists.")

    monkeypatch.setattr(inviting, "make_respondents", broken)
    with capture_logs() as said:
        assert not launching.launch(campaign.pk)
    failed = [line for line in said if line["event"] == "campaign not launched"]
    assert len(failed) == 1 and failed[0]["kind"] == "IntegrityError"
    assert "@example" not in str(said) and "exc_info" not in failed[0]


def test_the_language_of_a_visitor_is_kept_nowhere(world):
    of = scenes_answering.survey(scenes_answering.campaign(way=Campaign.Way.LINK)).campaign
    for language in ("kk", "ru", "en"):
        assert Client().post(f"/answer/open/{of.uid}/", {"lang": language}).status_code == 200
    assert Respondent.objects.count() == 3
    assert set(Respondent.objects.values_list("language", flat=True)) == {Respondent().language}


# -- a page gone stale, a draft left behind ------------------------------------------------------------------------------
PLANTED = "Дәл осы сөз"


def test_a_stale_page_gives_everything_back_to_our_own_page_only():
    visitor = Client(enforce_csrf_checks=True)
    token, row = scenes_answering.invited()
    body = scenes_answering.sent(token, row, clear="2", why=PLANTED) | {"csrfmiddlewaretoken": "x" * 64}
    answer = visitor.post("/answer/survey/", body, headers={"Origin": "http://testserver"})
    text = answer.content.decode()
    assert answer.status_code == 403 and PLANTED in text and not Envelope.objects.exists()
    fresh = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text).group(1)
    for stranger in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        refused = Client(enforce_csrf_checks=True).post("/answer/survey/", body, headers=stranger)
        assert refused.status_code == 403 and PLANTED not in refused.content.decode()
    again = visitor.post("/answer/survey/", body | {"csrfmiddlewaretoken": fresh})
    assert again.status_code == 200 and Envelope.objects.count() == 1


def test_drafts_go_with_what_they_were_for():
    """After a lost reply the same form leads to thanks of its own: the script drops the draft left in the tab. The list, too."""
    script = (settings.BASE_DIR / "static/js/answer.js").read_text()
    token, row = scenes_answering.invited()
    for status in (200, 409):
        answer = Client().post("/answer/survey/", scenes_answering.sent(token, row, clear="2"))
        assert answer.status_code == status and "<div data-thanks>" in answer.content.decode()
    assert 'document.querySelector("div[data-thanks]")) memory.drop(memory.get(AT))' in script
    token, row = scenes_answering.invited()
    listed = Client().post("/answer/", {"token": token}).content.decode()
    assert 'data-left="1"' in listed and f'name="invitation" value="{row.pk}"' in listed
    assert 'memory.keepOnly(all("form input[name=invitation]")' in script


# -- an urn that two officers forgot --------------------------------------------------------------------------------------
def test_an_urn_under_forgotten_passphrases_ends_when_its_weeks_are_over(world):
    campaign = scenes_urn.open_campaign(world, 6, key_place=Campaign.KeyPlace.OFFICERS)
    scenes_urn.with_key(campaign, ("бір екі үш төрт", "пять шесть семь"))
    scenes_urn.answer_all(campaign)
    scenes_urn.close(campaign)
    with pytest.raises(NotNow):
        urn_steps.destroy_unread(campaign, by=world.asb, reason="Құпиясөз ұмытылды")
    with door("import"):
        long_ago = timezone.localdate() - datetime.timedelta(weeks=60)
        Campaign.objects.filter(pk=campaign.pk).update(opens_on=long_ago, closes_on=long_ago)
    campaign.refresh_from_db()
    urn_steps.destroy_unread(campaign, by=world.asb, reason="Құпиясөз ұмытылды")
    assert not Envelope.objects.exists()
    assert response.end_ledgers() == 1 and not Invitation.objects.filter(survey__campaign=campaign).exists()


def test_answers_under_a_key_of_the_directory_are_never_thrown_away(world):
    campaign = scenes_urn.open_campaign(world, 6)
    scenes_urn.answer_all(campaign)
    scenes_urn.close(campaign)
    with door("import"):
        long_ago = timezone.localdate() - datetime.timedelta(weeks=60)
        Campaign.objects.filter(pk=campaign.pk).update(opens_on=long_ago, closes_on=long_ago)
    campaign.refresh_from_db()
    with pytest.raises(NotNow):
        urn_steps.destroy_unread(campaign, by=world.asb, reason="Керек емес")


def test_a_token_of_a_visitor_speaks_for_one_invitation():
    of = scenes_answering.survey(scenes_answering.campaign(way=Campaign.Way.LINK)).campaign
    (one, first), (_two, second) = answering.begin(of), answering.begin(of)
    assert answering.invitation_by(one, first.pk) == first
    with pytest.raises(answering.NotInvited):
        answering.invitation_by(one, second.pk)
