"""The questions as they stand on the page: what a template prints, worked out once. Used for answering and for previews."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from .content import APART, NA, RATING, Asked, AskedSection, say
from .models import QuestionKind
from .scales import APART_WORDS, words_of

#: names of the controls begin so: no code of a question meets a field of the form itself
BEFORE = "q."


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Line:
    """One question with its controls and what was typed into them."""

    key: str
    id: str
    name: str
    kind: str
    text: str
    hint: str
    required: bool
    choices: list[Choice]
    apart: list[Choice]
    value: str
    error: str
    show_if: str
    remark: bool
    remark_value: str
    remark_error: str

    @property
    def grouped(self) -> bool:
        """Several controls under one question: a fieldset; else one control with a label."""
        return self.kind not in (QuestionKind.TEXT, QuestionKind.NUMBER)

    @property
    def control(self) -> str:
        return "checkbox" if self.kind == QuestionKind.MULTIPLE else "radio"


@dataclass
class Group:
    """Likert questions of one scale that follow one another stand as one table; any other question alone."""

    scale: str = ""
    words: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def battery(self) -> bool:
        return bool(self.scale)

    @property
    def apart(self) -> list[tuple[str, str]]:
        """The columns apart that any of the lines has."""
        found = {choice.value for line in self.lines for choice in line.apart}
        return [(code, str(APART_WORDS[code])) for code in APART if code in found]


@dataclass
class Page:
    """A section; with script one page at a time."""

    id: str
    name: str
    teacher: str
    intro: str
    groups: list[Group] = field(default_factory=list)


def lay_out(
    sections: Iterable[AskedSection],
    answers: Mapping[str, Any] | None = None,
    language: str | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Page]:
    answers, errors = answers or {}, errors or {}
    with translation.override(language or translation.get_language()):
        return [_page(section, answers, language, errors) for section in sections]


def _page(section: AskedSection, answers: Mapping[str, Any], language: str | None, errors: Mapping[str, str]) -> Page:
    page = Page(
        f"page-{section.code}",
        say(section.name, language),
        say(section.teacher_name, language),
        say(section.intro, language),
    )
    for item in section.items:
        scale = (item.scale or "agree") if item.kind == QuestionKind.LIKERT else ""
        if not scale or not page.groups or page.groups[-1].scale != scale:
            page.groups.append(Group(scale, [str(word) for word in words_of(scale)] if scale else []))
        page.groups[-1].lines.append(_line(item, answers, language, errors))
    return page


def _line(item: Asked, answers: Mapping[str, Any], language: str | None, errors: Mapping[str, str]) -> Line:
    value = answers.get(item.key)
    chosen = {str(one) for one in (value if isinstance(value, list) else [value])}
    id = "a-" + item.key.replace("@", "--")
    return Line(
        key=item.key,
        id=id,
        name=BEFORE + item.key,
        kind=item.kind,
        text=say(item.text, language),
        hint=say(item.hint, language) or _bounds(item),
        required=item.required,
        choices=[Choice(code, label, code in chosen) for code, label in _choices(item, language)],
        apart=[Choice(code, str(APART_WORDS[code]), code in chosen) for code in _apart(item)],
        value="" if value is None or isinstance(value, list) or value in APART else str(value),
        error=errors.get(item.key, ""),
        show_if=json.dumps(dict(item.show_if), ensure_ascii=False) if item.show_if else "",
        remark=item.remark,
        remark_value=str(answers.get(item.remark_key) or ""),
        remark_error=errors.get(item.remark_key, ""),
    )


def _choices(item: Asked, language: str | None) -> list[tuple[str, str]]:
    if item.kind == QuestionKind.LIKERT:
        return [(str(step), str(word)) for step, word in enumerate(words_of(item.scale), 1)]
    if item.kind == QuestionKind.RATING:
        return [(str(step), str(step)) for step in range(RATING[0], RATING[1] + 1)]
    return [(code, say(text, language)) for code, text in item.options]


def _apart(item: Asked) -> list[str]:
    """An empty text box says "not applicable" by itself; it is offered there only where something must be said."""
    if item.is_text and not item.required:
        return []
    return [code for code, offered in zip(APART, (item.na, item.refuse), strict=True) if offered]


def _bounds(item: Asked) -> str:
    if item.kind != QuestionKind.NUMBER or item.low is None or item.high is None:
        return ""
    return _("From %(low)s to %(high)s") % {"low": item.low, "high": item.high}


# -- back from the browser ------------------------------------------------------------------------------------------
def typed(sections: Iterable[AskedSection], post: Any) -> dict[str, Any]:
    """What a form carries, under the keys of its items, not judged yet. `post` is a QueryDict."""
    found: dict[str, Any] = {}
    for section in sections:
        for item in section.items:
            value = _typed(item, [one for one in post.getlist(BEFORE + item.key) if one.strip()])
            if value is not None:
                found[item.key] = value
            if item.remark and post.get(BEFORE + item.remark_key, "").strip():
                found[item.remark_key] = post[BEFORE + item.remark_key]
    return found


def _typed(item: Asked, values: list[str]) -> Any:
    """Ticked apart and answered as well: the answer counts. A code of an option may itself be "na"."""
    codes = {code for code, _text in item.options}
    apart = [one for one in values if one in APART and one not in codes]
    said = [one for one in values if one not in apart]
    if said:
        return said if item.kind == QuestionKind.MULTIPLE else said[-1] if item.kind != QuestionKind.TEXT else said[0]
    return (NA if NA in apart else apart[0]) if apart else None
