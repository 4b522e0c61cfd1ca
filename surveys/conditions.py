"""What is wrong with a questionnaire that is being written: conditions that lead nowhere, words that are missing.

Pure: reads the content (content.py) and nothing else. `problems(content)` lists all; those of level ERROR keep it from
being submitted. A condition asks one earlier answer, so whether an item can ever be shown follows from whether the asked
one can, and from which answers it can have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .content import LANGUAGES, OPERATORS, RATING, STEPS, say
from .models import QuestionKind

ERROR, WARNING = "error", "warning"
CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
MEASURED = (QuestionKind.LIKERT, QuestionKind.RATING, QuestionKind.NUMBER)
#: operators that compare with a number
COMPARING = ("at_least", "at_most")
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
FEWEST_OPTIONS = 2
MOST_ASKED = 80


@dataclass(frozen=True)
class Problem:
    """A sentence, and where it belongs: the section's code, the item's; empty for the whole."""

    level: str
    text: str
    section: str = ""
    item: str = ""


@dataclass
class _Place:
    """One item with what stands around it."""

    item: Mapping[str, Any]
    section: Mapping[str, Any]
    number: int
    shown: bool = True  # whether some answers bring it to the page
    always: bool = True  # whether all answers do

    @property
    def code(self) -> str:
        return self.item["code"]


@dataclass
class _Survey:
    places: list[_Place] = field(default_factory=list)
    by_code: dict[str, _Place] = field(default_factory=dict)


def _laid_out(content: Mapping[str, Any]) -> _Survey:
    found = _Survey()
    for section in content.get("sections", ()):
        for item in section["items"]:
            place = _Place(item, section, len(found.places))
            found.places.append(place)
            found.by_code.setdefault(place.code, place)
    return found


def problems(content: Mapping[str, Any], about_courses: bool = False) -> list[Problem]:
    """All that is wrong, in the order of the questionnaire."""
    survey = _laid_out(content)
    found = [*_of_whole(content, survey)]
    for section in content.get("sections", ()):
        code = section["code"]
        found += [Problem(level, text, code) for level, text in _of_section(section, about_courses)]
        for place in (place for place in survey.places if place.section is section):
            found += [Problem(level, text, code, place.code) for level, text in _of_item(place, survey)]
        if section["items"] and not any(p.shown for p in survey.places if p.section is section):
            found.append(
                Problem(ERROR, _("Nobody ever reaches this section: none of its questions can be shown."), code)
            )
    return found


def errors(content: Mapping[str, Any], about_courses: bool = False) -> list[Problem]:
    return [problem for problem in problems(content, about_courses) if problem.level == ERROR]


# -- words ------------------------------------------------------------------------------------------------------------
def missing_in(words: Mapping[str, str], needed: bool = True) -> list[str]:
    """Languages in which the words are missing; words that need not be there must be there in all or in none."""
    if not needed and not any(words.get(code) for code in LANGUAGES):
        return []
    return [NAMES[code] for code in LANGUAGES if not words.get(code)]


def _untranslated(what: str, words: Mapping[str, str], needed: bool = True) -> Iterator[tuple[str, str]]:
    missing = missing_in(words, needed)
    if missing:
        yield ERROR, _("%(what)s is missing in: %(languages)s.") % {"what": what, "languages": ", ".join(missing)}


# -- the whole ----------------------------------------------------------------------------------------------------------
def _of_whole(content: Mapping[str, Any], survey: _Survey) -> Iterator[Problem]:
    for name, what, needed in (
        ("name", pgettext("of a questionnaire", "The name"), True),
        ("intro", _("The text before the questions"), False),
        ("thanks", _("The text after sending"), False),
    ):
        yield from (Problem(level, text) for level, text in _untranslated(what, content[name], needed))
    if not survey.places:
        yield Problem(ERROR, _("There is no question yet."))
    elif all(place.section["block"] for place in survey.places):
        yield Problem(ERROR, _("There is no core: every section belongs to an optional block."))
    if len(survey.places) > MOST_ASKED:
        yield Problem(
            WARNING,
            _("%(n)d questions are a lot: people stop answering long questionnaires.") % {"n": len(survey.places)},
        )
    for code, times in Counter(place.code for place in survey.places).items():
        if times > 1:
            again = [place for place in survey.places if place.code == code][1]
            text = _("This question stands in the questionnaire more than once; its answers would be mixed.")
            yield Problem(ERROR, text, again.section["code"], code)


def _of_section(section: Mapping[str, Any], about_courses: bool) -> Iterator[tuple[str, str]]:
    yield from _untranslated(_("The name of the section"), section["name"])
    yield from _untranslated(_("The text before the questions of the section"), section["intro"], needed=False)
    if not section["items"]:
        yield ERROR, _("This section has no question.")
    if section["per_teacher"] and not about_courses:
        yield ERROR, _("Only questionnaires about courses have sections that are asked for each teacher.")


# -- one item -----------------------------------------------------------------------------------------------------------
def _of_item(place: _Place, survey: _Survey) -> Iterator[tuple[str, str]]:
    yield from _of_question(place.item)
    yield from _of_condition(place, survey)


def _of_question(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _untranslated(_("The question"), item["text"])
    yield from _untranslated(_("The hint"), item["hint"], needed=False)
    if item["kind"] == QuestionKind.LIKERT and not item["scale"]:
        yield ERROR, _("Choose the words of its scale.")
    if item["kind"] in CHOICES:
        if len(item["options"]) < FEWEST_OPTIONS:
            yield ERROR, _("It needs at least two answers to choose from.")
        for option in item["options"]:
            yield from _untranslated(_("The answer “%(code)s”") % {"code": option["code"]}, option["text"])


def _of_condition(place: _Place, survey: _Survey) -> Iterator[tuple[str, str]]:
    """Says what is wrong with the condition and sets down whether the item can be shown at all."""
    condition = place.item["show_if"]
    if not condition:
        return
    place.always = False
    asked, wrong = _asked_of(place, condition, survey)
    if wrong:
        place.shown = False
        yield ERROR, wrong
        return
    if asked is None:
        return
    unfit = list(unfit_values(condition, asked.item))
    yield from ((ERROR, text) for text in unfit)
    place.shown = can_be_met(condition, asked.item, asked.shown, asked.always)
    if not place.shown and not unfit:
        yield ERROR, _("This condition is never true: no answer leads here.")
    if not place.shown and place.item["required"]:
        yield ERROR, _("It must be answered and can never be shown.")
    if place.shown and always_met(condition, asked.item, asked.always):
        place.always = asked.always
        yield WARNING, _("This condition is always true: it can be left out.")


def _asked_of(place: _Place, condition: Mapping[str, Any], survey: _Survey) -> tuple[_Place | None, str]:
    """The item that the condition asks, or why it cannot be asked."""
    code = condition.get("code", "")
    asked = survey.by_code.get(code)
    if asked is None:
        return None, _("Its condition asks the question “%(code)s”, which is not in the questionnaire.") % {
            "code": code
        }
    if asked is place:
        return None, _("Its condition asks the question itself.")
    if _circle(place, survey):
        return None, _("Its condition goes round in a circle: %(codes)s.") % {
            "codes": " → ".join(_circle(place, survey))
        }
    if asked.number > place.number:
        return None, _("Its condition asks “%(code)s”, which comes later.") % {"code": code}
    if condition.get("op") not in OPERATORS:
        return None, _("Its condition is not understood.")
    if asked.section["block"] and asked.section["block"] != place.section["block"]:
        return None, _("Its condition asks a question of the optional block “%(block)s”, which may be left out.") % {
            "block": asked.section["block"]
        }
    if asked.section["per_teacher"] and asked.section is not place.section:
        return None, _("Its condition asks what is asked for each teacher in another section.")
    return asked, ""


def _circle(place: _Place, survey: _Survey) -> list[str]:
    """The codes on the way back to the same item; empty when its conditions end somewhere."""
    way, at = [place.code], place
    while at.item["show_if"]:
        following = survey.by_code.get(at.item["show_if"].get("code", ""))
        if following is None or following.code in way[1:]:
            return []
        way.append(following.code)
        if following is place:
            return way
        at = following
    return []


def unfit_values(condition: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    """What the values of a condition cannot be, for the question it asks."""
    op, values, kind = condition["op"], condition.get("values", []), asked["kind"]
    name = {"question": say(asked["text"])}
    if op == "answered":
        return
    if kind == QuestionKind.TEXT:
        yield _("Of a free text it can only be asked whether it was answered: “%(question)s”.") % name
    elif op in COMPARING and kind not in MEASURED:
        yield _("“At least” and “at most” compare numbers; “%(question)s” has none.") % name
    elif not values:
        yield _("Its condition names no answer.")
    elif op in COMPARING and len(values) > 1:
        yield _("“At least” and “at most” take one number.")
    elif kind in CHOICES:
        known = {option["code"] for option in asked["options"]}
        for value in values:
            if value not in known:
                yield _("“%(value)s” is no answer of the question “%(question)s”.") % {"value": value, **name}
    else:
        low, high = _range(asked)
        for value in values:
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                yield _("“%(value)s” is no answer of the question “%(question)s”.") % {"value": value, **name}


def _range(item: Mapping[str, Any]) -> tuple[float, float]:
    if item["kind"] == QuestionKind.LIKERT:
        return 1, STEPS
    if item["kind"] == QuestionKind.RATING:
        return RATING
    low, high = item["low"], item["high"]
    return (float("-inf") if low is None else low), (float("inf") if high is None else high)


def _may_be_passed(asked: Mapping[str, Any], always_shown: bool) -> bool:
    """The asked one may stay without an answer that counts: hidden, passed over, not applicable, refused."""
    return not always_shown or not asked["required"] or asked["na"] or asked["refuse"]


def _hits(condition: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[bool, bool]:
    """Among the answers that can be given: does some meet `in`, `at_least`, `at_most`; does some miss it."""
    op, values, kind = condition["op"], condition.get("values", []), asked["kind"]
    if op == "answered":
        return True, False
    if kind in CHOICES:
        codes = {option["code"] for option in asked["options"]}
        return bool(codes & set(values)), bool(codes - set(values))
    if kind == QuestionKind.TEXT or not values:
        return False, True
    low, high = _range(asked)
    numbers = [value for value in values if isinstance(value, int | float) and low <= value <= high]
    if op == "at_least":
        return bool(values) and values[0] <= high, values[0] > low
    if op == "at_most":
        return bool(values) and values[0] >= low, values[0] < high
    whole = kind != QuestionKind.NUMBER
    return bool(numbers), not whole or len(set(numbers)) < high - low + 1


def can_be_met(condition: Mapping[str, Any], asked: Mapping[str, Any], shown: bool, always_shown: bool) -> bool:
    """Whether some way through the questionnaire meets the condition."""
    meets, misses = _hits(condition, asked)
    if condition["op"] == "not_in":
        return _may_be_passed(asked, always_shown) or misses
    return shown and meets


def always_met(condition: Mapping[str, Any], asked: Mapping[str, Any], always_shown: bool) -> bool:
    """Whether every way through the questionnaire meets it."""
    meets, misses = _hits(condition, asked)
    if condition["op"] == "not_in":
        return not meets
    return not misses and not _may_be_passed(asked, always_shown)


# -- in words -----------------------------------------------------------------------------------------------------------
def in_words(condition: Mapping[str, Any], items: Mapping[str, Mapping[str, Any]]) -> str:
    """The condition as its author reads it; `items` are the questionnaire's by code."""
    if not condition:
        return ""
    asked = items.get(condition.get("code", ""))
    question = say(asked["text"]) if asked else condition.get("code", "")
    options = {option["code"]: say(option["text"]) for option in asked["options"]} if asked else {}
    values = ", ".join(str(options.get(value) or value) for value in condition.get("values", []))
    sentences = {
        "in": _("Shown if “%(question)s” is answered: %(values)s"),
        "not_in": _("Shown unless “%(question)s” is answered: %(values)s"),
        "at_least": _("Shown if “%(question)s” is at least %(values)s"),
        "at_most": _("Shown if “%(question)s” is at most %(values)s"),
        "answered": _("Shown if “%(question)s” is answered"),
    }
    sentence = sentences.get(condition.get("op", ""), "%(question)s %(values)s")
    return sentence % {"question": question, "values": values}
