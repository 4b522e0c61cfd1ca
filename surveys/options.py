"""The answers of a choice as its author types them: a line each, "code = kk | ru | en"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from .content import APART, LANGUAGES

MOST = 60
LONGEST = 200
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")


def as_lines(options: Iterable[Mapping[str, str]]) -> str:
    """The stored answers as lines to be edited."""
    return "\n".join(
        f"{option['code']} = {' | '.join(option.get(code, '') for code in LANGUAGES).rstrip(' |')}"
        for option in options
    )


def read_lines(text: str) -> tuple[list[dict[str, str]], list[str]]:
    """The answers in the lines and what is wrong with them, a sentence each. A line without a code gets the next free one."""
    found: list[dict[str, str]] = []
    wrong: list[str] = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    named = {code for _number, line in lines if (code := _parted(line)[0])}
    for number, line in lines:
        code, words = _parted(line)
        if not code:
            code = next(free for n in range(1, MOST + len(named) + 2) if (free := f"a{n}") not in named)
            named.add(code)
        sentence = _problem(code, words, found)
        if sentence:
            wrong.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": sentence})
        else:
            found.append({"code": code, **dict(zip(LANGUAGES, [*words, "", "", ""], strict=False))})
    if len(found) > MOST:
        wrong.append(_("At most %(most)d answers can be offered.") % {"most": MOST})
    return found, wrong


def _parted(line: str) -> tuple[str, list[str]]:
    """Code and words of a line; an empty code where none is written."""
    before, sign, after = line.partition("=")
    code, words = (before.strip(), after) if sign else ("", line)
    return code, [part.strip() for part in words.split("|")]


def _problem(code: str, words: list[str], earlier: list[dict[str, str]]) -> str:
    if not _CODE.fullmatch(code) or code in APART:
        return _("the code “%(code)s” must be small Latin letters, figures and dashes.") % {"code": code[:40]}
    if any(option["code"] == code for option in earlier):
        return _("the code “%(code)s” stands there twice.") % {"code": code}
    if len(words) > len(LANGUAGES):
        return _("there are more than three parts between the strokes.")
    if not any(words):
        return _("the words are missing.")
    if any(len(word) > LONGEST for word in words):
        return _("an answer has at most %(most)d characters.") % {"most": LONGEST}
    return ""
