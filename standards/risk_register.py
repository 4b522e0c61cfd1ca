"""The starting register: a unit begins with the risks of the catalogue, in bulk and never twice (domain.md §2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from qa_portal.people.models import Unit
from qa_portal.permissions import Refused, refusal
from qa_portal.workflow.models import Entry, NumberSeries, with_writer
from qa_portal.workflow.writing import door

from .models import CatalogueRisk, UnitRisk


@dataclass(frozen=True)
class Started:
    """How many risks were entered, and how many of those asked for stood there already."""

    made: int
    there: int


def start_register(unit: Unit, *, by: Any, standards: Collection[str] | None = None) -> Started:
    """One risk of the unit for each of the catalogue in force that it does not have yet.

    Of two people who press at once the second waits for the first, and then finds everything there.
    """
    sentence = refusal(by, "standards.start_unit_risk", UnitRisk(unit=unit))
    if sentence:
        raise Refused(sentence)
    with transaction.atomic(), door("import"):
        list(Unit.objects.select_for_update().filter(pk=unit.pk).values_list("pk"))
        wanted = CatalogueRisk.objects.in_force().order_by("standard__number", "place")
        if standards is not None:
            wanted = wanted.filter(standard__code__in=list(standards))
        codes = list(wanted.values_list("code", "standard__code"))
        live = UnitRisk.objects.live().filter(unit=unit).exclude(catalogue_code="").order_by()
        there = set(live.values_list("catalogue_code", flat=True))
        new = [(code, standard) for code, standard in codes if code not in there]
        if new:
            _enter(unit, new, by)
        return Started(len(new), len(codes) - len(new))


def _enter(unit: Unit, codes: list[tuple[str, str]], by: Any) -> None:
    """Rows and their first lines of history, a handful of queries however many there are."""
    year = timezone.localdate().year
    numbers = _numbers(f"R-{year}", len(codes))
    rows = UnitRisk.objects.bulk_create(
        UnitRisk(
            unit=unit,
            catalogue_code=code,
            standard=standard,
            number=f"R-{year}-{number:04d}",
            created_by=by,
            authors=with_writer([], by),
        )
        for number, (code, standard) in zip(numbers, codes, strict=True)
    )
    kind = ContentType.objects.get_for_model(UnitRisk)
    Entry.objects.bulk_create(
        Entry(record_type=kind, record_id=row.pk, by=by, verb="add", to_state=row.state, why=row.catalogue_code)
        for row in rows
    )


def _numbers(series: str, count: int) -> range:
    """So many numbers of a series at once, taken under its lock."""
    NumberSeries.objects.get_or_create(name=series)
    row = NumberSeries.objects.select_for_update().get(name=series)
    first = row.last + 1
    row.last += count
    row.save()
    return range(first, row.last + 1)
