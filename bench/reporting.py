"""The annual report at university scale: scores of 100 areas × 60 units × 5 years and 1.4 million values of indicators.

`python -m bench --only standards`; by itself `python -m bench.reporting fill|measure ROUNDS|pdf|docx|freeze`.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone, translation  # noqa: E402

from qa_portal.people.models import Person, Unit  # noqa: E402
from qa_portal.reports.base import Progress  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402
from standards import freezing  # noqa: E402
from standards.models import QualityReport, ReportKind  # noqa: E402
from standards.reports.reporting import ReportPaper, ReportWord  # noqa: E402
from standards.workflow import reporting as steps  # noqa: E402

from . import indicators, scores  # noqa: E402
from .databases import environment  # noqa: E402
from .heavy import at_rest, memory  # noqa: E402
from .printing import Table, line, summary, verdict  # noqa: E402

MOST_SECONDS, MOST_MB = 60, 400
PAPERS = {"pdf": ReportPaper, "docx": ReportWord}
KINDS = {"pdf": "draft as PDF", "docx": "draft as DOCX", "freeze": "frozen issue: 3 languages × 2 files"}


def fill() -> None:
    scores.fill()
    units = list(Unit.objects.filter(children=None).order_by("pk")[: indicators.UNITS])
    with transaction.atomic(), door("import"):
        indicators._definitions(units)
        indicators._values([unit.pk for unit in units])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    call_command("load_registers", verbosity=0)
    year = timezone.localdate().year - 1
    QualityReport(
        kind=ReportKind.objects.get(code="annual"),
        year=year,
        since=datetime.date(year, 1, 1),
        until=datetime.date(year, 12, 31),
        title="Жылдық есеп",
        conclusion="Қорытынды.",
    ).add(by=Person.objects.get(username="asb"))


def paper(form: str) -> dict[str, Any]:
    person = Person.objects.get(username="asb")
    rest, start = at_rest(), time.perf_counter()
    with translation.override("kk"), tempfile.TemporaryFile() as stream:
        PAPERS[form]({"id": QualityReport.objects.get().pk}, person, "kk").write(stream, Progress())
        size = stream.tell() / 1024 / 1024
    return {"seconds": time.perf_counter() - start, "rest": rest, "peak": memory("VmHWM"), "size": size}


def freeze() -> dict[str, Any]:
    report = QualityReport.objects.get()
    steps.add_measure(report, by=report.created_by, text="Шара")
    steps.submit(report, by=report.created_by)
    rest, start = at_rest(), time.perf_counter()
    if not freezing.fix(report.pk):
        raise RuntimeError(report.history.first())
    size = sum(issue.size for issue in report.issues.all()) / 1024 / 1024
    for issue in report.issues.all():
        issue.file.delete(save=False)
    return {"seconds": time.perf_counter() - start, "rest": rest, "peak": memory("VmHWM"), "size": size}


def run() -> None:
    line(f"\nAnnual report, {connection.vendor}")
    table = Table("annual report", "seconds", "rest MB", "peak MB", "size MB")
    found = {}
    for what, name in KINDS.items():
        # Each in a process of its own: what one left in memory must not be measured with the next.
        done = subprocess.run(
            [sys.executable, "-m", "bench.reporting", what],
            env={**environment(), "DATABASE_URL": os.environ["DATABASE_URL"]},
            check=True,
            capture_output=True,
            text=True,
        )
        found[what] = json.loads(done.stdout.splitlines()[-1])
        table.add(name, found[what]["seconds"], found[what]["rest"], found[what]["peak"], found[what]["size"])
    table.show()
    for what in ("pdf", "docx"):
        verdict(f"annual report, {what} ≤ {MOST_SECONDS} s", found[what]["seconds"], MOST_SECONDS)
    for what in KINDS:
        verdict(f"annual report, {KINDS[what]} ≤ {MOST_MB} MB", found[what]["peak"], MOST_MB)


def main(what: str, *_numbers: Any) -> None:
    if what == "fill":
        fill()
    elif what in PAPERS:
        print(json.dumps(paper(what)))
    elif what == "freeze":
        print(json.dumps(freeze()))
    else:
        run()
        summary()


if __name__ == "__main__":
    main(*sys.argv[1:])
