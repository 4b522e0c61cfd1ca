"""Indicators at university scale: 400 definitions × 60 units × 60 months, against the bare page; a table of 24,000 values.

`python -m bench --only standards`; by itself `python -m bench.indicators fill|measure ROUNDS|import`.
"""

from __future__ import annotations

import calendar
import datetime
import io
import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from qa_portal.people.models import Person, Unit  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402
from standards import importing  # noqa: E402
from standards.models import (  # noqa: E402
    Indicator,
    IndicatorSet,
    IndicatorTarget,
    IndicatorUnit,
    Measurement,
    MeasurementImport,
)

from . import data  # noqa: E402
from .databases import environment  # noqa: E402
from .pages import BARE_PAGE, PEOPLE, ratios  # noqa: E402
from .printing import Table, line, summary, verdict  # noqa: E402
from .timing import Place, turn_by_turn  # noqa: E402

#: some, so that the bare page has its rows
FINDINGS = 200
INDICATORS, UNITS, MONTHS = 400, 60, 60
MOST, MOST_QUERIES = 3.0, 24
#: values of one table, how long reading it may take, and what it may take of memory above rest
VALUES, MOST_SECONDS, MOST_MB = 24_000, 10, 150
ROLL_UPS = ("mean", "sum", "weighted", "none")


# -- data --------------------------------------------------------------------------------------------
def fill() -> None:
    data.make(FINDINGS)
    top = Unit.objects.get(parent=None)
    for n in range(UNITS - Unit.objects.filter(children=None).count()):
        name = f"{n + 1}-қызмет"
        Unit(code=f"office{n}", kind=Unit.Kind.OFFICE, parent=top, name_kk=name, name_ru=name, name_en=name).save()
    # Where nothing stands below: schools roll up.
    units = list(Unit.objects.filter(children=None).order_by("pk")[:UNITS])
    with transaction.atomic(), door("import"):
        _definitions(units)
        _values([unit.pk for unit in units])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _definitions(units: list[Unit]) -> None:
    chance = random.Random(31)
    made = IndicatorSet(version=1, title="Көрсеткіштер", valid_from=datetime.date(2020, 1, 1), state="in_force")
    made.save()
    rows = Indicator.objects.bulk_create(
        Indicator(
            set=made,
            code=f"K-{n:03d}",
            state=Indicator.IN_FORCE,
            name_kk=" ".join(chance.choices(data.WORDS, k=6)).capitalize(),
            text_kk=" ".join(chance.choices(data.WORDS, k=30)),
            standard=f"S{n % 11 + 1}",
            measure=Indicator.Measure.PERCENT,
            source="Тіркеуші",
            period="month",
            responsible=units[0],
            roll_up=ROLL_UPS[n % len(ROLL_UPS)],
        )
        for n in range(INDICATORS)
    )
    IndicatorUnit.objects.bulk_create(
        (IndicatorUnit(indicator=row, unit=unit) for row in rows for unit in units), batch_size=5000
    )
    years = range(timezone.localdate().year - 5, timezone.localdate().year + 1)
    IndicatorTarget.objects.bulk_create(
        IndicatorTarget(indicator=row, year=year, target=90, amber=80, red=10) for row in rows for year in years
    )


def months() -> list[tuple[int, str, datetime.date, datetime.date]]:
    """The last sixty finished months, oldest first."""
    today = timezone.localdate()
    last = today.year * 12 + today.month - 2
    found = []
    for n in range(MONTHS):
        year, month = divmod(last - MONTHS + 1 + n, 12)
        days = calendar.monthrange(year, month + 1)[1]
        label = f"{year}-{month + 1:02d}"
        found.append((n, label, datetime.date(year, month + 1, 1), datetime.date(year, month + 1, days)))
    return found


