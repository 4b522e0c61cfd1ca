"""Attacks with dumps (anonymity.md), on PostgreSQL: before and after every answer, and after the opening."""

from __future__ import annotations

import base64
import json
import logging
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client

from qa_portal.workflow.writing import door
from surveys import custody, keys, opening, sealing
from surveys.models import Campaign, Envelope, TextAnswer
from surveys.workflow import opening as steps

from ..world import World
from . import dumps_attacker as attacker
from . import scenes_urn as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
#: real commits, so that each answer has a transaction of its own; emptying the tables afterwards takes seconds
committed = pytest.mark.django_db(transaction=True)

PEOPLE, SEEDS = 30, 6
#: of 30 people laid beside 30 rows by chance one stands right, whatever the order: over all seeds as many as seeds. Thrice
#: the number of groups and thirty is beyond what chance does in a thousand million runs; an order that is kept gives 180.
LUCK = 30


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(steps.current_app, "send_task", lambda *args, **kwargs: None)


def planted_content() -> dict[str, Any]:
    """A number that is everybody's own, and a text with the same."""
    return scenes.content_of(
        scenes.section(
            "s1",
            scenes.item("q-own", "number", low=0, high=1000),
            scenes.item("q-likert"),
            scenes.item("q-text", "text"),
        )
    )


def watched(world: Any, seed: int) -> tuple[Campaign, attacker.Watcher, dict[str, int]]:
    """Everybody answers in an order of the seed, each with an own number; all is dumped around each answer."""
    chance = random.Random(seed)
    campaign = scenes.open_campaign(world, PEOPLE, content=planted_content(), name=f"Науқан {seed}")
    people = scenes.invitations(campaign)
    chance.shuffle(people)
    watcher, planted = attacker.Watcher(), {}
    for invitation, own in zip(people, chance.sample(range(1000), PEOPLE), strict=True):
        planted[str(invitation.pk)] = own
        scenes.answer(invitation, {"q-own": own, "q-likert": chance.randint(1, 5), "q-text": f"Менің саным {own}."})
        watcher.after_an_answer()
    return campaign, watcher, planted


def of_campaign(table: str, campaign: Campaign) -> list[attacker.Seen]:
    surveys = set(campaign.surveys.values_list("pk", flat=True))
    return [row for row in attacker.dump(table) if row.columns["survey_id"] in surveys]


def right(pairs: Any, planted: dict[str, int], own: Any) -> int:
    return sum(planted[deed.invitation.columns["id"]] == own(row) for deed, row in pairs)


def ballots_own(row: attacker.Seen) -> int:
    return int(row.columns["answers"]["q-own"])


def texts_own(row: attacker.Seen) -> int:
    return int(re.findall(r"\d+", row.columns["text"])[0])


# -- who said what -------------------------------------------------------------------------------------------------
@committed
def test_with_every_dump_an_attacker_guesses_no_better_than_chance():
    world = World()
    hits: dict[str, int] = {}
    groups, rhos, rhos_texts = 0, [], []
    for seed in range(SEEDS):
        campaign, watcher, planted = watched(world, seed)
        scenes.close_and_open(campaign)
        ballots, texts = of_campaign("surveys_ballot", campaign), of_campaign("surveys_textanswer", campaign)
        assert len(watcher.deeds) == len(ballots) == len(texts) == PEOPLE
        # One transaction for all, so that its number says nothing.
        assert len({row.transaction for row in [*ballots, *texts]}) == 1
        assert attacker.group_sizes(ballots)[0] >= 5
        groups += len(attacker.group_sizes(ballots))
        for name, pairs in attacker.matchings(watcher.deeds, ballots).items():
            hits[f"ballots: {name}"] = hits.get(f"ballots: {name}", 0) + right(pairs, planted, ballots_own)
        for name, pairs in attacker.matchings_in_groups(watcher.deeds, ballots).items():
            hits[f"in groups: {name}"] = hits.get(f"in groups: {name}", 0) + right(pairs, planted, ballots_own)
        for name, pairs in attacker.matchings(watcher.deeds, texts).items():
            hits[f"texts: {name}"] = hits.get(f"texts: {name}", 0) + right(pairs, planted, texts_own)
        # Ballots beside texts: where a ballot lies must not say which text is its author's.
        beside = zip(sorted(ballots, key=lambda r: r.place), sorted(texts, key=lambda r: r.place), strict=True)
        together = sum(ballots_own(ballot) == texts_own(text) for ballot, text in beside)
        hits["texts beside ballots"] = hits.get("texts beside ballots", 0) + together
        when = {planted[deed.invitation.columns["id"]]: deed.when for deed in watcher.deeds}
        for rows, own, into in ((ballots, ballots_own, rhos), (texts, texts_own, rhos_texts)):
            lying = sorted(rows, key=lambda row: row.place)
            into.append(attacker.rank_correlation([when[own(row)] for row in lying], range(PEOPLE)))
    best = max(hits, key=lambda name: hits[name])
    assert len(hits) == 3 * len(attacker.OF_PEOPLE) * len(attacker.OF_ROWS) + 1
    assert hits[best] <= 3 * groups + LUCK, f"{best}: {hits[best]} of {PEOPLE * SEEDS}"
    for correlations in (rhos, rhos_texts):
        assert abs(sum(correlations) / SEEDS) < 0.5  # chance: 0.19 / √6 = 0.08


