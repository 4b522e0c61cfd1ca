"""Management commands: `api_token` and `procedures`."""

import datetime
import io
import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import override

from qa_portal.management.commands.procedures import texts
from qa_portal.people.models import ApiToken, Person, Unit
from qa_portal.permissions import rights
from qa_portal.workflow.steps import all_steps

FINDINGS = "/api/v1/capa/findings/"


def run(command, *args, **options):
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def token_of(*args, **options):
    return run("api_token", *args, **options).rstrip("\n").splitlines()[-1]


@pytest.fixture
def dana(db):
    unit = Unit.objects.create(code="somewhere", kind=Unit.Kind.DEPARTMENT, name="Somewhere")
    return Person.objects.create(username="dana", last_name="Dana", unit=unit)


def header(token):
    return {"HTTP_AUTHORIZATION": f"Token {token}"}


def finding_of(unit):
    return {
        "title": "Broken",
        "description": "The door does not close.",
        "unit": unit.pk,
        "severity": "minor",
        "source_kind": "daily_work",
        "found_on": "2026-01-15",
    }


# -- api_token ----------------------------------------------------------------------------------
def test_api_token_prints_a_token_that_reads(dana, client):
    token = token_of("dana")
    assert client.get(FINDINGS, **header(token)).status_code == 200
    assert client.get(FINDINGS).status_code == 401


def test_a_read_token_is_refused_when_it_writes(dana, client):
    token = token_of("dana")
    answer = client.post(FINDINGS, finding_of(dana.unit), content_type="application/json", **header(token))
    assert answer.status_code == 403


def test_a_write_token_writes(dana, client):
    token = token_of("dana", scope="write")
    answer = client.post(FINDINGS, finding_of(dana.unit), content_type="application/json", **header(token))
    assert answer.status_code == 201, answer.content


def test_a_token_with_days_ends(dana, client, time_machine):
    token = token_of("dana", days=3)
    assert client.get(FINDINGS, **header(token)).status_code == 200
    time_machine.move_to(timezone.now() + datetime.timedelta(days=3, minutes=1))
    assert client.get(FINDINGS, **header(token)).status_code == 401


def test_only_a_hash_of_the_token_is_kept(dana):
    token = token_of("dana")
    row = ApiToken.objects.get()
    assert token not in {row.digest, row.token_key}


@pytest.mark.parametrize("days", [0, -1, 100_000])
def test_api_token_refuses_impossible_days(dana, days):
    with pytest.raises(CommandError):
        run("api_token", "dana", days=days)
    assert not ApiToken.objects.exists()


def test_api_token_for_nobody_says_so_in_one_sentence(db):
    with pytest.raises(CommandError, match="There is no person") as refusal:
        run("api_token", "nobody")
    assert refusal.value.returncode == 1


def test_api_token_for_somebody_inactive_is_refused(dana):
    Person.objects.filter(pk=dana.pk).update(is_active=False)
    with pytest.raises(CommandError, match="not active"):
        run("api_token", "dana")


# -- procedures ------------------------------------------------------------------------------------
def test_procedures_lists_every_step_and_every_right():
    manual = run("procedures", lang="en")
    steps = [step for by_name in all_steps().values() for step in by_name.values()]
    assert len(re.findall(r"^### ", manual, re.MULTILINE)) == len(steps)
    with override("en"):
        for name, right in rights().items():
            assert f"`{name}`" in manual
            assert str(right.why_not) in manual


def test_procedures_says_where_a_computed_step_leads():
    manual = run("procedures", lang="en")
    assert "- **Verified**: → Closed, effective or Not effective" in manual
    for line in manual.splitlines():
        assert not line.rstrip().endswith("→"), line


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_procedures_is_printed_in_each_language(language):
    assert run("procedures", lang=language).startswith("# ")


def test_everything_the_manual_explains_has_words():
    assert len(texts()) > 40
    for by_name in all_steps().values():
        for step in by_name.values():
            for thing in (step, *step.needs, *step.tells):
                assert thing.__doc__, f"{step.permission}: {getattr(thing, '__name__', step.name)} has no docstring"
