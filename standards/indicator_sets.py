"""How a set of indicators begins, and what is new, changed or dropped in it against the set before (domain.md §2).

The first set is empty or filled from the portal's proposal (`data/indicators.yaml`); each later one is a copy of the set
in force, with definitions, validation records, units and targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, override

from qa_portal.people.models import Unit
from qa_portal.permissions import NotNow
from qa_portal.workflow.models import Entry, with_writer
from qa_portal.workflow.writing import door

from .models import Indicator, IndicatorSet, IndicatorTarget, IndicatorUnit
from .models.indicators import BEING_PREPARED
from .registers.reading import read, texts

PROPOSAL = "indicators.yaml"
#: what a definition says; a change in one of these is a change of the indicator
DEFINITION = (
    "name_kk", "name_ru", "name_en", "text_kk", "text_ru", "text_en", "standard", "area", "measure", "decimals", "direction",
    "source", "period", "responsible_id", "roll_up", "formula",
)  # fmt: skip
_VALIDATION = ("validation", "validated_by_id", "validated_on")
#: units that report, as the proposal names them
KINDS = {"schools": Unit.Kind.SCHOOL, "departments": Unit.Kind.DEPARTMENT}


# -- beginning ---------------------------------------------------------------------------------------
def begin(made: IndicatorSet, by: Any, *, proposal: bool = False) -> IndicatorSet:
    """Add the set and fill it: with what is in force, else with the portal's proposal if that is wanted."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                made.add(by=by)
        except IntegrityError as twice:  # two begin the very first set: there is no row yet to wait for
            raise NotNow(BEING_PREPARED) from twice
        if made.based_on is not None:
            _copy(made.based_on, made, by)
        elif proposal:
            _propose(made, by)
    return made


def _copy(old: IndicatorSet, new: IndicatorSet, by: Any) -> None:
    rows = list(old.indicators.filter(state=Indicator.IN_FORCE))
    copies = {
        row.pk: Indicator(
            set=new,
            code=row.code,
            authors=row.authors,
            created_by_id=row.created_by_id,
            **{name: getattr(row, name) for name in (*DEFINITION, *_VALIDATION)},
        )
        for row in rows
    }
    _write(copies.values(), by)
    units = IndicatorUnit.objects.filter(indicator__in=rows).values_list("indicator_id", "unit_id")
    IndicatorUnit.objects.bulk_create(IndicatorUnit(indicator=copies[pk], unit_id=unit) for pk, unit in units)
    IndicatorTarget.objects.bulk_create(
        IndicatorTarget(
            indicator=copies[row.indicator_id],
            year=row.year,
            unit_id=row.unit_id,
            target=row.target,
            amber=row.amber,
            red=row.red,
        )
        for row in IndicatorTarget.objects.filter(indicator__in=rows).order_by("pk")
    )


def _propose(new: IndicatorSet, by: Any) -> None:
    """The portal's starting indicators; the language of the source is that of whoever begins the set."""
    units = list(Unit.objects.working())
    by_code = {unit.code: unit for unit in units}
    root = next(unit for unit in units if unit.parent_id is None)
    language = get_language() or "kk"
    made: list[tuple[Indicator, str]] = []
    for row in read(PROPOSAL):
        named = (by_code[code] for code in [*row["responsible"], "asb"] if code in by_code)
        indicator = Indicator(
            set=new,
            code=row["code"],
            standard=row["area"].split(".")[0],
            area=row["area"],
            measure=row["measure"],
            decimals=row.get("decimals", 1),
            direction=row.get("direction", Indicator.Direction.UP),
            period=row["period"],
            roll_up=row.get("roll_up", Indicator.RollUp.NONE),
            source=row["source"].get(language) or row["source"]["kk"],
            formula=row.get("formula", ""),
            responsible=next(named, root),
            authors=with_writer([], by),
            created_by=by,
            **texts(row, "name", "text"),
        )
        made.append((indicator, row.get("reporters", "")))
    _write([indicator for indicator, _reporters in made], by)
    IndicatorUnit.objects.bulk_create(
        IndicatorUnit(indicator=indicator, unit=unit)
        for indicator, reporters in made
        for unit in units
        if reporters and unit.kind == KINDS[reporters]
    )


def _write(rows: Iterable[Indicator], by: Any) -> None:
    # The plain columns beside those of the three languages hold Kazakh, whatever language the caller speaks.
    with door("import"), override("kk"):
        made = Indicator.objects.bulk_create(list(rows))
    kind = ContentType.objects.get_for_model(Indicator)
    now = timezone.now()
    Entry.objects.bulk_create(
        Entry(record_type=kind, record_id=row.pk, by=by, verb="add", to_state=row.state, at=now) for row in made
    )


# -- what differs from the set before --------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """`kind` is new, changed or dropped; `fields` names in words what was changed."""

    kind: str
    code: str
    indicator: Indicator
    fields: Sequence[str] = field(default=())


NEW, CHANGED, DROPPED = "new", "changed", "dropped"


def live(of: IndicatorSet) -> list[Indicator]:
    """The indicators of a set, without cancelled ones, with their units, by code."""
    rows = of.indicators.exclude(state=Indicator.CANCELLED).select_related("responsible")
    return list(rows.prefetch_related("reporters").order_by("code"))


def differences(old: IndicatorSet | None, rows: Sequence[Indicator]) -> list[Difference]:
    """What the rows of a set say otherwise than the set before; targets are a matter of years and do not count."""
    before = {row.code: row for row in live(old)} if old is not None else {}
    now = {row.code: row for row in rows}
    found = [Difference(NEW, code, row) for code, row in now.items() if code not in before] if old is not None else []
    for code, row in now.items():
        fields = _changed(before[code], row) if code in before else []
        if fields:
            found.append(Difference(CHANGED, code, row, fields))
    found += [Difference(DROPPED, code, row) for code, row in before.items() if code not in now]
    return found


def _changed(old: Indicator, new: Indicator) -> list[str]:
    words = [
        capfirst(str(Indicator._meta.get_field(name).verbose_name))
        for name in DEFINITION
        if getattr(old, name) != getattr(new, name)
    ]
    if {row.unit_id for row in old.reporters.all()} != {row.unit_id for row in new.reporters.all()}:
        words.append(capfirst(str(IndicatorUnit._meta.verbose_name_plural)))
    return list(dict.fromkeys(words))
