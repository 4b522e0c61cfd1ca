"""What a questionnaire asks, as one JSON value in three languages: frozen at launch, read by answering, urn and release.

Shape of the content::

    {"name": W, "intro": W, "thanks": W, "sections": [
        {"code": "s1", "name": W, "intro": W, "block": "", "per_teacher": false, "areas": ["S3.A6"], "items": [
            {"code": "st-teaching-clear", "wording": 1, "kind": "likert", "scale": "agree", "reverse": false,
             "text": W, "hint": W, "na": true, "refuse": false, "required": false, "remark": false,
             "options": [{"code": "a", "text": W}], "low": null, "high": null, "areas": [],
             "show_if": {} or {"code": "…", "op": "in", "values": […]}}]}]}

`W` is {"kk", "ru", "en"}. An **item key** names an answer: the question's code, in a section asked for each teacher
`code@<person id>`; the remark on a rating has the key with `#` behind it. Values: likert 1…5, rating 0…10, number a number,
single an option's code, multiple a list of codes, text and remark a string; NA and REFUSED stand for "not applicable" and
"prefer not to say" and never enter a mean. An item without a value was passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Item, QuestionKind, Questionnaire, Section

LANGUAGES = ("kk", "ru", "en")
NA, REFUSED = "na", "refused"
APART = (NA, REFUSED)
STEPS = 5
RATING = (0, 10)
LONGEST_TEXT = 4000
OPERATORS = ("in", "not_in", "at_least", "at_most", "answered")

Words = Mapping[str, str]


def say(words: Words, language: str | None = None) -> str:
    """The words in a language, else in Kazakh, Russian, English, whichever is there."""
    for code in (language or get_language() or "kk", *LANGUAGES):
        if words.get(code):
            return words[code]
    return ""


def words_of(row: Any, name: str) -> dict[str, str]:
    return {code: getattr(row, f"{name}_{code}") or "" for code in LANGUAGES}


# -- freezing -----------------------------------------------------------------------------------------------------
def frozen_item(item: Item) -> dict[str, Any]:
    question = item.question
    return {
        "code": question.code,
        "wording": question.wording,
        "kind": question.kind,
        "scale": question.scale,
        "reverse": question.reverse,
        "text": words_of(question, "text"),
        "hint": words_of(question, "hint"),
        "na": question.allow_na,
        "refuse": question.allow_refuse,
        "required": item.required,
        "remark": item.remark,
        "options": [
            {"code": option["code"], "text": {code: option.get(code, "") for code in LANGUAGES}}
            for option in question.options
        ],
        "low": question.low,
        "high": question.high,
        "areas": question.areas,
        "show_if": item.show_if,
    }


def freeze(questionnaire: Questionnaire, blocks: Iterable[str] | None = None) -> dict[str, Any]:
    """The content as it is asked; `blocks` are the optional ones wanted (None: all of them).

    Of a submitted questionnaire and all that follows it, the content as it was submitted: what was checked is what is
    asked, also when the bank has newer words. Of one still written, the bank as it stands; two queries.
    """
    content = questionnaire.fixed or written(questionnaire)
    if blocks is None:
        return dict(content)
    wanted = {"", *blocks}
    return {**content, "sections": [section for section in content["sections"] if section["block"] in wanted]}


def written(questionnaire: Questionnaire, sections: Iterable[Section] | None = None) -> dict[str, Any]:
    """The content as it stands in the bank now; `sections` with their items and questions, where they are at hand."""
    if sections is None:
        sections = questionnaire.sections.prefetch_related("items__question").order_by("place", "pk")
    return {
        "name": words_of(questionnaire, "name"),
        "intro": words_of(questionnaire, "intro"),
        "thanks": words_of(questionnaire, "thanks"),
        "sections": [frozen_section(section) for section in sections],
    }


def frozen_section(section: Section) -> dict[str, Any]:
    items = sorted(section.items.all(), key=lambda item: (item.place, item.pk))
    return {
        "code": f"s{section.pk}",
        "name": words_of(section, "name"),
        "intro": words_of(section, "intro"),
        "block": section.block,
        "per_teacher": section.per_teacher,
        "areas": section.areas,
        "items": [frozen_item(item) for item in items],
    }


# -- as asked ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """One item as one respondent meets it."""

    key: str
    code: str
    wording: int
    kind: str
    scale: str
    reverse: bool
    text: Words
    hint: Words
    na: bool
    refuse: bool
    required: bool
    remark: bool
    options: tuple[tuple[str, Words], ...]
    low: int | None
    high: int | None
    areas: tuple[str, ...]
    show_if: Mapping[str, Any]
    teacher: int | None = None

    @property
    def remark_key(self) -> str:
        return f"{self.key}#"

    @property
    def is_text(self) -> bool:
        return self.kind == QuestionKind.TEXT


@dataclass(frozen=True)
class AskedSection:
    code: str
    name: Words
    intro: Words
    areas: tuple[str, ...]
    items: tuple[Asked, ...]
    block: str = ""
    teacher: int | None = None
    teacher_name: Words = field(default_factory=dict)


def _asked(item: Mapping[str, Any]) -> Asked:
    return Asked(
        key=item["code"],
        options=tuple((option["code"], option["text"]) for option in item["options"]),
        areas=tuple(item["areas"]),
        **{
            name: item[name]
            for name in (
                "code", "wording", "kind", "scale", "reverse", "text", "hint", "na", "refuse", "required", "remark",
                "low", "high", "show_if",
            )
        },
    )  # fmt: skip


def asked(content: Mapping[str, Any], teachers: Iterable[Mapping[str, Any]] = ()) -> list[AskedSection]:
    """The sections as they are asked; those for each teacher once for every one of `teachers` ({"id", "name"})."""
    found: list[AskedSection] = []
    teachers = list(teachers)
    for raw in content.get("sections", ()):
        items = tuple(_asked(item) for item in raw["items"])
        section = AskedSection(raw["code"], raw["name"], raw["intro"], tuple(raw["areas"]), items, raw["block"])
        if not raw["per_teacher"]:
            found.append(section)
            continue
        inside = {item.code for item in items}
        for teacher in teachers:
            found.append(
                replace(
                    section,
                    code=f"{section.code}-{teacher['id']}",
                    teacher=teacher["id"],
                    teacher_name=teacher["name"],
                    items=tuple(_for_teacher(item, teacher["id"], inside) for item in items),
                )
            )
    return found


def _for_teacher(item: Asked, teacher: int, inside: set[str]) -> Asked:
    condition = dict(item.show_if)
    if condition.get("code") in inside:
        condition["code"] = f"{condition['code']}@{teacher}"
    return replace(item, key=f"{item.key}@{teacher}", teacher=teacher, show_if=condition)


def items_of(sections: Iterable[AskedSection]) -> dict[str, Asked]:
    return {item.key: item for section in sections for item in section.items}


# -- conditions -----------------------------------------------------------------------------------------------------
def meets(condition: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether the answers meet a condition; an earlier question passed over, or answered apart, meets none but `not_in`."""
    if not condition:
        return True
    value, wanted = answers.get(condition["code"]), condition.get("values", [])
    op = condition["op"]
    given = value is not None and value not in APART and value != "" and value != []
    if op == "answered":
        return given
    if op in ("in", "not_in"):
        chosen = value if isinstance(value, list) else [value]
        hit = given and any(one in wanted for one in chosen)
        return hit if op == "in" else not hit
    if not given or isinstance(value, str | list) or not wanted:
        return False
    return value >= wanted[0] if op == "at_least" else value <= wanted[0]


