"""Sealing: bound to the survey, to the key, and of one size whatever is inside."""

from __future__ import annotations

import random

import pytest

from surveys import content, sealing
from surveys.models import Envelope

from . import scenes_urn as scenes

STRATA = {"school": 3, "department": 7, "level": "bachelor", "year": "2"}
#: what HPKE adds: the sender's short-lived key and the tag
ADDED = 32 + 16


def sections(raw: dict, teachers: int = 0) -> list[content.AskedSection]:
    return content.asked(raw, [{"id": n, "name": scenes.words(f"T{n}")} for n in range(teachers)])


def test_what_is_sealed_is_opened_again():
    private, public = sealing.new_key()
    answers = {"q": 4, "t": "Қазақша · русский · \U0001f44d", "m": ["a", "b"]}
    assert sealing.unseal(private, 7, sealing.seal(public, 7, STRATA, answers)) == (STRATA, answers)


def test_the_same_answer_is_sealed_differently_each_time():
    _private, public = sealing.new_key()
    assert len({sealing.seal(public, 7, STRATA, {"q": 4}) for _n in range(20)}) == 20


def test_another_key_another_survey_or_a_changed_byte_open_nothing():
    private, public = sealing.new_key()
    other, _public = sealing.new_key()
    sealed = sealing.seal(public, 7, STRATA, {"q": 4})
    changed = [bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]]) for at in (0, 31, 32, 100, len(sealed) - 1)]
    tries = [(other, 7, sealed), (private, 8, sealed), (private, 7, sealed[:-1]), (private, 7, b"")]
    for key, survey, data in [*tries, *[(private, 7, one) for one in changed]]:
        with pytest.raises(sealing.Broken):
            sealing.unseal(key, survey, data)


def test_half_a_letter_is_no_error():
    private, public = sealing.new_key()
    assert sealing.unseal(private, 7, sealing.seal(public, 7, {}, {"t": "a\ud800b"})) == ({}, {"t": "a?b"})


def test_length_tells_nothing():
    """Nothing answered, all answered, long texts: one size for all envelopes of a survey."""
    _private, public = sealing.new_key()
    asked = sections(scenes.small_content())
    size, chance = sealing.size_for(asked), random.Random(1)
    full = scenes.some_answers(chance)
    letters = 4000
    answers = [
        {},
        {"q-likert": 1},
        full,
        {**full, "q-text": "ұ" * letters},
        {**full, "q-likert#": "ұ" * 1500, "q-text": "x"},
    ]
    assert {len(sealing.seal(public, 7, STRATA, one, size)) for one in answers} == {size + ADDED}


def test_texts_that_do_not_fit_together_are_refused_instead_of_making_it_longer():
    _private, public = sealing.new_key()
    size = sealing.size_for(sections(scenes.small_content()))
    with pytest.raises(sealing.TooLong):
        sealing.seal(public, 7, STRATA, {"q-text": "ұ" * 4000, "q-likert#": "ұ" * 4000, "q": "ұ" * 1000}, size)


def test_the_size_hangs_on_the_questionnaire_and_holds_its_longest_answer():
    long = [f"a-rather-long-code-of-a-question-{n}" for n in range(40)]
    codes = [f"option-{n}" for n in range(12)]
    raw = scenes.content_of(
        scenes.section("s1", *[scenes.item(code, "multiple", options=scenes.options(*codes)) for code in long[:20]]),
        scenes.section("s2", *[scenes.item(code) for code in long[20:]], per_teacher=True),
    )
    _private, public = sealing.new_key()
    for teachers in (0, 1, 6):
        asked = sections(raw, teachers)
        worst = {
            item.key: codes if item.kind == "multiple" else -1.2345678901234567e-100
            for item in content.items_of(asked).values()
        }
        size = sealing.size_for(asked)
        assert size in sealing.SIZES
        assert len(sealing.seal(public, 7, STRATA, worst, size)) == size + ADDED


def test_a_questionnaire_of_forty_ratings_takes_the_smallest_size():
    raw = scenes.content_of(scenes.section("s1", *[scenes.item(f"st-question-{n}") for n in range(40)]))
    assert sealing.size_for(sections(raw)) == sealing.SIZES[0]


@pytest.mark.django_db
def test_in_the_urn_all_envelopes_are_alike(world):
    campaign = scenes.open_campaign(world, 4)
    people = scenes.invitations(campaign)
    for invitation, text in zip(people, ("", "х", "Пікір " * 100, "ұзақ " * 700), strict=True):
        scenes.answer(invitation, {"q-text": text} if text else {})
    assert len({len(bytes(one)) for one in Envelope.objects.values_list("ciphertext", flat=True)}) == 1
