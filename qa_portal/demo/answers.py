"""Answers that respondents of the demo give, drawn by a seeded chance from the questions as they are asked."""

from __future__ import annotations

import random
from typing import Any
from zlib import crc32

from surveys.content import NA, RATING, STEPS, AskedSection, judge
from surveys.models import QuestionKind, Scale

Pools = dict[str, list[list[str]]]
#: how often a question is passed over, does not apply, and a text is written
PASSED, NOT_MINE, WRITES = 0.03, 0.02, 0.35


def answers_to(asked: list[AskedSection], about: float, pools: Pools, chosen: random.Random) -> dict[str, Any]:
    """One respondent's answers as the portal keeps them. `about`: the mean of a rating by steps; texts are drawn out of `pools`."""
    mood = chosen.gauss(0, 0.5)
    given: dict[str, Any] = {}
    for section in asked:
        for item in section.items:
            if not item.required and chosen.random() < PASSED:
                continue
            value = _value(item, about + mood + _own(item), chosen)
            if item.is_text:
                value = _text(pools, item.code, chosen)
            if value is not None:
                given[item.key] = value
            if item.remark and isinstance(value, int) and value < STEPS:
                words = _text(pools, f"{item.code}#", chosen)
                if words:
                    given[item.remark_key] = words
    judged = judge(asked, given)
    if not judged.complete:
        raise RuntimeError(f"made-up answers do not fit: {judged.unfit} {judged.missing}")
    return judged.answers


def _own(item: Any) -> float:
    """How well this question does, the same for everybody."""
    low = {"st-place-food": -0.9, "st-it-wifi": -1.0, "st-org-timetable": -0.7, "te-org-resources": -0.6}
    return low.get(item.code, crc32(item.code.encode()) % 100 / 100 - 0.45)


def _value(item: Any, about: float, chosen: random.Random) -> Any:
    kind = item.kind
    if kind == QuestionKind.LIKERT:
        if item.na and chosen.random() < NOT_MINE:
            return NA
        if item.scale == Scale.BIPOLAR:
            return _within(round(chosen.gauss(3.3, 0.7)), 1, STEPS)
        steps = _within(round(chosen.gauss(about, 0.9)), 1, STEPS)
        return STEPS + 1 - steps if item.reverse else steps
    if kind == QuestionKind.RATING:
        return _within(round(chosen.gauss(2 * about - 0.5, 1.6)), *RATING)
    if kind == QuestionKind.NUMBER:
        low, high = item.low or 0, item.high if item.high is not None else 20
        return _within(round(chosen.gauss(low + (high - low) / 6, 3)), low, high)
    codes = [code for code, _words in item.options]
    weights = [1 / (place + 1) for place in range(len(codes))]
    if kind == QuestionKind.SINGLE:
        return chosen.choices(codes, weights)[0]
    if kind == QuestionKind.MULTIPLE:
        if "none" in codes and chosen.random() < 0.2:
            return ["none"]
        rest = [code for code in codes if code != "none"]
        return sorted(set(chosen.choices(rest, k=chosen.randint(1, 3))), key=codes.index)
    return None


def _text(pools: Pools, key: str, chosen: random.Random) -> str | None:
    """The next text of the pool: nobody writes what somebody else wrote."""
    pool = pools.get(key)
    return pool.pop()[0] if pool and chosen.random() < WRITES else None


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))
