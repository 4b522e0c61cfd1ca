"""The benchmark's own databases: made, filled, thrown away; and which of the two is asked at the moment."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

_chosen: ContextVar[str] = ContextVar("bench_database", default="default")


class Chosen:
    """Database router: everything goes to the database chosen by `asking`."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _chosen.get()

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True


@contextmanager
def asking(alias: str) -> Iterator[None]:
    token = _chosen.set(alias)
    try:
        yield
    finally:
        _chosen.reset(token)


@contextmanager
def database(name: str) -> Iterator[str]:
    """Address of an empty database. PostgreSQL where DATABASE_URL says so, else SQLite in a new folder."""
    server = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        os.environ["CELERY_DIR"] = folder  # the queue of every process started from here
        if server.startswith("postgres"):
            with _postgres(server, name) as address:
                yield address
        else:
            yield f"sqlite:///{Path(folder) / f'{name}.sqlite3'}"


@contextmanager
def databases(big: int, small: int) -> Iterator[tuple[str, str]]:
    """Addresses of a big and a small database, filled with findings."""
    with ExitStack() as stack:
        made = [stack.enter_context(database(name)) for name in ("big", "small")]
        for address, rows in zip(made, (big, small), strict=True):
            fill(address, rows)
        yield made[0], made[1]


def fill(address: str, rows: int) -> None:
    """In a process of its own: what filling leaves in memory must not be measured."""
    subprocess.run(
        [sys.executable, "-m", "bench.data", str(rows)], env={**environment(), "DATABASE_URL": address}, check=True
    )


def environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("REDIS_URL", "BENCH_SMALL_URL", "DEBUG", "DEMO")
    }
    return {**kept, "QA_IGNORE_ENV": "1", "DJANGO_SETTINGS_MODULE": "bench.settings"}


@contextmanager
def _postgres(server: str, name: str) -> Iterator[str]:
    database = f"bench_{name}_{os.getpid()}"
    parts = urlsplit(server)
    _on_server(
        server,
        f"CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'",
    )
    try:
        yield urlunsplit(parts._replace(path=f"/{database}"))
    finally:
        _on_server(server, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _on_server(server: str, command: str) -> None:
    parts = urlsplit(server)
    connection = psycopg2.connect(urlunsplit(parts._replace(path="/postgres", scheme="postgresql")))
    connection.autocommit = True
    try:
        connection.cursor().execute(command)
    finally:
        connection.close()
