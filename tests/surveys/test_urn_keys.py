"""Custody of the key: rehearsal, two officers, a lost file, hand-over to the worker, destruction."""

from __future__ import annotations

import json
import stat
from typing import Any

import pytest

from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.workflow.writing import door
from surveys import custody, keys, opening, sealing
from surveys.models import Campaign, Envelope, KeyOfficer
from surveys.models.ballots import Ballot
from surveys.workflow import opening as steps

from . import scenes_urn as scenes

pytestmark = pytest.mark.django_db

ONE, TWO = "қысқы таң ерте ату", "two officers walk into"
OFFICERS = Campaign.KeyPlace.OFFICERS


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch):
    monkeypatch.setattr(custody, "COST", 2**4)


def typed(w: Any, **fields: Any) -> dict[str, Any]:
    return {
        "officer_1": w.asb.pk, "first": ONE, "first_again": ONE,
        "officer_2": w.quality.pk, "second": TWO, "second_again": TWO, **fields,
    }  # fmt: skip


def rehearsed(w: Any, place: str = OFFICERS) -> Campaign:
    campaign = scenes.campaign_in(Campaign.READY, key_place=place)
    return steps.rehearse(campaign, by=w.asb, **(typed(w) if place == OFFICERS else {}))


def answered(w: Any, campaign: Campaign, people: int = 6) -> Campaign:
    with door("import"):
        Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.OPEN)
    campaign.refresh_from_db()
    scenes.add_survey(campaign, people, scenes.two_departments(w))
    scenes.answer_all(campaign)
    return scenes.close(campaign)


# -- rehearsal --------------------------------------------------------------------------------------------------------
def test_a_rehearsal_leaves_a_key_in_a_file_that_only_this_user_reads(world):
    campaign = rehearsed(world, Campaign.KeyPlace.DIRECTORY)
    path = keys.path_of(campaign.uid)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert campaign.rehearsed_on is not None
    assert custody.trouble(campaign) == ""
    sealed = sealing.seal(bytes(campaign.public_key), 7, {}, {"q": 1})
    assert sealing.unseal(custody.private_key(campaign), 7, sealed) == ({}, {"q": 1})


def test_a_second_rehearsal_replaces_the_key_of_the_first(world):
    campaign = rehearsed(world, Campaign.KeyPlace.DIRECTORY)
    before = bytes(campaign.public_key)
    steps.rehearse(campaign, by=world.asb)
    assert bytes(campaign.public_key) != before
    assert custody.trouble(campaign) == ""


def test_the_key_of_an_urn_with_envelopes_is_never_replaced(world):
    campaign = scenes.open_campaign(world, 5)
    scenes.answer_all(campaign)
    with pytest.raises(RuntimeError):
        custody.make_key(campaign)
    assert custody.trouble(campaign) == ""


def test_rehearsal_is_for_campaigns_that_are_checked_and_not_launched(world):
    for state in (Campaign.DRAFT, Campaign.OPEN, Campaign.CLOSED):
        with pytest.raises(NotNow):
            steps.rehearse(scenes.campaign_in(state), by=world.asb)
    with pytest.raises(Refused):
        steps.rehearse(scenes.campaign_in(Campaign.READY), by=world.staff)


def test_a_directory_that_cannot_be_written_is_said(world, settings, tmp_path):
    (tmp_path / "taken").write_text("")
    settings.SURVEY_KEY_DIR = tmp_path / "taken"
    with pytest.raises(NotNow):
        rehearsed(world, Campaign.KeyPlace.DIRECTORY)


# -- two officers -----------------------------------------------------------------------------------------------------
def test_officers_names_are_kept_and_their_passphrases_nowhere(world):
    campaign = rehearsed(world)
    assert list(KeyOfficer.objects.values_list("person", flat=True)) == [world.asb.pk, world.quality.pk]
    file = keys.path_of(campaign.uid).read_text()
    entry = campaign.history.get(verb="rehearse")
    assert str(world.quality) in entry.why
    for words in (ONE, TWO):
        assert words not in file + entry.why + json.dumps(entry.changes)
    assert set(json.loads(file)) == {"public", "cost", "salts", "nonce", "locked"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_again": "something else entirely"}, "first_again"),
        ({"second": "short", "second_again": "short"}, "second"),
        ({"second": ONE, "second_again": ONE}, "second"),
        ({"first": ""}, "first"),
        ({"officer_2": ""}, "officer_2"),
    ],
)
def test_a_rehearsal_with_wrong_passphrases_makes_no_key(world, wrong, field):
    campaign = scenes.campaign_in(Campaign.READY, key_place=OFFICERS)
    with pytest.raises(InputProblem) as problem:
        steps.rehearse(campaign, by=world.asb, **typed(world, **wrong))
    assert field in problem.value.form.errors
    assert not keys.path_of(campaign.uid).exists()
    assert ONE not in problem.value.form.as_p()


def test_one_person_is_not_two_officers(world):
    campaign = scenes.campaign_in(Campaign.READY, key_place=OFFICERS)
    with pytest.raises(InputProblem):
        steps.rehearse(campaign, by=world.asb, **typed(world, officer_2=world.asb.pk))


def test_both_passphrases_open_and_one_does_not(world, django_capture_on_commit_callbacks, monkeypatch):
    campaign = answered(world, rehearsed(world))
    for wrong in ({"first": TWO, "second": ONE}, {"first": ONE, "second": ONE}, {"first": ONE}):
        with pytest.raises(InputProblem):
            steps.open_urn(campaign, by=world.asb2, **wrong)
    monkeypatch.setattr(steps.current_app, "send_task", lambda *args, **kwargs: None)
    with django_capture_on_commit_callbacks(execute=True):
        steps.open_urn(campaign, by=world.asb2, first=ONE, second=TWO)
    assert opening.run(campaign.pk)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.OPENED
    assert Ballot.objects.count() == 6
    assert not custody.handed_path(campaign.uid).exists()
    assert not keys.path_of(campaign.uid).exists()


