"""Heavy work, each in a process of its own: the XLSX of all findings with its peak memory, and the sweep of reminders.

`python -m bench.heavy xlsx|sweep` prints one line of JSON.
"""

from __future__ import annotations

import datetime
import gc
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.db.models.functions import Mod  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import timezone, translation  # noqa: E402

from capa.models import CapaAction  # noqa: E402
from qa_portal.notices import sweep as sweeping  # noqa: E402
from qa_portal.notices.models import Letter, Notice, Reminded  # noqa: E402
from qa_portal.people.models import Person  # noqa: E402
from qa_portal.reports.base import Progress  # noqa: E402
from qa_portal.reports.registers import RegisterExport  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402

from .databases import environment  # noqa: E402
from .printing import Table, line, verdict  # noqa: E402

MOST_MB, MOST_SECONDS = 60, 20
LETTER_QUERIES = 4
SWEEPS = {
    "ordinary": "100,000 actions as they are",
    "first": "all open and due, none told yet",
    "again": "all open and due, all told",
}


def run(address: str) -> None:
    line("\nHeavy work, each in a process of its own")
    xlsx = _in_a_process("xlsx", address)
    table = Table("XLSX of the register of findings", "rows", "seconds", "rest MB", "peak MB", "above MB", "file MB")
    table.add(
        "all rows, all columns",
        xlsx["rows"],
        xlsx["seconds"],
        xlsx["rest"],
        xlsx["peak"],
        xlsx["peak"] - xlsx["rest"],
        xlsx["size"],
    )
    table.show()
    verdict(f"XLSX ≤ {MOST_MB} MB above rest", xlsx["peak"] - xlsx["rest"], MOST_MB)
    sweep = _in_a_process("sweep", address)
    table = Table("sweep of reminders", "rows", "seconds", "sent", "letters", "batches", "queries", "peak MB")
    for name, turn in sweep.items():
        table.add(
            SWEEPS[name],
            turn["rows"],
            turn["seconds"],
            turn["sent"],
            turn["letters"],
            turn["batches"],
            turn["queries"],
            turn["peak"],
        )
    table.show()
    line(
        f"  queries of each batch of {sweeping.BATCH} actions: {sweep['first']['per_batch']}; each letter: {LETTER_QUERIES} more"
    )
    for name in ("ordinary", "again", "first"):
        verdict(f"sweep ≤ {MOST_SECONDS} s ({SWEEPS[name]})", sweep[name]["seconds"], MOST_SECONDS)
    verdict("sweep: queries per batch alike (0 = no difference)", sweep["first"]["spread"], 0)


def _in_a_process(what: str, address: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.heavy", what],
        env={**environment(), "DATABASE_URL": address},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def memory(name: str) -> float:
    """VmRSS now or VmHWM at most, in MB."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def at_rest() -> float:
    """All is loaded, nothing is done yet; the peak is counted from here."""
    get_resolver().url_patterns  # noqa: B018
    CapaAction.objects.first()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def xlsx() -> dict[str, Any]:
    person = Person.objects.get(username="asb")
    rest = at_rest()
    start = time.perf_counter()
    with translation.override("kk"), tempfile.TemporaryFile() as stream:
        made = RegisterExport({"pages": "capa.finding", "query": "", "kind": "xlsx"}, person, "kk")
        made.write(stream, Progress())
        size = stream.tell() / 1024 / 1024
    return {
        "rows": len(made.rows.ids),
        "seconds": time.perf_counter() - start,
        "rest": rest,
        "peak": memory("VmHWM"),
        "size": size,
    }


def sweep() -> dict[str, Any]:
    """The register as it is, never reminded of; and the hardest day: every action open and due, no reminder ever sent."""
    at_rest()
    ordinary = _swept()
    today = timezone.localdate()
    with door("import"):
        for days in range(37):
            due = today + datetime.timedelta(days=days - 29)
            rows = CapaAction.objects.annotate(turn=Mod(F("pk"), 37)).filter(turn=days)
            CapaAction.objects.filter(pk__in=rows.values("pk")).update(state=CapaAction.IN_PROGRESS, due=due)
    Reminded.objects.all().delete()
    Notice.objects.all().delete()
    Letter.objects.all().delete()
    return {"ordinary": ordinary, "first": _swept(), "again": _swept()}


def _swept() -> dict[str, Any]:
    seen = _Watch()
    start = time.perf_counter()
    with connection.execute_wrapper(seen):
        totals = sweeping.sweep()
    seconds = time.perf_counter() - start
    full = seen.batches[:-1] or seen.batches  # what follows the last batch is the other rules and the letters
    return {
        **totals,
        "seconds": seconds,
        "batches": len(full),
        "queries": seen.queries,
        "per_batch": sorted(set(full)),
        "spread": max(full) - min(full),
        "peak": memory("VmHWM"),
    }


class _Watch:
    """Counts queries; a batch begins where the actions are read. An INSERT that SQLite takes in pieces counts once."""

    def __init__(self) -> None:
        self.queries = 0
        self.batches: list[int] = []
        self.before = ""

    def __call__(self, execute: Any, sql: str, *args: Any) -> Any:
        self.queries += 1
        if sql.startswith("SELECT") and 'FROM "capa_capaaction"' in sql:
            self.batches.append(0)
        if self.batches and not (sql.startswith("INSERT") and sql[:40] == self.before[:40]):
            self.batches[-1] += 1
        self.before = sql
        return execute(sql, *args)


if __name__ == "__main__":
    print(json.dumps({"xlsx": xlsx, "sweep": sweep}[sys.argv[1]]()))