def shown_keys(sections: Iterable[AskedSection], answers: Mapping[str, Any]) -> set[str]:
    """Keys of the items that these answers bring to the page; an item that hangs on a hidden one is hidden too."""
    shown: set[str] = set()
    seen: dict[str, Any] = {}
    for section in sections:
        for item in section.items:
            if meets(item.show_if, seen):
                shown.add(item.key)
                if item.key in answers:
                    seen[item.key] = answers[item.key]
    return shown


# -- judging answers --------------------------------------------------------------------------------------------------
class Unfit(Exception):
    """A value that does not fit its question; the words are for the respondent."""


def fit(item: Asked, value: Any) -> Any:
    """The value as it is kept, or None when nothing was answered. Takes what a form or a script sends; raises Unfit."""
    if value is None or value == "" or value == []:
        return None
    if value == NA and item.na or value == REFUSED and item.refuse:
        return value
    if item.kind in (QuestionKind.LIKERT, QuestionKind.RATING):
        low, high = (1, STEPS) if item.kind == QuestionKind.LIKERT else RATING
        return _whole(value, low, high)
    if item.kind == QuestionKind.NUMBER:
        return _number(value, item.low, item.high)
    codes = {code for code, _text in item.options}
    if item.kind == QuestionKind.SINGLE:
        if value not in codes:
            raise Unfit(_("Choose one of the answers shown."))
        return value
    if item.kind == QuestionKind.MULTIPLE:
        chosen = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) and one in codes for one in chosen):
            raise Unfit(_("Choose from the answers shown."))
        return [code for code, _text in item.options if code in chosen]
    return fit_text(value)


