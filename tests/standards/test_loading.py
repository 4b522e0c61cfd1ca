"""Loading: idempotent, in editions, with a clear word about what is wrong."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import CommandError
from django.utils import timezone, translation

from standards.models import Edition, Framework, FrameworkItem, Requirement, Stage, Standard, Task

from .conftest import change, load


def _other_wording(folder):
    """S10.R8 says something else, S10.T6 is gone, S10.R10 is new."""

    def how(data):
        data["requirements"][7]["text"] = {"kk": "Жаңа мәтін", "ru": "Новый текст", "en": "New text"}
        data["requirements"].append(
            {"code": "S10.R10", "text": {"kk": "Тағы бір талап", "ru": "Ещё требование", "en": "One more"}}
        )
        data["tasks"].pop()

    change(folder, "s10.yaml", how)


def test_a_second_load_does_nothing(catalogue):
    before = Requirement.objects.count()
    assert "nothing changed" in load()
    assert Edition.objects.count() == 1
    assert Requirement.objects.count() == before


def test_other_formatting_of_the_files_is_no_change(catalogue, folder):
    change(folder, "s03.yaml", lambda data: None)
    assert "nothing changed" in load(folder=folder)


def test_the_language_of_the_caller_does_not_matter(db):
    with translation.override("ru"):
        load()
        assert "nothing changed" in load()
    values = Requirement.objects.filter(code="S10.R8").rewrite(False).values("text", "text_kk").get()
    assert values["text"] == values["text_kk"]


def test_a_changed_file_makes_an_edition_that_says_what_differs(catalogue, folder):
    _other_wording(folder)
    said = load(folder=folder)
    edition = Edition.objects.get(number=2)
    assert edition.changes == {"added": ["S10.R10"], "changed": ["S10.R8"], "retired": ["S10.T6"]}
    assert edition.in_force_from == timezone.localdate()
    assert "Edition 2" in said and "1 added, 1 changed, 1 retired" in said
    assert "added: S10.R10" in said and "changed: S10.R8" in said and "retired: S10.T6" in said


def test_an_edition_is_a_full_copy(catalogue, folder):
    _other_wording(folder)
    load(folder=folder)
    assert Requirement.objects.of_edition(2).count() == 85
    assert Stage.objects.of_edition(2).count() == 77
    assert Task.objects.in_force().count() == 72
    assert Standard.objects.in_force().count() == 11


def test_a_changed_document_or_mapping_changes_its_part(catalogue, folder):
    change(folder, "s01.yaml", lambda data: data["documents"][0]["items"].pop())
    change(folder, "s02.yaml", lambda data: data["mappings"].pop())
    load(folder=folder)
    assert Edition.objects.get(number=2).changes == {"added": [], "changed": ["S2", "S1.D1"], "retired": []}


def test_what_was_made_against_an_edition_keeps_its_text(world, folder):
    load()
    old = Requirement.objects.in_force().get(code="S10.R8")
    finding = world.finding(requirement=old)
    text = old.text_kk
    _other_wording(folder)
    load(folder=folder)
    finding = type(finding).objects.get(pk=finding.pk)
    assert finding.requirement.text_kk == text
    assert finding.requirement.standard.edition.number == old.standard.edition.number
    assert Requirement.objects.in_force().get(code="S10.R8").text_kk == "Жаңа мәтін"


def test_going_back_to_an_earlier_wording_is_again_an_edition(catalogue, folder):
    _other_wording(folder)
    load(folder=folder)
    load()
    assert Edition.objects.get(number=3).changes == {"added": ["S10.T6"], "changed": ["S10.R8"], "retired": ["S10.R10"]}


def test_an_edition_of_a_later_day_waits_for_its_day(catalogue, folder):
    _other_wording(folder)
    later = timezone.localdate() + datetime.timedelta(days=30)
    load("--from", later.isoformat(), folder=folder)
    assert Edition.objects.current().number == 1
    assert Requirement.objects.in_force().count() == 84


def test_an_edition_cannot_begin_before_the_one_before(catalogue, folder):
    _other_wording(folder)
    with pytest.raises(CommandError, match="edition 1 is in force from"):
        load("--from", "2020-01-01", folder=folder)
    assert Edition.objects.count() == 1


def test_a_dry_run_only_tells(catalogue, folder):
    _other_wording(folder)
    change(folder, "frameworks.yaml", lambda data: data["frameworks"][0].update(edition="2027"))
    said = load("--dry-run", folder=folder)
    assert "Would be edition 2" in said and "changed: S10.R8" in said
    assert Edition.objects.count() == 1
    assert Framework.objects.get(key="ESG").edition == "2015"


def test_frameworks_are_mended_in_place_without_an_edition(catalogue, folder):
    def how(data):
        data["frameworks"][0]["items"][0]["name"]["kk"] = "Басқа атау"
        data["frameworks"][0]["items"].append({"ref": "2.1", "name": {"kk": "жаңа", "ru": "новый", "en": "new"}})

    change(folder, "frameworks.yaml", how)
    said = load(folder=folder)
    assert "added: 1" in said and "changed: 1" in said and "nothing changed" in said
    assert FrameworkItem.objects.get(framework__key="ESG", ref="1.1").name_kk == "Басқа атау"
    assert FrameworkItem.objects.filter(framework__key="ESG", ref="2.1").exists()
    assert Edition.objects.count() == 1


def test_a_retired_number_stays_empty(catalogue, folder):
    def how(data):
        del data["requirements"][2]
        data["retired"] = ["S10.R3"]

    change(folder, "s10.yaml", how)
    load(folder=folder)
    assert Edition.objects.get(number=2).changes == {"added": [], "changed": [], "retired": ["S10.R3"]}
    assert Requirement.objects.in_force().get(code="S10.R4").place == 4


def _set(data, path, value):
    *way, last = path
    for step in way:
        data = data[step]
    if value is None:
        del data[last]
    else:
        data[last] = value


@pytest.mark.parametrize(
    ("name", "path", "value", "words"),
    [
        ("s10.yaml", ("requirements", 2), None, "s10.yaml, S10.R4: stands where S10.R3 is expected"),
        ("s10.yaml", ("requirements", 7, "text", "ru"), " ", "s10.yaml, S10.R8: “text” is missing in ru"),
        (
            "s10.yaml",
            ("requirements", 7, "text", "de"),
            "Text",
            "s10.yaml, S10.R8: “text” has the unknown language “de”",
        ),
        (
            "s10.yaml",
            ("requirements", 7, "text"),
            "only one",
            "s10.yaml, S10.R8: “text” must be given in kk, ru and en",
        ),
        ("s10.yaml", ("mappings", 0, "ref"), "9.99", "s10.yaml, S10: ESG 9.99 is not in frameworks.yaml"),
        ("s10.yaml", ("mappings", 1, "framework"), "ESQ", "s10.yaml, S10: ESQ 7 is not in frameworks.yaml"),
        ("s05.yaml", ("risks", 0, "mitigation"), None, "s05.yaml, S5.K1: “mitigation” is missing"),
        ("s05.yaml", ("risks", 0, "migitation"), "typo", "s05.yaml, S5.K1: “migitation” is not known here"),
        ("s05.yaml", ("risks", 0, "origin"), "elsewhere", "s05.yaml, S5.K1: “origin” is one of"),
        ("s05.yaml", ("documents", 0, "group"), "high", "s05.yaml, S5.D1: “group” is one of"),
        ("s05.yaml", ("documents", 0, "keeper"), ["nobody"], "s05.yaml, S5.D1: “keeper” is one of"),
        ("s05.yaml", ("responsibilities", 0, "role"), "Басқарма", "s05.yaml, S5.F1: “role” is a short Latin name"),
        ("s05.yaml", ("stages", 0, "name", "kk"), "ә" * 201, "s05.yaml, S5.S1: “name_kk” is longer than 200 letters"),
        ("s05.yaml", ("tasks",), None, "s05.yaml, S5: “tasks” is missing"),
        ("s05.yaml", ("number",), 6, "s05.yaml, S5: standard S5 with number 5 is expected"),
        (
            "frameworks.yaml",
            ("frameworks", 7, "items", 0, "date"),
            "27.07.2007",
            "frameworks.yaml, KZ 1: “date” is not a date",
        ),
    ],
)
def test_a_fault_is_told_with_file_and_code_and_nothing_is_loaded(db, folder, name, path, value, words):
    change(folder, name, lambda data: _set(data, path, value))
    with pytest.raises(CommandError) as told:
        load(folder=folder)
    assert words in str(told.value)
    assert not Edition.objects.exists()
    assert not Framework.objects.exists()


def test_all_faults_are_told_at_once(db, folder):
    change(folder, "s02.yaml", lambda data: _set(data, ("goal",), None))
    change(folder, "s09.yaml", lambda data: _set(data, ("areas", 3, "text", "en"), None))
    with pytest.raises(CommandError) as told:
        load(folder=folder)
    assert "s02.yaml, S2: “goal” is missing" in str(told.value)
    assert "s09.yaml, S9.A4: “text” is missing in en" in str(told.value)


def test_a_broken_or_missing_file_is_named(db, folder):
    (folder / "s04.yaml").write_text("code: [S4", encoding="utf-8")
    (folder / "frameworks.yaml").unlink()
    with pytest.raises(CommandError) as told:
        load(folder=folder)
    assert "s04.yaml: not valid YAML" in str(told.value)
    assert "frameworks.yaml: the file is missing" in str(told.value)


def test_an_empty_folder_is_told(db, tmp_path):
    with pytest.raises(CommandError, match="no file of a standard"):
        load(folder=tmp_path)
