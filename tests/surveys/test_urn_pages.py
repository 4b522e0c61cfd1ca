"""Key and urn on the campaign's page; rehearsing and opening by page and API."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.utils import translation
from django.views.debug import ExceptionReporter
from rest_framework.test import APIClient

from qa_portal.notices.rules import rules
from surveys import custody, keys, opening
from surveys.models import Campaign
from surveys.portal.opening import NEEDED

from . import scenes_campaigns as campaigns
from . import scenes_urn as scenes

pytestmark = pytest.mark.django_db
ONE, TWO = "қысқы таң ерте ату", "two officers walk into"
OFFICERS = Campaign.KeyPlace.OFFICERS


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch):
    monkeypatch.setattr(custody, "COST", 2**4)


def typed(w: Any) -> dict[str, Any]:
    return {
        "officer_1": w.asb.pk, "first": ONE, "first_again": ONE,
        "officer_2": w.quality.pk, "second": TWO, "second_again": TWO,
    }  # fmt: skip


def page(client: Any, campaign: Campaign) -> str:
    answer = client.get(campaign.get_absolute_url(), headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


# -- the panel --------------------------------------------------------------------------------------------------------
def test_the_page_tells_where_the_key_is_and_that_it_was_tried(world, signed_in):
    campaign = scenes.open_campaign(world)
    text = page(signed_in("asb"), campaign)
    assert custody.fingerprint(campaign) in text
    assert "note--warning" not in text


@pytest.mark.parametrize("state", NEEDED)
def test_the_page_warns_while_a_lost_key_is_needed(world, signed_in, state):
    campaign = campaigns.set_state(scenes.open_campaign(world, 5), state)
    keys.path_of(campaign.uid).unlink()
    with translation.override("kk"):
        sentence = custody.trouble(campaign)
    text = page(signed_in("asb"), campaign)
    assert sentence
    assert "note--warning" in text


def test_after_the_opening_it_tells_what_was_found(world, signed_in):
    campaign = scenes.opened_campaign(world, 7)
    text = page(signed_in("asb"), campaign)
    assert campaign.urn_opening.digest[:16] in text
    assert "7 · 7" in text
    assert "note--warning" not in text


def test_a_launch_is_refused_when_the_key_is_gone(world):
    campaign = campaigns.ready(world)
    keys.path_of(campaign.uid).unlink()
    assert campaigns.steps.launch.when_refuses(campaign)


def test_a_sealed_urn_waits_on_the_desk_of_the_quality_office(world, signed_in):
    campaign = scenes.sealed_one(world)
    assert campaign.get_absolute_url() in signed_in("asb").get("/").content.decode()
    assert campaign.get_absolute_url() not in signed_in("board").get("/").content.decode()


def test_the_reminder_knows_whom_and_what(world):
    campaign = scenes.sealed_one(world)
    rule = next(rule for rule in rules() if rule.name == "surveys.sealed_urn")
    assert list(rule.rows()) == [campaign]
    known = rule.prepare()
    assert sorted(rule.audience(known, "asb", campaign)) == sorted([world.asb.pk, world.asb2.pk])
    assert rule.line(campaign, 3, "kk").url == campaign.get_absolute_url()


# -- by page and by API --------------------------------------------------------------------------------------------------
def test_two_officers_rehearse_on_one_page_and_nothing_typed_comes_back(world, signed_in):
    campaign = campaigns.checked(world, key_place=OFFICERS)
    client, address = signed_in("asb"), f"{campaign.get_absolute_url()}rehearse/"
    form = client.get(address).content.decode()
    assert form.count('type="password"') == 4
    wrong = client.post(address, {**typed(world), "second_again": "another one entirely"})
    assert wrong.status_code == 400
    assert ONE not in wrong.content.decode()
    assert client.post(address, typed(world)).status_code == 302
    campaign.refresh_from_db()
    assert campaign.rehearsed_on is not None
    assert custody.trouble(campaign) == ""
    text = page(client, campaign) + client.get(f"{campaign.get_absolute_url()}history/").content.decode()
    assert ONE not in text
    assert world.quality.get_full_name() in text


def test_a_key_in_the_directory_is_rehearsed_by_one_click(world, signed_in):
    campaign = campaigns.checked(world)
    assert signed_in("asb").post(f"{campaign.get_absolute_url()}rehearse/", {}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.public_key


def test_officers_open_by_the_api(world):
    campaign = scenes.campaign_in(Campaign.READY, key_place=OFFICERS)
    scenes.steps.rehearse(campaign, by=world.asb, **typed(world))
    campaigns.set_state(campaign, Campaign.CLOSED)
    client = APIClient()
    client.force_authenticate(world.asb2)
    address = f"/api/v1/surveys/campaigns/{campaign.pk}/open-urn/"
    assert client.post(address, {"first": TWO, "second": ONE}).status_code == 400
    answer = client.post(address, {"first": ONE, "second": TWO})
    assert (answer.status_code, answer.json()["state"]) == (200, Campaign.OPENING)
    assert "first" not in answer.json()
    assert not opening.run(campaign.pk)  # no file was handed over: nothing was committed here


@pytest.mark.parametrize("by_api", [False, True])
def test_a_report_about_an_error_shows_no_passphrase(world, signed_in, monkeypatch, caplog, by_api):
    campaign = campaigns.checked(world, key_place=OFFICERS)
    caplog.set_level(logging.DEBUG)
    reports: list[str] = []

    def break_down(*args: Any) -> None:
        raise RuntimeError("out of order")

    def watch(sender: Any, request: Any, **kwargs: Any) -> None:
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_text())
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    monkeypatch.setattr(custody, "rehearse", break_down)
    got_request_exception.connect(watch)
    try:
        if by_api:
            client = APIClient(raise_request_exception=False)
            client.force_authenticate(world.asb)
            client.post(f"/api/v1/surveys/campaigns/{campaign.pk}/rehearse/", typed(world))
        else:
            client = signed_in("asb")
            client.raise_request_exception = False
            client.post(f"{campaign.get_absolute_url()}rehearse/", typed(world))
    finally:
        got_request_exception.disconnect(watch)
    log = "\n".join(repr(vars(record)) + record.getMessage() for record in caplog.records)
    assert reports
    assert "out of order" in reports[0]
    for text in (*reports, log):
        for words in (ONE, TWO):
            assert words not in text
            assert json.dumps(words) not in text