def fit_text(value: Any) -> str | None:
    if not isinstance(value, str):
        raise Unfit(_("Write your answer in words."))
    text = value.replace("\x00", "").strip()
    if len(text) > LONGEST_TEXT:
        raise Unfit(_("This text is too long: at most %(most)d characters are kept.") % {"most": LONGEST_TEXT})
    return text or None


def _whole(value: Any, low: int, high: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 4:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Unfit(_("Choose one of the answers shown."))
    return value


def _number(value: Any, low: int | None, high: int | None) -> int | float:
    if isinstance(value, str):
        try:
            number = float(value.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", "."))
        except ValueError:
            raise Unfit(_("Write a number.")) from None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    else:
        raise Unfit(_("Write a number."))
    if number != number or abs(number) > 1e12:
        raise Unfit(_("Write a number."))
    if (low is not None and number < low) or (high is not None and number > high):
        if low is not None and high is not None:
            raise Unfit(_("Write a number from %(low)s to %(high)s.") % {"low": low, "high": high})
        raise Unfit(_("This number is outside what is asked."))
    return int(number) if number == int(number) else number


@dataclass(frozen=True)
class Judged:
    """What is kept of an answer, what does not fit (key → sentence), what must be answered and is not (keys)."""

    answers: dict[str, Any]
    unfit: dict[str, str]
    missing: list[str]

    @property
    def complete(self) -> bool:
        return not self.unfit and not self.missing


def judge(sections: list[AskedSection], sent: Mapping[str, Any]) -> Judged:
    """Judge what was sent. Answers to questions that these answers hide are dropped, whatever the browser sent."""
    items, kept, unfit = items_of(sections), {}, {}
    for key, item in items.items():
        try:
            value = fit(item, sent.get(key))
        except Unfit as problem:
            unfit[key] = str(problem)
            continue
        if value is not None:
            kept[key] = value
        if item.remark:
            try:
                remark = fit_text(sent[item.remark_key]) if sent.get(item.remark_key) else None
            except Unfit as problem:
                unfit[item.remark_key] = str(problem)
                continue
            if remark is not None:
                kept[item.remark_key] = remark
    shown = shown_keys(sections, kept)
    answers = {key: value for key, value in kept.items() if key.removesuffix("#") in shown}
    return Judged(
        answers,
        {key: words for key, words in unfit.items() if key.removesuffix("#") in shown},
        [key for key in items if key in shown and items[key].required and key not in answers],
    )


def is_text_key(items: Mapping[str, Asked], key: str) -> bool:
    """Whether the answer under this key is a text: it leaves the ballot at opening and stands alone."""
    return key.endswith("#") or (key in items and items[key].is_text)