def test_the_attacker_would_win_against_an_opening_that_keeps_the_order(monkeypatch):
    """The attack is worth something: without the shuffle it names nearly everybody."""

    class NoChance:
        @staticmethod
        def shuffle(rows: list[Any]) -> None:
            """Leaves them as they lie."""

    monkeypatch.setattr(opening, "_chance", NoChance)
    campaign, watcher, planted = watched(World(), 1)
    scenes.close_and_open(campaign)
    found = attacker.matchings(watcher.deeds, of_campaign("surveys_ballot", campaign))
    assert max(right(pairs, planted, ballots_own) for pairs in found.values()) >= PEOPLE - 5


# -- while it is open ----------------------------------------------------------------------------------------------
WORD = "жаңғырықты-зымыран"


def hidden_forms(data: bytes) -> list[str]:
    """How some bytes might stand in a dump or in a file: as they are, in figures, in base64 at each of three offsets."""
    found = [data.hex()]
    for offset in range(3):
        coded = base64.b64encode(b"\x00" * offset + data).decode()
        found.append(coded[4 if offset else 0 : len(coded) // 4 * 4 - 4])
    return found


def forms_of_word(word: str) -> list[str]:
    return [word, json.dumps(word)[1:-1], *hidden_forms(word.encode()), word.encode("utf-16-le").hex()]


def everything_in_memory_and_on_disk() -> str:
    found = [repr(getattr(one, "_cache", "")) for one in caches.all()]
    for place in (settings.MEDIA_ROOT, settings.SURVEY_KEY_DIR, os.environ["CELERY_DIR"]):
        for path in Path(place).rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                found += [data.decode("utf-8", "replace"), data.hex()]
    found += [f"{letter.subject} {letter.body} {letter.alternatives}" for letter in mail.outbox]
    return "\n".join(found)


def test_a_planted_word_is_nowhere_while_the_urn_is_sealed(caplog, monkeypatch):
    world = World()
    queued: list[Any] = []
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda *args, **kwargs: queued.append((args, kwargs)))
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *args, **kwargs: queued.append((args, kwargs)))
    for name in ("", "django", "django_structlog", "celery"):
        caplog.set_level(logging.DEBUG, logger=name)
    campaign = scenes.open_campaign(world, 6)
    client = Client(raise_request_exception=False)
    for invitation in scenes.invitations(campaign):
        token = keys.new_token()
        invitation.respondent.token_hash = keys.hash_of(token)
        invitation.respondent.save()
        body = {"token": token, "invitation": str(invitation.pk), "lang": "kk", "do": "send"}
        # One that does not fit first: what was typed comes back in the page and nowhere else.
        client.post("/answer/survey/", {**body, "q.q-rating": "99", "q.q-text": f"Бұл {WORD}"})
        client.post("/answer/survey/", {**body, "q.q-likert": "4", "q.q-text": f"Бұл {WORD}", "q.q-likert#": WORD})
    assert Envelope.objects.count() == 6
    everywhere = {
        "tables": attacker.dump_text(),
        "log": "\n".join(repr(vars(record)) + record.getMessage() for record in caplog.records),
        "memory and disk": everything_in_memory_and_on_disk(),
        "queue": repr(queued),
        "cookies": repr(client.cookies),
    }
    for place, text in everywhere.items():
        assert not [form for form in forms_of_word(WORD) if form in text], place
    scenes.close_and_open(campaign)
    assert TextAnswer.objects.filter(text__contains=WORD).count() == 12
    assert WORD in attacker.dump_text(["surveys_textanswer"])  # the search finds it where it stands
    opened = [text for name, text in everywhere.items() if name != "tables"]
    assert not [form for form in forms_of_word(WORD) for text in opened if form in text]


