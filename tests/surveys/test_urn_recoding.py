"""Ballots say no more of where they come from than five others do, whatever the ledger says beside them."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from surveys.recoding import Asking, Class, classes

TREES = (("school", "department"), ("level", "year"))


def world_of(chance: random.Random, people: int) -> list[tuple[int, dict[str, Any]]]:
    rows = []
    for _n in range(people):
        school = chance.choice([1, 1, 1, 2, 3])
        strata = {
            "school": school,
            "department": school * 10 + chance.choice([0, 0, 0, 1, 2]),
            "level": chance.choice(["bachelor", "bachelor", "master", "doctoral"]),
            "year": chance.choice("1234"),
        }
        if chance.random() < 0.1:
            del strata["department"]
        rows.append((1, strata))
    return rows


@pytest.mark.parametrize("seed", range(40))
def test_each_class_has_five_and_says_nothing_untrue(seed):
    chance = random.Random(seed)
    rows = world_of(chance, chance.randint(5, 200))
    found = classes(rows, {1: Asking({})}, TREES, 5)
    assert min(Counter(found).values()) >= 5
    for (survey, strata), of in zip(rows, found, strict=True):
        assert of.survey == survey
        assert all(strata[name] == value for name, value in of.strata)
        kept = dict(of.strata)
        assert "department" not in kept or "school" in kept
        assert "year" not in kept or "level" in kept


@pytest.mark.parametrize("seed", range(40))
def test_courses_are_pooled_so_that_each_class_has_five(seed):
    chance = random.Random(seed)
    surveys = {
        n: Asking({"school": n % 2, "department": n % 4}, (chance.randint(1, 5),))
        for n in range(1, chance.randint(3, 30))
    }
    rows = [
        (n, {"level": chance.choice(["bachelor", "master"])}) for n in surveys for _p in range(chance.randint(0, 12))
    ]
    if len(rows) < 5:
        return
    found = classes(rows, surveys, (("school", "department"), ("level",)), 5)
    assert min(Counter(found).values()) >= 5
    # What stands under a course is all of it: nobody is left out of a course that is shown.
    for n in surveys:
        whole = [of.survey for (survey, _strata), of in zip(rows, found, strict=True) if survey == n]
        assert len(set(whole)) <= 1


@pytest.mark.parametrize("seed", range(40))
def test_whoever_answered_about_many_small_courses_is_one_person(seed):
    """Ten ballots of two people are two people: a class needs five."""
    chance = random.Random(seed)
    surveys = {n: Asking({"school": n % 2, "department": n % 4}, (n % 3,)) for n in range(1, 25)}
    people = {n: {f"P{one}" for one in chance.sample(range(12), chance.randint(1, 6))} for n in surveys}
    rows: list[tuple[int, dict[str, Any]]] = [(n, {}) for n in surveys for _one in people[n]]
    found = classes(rows, surveys, (), 5, people)
    behind: dict[Class, set[str]] = {}
    for (survey, _strata), of in zip(rows, found, strict=True):
        behind.setdefault(of, set()).update(people[survey])
    assert min(map(len, behind.values())) >= 5


def test_what_stands_between_a_node_and_its_children_is_none_or_five():
    for seed in range(60):
        rows = world_of(random.Random(seed), 60)
        found = classes(rows, {1: Asking({})}, TREES, 5)
        for above, below in (("school", "department"), ("level", "year")):
            loose = Counter(
                dict(of.strata)[above] for of in found if above in dict(of.strata) and below not in dict(of.strata)
            )
            assert all(number >= 5 for number in loose.values())


def test_enough_people_keep_everything():
    strata = {"school": 1, "department": 10, "level": "master", "year": "1"}
    assert classes([(1, strata)] * 5, {1: Asking({})}, TREES, 5) == [Class(1, tuple(sorted(strata.items())))] * 5


def test_what_no_breakdown_names_is_not_kept():
    rows = [(1, {"school": 1, "group": "OM-21", "gender": "f"})] * 9
    assert {of.strata for of in classes(rows, {1: Asking({})}, [["school"]], 5)} == {(("school", 1),)}


def test_the_same_whatever_the_order():
    rows = world_of(random.Random(3), 90)
    shuffled = list(rows)
    random.Random(4).shuffle(shuffled)
    asking = {1: Asking({})}
    assert Counter(classes(rows, asking, TREES, 5)) == Counter(classes(shuffled, asking, TREES, 5))


def test_few_rows_stand_on_the_last_rung():
    assert set(classes([(1, {"school": 1})] * 3, {1: Asking({})}, TREES, 5)) == {Class(1)}
