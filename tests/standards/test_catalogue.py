"""What the catalogue holds: complete, in three languages, the faults of the sources mended and said so (domain.md §2)."""

from __future__ import annotations

import pytest
from modeltranslation.translator import translator

from standards.models import (
    PARTS,
    CatalogueRisk,
    DocumentGroup,
    EvaluationArea,
    ExpectedDocument,
    FrameworkItem,
    Mapping,
    Origin,
    Requirement,
    Responsibility,
    Stage,
    Standard,
    Task,
)

pytestmark = pytest.mark.usefixtures("catalogue")

#: domain.md §2: tasks, requirements, stages, areas, risks, responsibilities, document groups
TABLE = {
    "S1": (6, 7, 6, 7, 5, 7, 3),
    "S2": (9, 8, 7, 11, 6, 8, 3),
    "S3": (7, 8, 6, 9, 6, 7, 3),
    "S4": (6, 6, 8, 8, 6, 8, 3),
    "S5": (6, 7, 8, 8, 6, 11, 3),
    "S6": (6, 6, 7, 8, 6, 13, 4),
    "S7": (6, 7, 7, 8, 6, 11, 4),
    "S8": (6, 6, 8, 8, 5, 11, 3),
    "S9": (6, 6, 7, 10, 5, 11, 4),
    "S10": (6, 9, 6, 12, 7, 12, 3),
    "S11": (9, 14, 7, 11, 9, 8, 4),
}
TOTALS = (73, 84, 77, 100, 67, 107, 37)
ESG = {**{f"S{n}": [f"1.{n}"] for n in range(1, 11)}, "S11": ["1.1", "1.5", "1.6", "1.7"]}


def of(model, code):
    return model.objects.in_force().get(code=code)


@pytest.mark.parametrize("standard", TABLE)
def test_each_standard_has_all_its_parts(standard):
    assert (
        tuple(model.objects.filter(standard__code=standard).count() for _kind, _letter, model in PARTS)
        == TABLE[standard]
    )


def test_totals_are_those_of_the_source():
    assert tuple(model.objects.count() for _kind, _letter, model in PARTS) == TOTALS


def test_codes_count_up_within_each_standard():
    for _kind, letter, model in PARTS:
        for standard in Standard.objects.all():
            codes = list(model.objects.filter(standard=standard).values_list("code", flat=True))
            assert codes == [f"{standard.code}.{letter}{n}" for n in range(1, len(codes) + 1)]


@pytest.mark.parametrize(
    "model", [Standard, *(model for _k, _l, model in PARTS), ExpectedDocument, FrameworkItem], ids=lambda m: m.__name__
)
def test_every_text_is_there_in_three_languages(model):
    optional = {"note", "issuer"}
    rows = list(model.objects.all())
    assert rows
    for row in rows:
        for name in translator.get_options_for_model(model).all_fields:
            texts = [getattr(row, f"{name}_{language}") for language in ("kk", "ru", "en")]
            # A note is given in all languages or not at all.
            assert all(texts) or (name in optional and not any(texts)), f"{row}: {name}"


def test_kazakh_russian_and_english_are_three_different_texts():
    for _kind, _letter, model in PARTS:
        for row in model.objects.all():
            assert len({row.text_kk, row.text_ru, row.text_en}) == 3, row.code


@pytest.mark.parametrize("standard", ESG)
def test_standards_answer_to_the_esg_as_the_source_says(standard):
    mapped = Mapping.objects.filter(standard__code=standard, requirement=None, item__framework__key="ESG")
    assert [m.item.ref for m in mapped.select_related("item")] == ESG[standard]


#: domain.md §2, column WFME: basic; postgraduate; master's
WFME = {
    "S1": (["1"], ["1"], ["1"]),
    "S2": (["2"], ["2"], ["2"]),
    "S3": (["2.4", "3", "4.2"], ["2.5", "3", "4.4"], ["2.5", "3", "4"]),
    "S4": (["4"], ["4"], ["4"]),
    "S5": (["5"], ["5"], ["5"]),
    "S6": (["6"], ["6"], ["6"]),
    "S7": (["7"], ["7"], ["7"]),
    "S8": (["7", "8"], ["7", "8"], ["7", "8"]),
    "S9": (["7"], ["7"], ["7"]),
    "S10": (["7", "8"], ["7", "8"], ["7", "8"]),
}


@pytest.mark.parametrize("standard", WFME)
def test_standards_answer_to_wfme_as_the_source_says(standard):
    for key, refs in zip(("WFME-BME", "WFME-PGME", "WFME-MASTER"), WFME[standard], strict=True):
        mapped = Mapping.objects.filter(standard__code=standard, requirement=None, item__framework__key=key)
        assert [m.item.ref for m in mapped.select_related("item")] == refs, key


def test_distance_learning_and_professional_development_have_their_own_frameworks():
    mapped = Mapping.objects.filter(requirement=None, item__framework__key__in=["WFME-DDL", "WFME-CPD"])
    assert set(mapped.values_list("standard__code", "item__framework__key")) == {
        ("S6", "WFME-DDL"),
        ("S11", "WFME-CPD"),
    }


