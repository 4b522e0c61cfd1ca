"""What the database does for the main queries: `python -m bench --explain`."""

from __future__ import annotations

from django.db import connections

from .databases import asking
from .pages import API, PEOPLE, REGISTER
from .printing import line
from .timing import Place


def run() -> None:
    for username in PEOPLE:
        for path in (
            REGISTER,
            f"{REGISTER}?count=1",
            f"{REGISTER}?q=микроскоп",
            f"{REGISTER}?overdue=true",
            f"{API}",
            "/capa/actions/",
            "/capa/plans/",
        ):
            place = Place(path, path, username)
            place.prepare()
            for statement in place.statements:
                if '"capa_' in statement and statement.startswith("SELECT"):
                    _explain(username, path, statement)


def _explain(username: str, path: str, statement: str) -> None:
    with asking("default"), connections["default"].cursor() as cursor:
        postgres = connections["default"].vendor == "postgresql"
        # SQLite's captured statements carry their values unquoted now and then: such a one is passed over.
        try:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}" if postgres else f"EXPLAIN QUERY PLAN {statement}")
        except Exception as problem:  # noqa: BLE001
            line(f"\n-- {username} {path}: {problem}")
            return
        line(f"\n-- {username} {path}\n-- {statement[:300]}")
        for row in cursor.fetchall():
            line(f"   {row[-1]}")
