"""Indicators in force with units that report, targets and values: what the tests of values live in."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from qa_portal.workflow.writing import door
from standards.models import (
    Indicator,
    IndicatorSet,
    IndicatorTarget,
    IndicatorUnit,
    Measurement,
    MeasurementImport,
)
from standards.workflow import measurements as steps

HEAD = ("code", "unit", "period", "value", "cases", "note")


def indicator_set(w: Any) -> IndicatorSet:
    found = IndicatorSet.objects.in_force().first()
    if found is None:
        with door("import"):
            version = IndicatorSet.objects.count() + 1
            found = IndicatorSet(
                version=version, title="Көрсеткіштер", valid_from=datetime.date(2020, 1, 1), state="in_force"
            )
            found.save()
    return found


def indicator(w: Any, code: str = "KPI-1", units: Any = None, **fields: Any) -> Indicator:
    """One definition in force, reported by the two departments unless told; made once a code."""
    found = Indicator.objects.filter(code=code, state="in_force").first()
    if found is not None:
        return found
    values = {
        "standard": "S1",
        "area": "",
        "measure": "percent",
        "period": "month",
        "source": "Тіркеуші",
        "responsible": w.asb_unit,
        "roll_up": "mean",
        "name_kk": f"{code} көрсеткіші",
        "name_ru": f"Показатель {code}",
        "name_en": f"Indicator {code}",
        "text_kk": "Анықтама",
        **fields,
    }
    with door("import"):
        found = Indicator(set=indicator_set(w), code=code, state="in_force", **values)
        found.save()
    for unit in [w.department, w.other] if units is None else units:
        IndicatorUnit.objects.create(indicator=found, unit=unit)
    return found


def target(of: Indicator, year: int, target: Any, amber: Any = None, red: Any = None, unit: Any = None) -> None:
    IndicatorTarget.objects.create(indicator=of, year=year, unit=unit, target=target, amber=amber, red=red)


def value(w: Any, of: Indicator | None = None, unit: Any = "own", by: str = "asb", **fields: Any) -> Measurement:
    of = of or indicator(w)
    values = {"period": "2026-03", "value": Decimal("80"), **fields}
    return Measurement(indicator=of, unit=w.department if unit == "own" else unit, **values).add(by=getattr(w, by))


def corrected(w: Any) -> Measurement:
    found = value(w, period="2026-02")
    steps.correct(found, by=w.asb, value="81", reason="Қате терілген")
    return found


def withdrawn(w: Any) -> Measurement:
    found = value(w, period="2026-01")
    steps.withdraw(found, by=w.asb, reason="Қайта өлшенеді")
    return found


# -- tables ---------------------------------------------------------------------------------------
def sheet(rows: Any, head: Any = HEAD) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(list(head))
    for row in rows:
        page.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(rows: Any, name: str = "values.xlsx", head: Any = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, sheet(rows, head))


def table(w: Any, rows: Any = None, by: str = "asb", **fields: Any) -> MeasurementImport:
    """A table handed in and not read yet."""
    rows = [("KPI-1", "therapy", "2026-03", 80, None, "")] if rows is None else rows
    file = upload(rows)
    return MeasurementImport(file=file, file_name=file.name, **fields).add(by=getattr(w, by))
