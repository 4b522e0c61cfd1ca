"""What the rules of paper work fix on each paper: letterhead, approval word, edition and page line, footer.

The words here are formal ones of the state's paper work, each language with an order of its own, so they are a table
and not texts for the translator.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qa_portal.web.registry import registry

#: the letterhead is bilingual whatever the language of the paper
SIDES = ("kk", "ru")


@dataclass(frozen=True)
class Formal:
    approved: str
    blank_date: str
    page_line: str


FORMAL = {
    "kk": Formal("БЕКІТЕМІН", "20____ ж. «____» ______________", "Редакция: {edition} · {pages} беттің {page}-беті"),
    "ru": Formal("УТВЕРЖДАЮ", "«____» ______________ 20____ г.", "Редакция: {edition} · стр. {page} из {pages}"),
    "en": Formal("APPROVED", "____ ______________ 20____", "Edition: {edition} · page {page} of {pages}"),
}


@dataclass
class Signature:
    """One line under a paper: in what part somebody signs, who, and when it was done in the portal."""

    part: Any
    person: Any = None
    day: datetime.date | None = None
    note: Any = ""
    post: Any = ""

    @property
    def name(self) -> str:
        return self.person.get_short_name() if self.person else ""

    @property
    def post_name(self) -> Any:
        return self.person.post if self.person else self.post


@dataclass
class Approval(Signature):
    """The block top right; empty lines where nobody has approved yet."""

    part: Any = ""
    word: str = ""
    blank_date: str = field(default="")

    def in_language(self, language: str) -> Approval:
        self.word, self.blank_date = FORMAL[language].approved, FORMAL[language].blank_date
        return self


def sides(unit: Any) -> list[dict[str, str]]:
    """Kazakh left, Russian right: the university, and the department under it."""
    found = []
    for language in SIDES:
        with translation.override(language):
            university, department = registry.identity()["name"], unit.name if unit is not None else ""
            found.append(
                {"language": language, "university": university, "unit": department if department != university else ""}
            )
    return found


def page_css(language: str, *, edition: Any, running: str, person: Any, landscape: bool) -> str:
    """The page's size and its margin boxes: number on the following pages, page line, who printed it when."""
    formal = FORMAL[language]
    printed = _("Printed on %(when)s by %(who)s · uncontrolled copy") % {
        "when": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT"),
        "who": person.get_short_name(),
    }
    return (
        f"@page{{size:A4{' landscape' if landscape else ''};"
        f"@top-left{{content:{quoted(running)}}}"
        f"@bottom-left{{content:{quoted(printed)}}}"
        f"@bottom-right{{content:{_counted(formal.page_line, str(edition))}}}}}"
        "@page:first{@top-left{content:none}}"
    )


def quoted(text: str) -> str:
    """A CSS string: whatever a name holds, it cannot end the string."""
    return '"' + re.sub(r"[^\w .,:·«»№/()–-]", lambda found: f"\\{ord(found.group()):x} ", text) + '"'


def _counted(line: str, edition: str) -> str:
    """«Редакция: 1 · {pages} беттің {page}-беті» as CSS content."""
    parts = re.split(r"({pages?})", line.replace("{edition}", edition))
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    return " ".join(counters.get(part) or quoted(part) for part in parts if part)