def test_iso_9001_is_named_for_the_standards_that_the_source_names():
    mapped = Mapping.objects.filter(item__framework__key="ISO-9001", requirement=None)
    assert set(mapped.values_list("standard__code", flat=True)) == {"S1", "S7", "S9", "S10", "S11"}


# -- faults of the sources, mended and noted -------------------------------------------------------------
@pytest.mark.parametrize("code", [f"S8.A{n}" for n in range(1, 9)])
def test_the_areas_of_standard_8_are_the_portals_own(code):
    area = of(EvaluationArea, code)
    assert area.origin == Origin.PORTAL
    assert area.note_kk and area.note_ru and area.note_en


def test_the_areas_of_standard_8_do_not_repeat_those_of_standard_7():
    seventh = set(EvaluationArea.objects.filter(standard__code="S7").values_list("text_kk", flat=True))
    eighth = set(EvaluationArea.objects.filter(standard__code="S8").values_list("text_kk", flat=True))
    assert not seventh & eighth


@pytest.mark.parametrize("code", ["S2.K3", "S3.K2", "S3.K3", "S4.K1", "S5.K2"])
def test_a_risk_that_lost_its_negation_reads_as_a_risk_again(code):
    risk = of(CatalogueRisk, code)
    assert any(
        word in risk.text_ru.lower() for word in ("непрозрач", "недостат", "отсутств", "формальн", "закрыт", "нехват")
    ), risk.text_ru
    assert any(word in risk.text_kk for word in ("болмауы", "мазмұнсыз")), risk.text_kk
    assert risk.note_kk and risk.note_ru and risk.note_en


@pytest.mark.parametrize("code", ["S2.T9", "S4.T6", "S10.T2"])
def test_a_duty_that_was_turned_into_a_right_is_a_duty(code):
    task = of(Task, code)
    assert "құқылы" not in task.text_kk and "вправе" not in task.text_ru
    assert task.note_kk and task.note_ru and task.note_en


def test_the_board_has_its_own_function_in_standard_7():
    board = of(Responsibility, "S7.F1")
    assert (board.role, board.origin) == ("board", Origin.PORTAL)
    assert "саясатын" in board.text_kk and "бекітеді" in board.text_kk
    assert board.note_kk


def test_external_partners_stand_once_in_standard_7():
    assert Responsibility.objects.filter(standard__code="S7", role="external_partners").count() == 1
    assert of(Responsibility, "S7.F11").note_kk


def test_the_last_stage_of_standard_7_is_about_reports():
    stage = of(Stage, "S7.S7")
    assert "есеп" in stage.text_kk
    assert stage.note_kk


@pytest.mark.parametrize("mistaken", ["ПАМ", "СҚЕК", "АДЖ"])
def test_one_name_for_one_thing_in_kazakh_texts(mistaken):
    """«ПАМ» is «АКМ», «СҚЕК» and «СҚЖК» are one commission, «АДЖ» is «АЖД»; notes may tell what the source wrote."""
    for _kind, _letter, model in PARTS:
        assert not model.objects.filter(text_kk__contains=mistaken).exists()
    assert not ExpectedDocument.objects.filter(name_kk__contains=mistaken).exists()
    assert not Responsibility.objects.filter(name_kk__contains=mistaken).exists()


@pytest.mark.parametrize("product", ["Hero", "Summer", "Platonus", "Univer ", "Moodle"])
def test_no_product_of_one_university_is_named(product):
    for _kind, _letter, model in PARTS:
        assert not model.objects.filter(text_kk__contains=product).exists()
        assert not model.objects.filter(text_en__contains=product).exists()


def test_each_group_of_documents_has_documents_and_a_keeper():
    groups = DocumentGroup.objects.prefetch_related("items")
    for group in groups:
        assert group.items.all() and group.keepers, group.code
        assert all(group.keeper_names)


def test_keepers_are_those_of_the_source():
    """domain.md §2: 1–4 and 6 АЖД; 5 АРДД and АЖД; 7 АЖД and digitalisation; 8 PR and digitalisation; 9–10 АСБ; 11 ҚКББИ."""
    expected = {n: {"academic_affairs"} for n in (1, 2, 3, 4, 6)} | {
        5: {"hr", "academic_affairs"},
        7: {"academic_affairs", "digitalisation"},
        8: {"pr", "digitalisation"},
        9: {"asb"},
        10: {"asb"},
        11: {"cpd_institute"},
    }
    found = {n: set() for n in expected}
    for group in DocumentGroup.objects.select_related("standard"):
        found[group.standard.number] |= set(group.keepers)
    assert found == expected


def test_the_frequency_requirement_keeps_its_figures():
    text = of(Requirement, "S10.R8").text_kk
    assert "5 жылда" in text and "3 жылда" in text and "жыл сайын" in text
