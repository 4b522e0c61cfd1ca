"""Attacks on the design (anonymity.md): what the models, the imports and the shared rooms would give away."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import get_resolver

from qa_portal.people.models import Person
from qa_portal.web.registry import registry
from qa_portal.workflow.models import Record
from qa_portal.workflow.steps import all_steps
from surveys import opening
from surveys.models import Envelope, Invitation, Respondent, Survey, TextAnswer, TextCode, Theme
from surveys.models.ballots import Ballot

ROOT = Path(__file__).resolve().parents[2]
SEALED = (Envelope, Ballot, TextAnswer)
NEVER_SHOWN = (*SEALED, Invitation, Respondent)

#: all that may stand there; one more needs a thought about anonymity.md, not a line here
FIELDS = {
    Envelope: {"id", "survey", "ciphertext"},
    Ballot: {"id", "survey", "strata", "answers"},
    TextAnswer: {"id", "survey", "question", "unit", "text", "shown_as", "review"},
}
#: what a row may point at: rows shared by many, never one person's
SHARED = {"surveys.Survey", "people.Unit"}


# -- the graph of models ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_nothing_more_is_kept_of_an_answer(model):
    assert {field.name for field in model._meta.concrete_fields} == FIELDS[model]
    assert not model._meta.many_to_many
    assert not model._meta.private_fields  # generic relations: history, evidence


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_no_date_no_serial_number_and_a_random_key(model):
    kinds = (models.DateField, models.TimeField, models.DurationField, models.AutoField, models.IntegerField)
    assert not [field.name for field in model._meta.concrete_fields if isinstance(field, kinds)]
    key = model._meta.pk
    assert isinstance(key, models.UUIDField)
    assert key.default.__name__ == "uuid4"
    assert not key.auto_created


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_an_answer_points_at_shared_rows_only(model):
    assert {field.related_model._meta.label for field in model._meta.concrete_fields if field.is_relation} <= SHARED


def neighbours(model: Any) -> set[Any]:
    """Every model that a row of this one leads to, along or against a relation."""
    found: set[Any] = set()
    for field in model._meta.get_fields(include_hidden=True):
        if field.is_relation:
            if field.related_model is None:  # a generic relation leads anywhere
                return set(apps.get_models())
            found.add(field.related_model)
    return found


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_no_path_leads_from_an_answer_to_a_person(model):
    """Along relations in both directions, up to rows that many share; who codes a text is known, who wrote it is not."""
    shared = {apps.get_model(label) for label in SHARED} | {Theme}
    seen, ahead = {model}, [model]
    while ahead:
        for reached in neighbours(ahead.pop()) - seen - shared:
            seen.add(reached)
            if reached is not Person:
                ahead.append(reached)
    coder = {TextCode, Person} if model is TextAnswer else set()
    assert seen - coder <= {model}
    if model is TextAnswer:
        people = [f.name for f in TextCode._meta.concrete_fields if f.related_model is Person]
        assert people == ["coder"]
        assert neighbours(TextAnswer) - shared == {TextCode}


def test_between_ledger_and_urn_stands_the_survey_only():
    assert neighbours(Envelope) == {Survey}
    assert neighbours(Ballot) == {Survey}
    assert neighbours(Invitation) == {Survey, Respondent}
    columns = {field.name for field in Invitation._meta.concrete_fields}
    assert columns == {"id", "survey", "respondent", "strata", "participated"}


@pytest.mark.parametrize("model", NEVER_SHOWN, ids=lambda model: model.__name__)
def test_it_is_no_record_and_stands_in_no_shared_room(model):
    assert not issubclass(model, Record)
    assert model not in admin.site._registry
    assert model not in all_steps()
    shown = [*registry.provable.values(), *registry.linkable.values(), *registry.panels, *registry.counts]
    assert model not in shown
    inlines = {inline.model for room in admin.site._registry.values() for inline in room.inlines}
    assert model not in inlines


# -- who imports ballots -----------------------------------------------------------------------------------------------
#: may name ballots: declares the table, writes it, reads it
MAY = {"surveys/models/__init__.py", "surveys/models/ballots.py", "surveys/opening.py", "surveys/release.py"}
#: has ballots of its own, of elections; it stands below surveys and cannot import it (the contract of layers)
ELSEWHERE = "qa_portal/bodies/"
PLACES = ("qa_portal", "standards", "capa", "surveys", "accreditation", "cpd", "bench", "deploy")


def sources() -> list[tuple[str, str]]:
    """Every source file that says "ballot" anywhere, in whatever case; the others cannot name one."""
    paths = [
        path for place in PLACES for path in sorted((ROOT / place).rglob("*.py")) if "migrations" not in path.parts
    ]
    texts = [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths]
    return [(path, text) for path, text in texts if "ballot" in text.lower()]


def names_ballots(tree: ast.Module) -> list[str]:
    """Every way in: an import, a name, the table in a query, the model asked for by its name."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            found += [part for part in parts if part in ("ballots", "Ballot")]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if "ballots" in alias.name.split(".")]
        elif isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            found += [name] if name in ("Ballot", "ballot_set") else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            word = node.value.lower()
            named = word in ("ballot", "surveys.ballot", "surveys.models.ballots") or "surveys_ballot" in word
            found += [node.value] if named else []
    return found


def test_only_opening_and_release_know_ballots():
    knowing = {path for path, text in sources() if not path.startswith(ELSEWHERE) and names_ballots(ast.parse(text))}
    assert knowing <= MAY
    assert "surveys/opening.py" in knowing


def test_bodies_have_another_ballot_and_know_nothing_of_surveys():
    theirs = [text for path, text in sources() if path.startswith(ELSEWHERE)]
    assert theirs
    assert not [text for text in theirs if "surveys_ballot" in text or "surveys.models" in text]


@pytest.mark.parametrize(
    "line",
    [
        "from surveys.models.ballots import Ballot",
        "from surveys.models import ballots",
        "import surveys.models.ballots",
        "from .models.ballots import Ballot as B",
        "apps.get_model('surveys', 'Ballot')",
        "cursor.execute('SELECT answers FROM surveys_ballot')",
        "models.ballots.Ballot.objects.all()",
        "import_module('surveys.models.ballots')",
    ],
)
def test_the_watch_sees_every_way_in(line):
    assert names_ballots(ast.parse(line))


def test_no_template_and_no_script_names_ballots_table():
    paths = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt"), *(ROOT / "deploy").glob("*")]
    assert not [path for path in paths if path.is_file() and "surveys_ballot" in path.read_text(encoding="utf-8")]


def test_release_only_reads_ballots():
    path = ROOT / "surveys/release.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    written = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Ballot"
    ]
    assert not written
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("create", "bulk_create", "update", "delete", "save"):
            assert "Ballot" not in ast.unparse(node)


def test_no_address_carries_a_token_an_invitation_or_an_answer():
    """What stands in an address stands in logs and in the browser's history."""
    found: list[str] = []

    def walk(patterns: Any, before: str = "") -> None:
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, here)
            else:
                found.append(here)

    walk(get_resolver().url_patterns)
    ours = [one for one in found if "answer/" in one or "invitation" in one or "ballot" in one or "envelope" in one]
    assert ours
    secret = ("token", "invitation", "respondent", "envelope", "ballot")
    assert not [one for one in ours if any(f":{word}" in one for word in secret)]


def test_chance_is_the_systems_own():
    """A seeded shuffle could be done again by whoever knows the seed."""
    assert type(opening._chance).__name__ == "SystemRandom"
