"""What each standard expects to be there, and which documents in force are: "12 of 14 there" (N0 §2, last part of each standard)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from qa_portal.documents.models import Document

from .codes import item_code
from .models import DocumentGroup, ExpectedDocument


@dataclass
class Item:
    """One expected document and those in force that say they are it."""

    code: str
    name: str
    documents: list[Document]


@dataclass
class Group:
    """A group of a standard: who keeps its list, its items, and documents tied to the group but to no item."""

    code: str
    name: str
    text: str
    keepers: str
    items: list[Item] = field(default_factory=list)
    others: list[Document] = field(default_factory=list)


@dataclass
class Shelf:
    """What one standard expects."""

    standard: Any
    groups: list[Group] = field(default_factory=list)

    @property
    def all(self) -> int:
        return sum(len(group.items) for group in self.groups)

    @property
    def there(self) -> int:
        return sum(1 for group in self.groups for item in group.items if item.documents)

    @property
    def lacking(self) -> int:
        return self.all - self.there


def shelves(person: Any, standards: list[Any]) -> list[Shelf]:
    """For each of these standards of one edition; two queries and one for the documents, however many there are."""
    found = {standard.pk: Shelf(standard) for standard in standards}
    tied = _tied(person, standards[0].code if len(standards) == 1 else "")
    groups: dict[int, Group] = {}
    for row in DocumentGroup.objects.filter(standard__in=standards).order_by("standard__number", "place"):
        group = Group(row.code, row.get_group_display(), row.text, ", ".join(row.keeper_names), others=tied[row.code])
        groups[row.pk] = group
        found[row.standard_id].groups.append(group)
    for item in ExpectedDocument.objects.filter(group__in=groups).select_related("group").order_by("group", "place"):
        code = item_code(item)
        groups[item.group_id].items.append(Item(code, item.name, tied[code]))
    return [found[standard.pk] for standard in standards]


def tally(person: Any, standard: Any) -> dict[str, int]:
    """How many of the documents that one standard expects are there: {"there", "all"}."""
    items = ExpectedDocument.objects.filter(group__standard=standard).order_by()
    codes = [f"{group}.{place}" for group, place in items.values_list("group__code", "place")]
    rows = Document.objects.visible_to(person).live().filter(supports__contains=f" {standard.code}.D").order_by()
    named = {code for supports in rows.values_list("supports", flat=True) for code in supports}
    return {"there": sum(1 for code in codes if code in named), "all": len(codes)}


def _tied(person: Any, standard: str) -> dict[str, list[Document]]:
    """Documents in force by each code of a group or item that they name; of one standard or of all."""
    found: dict[str, list[Document]] = defaultdict(list)
    rows = Document.objects.visible_to(person).live()
    rows = rows.filter(supports__contains=f" {standard}.D" if standard else ".D")
    for document in rows.only("number", "title_kk", "title_ru", "title_en", "supports").order_by("pk"):
        for code in document.supports:
            found[code].append(document)
    return found
