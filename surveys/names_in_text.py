"""Surnames of the university's people in a text: a hint for whoever reviews or quotes, never a judgement.

Kazakh and Russian add endings, so a word that begins with a surname counts («Ахметовтың», «Ахметова»).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from qa_portal.people.models import Person

#: shorter surnames begin too many ordinary words
SHORTEST = 4
_WORD = re.compile(r"\w+")


def surnames(people: Any = None) -> set[str]:
    """Of these people (rows of Person), else of everybody who works here."""
    rows = (Person.objects.filter(is_active=True) if people is None else people).order_by()
    columns = ("last_name_kk", "last_name_ru", "last_name_en")
    found = {name.strip() for row in rows.values_list(*columns) for name in row if name}
    return {name for name in found if len(name) >= SHORTEST}


def named(text: str, names: Iterable[str]) -> list[str]:
    """Words of the text, with a capital letter, that begin with one of the surnames."""
    begins: dict[str, list[str]] = {}
    for name in names:
        begins.setdefault(name[:SHORTEST].casefold(), []).append(name.casefold())
    found = {
        word
        for word in _WORD.findall(text)
        if word[:1].isupper()
        and any(word.casefold().startswith(name) for name in begins.get(word[:SHORTEST].casefold(), ()))
    }
    return sorted(found)
