"""Strata: small groups are merged upward, by brute force over random trees; response is counted by the same paths."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from surveys import strata

PLACE = ("school", "department")
STUDY = ("level", "year")


def standing(rows, tree):
    """How many stand exactly at each node: in a group without one below, or in the rest of a node."""
    return Counter(strata.path_in(row, tree) for row in rows)


@pytest.mark.parametrize("seed", range(60))
def test_every_group_and_every_rest_is_empty_or_large_enough(seed):
    chance, k = random.Random(seed), 5
    rows = []
    for school in range(chance.randint(1, 4)):
        for department in range(chance.randint(0, 5)):
            own = {"school": school + 1}
            if department:
                own["department"] = 10 * school + department
            own |= {"level": chance.choice(("bachelor", "master")), "year": str(chance.randint(1, 5))}
            rows += [dict(own) for _n in range(chance.randint(0, 12))]
    found = strata.recoded(rows, [PLACE, STUDY], k)
    assert len(found) == len(rows)
    for tree in (PLACE, STUDY):
        at = standing(found, tree)
        inside = Counter(path for row in found for path in strata.paths_in(row, tree))
        for path, number in at.items():
            # alone at the top only where there are not enough people at all
            assert number >= k or (path == "" and len(rows) < k), (path, number)
        assert all(number >= k for number in inside.values())
    for before, after in zip(rows, found, strict=True):
        assert after.items() <= before.items()  # nothing but left out


def test_a_small_department_takes_the_next_smallest_with_it():
    rows = [{"school": 1, "department": d} for d, n in ((1, 2), (2, 6), (3, 9)) for _person in range(n)]
    found = strata.counted(strata.recoded(rows, [PLACE], 5), [PLACE])
    assert found == {("school/department", "1"): 17, ("school/department", "1/3"): 9}


def test_a_group_below_an_unknown_one_says_nothing():
    assert strata.paths_in({"year": "2"}, STUDY) == []
    assert strata.path_in({"level": "master", "year": "2"}, STUDY) == "master/2"


def test_special_needs_are_in_no_catalogue():
    keys = {key for trees in strata.CATALOGUE.values() for tree in trees for key in tree}
    assert keys == {"school", "department", "level", "year", "graduated"}
