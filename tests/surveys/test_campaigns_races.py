"""Two at once on PostgreSQL: one set of invitations, one letter, one reminder."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection, connections

from qa_portal.people.models import Person
from qa_portal.permissions import SYSTEM, NotNow
from surveys import launching, letters, roster
from surveys.models import Campaign, Invitation, LetterOwed, Respondent, RosterLine
from surveys.workflow import campaigns as steps

from . import scenes_campaigns as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")
    # The worker's jobs are called by the tests themselves, at the moment they mean.
    monkeypatch.setattr(steps.current_app, "send_task", lambda *args, **kwargs: None)


def at_once(*calls):
    """Run the calls in threads that start together; each result is what was returned or the exception."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        except Exception as problem:  # noqa: BLE001 - the test looks at what was raised
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_workers_make_one_set_of_invitations(world):
    campaign = scenes.launching_one(world, number=300)
    found = at_once(*[lambda: launching.launch(campaign.pk)] * 3)
    assert sorted(found) == [False, False, True]
    assert Invitation.objects.count() == Respondent.objects.count() == LetterOwed.objects.count() == 300
    assert Campaign.objects.get(pk=campaign.pk).state == Campaign.OPEN


def test_two_beginnings_past_the_mark_make_one_set(world):
    campaign = scenes.launching_one(world, number=50)
    found = at_once(*[lambda: steps.begin(Campaign.objects.get(pk=campaign.pk), by=SYSTEM)] * 2)
    assert sum(isinstance(one, NotNow) for one in found) == 1, found
    assert Invitation.objects.count() == 50 and campaign.surveys.count() == 1


def test_two_campaigns_that_share_people_share_respondents(world):
    emails = [f"shared{n}@example.net" for n in range(200)]
    campaigns = []
    for _turn in range(2):
        campaign = scenes.draft(world)
        RosterLine.objects.bulk_create(RosterLine(campaign=campaign, email=email) for email in emails)
        steps.submit(campaign, by=world.asb)
        steps.check(campaign, by=world.asb2)
        steps.launch(scenes.rehearsed(campaign), by=world.asb)
        campaigns.append(campaign)
    found = at_once(*[lambda pk=campaign.pk: launching.launch(pk) for campaign in campaigns])
    assert found == [True, True]
    assert Respondent.objects.count() == LetterOwed.objects.count() == 200
    assert Invitation.objects.count() == 400


def test_a_letter_leaves_once(world):
    scenes.opened(world, number=40)
    mail.outbox.clear()
    at_once(letters.send_waiting, letters.send_waiting)
    letters.send_waiting()
    assert sorted(one.to[0] for one in mail.outbox) == sorted(Respondent.objects.values_list("email", flat=True))


def test_reminding_twice_at_once_reminds_once(world):
    campaign = scenes.opened_before(world)
    asb = Person.objects.get(username="asb")
    found = at_once(*[lambda: steps.remind(Campaign.objects.get(pk=campaign.pk), by=asb)] * 2)
    assert sum(isinstance(one, NotNow) for one in found) == 1, found
    assert len(Campaign.objects.get(pk=campaign.pk).reminded_on) == 1


def test_a_list_is_not_changed_while_it_is_submitted(world):
    campaign = scenes.listed(world)
    asb = Person.objects.get(username="asb")
    line = campaign.roster.first().pk
    at_once(
        lambda: steps.submit(Campaign.objects.get(pk=campaign.pk), by=asb),
        lambda: roster.take_out(Campaign.objects.get(pk=campaign.pk), [line], asb),
    )
    campaign = Campaign.objects.get(pk=campaign.pk)
    changed = campaign.history.filter(verb="roster").exists()
    assert campaign.roster.count() == (11 if changed else 12)
    if changed:  # then the change stands before the submission in history
        verbs = list(campaign.history.order_by("pk").values_list("verb", flat=True))
        assert verbs.index("roster") < verbs.index("submit") if "submit" in verbs else True
