"""Measuring turn by turn: A, B, A, B … in one process, so that what disturbs one disturbs the other.

What counts is the processor's time of this thread, and with a database server the time that it lets us wait: on a
machine with other work the clock on the wall measures mostly that other work.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from qa_portal.people.models import Person

from .databases import asking

WARM_UP = 5


@dataclass
class Place:
    """One address, asked by one person of one database."""

    name: str
    path: str
    username: str
    alias: str = "default"
    bare: bool = False
    times: list[float] = field(default_factory=list)
    in_database: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    def prepare(self) -> None:
        with asking(self.alias):
            # The handler reads MIDDLEWARE when it is made: bare places get one of their own.
            with override_settings(MIDDLEWARE=settings.BARE_MIDDLEWARE if self.bare else settings.MIDDLEWARE):
                self.client = Client()
                self.client.handler.load_middleware()
            self.client.force_login(
                Person.objects.get(username=self.username), backend="django.contrib.auth.backends.ModelBackend"
            )
            for _turn in range(WARM_UP):
                self.ask()
            with CaptureQueriesContext(connections[self.alias]) as captured:
                self.ask()
            self.queries, self.statements = len(captured), [query["sql"] for query in captured.captured_queries]

    def ask(self) -> None:
        response = self.client.get(self.path)
        if response.status_code != 200:
            raise RuntimeError(f"{self.name}: {self.path} answered {response.status_code}")
        self.size = len(response.content)

    def measure(self) -> None:
        clock = DatabaseClock()
        with asking(self.alias), connections[self.alias].execute_wrapper(clock):
            start = time.thread_time()
            self.ask()
            self.times.append(time.thread_time() - start + clock.waited)
        self.in_database.append(clock.computed + clock.waited)

    @property
    def median(self) -> float:
        return statistics.median(self.times) * 1000

    @property
    def least(self) -> float:
        return min(self.times) * 1000

    @property
    def database(self) -> float:
        return statistics.median(self.in_database) * 1000


class DatabaseClock:
    """How long the database takes to answer: computing in this process and, with a server, waiting for it.

    SQLite finds rows while they are read: with it this is a lower bound.
    """

    def __init__(self) -> None:
        self.computed = self.waited = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        start, at = time.thread_time(), time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            computed = time.thread_time() - start
            self.computed += computed
            if context["connection"].vendor != "sqlite":
                self.waited += time.perf_counter() - at - computed


def turn_by_turn(places: list[Place], rounds: int) -> None:
    for place in places:
        place.prepare()
    gc.collect()
    for turn in range(rounds):
        # Whoever comes first after a pause pays for it: the order changes each round.
        for place in places if turn % 2 else reversed(places):
            place.measure()
