"""Recoding: how much a ballot may say about where it comes from, so that the ledger beside it points at nobody.

The ledger says that P took part, from which school, level, year. A ballot that said all that alone would be P's. So ballots
form classes that say the same, each of at least k people; whoever stands in a smaller one says less, deepest level first, the
breakdown declared last first: department with level and year → with level → with nothing → school alone → nothing. A course
that fewer than k people answered is pooled with other such courses. The rule looks at counts of participants only, never at
answers: whoever knows ledger and rule knows the classes, and in each still stand k people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Trees = Sequence[Sequence[str]]
Ladder = tuple[Hashable, ...]
#: what a pooled ballot says of its course
UNITS = (("school", "department"),)


@dataclass(frozen=True)
class Class:
    """What the ballots of one class say: of which survey (None: pooled), which strata, about which teachers."""

    survey: int | None
    strata: tuple[tuple[str, Any], ...] = ()
    teachers: tuple[int, ...] = field(default=())


def ladder(survey: int, strata: Mapping[str, Any], trees: Trees) -> list[Class]:
    """From all that is declared down to the survey alone; strata that no breakdown names are never kept."""
    steps = sorted(((depth, place) for place, tree in enumerate(trees) for depth in range(len(tree))), reverse=True)
    depths = [len(tree) for tree in trees]
    found = [Class(survey, _named(strata, trees, depths))]
    for depth, place in steps:
        depths[place] = depth
        found.append(Class(survey, _named(strata, trees, depths)))
    return list(dict.fromkeys(found))


def pooled_ladder(survey_strata: Mapping[str, Any], teachers: Sequence[int]) -> list[Class]:
    """Of a course that few answered: its unit and teachers, its unit, nothing."""
    bare = ladder(0, survey_strata, UNITS)
    units = [Class(None, one.strata) for one in bare]
    return list(dict.fromkeys([Class(None, units[0].strata, tuple(sorted(teachers))), *units]))


def _named(strata: Mapping[str, Any], trees: Trees, depths: Sequence[int]) -> tuple[tuple[str, Any], ...]:
    kept: dict[str, Any] = {}
    for tree, depth in zip(trees, depths, strict=True):
        for name in tree[:depth]:
            if strata.get(name) in (None, ""):
                break  # what stands below an unknown one says too much
            kept[name] = strata[name]
    return tuple(sorted(kept.items()))


def recode(ladders: Sequence[Sequence[Hashable]], least: int) -> list[Any]:
    """For each row the rung of its ladder on which at least `least` rows stand. All ladders end on the same rung.

    A row goes down only with all that stand beside it. Where too few would be left on the last rung, the smallest other class
    joins them. Fewer rows than `least` in all: everybody stands on the last rung.
    """
    rows: dict[Ladder, int] = Counter(tuple(ladder) for ladder in ladders)
    found = _settled(list(rows), least, lambda there: sum(rows[kind] for kind in there))
    return [found[tuple(ladder)] for ladder in ladders]


def _settled(kinds: list[Ladder], least: int, size_of: Callable[[list[Ladder]], int]) -> dict[Ladder, Any]:
    rung = dict.fromkeys(kinds, 0)
    last = kinds[0][-1] if kinds else None
    while True:
        standing: dict[Hashable, list[Ladder]] = defaultdict(list)
        for kind in kinds:
            standing[kind[rung[kind]]].append(kind)
        size = {where: size_of(there) for where, there in standing.items()}
        small = [where for where in standing if size[where] < least and where != last]
        if not small and size.get(last, least) < least:
            others = [where for where in standing if where != last]
            small = [min(others, key=lambda where: (size[where], repr(where)))] if others else []
        if not small:
            return {kind: kind[rung[kind]] for kind in kinds}
        for where in small:
            for kind in standing[where]:
                rung[kind] += 1


@dataclass(frozen=True)
class Asking:
    """What of a survey counts here: its own strata (of a course: its unit's) and who is asked about."""

    strata: Mapping[str, Any]
    teachers: tuple[int, ...] = ()


def classes(
    rows: Sequence[tuple[int, Mapping[str, Any]]],
    surveys: Mapping[int, Asking],
    trees: Trees,
    least: int,
    people: Mapping[int, Collection[Hashable]] | None = None,
) -> list[Class]:
    """For each (survey, strata of the participant) what its ballot may say; in each class stand at least `least` people.

    `people` are those who took part in each survey: one person may stand in the pool with several courses and is counted
    once; without it every row counts as a person. Only a campaign with fewer participants in all has a smaller class: its urn
    is not opened (workflow/opening.py).
    """
    places: dict[int, list[int]] = defaultdict(list)
    for place, (survey, _strata) in enumerate(rows):
        places[survey].append(place)
    who: dict[int, Collection[Hashable]] = {survey: (people or {}).get(survey, at) for survey, at in places.items()}
    pool = _pooled(who, surveys, least) if len(surveys) > 1 else {}
    found: list[Any] = [None] * len(rows)
    for survey, there in places.items():
        if survey in pool:
            rungs = [pool[survey]] * len(there)
        else:
            own = surveys[survey].strata
            rungs = recode([ladder(survey, {**rows[place][1], **own}, trees) for place in there], least)
        for place, where in zip(there, rungs, strict=True):
            found[place] = where
    return found


def _pooled(who: Mapping[int, Collection[Hashable]], surveys: Mapping[int, Asking], least: int) -> dict[int, Class]:
    """Surveys in which too few took part, and what their ballots may say. Where they are too few people together, the next
    smallest joins them.
    """
    in_order = sorted(who, key=lambda survey: (len(who[survey]), survey))
    taken = [survey for survey in in_order if len(who[survey]) < least]
    rest = in_order[len(taken) :]
    while taken and rest and len(_together(who, taken)) < least:
        taken.append(rest.pop(0))
    kinds: dict[Ladder, list[int]] = defaultdict(list)
    for survey in taken:
        kinds[tuple(pooled_ladder(surveys[survey].strata, surveys[survey].teachers))].append(survey)
    found = _settled(
        list(kinds), least, lambda there: len(_together(who, [survey for kind in there for survey in kinds[kind]]))
    )
    return {survey: found[kind] for kind, of in kinds.items() for survey in of}


def _together(who: Mapping[int, Collection[Hashable]], surveys: Iterable[int]) -> set[Hashable]:
    return {one for survey in surveys for one in who[survey]}