def test_who_may_not_open_learns_nothing_about_passphrases(world, monkeypatch):
    campaign = answered(world, rehearsed(world))
    monkeypatch.setattr(custody, "private_key", _never)
    form = steps.open_urn.make_form(campaign, world.staff, {"first": ONE, "second": TWO})
    assert form.is_valid()
    assert form.cleaned_data == {}


def _never(*args: Any) -> None:
    raise AssertionError("asked")


def test_the_unlocked_key_goes_to_the_worker_in_a_file_and_not_in_the_queue(
    world, django_capture_on_commit_callbacks, monkeypatch
):
    campaign = answered(world, rehearsed(world))
    sent: list[Any] = []
    monkeypatch.setattr(steps.current_app, "send_task", lambda *args, **kwargs: sent.append((args, kwargs)))
    with django_capture_on_commit_callbacks(execute=True):
        steps.open_urn(campaign, by=world.asb, first=ONE, second=TWO)
    assert sent == [((steps.TASK,), {"args": [campaign.pk]})]
    handed = custody.handed_path(campaign.uid)
    assert stat.S_IMODE(handed.stat().st_mode) == 0o600
    assert len(handed.read_bytes()) == 32


def test_an_unlocked_key_does_not_outlive_an_opening_that_stopped(world):
    campaign = answered(world, rehearsed(world))
    steps.open_urn(campaign, by=world.asb, first=ONE, second=TWO)
    custody.hand_over(campaign, custody.private_key(campaign, [custody.Passphrase(ONE), custody.Passphrase(TWO)]))
    Envelope.objects.filter(pk=Envelope.objects.first().pk).delete()
    opening.run(campaign.pk)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.CLOSED
    assert not custody.handed_path(campaign.uid).exists()
    assert keys.path_of(campaign.uid).exists()


def test_an_unlocked_key_that_nobody_took_is_swept_away(world):
    campaign = answered(world, rehearsed(world))
    custody.hand_over(campaign, b"x" * 32)
    opening.resume()
    assert not custody.handed_path(campaign.uid).exists()


def test_without_the_unlocked_key_the_officers_are_asked_again(world):
    campaign = answered(world, rehearsed(world))
    steps.open_urn(campaign, by=world.asb, first=ONE, second=TWO)
    opening.run(campaign.pk)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.CLOSED
    assert campaign.problem


def test_a_passphrase_shows_itself_nowhere():
    words = custody.Passphrase(ONE)
    assert ONE not in f"{words} {words!r} {[words]} {{'a': words}}"
    assert words == custody.Passphrase(ONE)
    assert words != custody.Passphrase(TWO)


# -- lost, damaged, another's ---------------------------------------------------------------------------------------
def test_a_lost_key_is_said_and_its_urn_is_not_opened(world):
    campaign = scenes.open_campaign(world, 6)
    scenes.answer_all(campaign)
    keys.path_of(campaign.uid).unlink()
    assert custody.trouble(campaign)
    scenes.close(campaign)
    with pytest.raises(NotNow):
        steps.open_urn(campaign, by=world.asb)
    steps.destroy_unread(campaign, by=world.asb, reason="Кілт жоғалды")
    assert not Envelope.objects.exists()


def test_lost_after_the_step_it_stops_and_reports(world):
    campaign = scenes.open_campaign(world, 6)
    scenes.answer_all(campaign)
    scenes.begin_opening(campaign)
    keys.path_of(campaign.uid).unlink()
    opening.run(campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, bool(campaign.problem)) == (Campaign.CLOSED, True)
    assert Envelope.objects.count() == 6


@pytest.mark.parametrize("data", [b"", b"[]", b'{"public": "zz"}', b"\x00" * 64])
def test_a_damaged_file_is_said(world, data):
    campaign = scenes.open_campaign(world, 0)
    keys.path_of(campaign.uid).write_bytes(data)
    assert custody.trouble(campaign)
    with pytest.raises(custody.CannotUnlock):
        custody.private_key(campaign)


def test_the_key_of_another_campaign_is_said(world):
    one, two = scenes.open_campaign(world, 0), scenes.open_campaign(world, 0)
    keys.path_of(one.uid).write_bytes(keys.path_of(two.uid).read_bytes())
    assert custody.trouble(one)
    assert not custody.trouble(two)


def test_a_key_that_is_not_kept_as_the_campaign_says_is_said(world):
    campaign = scenes.open_campaign(world, 0)
    campaign.key_place = OFFICERS
    assert custody.trouble(campaign)


def test_destroying_overwrites_and_removes(world):
    campaign = scenes.open_campaign(world, 0)
    path = keys.path_of(campaign.uid)
    before = path.read_bytes()
    other = path.with_suffix(".link")
    other.hardlink_to(path)  # the same blocks under a second name
    custody.destroy(campaign)
    assert not path.exists()
    assert other.read_bytes() != before
    assert len(other.read_bytes()) == len(before)
    other.unlink()
    custody.destroy(campaign)


def test_a_key_is_never_written_over_an_old_one(world):
    campaign = scenes.open_campaign(world, 0)
    with pytest.raises(FileExistsError):
        keys.write(keys.path_of(campaign.uid), b"new")
