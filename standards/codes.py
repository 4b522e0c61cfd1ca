"""The codes that a document may name as what it supports, in words, and where each is read: of the edition in force."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language

from .models import DocumentGroup, Edition, EvaluationArea, ExpectedDocument, Requirement, Standard

MOST_WORDS = 90
#: parts that documents support, in the order in which a standard's codes are offered
SUPPORTED: tuple[Any, ...] = (Requirement, EvaluationArea, DocumentGroup)


@dataclass(frozen=True)
class Place:
    code: str
    label: str
    url: str


def item_code(item: ExpectedDocument) -> str:
    """How a document says that it is this one of the expected: "S1.D2.3", the third of the group S1.D2."""
    return f"{item.group.code}.{item.place}"


def choices() -> list[tuple[str, str]]:
    """Every code with its words: standards, then of each its requirements, areas, document groups and their items."""
    return [(place.code, place.label) for place in _places().values()]


def links(codes: Iterable[str]) -> list[dict[str, str]]:
    """The codes in the order of the catalogue, with words and address; one that is not there stands bare at the end."""
    places, asked = _places(), list(codes)
    wanted = set(asked)
    found = [{"code": p.code, "label": p.label, "url": p.url} for p in places.values() if p.code in wanted]
    return found + [{"code": code, "label": code, "url": ""} for code in asked if code not in places]


def _places() -> dict[str, Place]:
    edition = Edition.objects.current()
    if edition is None:
        return {}
    return _of_edition(edition.pk, f"{edition.digest} {edition.loaded_at}", get_language())


@functools.lru_cache(maxsize=6)
def _of_edition(pk: int, stamp: str, language: str | None) -> dict[str, Place]:
    """Read once a process, edition and language: what an edition says never changes."""
    expected = reverse("standards:expected")
    found: list[tuple[tuple[int, ...], Place]] = []
    for row in Standard.objects.filter(edition=pk):
        found.append(((row.number,), _place(row.code, row.name, row.get_absolute_url())))
    for order, model in enumerate(SUPPORTED):
        for part in model.objects.filter(standard__edition=pk).select_related("standard"):
            words = f"{part.get_group_display()}: {part.text}" if model is DocumentGroup else part.text
            place = _place(part.code, words, part.get_absolute_url())
            found.append(((part.standard.number, order, part.place), place))
    items = ExpectedDocument.objects.filter(group__standard__edition=pk).select_related("group__standard")
    for item in items:
        standard, code = item.group.standard, item_code(item)
        order = SUPPORTED.index(DocumentGroup)
        place = _place(code, item.name, f"{expected}?standard={standard.code}#{code}")
        found.append(((standard.number, order, item.group.place, item.place), place))
    return {place.code: place for _key, place in sorted(found, key=lambda pair: pair[0])}


def _place(code: str, words: str, url: str) -> Place:
    return Place(code, f"{code} {Truncator(words).chars(MOST_WORDS)}", url)