def test_a_fault_of_ours_puts_no_answer_into_the_log(caplog, monkeypatch):
    world = World()
    caplog.set_level(logging.DEBUG)

    def break_down(invitation: Any, answers: dict[str, Any]) -> None:
        raise ValueError(repr(answers))

    monkeypatch.setattr("surveys.answering.put_in", break_down)
    invitation = scenes.invitations(scenes.open_campaign(world, 5))[0]
    token = keys.new_token()
    invitation.respondent.token_hash = keys.hash_of(token)
    invitation.respondent.save()
    body = {"token": token, "invitation": str(invitation.pk), "lang": "kk", "do": "send", "q.q-text": WORD}
    answer = Client(raise_request_exception=False).post("/answer/survey/", body)
    assert answer.status_code == 500
    assert WORD in answer.content.decode()  # to the respondent, and to nobody else
    log = "\n".join(repr(vars(record)) + record.getMessage() for record in caplog.records)
    assert "answering failed" in log
    assert not [form for form in [*forms_of_word(WORD), token] if form in log]


# -- the key ------------------------------------------------------------------------------------------------------------
def test_no_table_ever_holds_the_private_key_locked_or_not(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(custody, "COST", 2**4)
    world = World()
    one, two = "қысқы таң ерте ату", "two officers walk into"
    plain = steps.rehearse(scenes.campaign_in(Campaign.READY), by=world.asb)
    officers = scenes.campaign_in(Campaign.READY, key_place=Campaign.KeyPlace.OFFICERS)
    typed = {"first": one, "first_again": one, "second": two, "second_again": two}
    steps.rehearse(officers, by=world.asb, officer_1=world.asb.pk, officer_2=world.quality.pk, **typed)
    with door("import"):
        Campaign.objects.filter(pk=officers.pk).update(state=Campaign.OPEN)
    scenes.add_survey(officers, 6)
    scenes.answer_all(officers)
    scenes.close(officers)
    before = attacker.dump_text()
    with django_capture_on_commit_callbacks(execute=True):
        steps.open_urn(officers, by=world.asb, first=one, second=two)
    private = keys.read(custody.handed_path(officers.uid))
    locked = json.loads(keys.read(keys.path_of(officers.uid)))["locked"]
    while_unlocked = attacker.dump_text()
    opening.run(officers.pk)
    words = [word for phrase in (one, two) for word in forms_of_word(phrase)]
    secrets = [locked, *hidden_forms(private), *hidden_forms(custody.private_key(plain)), *words]
    for dump in (before, while_unlocked, attacker.dump_text()):
        assert not [secret for secret in secrets if secret in dump]


def test_after_the_opening_nothing_that_is_left_opens_an_old_envelope():
    """All dumps and what stayed in the key directory: each run of 32 bytes in them is tried as the key."""
    world = World()
    keys.link_secret()
    campaign = scenes.open_campaign(world, 6)
    scenes.answer_all(campaign)
    sealed = Envelope.objects.first()
    dumps = [attacker.dump_text(["surveys_campaign", "surveys_survey", "surveys_respondent"])]
    assert sealing.unseal(custody.private_key(campaign), sealed.survey_id, sealed.ciphertext)
    scenes.close_and_open(campaign)
    assert campaign.key_destroyed_on is not None
    assert not keys.path_of(campaign.uid).exists()
    with pytest.raises(keys.KeyMissing):
        custody.private_key(campaign)
    dumps.append(attacker.dump_text(["surveys_campaign", "surveys_survey", "surveys_urnopening", "workflow_entry"]))
    tried = {
        bytes.fromhex(found) for text in dumps for found in re.findall(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", text)
    }
    for path in keys.directory().iterdir():
        data = path.read_bytes()
        tried |= {data[at : at + 32] for at in range(max(1, len(data) - 31))}
    tried = {one for one in tried if len(one) == 32}
    assert len(tried) > 5
    for one in tried:
        with pytest.raises(sealing.Broken):
            sealing.unseal(one, sealed.survey_id, sealed.ciphertext)


# -- killed for good ---------------------------------------------------------------------------------------------------
WORKER = """
import os, signal
import django
django.setup()
from surveys import custody, opening
from surveys.models import UrnOpening
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if {after_commit}:
    custody.destroy = die
else:
    UrnOpening.objects.create = die
opening.run({pk})
"""


@committed
def test_a_worker_killed_on_the_way_leaves_all_or_nothing():
    world = World()
    for after_commit in (False, True):
        campaign = scenes.open_campaign(world, 6)
        scenes.answer_all(campaign)
        scenes.begin_opening(campaign)
        _killed(campaign, after_commit)
        campaign.refresh_from_db()
        ballots, envelopes = len(of_campaign("surveys_ballot", campaign)), Envelope.objects.count()
        if after_commit:
            assert (campaign.state, ballots, envelopes) == (Campaign.OPENED, 6, 0)
        else:
            assert (campaign.state, ballots, envelopes) == (Campaign.OPENING, 0, 6)
            with door("import"):  # ten minutes later
                Campaign.objects.filter(pk=campaign.pk).update(worked_at=None)
        assert keys.path_of(campaign.uid).exists()
        assert opening.resume() == 1
        campaign.refresh_from_db()
        assert (campaign.state, campaign.key_destroyed_on is not None) == (Campaign.OPENED, True)
        assert (len(of_campaign("surveys_ballot", campaign)), Envelope.objects.count()) == (6, 0)
        assert not keys.path_of(campaign.uid).exists()


def _killed(campaign: Campaign, after_commit: bool) -> None:
    """A worker of its own, on the tests' database, ended by SIGKILL just before or just after its commit."""
    known = connection.settings_dict
    address = f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "REDIS_URL"},
        "DATABASE_URL": address,
        "SURVEY_KEY_DIR": str(settings.SURVEY_KEY_DIR),
        "QA_IGNORE_ENV": "1",
        "SECRET_KEY": "tests",
        "DJANGO_SETTINGS_MODULE": "qa_portal.settings.base",
    }
    script = WORKER.format(pk=campaign.pk, after_commit=after_commit)
    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=settings.BASE_DIR, check=False)
    assert done.returncode == -signal.SIGKILL


# -- the tables themselves ----------------------------------------------------------------------------------------------
def test_the_tables_of_answers_have_no_clock_no_counter_and_no_trigger():
    names = ("surveys_envelope", "surveys_ballot", "surveys_textanswer")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, column_default, is_identity FROM information_schema.columns "
            "WHERE table_name = ANY(%s)",
            [list(names)],
        )
        columns = cursor.fetchall()
        cursor.execute(
            "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c "
            "WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)",
            [list(names)],
        )
        foreign = set(cursor.fetchall())
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(%s)", [list(names)]
        )
        triggers = cursor.fetchall()
    assert {table for table, *_rest in columns} == set(names)
    assert {kind for _table, _name, kind, *_rest in columns} <= {
        "uuid",
        "bigint",
        "bytea",
        "jsonb",
        "text",
        "character varying",
    }
    assert {name for _t, name, kind, *_rest in columns if kind == "bigint"} == {"survey_id", "unit_id"}
    assert not [row for row in columns if row[3] is not None or row[4] == "YES"]
    assert foreign == {(name, "surveys_survey") for name in names} | {("surveys_textanswer", "people_unit")}
    assert triggers == []
