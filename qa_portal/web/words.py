"""Search inside texts on the embedded database: an index of three-letter pieces (SQLite's FTS5) that triggers keep.

PostgreSQL has its own (pg_trgm, in the app's migration). Without either, and for one or two letters, each row is read:
the answer is the same, only later. Made after each migration, because SQLite loses triggers when a table is altered.
"""

from __future__ import annotations

import functools
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_migrate

#: shorter words have no piece to look up
SHORTEST = 3


class Words:
    """The texts of one table: `Words("capa_finding", "title", "description")`."""

    def __init__(self, table: str, *columns: str):
        self.table, self.columns = table, columns
        self.index = f"{table}_words"

    def prepare(self, app: str) -> None:
        """Have the index made after each migration of `app`."""
        post_migrate.connect(self._make, dispatch_uid=self.index, weak=False)
        self.app = app

    def numbers(self, text: str, using: str) -> RawSQL | None:
        """Ids of the rows that hold the text, as a subquery; None where no index can tell."""
        if len(text) < SHORTEST or not _is_there(self.index, using, str(connections[using].settings_dict["NAME"])):
            return None
        phrase = '"' + text.replace('"', '""') + '"'
        return RawSQL(f"SELECT rowid FROM {self.index} WHERE {self.index} MATCH %s", [phrase])  # noqa: S608, S611 - our own names

    def _make(self, app_config: Any, using: str, **kwargs: Any) -> None:
        connection = connections[using]
        if (
            connection.vendor != "sqlite"
            or app_config.label != self.app
            or self.table not in connection.introspection.table_names()
        ):
            return
        _is_there.cache_clear()
        try:
            with transaction.atomic(using), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name LIKE %s",
                    [self.table, f"{self.index}%"],
                )
                if cursor.fetchone()[0] < len(self._triggers()):
                    self._fill(cursor)
        except DatabaseError:  # an SQLite built without FTS5: search reads each row, as before
            return

    def _fill(self, cursor: Any) -> None:
        cursor.execute(f"DROP TABLE IF EXISTS {self.index}")
        cursor.execute(
            f"CREATE VIRTUAL TABLE {self.index} USING fts5({', '.join(self.columns)}, content='{self.table}', content_rowid='id', tokenize='trigram')"
        )
        cursor.execute(f"INSERT INTO {self.index}({self.index}) VALUES ('rebuild')")  # noqa: S608 - our own names
        for name, when, body in self._triggers():
            cursor.execute(f"DROP TRIGGER IF EXISTS {self.index}_{name}")
            cursor.execute(f"CREATE TRIGGER {self.index}_{name} AFTER {when} ON {self.table} BEGIN {body} END")

    def _triggers(self) -> list[tuple[str, str, str]]:
        names = ", ".join(self.columns)
        new, old = (", ".join(f"{row}.{column}" for column in self.columns) for row in ("new", "old"))
        put = f"INSERT INTO {self.index}(rowid, {names}) VALUES (new.id, {new});"  # noqa: S608 - our own names
        take = f"INSERT INTO {self.index}({self.index}, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608
        return [("added", "INSERT", put), ("gone", "DELETE", take), ("changed", f"UPDATE OF {names}", take + " " + put)]


@functools.lru_cache(maxsize=100)
def _is_there(index: str, using: str, database: str) -> bool:
    connection = connections[using]
    return connection.vendor == "sqlite" and index in connection.introspection.table_names()
