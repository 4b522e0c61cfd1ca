"""All measurements in order, on databases that are there: started by __main__."""

from __future__ import annotations

import os
import platform
import sys

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection, connections  # noqa: E402

from . import acquainting, explain, heavy, pages  # noqa: E402
from .printing import line, summary  # noqa: E402


def option(name: str, usual: str) -> str:
    """__main__ has read the command line and found it right."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else usual


def main() -> None:
    line(
        f"{connection.vendor} · Python {platform.python_version()} · Django {django.__version__} · {os.cpu_count()} cores"
    )
    only = option("--only", "")
    if "--explain" in sys.argv:
        explain.run()
    if only != "heavy":
        pages.run(int(option("--rounds", "60")))
    connections.close_all()
    if only != "pages":
        acquainting.run(os.environ["DATABASE_URL"])
        heavy.run(os.environ["DATABASE_URL"])
    summary()


if __name__ == "__main__":
    main()
