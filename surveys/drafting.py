"""A questionnaire while it is written: its content kept for a request, what changed against the version in use, its parts.

Sections and items are no records: they change by steps of their questionnaire, which lock it, judge and write history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import conditions
from .content import written
from .models import Item, Question, Questionnaire, Section

KEPT = "_content"
#: of rows of a list, what a step would ask for each of them
NEXT, STANDS = "_next_version", "_stands_in"


# -- content ----------------------------------------------------------------------------------------------------------
def content_of(questionnaire: Questionnaire) -> dict[str, Any]:
    """What it asks; read once a revision, because page, buttons and problems all ask for it."""
    if questionnaire.fixed:
        return questionnaire.fixed
    kept = questionnaire.__dict__.get(KEPT)
    if kept is None or kept[0] != questionnaire.revision:
        kept = questionnaire.__dict__[KEPT] = (questionnaire.revision, written(questionnaire))
    return kept[1]


def bring_contents(questionnaires: Iterable[Questionnaire]) -> None:
    """Read the contents of a whole page of them with three queries."""
    rows = {row.pk: row for row in questionnaires if not row.fixed}
    if not rows:
        return
    parts: dict[int, list[Section]] = {pk: [] for pk in rows}
    sections = Section.objects.filter(questionnaire__in=rows).prefetch_related("items__question")
    for section in sections.order_by("place", "pk"):
        parts[section.questionnaire_id].append(section)
    for pk, row in rows.items():
        row.__dict__[KEPT] = (row.revision, written(row, parts[pk]))


def next_prepared(questionnaire: Questionnaire) -> int | None:
    """The number of the next version, if it is being prepared."""
    if NEXT in questionnaire.__dict__:
        return questionnaire.__dict__[NEXT]
    rows = Questionnaire.objects.prepared().filter(code=questionnaire.code).exclude(pk=questionnaire.pk)
    return rows.values_list("version", flat=True).first()


def bring_next_versions(questionnaires: Iterable[Questionnaire]) -> None:
    rows = list(questionnaires)
    prepared = Questionnaire.objects.prepared().filter(code__in={row.code for row in rows})
    found = {code: (pk, version) for pk, code, version in prepared.values_list("pk", "code", "version")}
    for row in rows:
        pk, version = found.get(row.code, (None, None))
        row.__dict__[NEXT] = None if pk == row.pk else version


def stands_in(question: Question) -> list[str]:
    """The questionnaires, in use or being prepared, that ask it."""
    if STANDS in question.__dict__:
        return question.__dict__[STANDS]
    bring_standing([question])
    return question.__dict__.pop(STANDS)


def bring_standing(questions: Iterable[Question]) -> None:
    rows = {row.pk: row for row in questions}
    states = (Questionnaire.IN_USE, *Questionnaire.PREPARED)
    items = Item.objects.filter(question__in=rows, section__questionnaire__state__in=states)
    names: dict[int, set[str]] = {pk: set() for pk in rows}
    for pk, code, version in items.values_list(
        "question_id", "section__questionnaire__code", "section__questionnaire__version"
    ):
        names[pk].add(f"{code} v{version}")
    for pk, row in rows.items():
        row.__dict__[STANDS] = sorted(names[pk])


def problems_of(questionnaire: Questionnaire) -> list[conditions.Problem]:
    return conditions.problems(content_of(questionnaire), questionnaire.about_courses)


def items_by_code(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {item["code"]: item for section in content.get("sections", ()) for item in section["items"]}


def core_codes(content: Mapping[str, Any]) -> list[str]:
    """Codes of the locked core, in its order."""
    return [item["code"] for section in content["sections"] if not section["block"] for item in section["items"]]


# -- against the version in use -------------------------------------------------------------------------------------------
def in_use_now(questionnaire: Questionnaire) -> Questionnaire | None:
    """The version of the same instrument that is in use."""
    rows = Questionnaire.objects.filter(code=questionnaire.code, state=Questionnaire.IN_USE)
    return rows.exclude(pk=questionnaire.pk).first()


@dataclass(frozen=True)
class Differences:
    """Codes of questions: in the former core and no longer asked there; asked anew; asked in other words."""

    dropped: list[str]
    new: list[str]
    reworded: list[str]

    def __bool__(self) -> bool:
        return bool(self.dropped or self.new or self.reworded)


def differences(former: Mapping[str, Any], content: Mapping[str, Any]) -> Differences:
    """The core is locked: what the former one asked is asked again, unless it is dropped with a reason."""
    before, now, core = items_by_code(former), items_by_code(content), set(core_codes(content))
    return Differences(
        [code for code in core_codes(former) if code not in core],
        [code for code in now if code not in before],
        [code for code in now if code in before and now[code]["wording"] != before[code]["wording"]],
    )


def dropped_from_core(questionnaire: Questionnaire) -> list[str]:
    former = in_use_now(questionnaire)
    if former is None:
        return []
    return differences(content_of(former), content_of(questionnaire)).dropped


# -- parts --------------------------------------------------------------------------------------------------------------
def part_of(questionnaire: Questionnaire, name: str) -> Section | Item | None:
    """What "section-3" or "item-7" names, if it belongs to the questionnaire."""
    kind, _dash, number = name.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    if kind == "section":
        return Section.objects.filter(questionnaire=questionnaire, pk=number).first()
    if kind == "item":
        rows = Item.objects.filter(section__questionnaire=questionnaire, pk=number)
        return rows.select_related("section", "question").first()
    return None


def sections_of(questionnaire: Questionnaire) -> list[Section]:
    return list(questionnaire.sections.order_by("place", "pk"))


def items_in(section: Section) -> list[Item]:
    return list(section.items.order_by("place", "pk"))


def put_in_order(rows: Iterable[Any]) -> None:
    """Number the rows anew as they stand here."""
    for place, row in enumerate(rows, 1):
        if row.place != place:
            row.place = place
            row.save(update_fields=["place"])


def move_section(section: Section, by: int) -> None:
    rows = sections_of(section.questionnaire)
    at = rows.index(section)
    rows.insert(min(max(at + by, 0), len(rows) - 1), rows.pop(at))
    put_in_order(rows)


def move_item(item: Item, by: int) -> None:
    """One place up or down; from the edge of its section into the one beside it."""
    rows = items_in(item.section)
    at = rows.index(item)
    if 0 <= at + by < len(rows):
        rows.insert(at + by, rows.pop(at))
        put_in_order(rows)
        return
    sections = sections_of(item.section.questionnaire)
    beside = sections.index(item.section) + by
    if 0 <= beside < len(sections):
        put_into(item, sections[beside], first=by > 0)


def put_into(item: Item, section: Section, first: bool = False) -> None:
    """Into another section, at its beginning or end."""
    rows = items_in(section)
    item.section = section
    item.save(update_fields=["section"])
    put_in_order([item, *rows] if first else [*rows, item])


def remove(part: Section | Item) -> None:
    """Taken out of a questionnaire that is still written; the questions stay in the bank."""
    if isinstance(part, Section):
        part.items.all().delete()
        rest = [row for row in sections_of(part.questionnaire) if row.pk != part.pk]
    else:
        rest = [row for row in items_in(part.section) if row.pk != part.pk]
    part.delete()
    put_in_order(rest)


def copy_parts(source: Questionnaire, target: Questionnaire) -> None:
    """The sections and items of one version into the next."""
    columns = [column.name for column in Section._meta.concrete_fields if column.name not in ("id", "questionnaire")]
    for section in source.sections.prefetch_related("items").order_by("place", "pk"):
        made = Section.objects.create(questionnaire=target, **{name: getattr(section, name) for name in columns})
        Item.objects.bulk_create(
            Item(
                section=made,
                place=item.place,
                question_id=item.question_id,
                required=item.required,
                remark=item.remark,
                show_if=item.show_if,
            )
            for item in sorted(section.items.all(), key=lambda row: (row.place, row.pk))
        )
