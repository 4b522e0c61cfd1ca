"""Invented answers, so that whoever writes a questionnaire sees its report before anybody is asked.

Made in memory by a seeded generator and kept nowhere: there is no table in which they could be mistaken for answers or
left behind at launch. The same questionnaire always invents the same ones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .content import NA, RATING, REFUSED, STEPS, Asked, AskedSection, asked, items_of, meets
from .models import QuestionKind

NUMBER = 60
#: who stands for the teachers of a course
TEACHERS = tuple(
    {"id": n, "name": {"kk": f"Оқытушы {n}", "ru": f"Преподаватель {n}", "en": f"Teacher {n}"}} for n in (1, 2)
)
#: of a hundred: pass a question over; choose what stands apart from a scale
PASSED, APART_SHARE = 4, 5
Answers = dict[str, Any]


def invent(content: Mapping[str, Any], seed: int, number: int = NUMBER) -> tuple[list[AskedSection], list[Answers]]:
    """The sections as asked, with stand-ins for teachers, and so many people's answers to them."""
    sections = asked(content, TEACHERS)
    chance = random.Random(f"invented {seed}")  # noqa: S311 - repeatable on purpose, hides nothing
    leanings = {key: chance.uniform(0.35, 0.85) for key in items_of(sections)}
    return sections, [_one(sections, chance, leanings) for _person in range(number)]


def _one(sections: Iterable[AskedSection], chance: random.Random, leanings: Mapping[str, float]) -> Answers:
    mood, answers = chance.uniform(-0.15, 0.15), Answers()
    for section in sections:
        for item in section.items:
            if not meets(item.show_if, answers):
                continue
            value = _value(item, chance, leanings[item.key] + mood)
            if value is not None:
                answers[item.key] = value
    return answers


def _value(item: Asked, chance: random.Random, leaning: float) -> Any:
    if not item.required and chance.randrange(100) < PASSED:
        return None
    apart = [code for code, offered in ((NA, item.na), (REFUSED, item.refuse)) if offered and not item.is_text]
    if apart and chance.randrange(100) < APART_SHARE:
        return chance.choice(apart)
    return _MAKERS[item.kind](item, chance, leaning)


def _step(low: int, high: int, chance: random.Random, leaning: float) -> int:
    return min(high, max(low, round(chance.gauss(low + (high - low) * leaning, (high - low) / 5))))


def _likert(item: Asked, chance: random.Random, leaning: float) -> int:
    step = _step(1, STEPS, chance, leaning)
    return STEPS + 1 - step if item.reverse else step


def _single(item: Asked, chance: random.Random, leaning: float) -> Any:
    codes = [code for code, _words in item.options]
    return chance.choices(codes, [1 / (place + 1) for place in range(len(codes))])[0] if codes else None


def _multiple(item: Asked, chance: random.Random, leaning: float) -> Any:
    return [code for code, _words in item.options if chance.random() < leaning / 2] or None


def _number(item: Asked, chance: random.Random, leaning: float) -> int:
    low = 0 if item.low is None else item.low
    return chance.randint(low, low + 20 if item.high is None else item.high)


_MAKERS: dict[str, Callable[[Asked, random.Random, float], Any]] = {
    QuestionKind.LIKERT: _likert,
    QuestionKind.RATING: lambda item, chance, leaning: _step(*RATING, chance, leaning),
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.NUMBER: _number,
    QuestionKind.TEXT: lambda item, chance, leaning: "…" if chance.randrange(100) < 30 else None,
}
