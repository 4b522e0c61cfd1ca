"""`make bench`: measure the portal against the bare framework, on data made for it.

    python -m bench [--rows 100000] [--rounds 60] [--explain] [--only pages|heavy]

SQLite in a temporary folder by default; with DATABASE_URL of a PostgreSQL server two databases made and dropped there.
Benchmarks are not timed tests: the exit code is 0 whatever the figures say.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from .databases import databases, environment


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--small", type=int, default=1_000)
    asked.add_argument("--rounds", type=int, default=60)
    asked.add_argument("--explain", action="store_true", help="print the plans of the main queries as well")
    asked.add_argument("--only", choices=("pages", "heavy"))
    options = asked.parse_args()
    with databases(options.rows, options.small) as (big, small):
        # The settings name the databases: a process of its own, started when they are there.
        known = {**environment(), "DATABASE_URL": big, "BENCH_SMALL_URL": small}
        return subprocess.run(
            [sys.executable, "-m", "bench.measuring", *sys.argv[1:]], env=known, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
