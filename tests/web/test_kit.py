"""Small promises of the kit."""

import datetime
import re
from pathlib import Path

import pytest
from django.utils import timezone, translation

from capa.models import Finding
from qa_portal.people.models import Person, Unit
from qa_portal.web import cells
from qa_portal.web.registry import registry
from qa_portal.web.sqlite import alphabetical, kazakh_key
from qa_portal.workflow.steps import all_steps
from qa_portal.workflow.writing import WrittenPastTheKernel

ROOT = Path(__file__).resolve().parents[2]


def known_icons() -> set[str]:
    lines = (ROOT / "static" / "icons.txt").read_text(encoding="utf-8").splitlines()
    return {line.split("=")[0].strip() for line in lines if line.strip() and not line.startswith("#")}


def test_every_icon_named_in_python_and_templates_is_in_the_sprite():
    named = {item.icon for item in registry.menu.values()} | {verb.icon for verb in registry.verbs}
    named |= {step.icon for steps in all_steps().values() for step in steps.values()}
    named |= {icon for model in all_steps() for _label, _tone, icon in model.STATES.values()} | set(
        cells.TONE_ICONS.values()
    )
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'parts/icon\.html" with name="([a-z0-9-]+)"', template.read_text(encoding="utf-8")))
    assert named - known_icons() == set()


def test_letters_of_the_kazakh_alphabet_sort_in_its_order():
    words = ["өзен", "аула", "әке", "қала", "кітап", "іні", "ыдыс", "ғылым", "гүл", "ұя", "үй", "ң"]
    assert sorted(words, key=kazakh_key) == [
        "аула",
        "әке",
        "гүл",
        "ғылым",
        "кітап",
        "қала",
        "ң",
        "өзен",
        "ұя",
        "үй",
        "ыдыс",
        "іні",
    ]


@pytest.mark.django_db
def test_lists_sort_by_the_kazakh_alphabet_in_the_database():
    for n, name in enumerate(["Өзен", "Ән", "Аула", "Қала", "Кітап"]):
        Unit.objects.create(code=f"u{n}", kind="office", name_kk=name)
    assert list(Unit.objects.order_by(alphabetical("name_kk")).values_list("name_kk", flat=True)) == [
        "Аула",
        "Ән",
        "Кітап",
        "Қала",
        "Өзен",
    ]


@pytest.mark.django_db
def test_search_finds_small_letters_in_big_ones(world):
    world.finding(title="Сапа саясаты ЖАРИЯЛАНБАҒАН")
    for text in ("сапа", "САПА", "жарияланбаған", "Жариял"):
        assert Finding.objects.matching(text).count() == 1, text
    assert Finding.objects.matching("100%").count() == 0


@pytest.mark.django_db
def test_records_cannot_be_written_past_the_kernel(world):
    finding = world.finding()
    finding.title = "Басқа"
    with pytest.raises(WrittenPastTheKernel):
        finding.save()
    with pytest.raises(WrittenPastTheKernel):
        Finding.objects.update(title="Басқа")
    with pytest.raises(RuntimeError):
        finding.delete()
    with pytest.raises(RuntimeError):
        Finding.objects.all().delete()


@pytest.mark.django_db
def test_edit_is_written_into_history_and_a_stale_form_is_told_so(world):
    finding = world.finding()
    stale = Finding.objects.get(pk=finding.pk)
    finding.title = "Анық атауы"
    changes = finding.save_changes(by=world.asb)
    assert changes == [{"field": "title", "old": "Силлабус кеш жүктелді", "new": "Анық атауы"}]
    assert finding.history.filter(verb="edit", by=world.asb).count() == 1
    stale.title = "Ескі бет"
    with pytest.raises(Exception, match="Somebody changed|өзгерт|изменил"):
        stale.save_changes(by=world.asb)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "tomorrow"), (3, "in 3 days"), (-1, "1 day late"), (-3, "3 days late"), (30, "")],
)
def test_due_dates_in_words_near_today(days, words):
    with translation.override("en"):
        assert cells.due_words(timezone.localdate() + datetime.timedelta(days=days)) == words


@pytest.mark.django_db
def test_people_are_chosen_from_a_list_in_the_order_of_the_alphabet(world):
    for n, name in enumerate(["Өтегенов", "Әбдіров", "Аманов", "Қасымов"]):
        Person.objects.create(username=f"p{n}", last_name_kk=name, unit=world.department)
    names = [p.last_name_kk for p in Person.objects.filter(username__startswith="p", unit=world.department).by_name()]
    assert names == ["Аманов", "Әбдіров", "Қасымов", "Өтегенов"]