def _values(units: list[int]) -> None:
    """1.44 million rows in one statement: what they say is arithmetic of their numbers, the same each time."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_month (n integer, label varchar(11), since date, until date)")
        cursor.executemany("INSERT INTO bench_month VALUES (%s, %s, %s, %s)", months())
        marks = ", ".join(["%s"] * len(units))
        value = "((i.id * 37 + u.id * 91 + m.n * 53) %% 101)"
        cursor.execute(
            f"""
            INSERT INTO standards_measurement (state, revision, created_at, changed_at, indicator_id, code, unit_id, period,
                since, until, value, weight, light, origin, note)
            SELECT 'valid', 1, %s, %s, i.id, i.code, u.id, m.label, m.since, m.until, {value}, 1 + u.id %% 40,
                CASE WHEN i.roll_up = 'sum' THEN 'none' WHEN {value} > 80 THEN 'green' WHEN {value} > 10 THEN 'amber'
                     ELSE 'red' END, 'import', ''
            FROM standards_indicator i CROSS JOIN people_unit u CROSS JOIN bench_month m
            WHERE u.id IN ({marks})
            """,  # noqa: S608 - our own names and numbers
            [timezone.now(), timezone.now(), *units],
        )


# -- pages ---------------------------------------------------------------------------------------------
def run(rounds: int) -> None:
    line(f"\nIndicators: {Measurement.objects.count()} values, {connection.vendor}")
    unit = Unit.objects.filter(code="d0-0").first() or Unit.objects.filter(children=None).first()
    year = timezone.localdate().year
    definition = Indicator.objects.get(code="K-000")
    for username, who in PEOPLE.items():
        line(f"\nAs {username} ({who})")
        bare = Place("bare Django page", BARE_PAGE, username, bare=True)
        held = [
            Place("indicator page", definition.get_absolute_url(), username),
            Place("values of an indicator", "/standards/indicator-values/K-000/", username),
            Place("register of values", "/standards/measurements/", username),
            Place("board of a unit", f"/standards/indicator-board/?unit={unit.pk}&year={year - 1}", username),
            Place("board of the university", f"/standards/indicator-board/?year={year - 1}", username),
        ]
        if username == "asb":
            held.append(
                Place("grid of a year", f"/standards/measurements/grid/?indicator=K-000&year={year - 1}", username)
            )
        turn_by_turn([bare, *held], rounds)
        table = Table("page", "median ms", "least ms", "ratio", "of least", "queries", "in db ms", "bytes")
        for place in [bare, *held]:
            ratio, least = ratios(place, bare)
            table.add(place.name, place.median, place.least, ratio, least, place.queries, place.database, place.size)
        table.show()
        for place in held:
            verdict(f"{place.name} ≤ {MOST} × bare ({username})", ratios(place, bare)[0], MOST)
        verdict(f"queries of a page ≤ {MOST_QUERIES} ({username})", max(p.queries for p in held), MOST_QUERIES)
    _report_import()


# -- a table of 24,000 values -------------------------------------------------------------------------------
def _report_import() -> None:
    """In a process of its own: what the pages left in memory must not be measured."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.indicators", "import"],
        env={**environment(), "DATABASE_URL": os.environ["DATABASE_URL"]},
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    table = Table("import of a table (XLSX)", "values", "seconds", "of CPU", "again s", "rest MB", "peak MB")
    table.add(
        "400 indicators × 60 units",
        found["rows"],
        found["seconds"],
        found["computing"],
        found["again"],
        found["rest"],
        found["peak"],
    )
    table.show()
    verdict(f"import of {VALUES} values ≤ {MOST_SECONDS} s", found["seconds"], MOST_SECONDS)
    verdict(f"import ≤ {MOST_MB} MB above rest", found["peak"] - found["rest"], MOST_MB)


def _memory(name: str) -> float:
    """VmRSS now or VmHWM at most, in MB."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def measure_import() -> dict[str, Any]:
    units = list(Unit.objects.filter(children=None).order_by("pk")[:UNITS])
    label = f"{timezone.localdate():%Y-%m}"
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(["code", "unit", "period", "value", "cases", "note"])
    for n in range(INDICATORS):
        for place, unit in enumerate(units):
            page.append([f"K-{n:03d}", unit.code, label, (n * 7 + place * 3) % 100 + 0.5, place + 1, ""])
    stream = io.BytesIO()
    book.save(stream)
    asb, content = Person.objects.get(username="asb"), stream.getvalue()
    stream.close()

    def handed_in() -> MeasurementImport:
        return MeasurementImport(file=SimpleUploadedFile("t.xlsx", content), file_name="t.xlsx").add(by=asb)

    first, again = handed_in(), handed_in()
    rest, start, computing = _memory("VmRSS"), time.perf_counter(), time.thread_time()
    importing.read(first.pk)
    seconds, start, computing = time.perf_counter() - start, time.perf_counter(), time.thread_time() - computing
    importing.read(again.pk)
    twice = time.perf_counter() - start
    first.refresh_from_db()
    again.refresh_from_db()
    if first.rows != VALUES or again.skipped != VALUES:
        raise RuntimeError(f"{first.state} {first.rows} {again.state} {again.skipped} {first.mistakes[:3]}")
    for row in (first, again):
        row.file.delete(save=False)
    return {
        "rows": first.rows,
        "seconds": seconds,
        "computing": computing,
        "again": twice,
        "rest": rest,
        "peak": _memory("VmHWM"),
    }


def main(what: str, *numbers: Any) -> None:
    if what == "fill":
        fill()
    elif what == "import":
        print(json.dumps(measure_import()))
    else:
        run(*map(int, numbers))
        summary()


if __name__ == "__main__":
    main(*sys.argv[1:])
