"""Kazakh on SQLite: `like`, `lower` and `upper` that know Cyrillic, and the alphabet's order.

SQLite's own are ASCII only ("сапа" is not found in "Сапа") and sort by code point, which puts ә after я. The
collation has the name of PostgreSQL's ICU one, so `Collate(…, "kk-x-icu")` orders alike on both.
"""

import functools
import re

from django.db.backends.signals import connection_created
from django.db.models import F, Func
from django.db.models.functions import Collate

COLLATION = "kk-x-icu"
_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_RANK = {letter: chr(0xE000 + place) for place, letter in enumerate(_ALPHABET)}


@functools.lru_cache(maxsize=20000)
def kazakh_key(text: str) -> str:
    """A string whose plain order is the Kazakh alphabet's, big and small letters alike; Latin and figures go before."""
    return "".join(_RANK.get(letter, letter) for letter in text.lower())


def _compare(left: str, right: str) -> int:
    a, b = (kazakh_key(left), left), (kazakh_key(right), right)
    return (a > b) - (a < b)


@functools.lru_cache(maxsize=200)
def _pattern(pattern: str, escape: str | None) -> re.Pattern[str]:
    parts, skip = [], False
    for letter in pattern:
        if skip:
            parts.append(re.escape(letter))
            skip = False
        elif letter == escape:
            skip = True
        else:
            parts.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _like(pattern: str | None, text: object, escape: str | None = None) -> bool | None:
    if pattern is None or text is None:
        return None
    inner = pattern.strip("%")
    # Most searches are "%word%" without other wildcards: plain `in` is many times quicker than a pattern.
    if escape != "" and pattern == f"%{inner}%" and not any(c in inner for c in "%_\\"):
        return inner.lower() in str(text).lower()
    return _pattern(pattern, escape).fullmatch(str(text)) is not None


def _teach(connection, **kwargs) -> None:
    if connection.vendor != "sqlite":
        return
    raw = connection.connection
    raw.create_function("like", 2, _like, deterministic=True)
    raw.create_function("like", 3, _like, deterministic=True)
    for name, method in (("lower", str.lower), ("upper", str.upper)):
        raw.create_function(name, 1, lambda t, m=method: None if t is None else m(str(t)), deterministic=True)
    raw.create_collation(COLLATION, _compare)


connection_created.connect(_teach)


def alphabetical(field: str) -> Func:
    """ORDER BY for a text field in the order of the Kazakh alphabet, on both databases."""
    return Collate(F(field), COLLATION)
