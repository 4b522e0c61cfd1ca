"""The register page and the API list against their bare limits; growth of the rows; count and search apart."""

from __future__ import annotations

import statistics
import time
from typing import Any

from django.db import connections

from capa.models import Finding
from qa_portal.people.models import Person

from .data import RARE
from .databases import asking
from .printing import Table, line, verdict
from .timing import DatabaseClock, Place, turn_by_turn

REGISTER, API = "/capa/findings/", "/api/v1/capa/findings/"
BARE_PAGE, BARE_API = "/bare/page/", "/bare/api/"
#: a word that six of ten findings hold: no index helps, somebody may still type it
EVERYWHERE = "хаттама"
PEOPLE = {"asb": "sees everything", "head": "a school with its departments"}
MOST_PAGE, MOST_API, MOST_GROWTH, MOST_QUERIES, MOST_MS = 2.0, 1.5, 1.3, 12, 25


def ratios(one: Place, other: Place) -> tuple[float, float]:
    """Of the medians and of the quickest turns."""
    return one.median / other.median, one.least / other.least


def run(rounds: int) -> None:
    for username, who in PEOPLE.items():
        line(f"\nAs {username} ({who})")
        _pages(username, rounds)
        _api(username, rounds)
        _counts(username, max(rounds // 4, 5))
        _searches(username, max(rounds // 4, 5))


def _pages(username: str, rounds: int) -> None:
    bare = Place("bare Django page", BARE_PAGE, username, bare=True)
    big = Place("register, 100,000 findings", REGISTER, username)
    small = Place("register, 1,000 findings", REGISTER, username, "small")
    turn_by_turn([bare, big, small], rounds)
    table = Table("page", "median ms", "least ms", "ratio", "of least", "queries", "in db ms", "bytes")
    for place in (bare, big, small):
        ratio, least = ratios(place, bare)
        table.add(place.name, place.median, place.least, ratio, least, place.queries, place.database, place.size)
    table.show()
    ratio, _least = ratios(big, bare)
    growth, growth_least = ratios(big, small)
    verdict(f"register page ≤ {MOST_PAGE} × bare ({username})", ratio, MOST_PAGE)
    verdict(
        f"register page: growth of the rows 1,000 → 100,000 ≤ {MOST_GROWTH} × ({username})",
        min(growth, growth_least),
        MOST_GROWTH,
    )
    verdict(f"register page ≤ {MOST_QUERIES} queries ({username})", big.queries, MOST_QUERIES)


def _api(username: str, rounds: int) -> None:
    bare = Place("bare DRF list", BARE_API, username, bare=True)
    big = Place("API list, 100,000 findings", API, username)
    turn_by_turn([bare, big], rounds)
    table = Table("API", "median ms", "least ms", "ratio", "of least", "queries", "in db ms", "bytes")
    for place in (bare, big):
        ratio, least = ratios(place, bare)
        table.add(place.name, place.median, place.least, ratio, least, place.queries, place.database, place.size)
    table.show()
    verdict(f"API list ≤ {MOST_API} × bare ({username})", ratios(big, bare)[0], MOST_API)
    verdict(f"API list ≤ {MOST_QUERIES} queries ({username})", big.queries, MOST_QUERIES)


def _counts(username: str, rounds: int) -> None:
    """What the page asks for after its rows: the whole request."""
    places = [
        Place("count", f"{REGISTER}?count=1", username),
        Place("count of open ones", f"{REGISTER}?count=1&state=open", username),
    ]
    turn_by_turn(places, rounds)
    table = Table("count (whole request)", "median ms", "least ms", "queries")
    for place in places:
        table.add(place.name, place.median, place.least, place.queries)
    table.show()
    verdict(f"count ≤ {MOST_MS} ms ({username})", max(place.median for place in places), MOST_MS)


def _searches(username: str, rounds: int) -> None:
    """The rows of one page that hold a text, and their number: as the register asks for them, without the page around."""
    table = Table("search (rows of a page; number of all)", "rows ms", "found", "number ms", "all")
    worst = 0.0
    with asking("default"):
        person = Person.objects.get(username=username)
        for text in (RARE, "F-2024-000", "жоқ нәрсе", EVERYWHERE):
            rows = Finding.objects.visible_to(person).select_related("unit", "requirement").matching(text)
            found, rows_ms = _timed(lambda rows=rows: len(rows.order_by("-pk")[:51]), rounds)
            number, number_ms = _timed(lambda rows=rows: rows.count(), rounds)
            table.add(f"«{text}»", rows_ms, found, number_ms, number)
            if text != EVERYWHERE:
                worst = max(worst, rows_ms, number_ms)
    table.show()
    verdict(f"search ≤ {MOST_MS} ms, rows and number alike ({username})", worst, MOST_MS)
    verdict(
        f"search for a word that six findings of ten hold ≤ {MOST_MS} ms ({username})", max(rows_ms, number_ms), MOST_MS
    )


def _timed(ask: Any, rounds: int) -> tuple[int, float]:
    found, times = ask(), []
    for _turn in range(rounds):
        clock = DatabaseClock()
        with connections["default"].execute_wrapper(clock):
            start = time.thread_time()
            ask()
            times.append(time.thread_time() - start + clock.waited)
    return found, statistics.median(times) * 1000
