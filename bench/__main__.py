"""`make bench`: measure the portal against the bare framework, on data made for it.

    python -m bench [--rows 100000] [--rounds 60] [--explain] [--only pages|heavy|documents|standards|surveys] [--documents 5000] [--paper 50]

SQLite in a temporary folder by default; with DATABASE_URL of a PostgreSQL server two databases made and dropped there.
Benchmarks are not timed tests: the exit code is 0 whatever the figures say.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Any

from .databases import database, databases, environment


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--small", type=int, default=1_000)
    asked.add_argument("--rounds", type=int, default=60)
    asked.add_argument("--explain", action="store_true", help="print the plans of the main queries as well")
    asked.add_argument("--only", choices=("pages", "heavy", "documents", "standards", "surveys"))
    asked.add_argument("--documents", type=int, default=5_000, help="documents in the library")
    asked.add_argument("--paper", type=int, default=50, help="pages of text in each of them")
    options = asked.parse_args()
    failed = 0
    if options.only not in ("documents", "standards", "surveys"):
        with databases(options.rows, options.small) as (big, small):
            # The settings name the databases: a process of its own, started when they are there.
            failed = _run({"DATABASE_URL": big, "BENCH_SMALL_URL": small}, "measuring", *sys.argv[1:])
    if options.only in (None, "documents"):
        with database("library") as address:
            there = {"DATABASE_URL": address}
            failed = (
                _run(there, "documents", "fill", options.documents, options.paper)
                or _run(there, "documents", "measure", options.rounds)
                or failed
            )
    for module in ("scores", "indicators", "reporting") if options.only in (None, "standards") else ():
        with database(module) as address:
            there = {"DATABASE_URL": address}
            failed = _run(there, module, "fill") or _run(there, module, "measure", options.rounds) or failed
    for module in ("campaign_launch", "urn", "answering") if options.only in (None, "surveys") else ():
        with database(module) as address:
            there = {"DATABASE_URL": address}
            failed = _run(there, module, "fill") or _run(there, module, "measure") or failed
    if options.only in (None, "surveys"):
        failed = _run({}, "release") or failed
    return failed


def _run(known: dict[str, str], module: str, *words: Any) -> int:
    command = [sys.executable, "-m", f"bench.{module}", *map(str, words)]
    return subprocess.run(command, env={**environment(), **known}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
