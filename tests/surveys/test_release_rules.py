"""The release rules on worlds of bits: thresholds, remainders, subtrees, several trees, several courses of one person."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from surveys.derivable import Unclear, derivable
from surveys.release_rules import Crowd, Forest, choose, places_of

from .attacker import derived, nested

K = 5


def enough(bits: int) -> bool:
    return bits.bit_count() >= K


def may(bits: int, place: int | None) -> bool:
    return enough(bits)


def forest_of(people: list[dict[str, str]]) -> tuple[Forest, list[int]]:
    """Each of `people` is {tree: path}."""
    forest, own = Forest(), defaultdict(int)
    for at, paths in enumerate(people):
        for tree, path in paths.items():
            node = forest.add(tree, path)
            if node:
                own[node] |= 1 << at
    return forest, forest.summed(own, (1 << len(people)) - 1)


def tree_of(sizes: dict[str, int], tree: str = "t") -> tuple[Forest, list[int]]:
    return forest_of([{tree: path} for path, number in sizes.items() for _person in range(number)])


def shown(forest: Forest, groups: list[int], **options) -> set[str]:
    found = choose(forest, groups, may, enough=enough, sure=K, **options)
    return {forest.places[node].path for node in found}


def sets(groups: list[int], nodes) -> list[frozenset[int]]:
    return [frozenset(places_of(groups[node])) for node in nodes]


# -- one tree -------------------------------------------------------------------------------------------------------
def test_fewer_than_k_are_not_shown():
    assert shown(*tree_of({"a": 4})) == set()
    assert shown(*tree_of({"a": 5, "b": 6})) == {"", "a", "b"}


def test_a_single_small_group_takes_the_next_smallest_with_it():
    assert shown(*tree_of({"a": 2, "b": 7, "c": 9})) == {"", "c"}
    assert shown(*tree_of({"a": 2, "b": 3, "c": 9})) == {"", "c"}
    assert shown(*tree_of({"a": 2, "b": 2, "c": 9, "d": 8})) == {"", "c"}


def test_two_groups_one_of_them_small_leave_the_whole_only():
    assert shown(*tree_of({"a": 1, "b": 40})) == {""}


def test_a_group_without_answers_hides_nothing():
    forest, groups = tree_of({"a": 5, "b": 6})
    empty = forest.add("t", "c")
    assert shown(forest, [*groups, 0]) == {"", "a", "b"}
    assert empty == len(groups)


def test_a_hidden_group_hides_its_subtree():
    found = shown(*tree_of({"a/x": 6, "a/y": 6, "b/x": 3, "c/x": 20}))
    assert found == {"", "c", "c/x"}  # "a" goes as the next smallest, and its two groups of six with it


def test_those_who_stand_in_no_group_are_a_part_too():
    people = [{"t": "a"}] * 8 + [{"t": "b"}] * 9 + [{}] * 2
    assert shown(*forest_of(people)) == {"", "b"}


def test_nothing_is_shown_beyond_what_was_looked_at():
    forest, groups = tree_of({"a": 5, "b": 6, "c": 7, "d": 8})
    among = {0, forest.at["t", "b"], forest.at["t", "d"]}
    assert shown(forest, groups, among=among) == {"", "b", "d"}


# -- the simulation -------------------------------------------------------------------------------------------------
def random_tree(chance: random.Random) -> tuple[Forest, list[int]]:
    sizes = {
        f"{school}/{department}": chance.randint(0, 12)
        for school in range(chance.randint(2, 4))
        for department in range(chance.randint(2, 4))
    }
    return tree_of(sizes)


def threshold_alone(forest: Forest, groups: list[int]) -> list[int]:
    return [node for node, bits in enumerate(groups) if enough(bits)]


def without_subtree(forest: Forest, groups: list[int]) -> list[int]:
    """Threshold and remainder at each node by itself, whatever becomes of the node above."""
    found = set(threshold_alone(forest, groups))
    for node in range(len(groups)):
        for children in forest.below[node].values():
            there = sorted((c for c in children if groups[c]), key=lambda c: (groups[c].bit_count(), c))
            kept = [c for c in there if c in found]
            hidden = sum(groups[c].bit_count() for c in there if c not in found)
            while kept and hidden and hidden < K:
                found.discard(kept[0])
                hidden += groups[kept.pop(0)].bit_count()
    return sorted(found)


def leak_rates(worlds: int, seed: int = 11) -> dict[str, float]:
    """In which part of random worlds somebody who adds and subtracts reaches fewer than k people, by rule."""
    chance, leaks = random.Random(seed), defaultdict(int)
    for _world in range(worlds):
        forest, groups = random_tree(chance)
        for name, nodes in (
            ("threshold", threshold_alone(forest, groups)),
            ("remainder", without_subtree(forest, groups)),
            ("all rules", choose(forest, groups, may, enough=enough, sure=K)),
        ):
            leaks[name] += derived(sets(groups, nodes), K) is not None
    return {name: number / worlds for name, number in leaks.items()}


def test_random_worlds_leak_by_threshold_alone_and_not_by_all_rules():
    rates = leak_rates(300)
    assert rates["threshold"] > 0.5
    assert 0 < rates["remainder"] < 0.2
    assert rates["all rules"] == 0


# -- several trees ---------------------------------------------------------------------------------------------------
def two_trees(chance: random.Random, trees: int = 2, most: int = 45, alike: float = 0.75) -> tuple[Forest, list[int]]:
    """People who stand in the trees not independently: then much lies inside each other."""
    people = []
    for _person in range(chance.randint(12, most)):
        school = chance.randint(0, 3)
        paths = {"a": f"{school}/{chance.randint(0, 2)}"}
        for tree in "bc"[: trees - 1]:
            paths[tree] = str(school if chance.random() < alike else chance.randint(0, 3))
        people.append(paths)
    return forest_of(people)


@pytest.mark.parametrize(("trees", "worlds"), [(2, 150), (3, 60)])
def test_nothing_follows_from_several_trees_together(trees, worlds):
    chance, naive, told = random.Random(5), 0, 0
    for _world in range(worlds):
        forest, groups = two_trees(chance, trees)
        each = {
            node
            for tree in forest.trees
            for node in choose(
                forest, [bits if forest.places[at].tree in ("", tree) else 0 for at, bits in enumerate(groups)], may
            )
        }
        naive += derived(sets(groups, each), K) is not None
        nodes = choose(forest, groups, may, enough=enough, sure=K)
        assert derived(sets(groups, nodes), K) is None
        told += any(forest.places[node].tree == "b" for node in nodes)
    assert naive > worlds / 10  # each tree by its own rules is not enough
    assert told > worlds / 4  # and the rules do not simply keep the later trees back


def test_a_chain_through_two_trees_is_found_where_no_pair_is_nested():
    # a1 and a2 share y2, a2 and a3 share y3 with one person: y1 ⊂ a1, so y2's other part, so a2's other part follows.
    cells = {("1", "1"): 5, ("1", "2"): 6, ("2", "2"): 7, ("2", "3"): 1, ("3", "3"): 8, ("3", "4"): 5}
    forest, groups = forest_of([{"a": a, "b": b} for (a, b), number in cells.items() for _person in range(number)])
    everything = sets(groups, range(len(groups)))
    assert nested(everything, K) is None
    assert len(derived(everything, K)) == 1
    nodes = choose(forest, groups, may, enough=enough, sure=K)
    assert derived(sets(groups, nodes), K) is None
    assert {forest.places[node].path for node in nodes if forest.places[node].tree == "a"} == {"1", "2", "3"}


def test_the_search_finds_what_the_attacker_finds():
    chance, found, unclear = random.Random(3), 0, 0
    for _world in range(120):
        forest, groups = two_trees(chance, chance.choice((2, 3)), most=36, alike=chance.uniform(0.4, 1))
        cuts = [
            [groups[node] for node, place in enumerate(forest.places) if place.tree == tree and "/" not in place.path]
            for tree in forest.trees
        ]
        try:
            leak = derivable(cuts, enough)
        except Unclear:
            unclear += 1
            continue
        attack = derived([frozenset(places_of(bits)) for parts in cuts for bits in parts], K)
        assert bool(leak) == bool(attack)
        found += bool(leak)
        if leak:
            assert 0 < leak.bit_count() < K
    assert 20 < found < 115
    assert unclear == 0


def test_without_patience_it_is_unclear_and_the_later_tree_goes():
    chance = random.Random(1)
    forest, groups = forest_of([{"a": str(chance.randint(0, 4)), "b": str(chance.randint(0, 4))} for _p in range(60)])
    cuts = [[groups[n] for n, place in enumerate(forest.places) if place.tree == tree] for tree in "ab"]
    with pytest.raises(Unclear):
        derivable(cuts, enough, patience=0)


# -- people behind answers ------------------------------------------------------------------------------------------------
def test_five_answers_of_one_person_are_not_five_people():
    # Five courses, each answered once: it may have been one student.
    homes = [0, 1, 2, 3, 4]
    assert not Crowd(5, homes).at_least(0b11111, 5)
    assert Crowd(1, homes).at_least(0b11111, 5)


def test_five_answers_about_one_course_are_five_people():
    assert Crowd(6, [0, 0, 0, 0, 0, 1]).at_least(0b111111, 5)
    assert not Crowd(6, [0, 0, 0, 0, 1, 1]).at_least(0b111111, 5)
    assert not Crowd(6, [0] * 6, frozenset({0})).at_least(0b111111, 5)  # a pool of several courses


def test_many_answers_are_many_people_whatever_the_courses():
    homes = list(range(30))
    assert Crowd(6, homes).sure(5) == 25
    assert Crowd(6, homes).at_least((1 << 25) - 1, 5)
    assert not Crowd(6, homes).at_least((1 << 24) - 1, 5)
