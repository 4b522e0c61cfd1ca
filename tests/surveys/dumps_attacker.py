"""An attacker with every dump: who runs the database, before and after each answer and after the opening.

Sees of every row where it lies (ctid), in which transaction it was written (xmin), and all its columns. Knows who answered
when, which envelope is whose, and the rule of recoding. Does not have: the key, which is gone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

Place = tuple[int, int]


@dataclass(frozen=True)
class Seen:
    """A row in a dump: where, by which transaction, and its columns as JSON."""

    place: Place
    transaction: int
    columns: dict[str, Any]


def tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def dump_text(names: Sequence[str] | None = None) -> str:
    """Everything in every table as text; binary columns as hexadecimal figures."""
    lines = []
    with connection.cursor() as cursor:
        for name in names or tables():
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            lines += [f"{name} {row}" for (row,) in cursor.fetchall()]
    return "\n".join(lines)


def dump(name: str) -> list[Seen]:
    """The rows of a table in the order in which they lie."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t.ctid::text, t.xmin::text, row_to_json(t) FROM "{name}" t')
        rows = cursor.fetchall()
    found = []
    for where, transaction, columns in rows:
        page, line = where.strip("()").split(",")
        found.append(Seen((int(page), int(line)), int(transaction), columns))
    return found


@dataclass(frozen=True)
class Deed:
    """What two dumps around one answer give away: who, and which envelope."""

    invitation: Seen
    envelope: Seen
    when: int


class Watcher:
    """Takes dumps of ledger and urn while people answer."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self._before = self._look()

    @staticmethod
    def _look() -> tuple[dict[str, Seen], dict[str, Seen]]:
        return (
            {seen.columns["id"]: seen for seen in dump("surveys_invitation") if seen.columns["participated"]},
            {seen.columns["id"]: seen for seen in dump("surveys_envelope")},
        )

    def after_an_answer(self) -> None:
        now = self._look()
        (who,) = now[0].keys() - self._before[0].keys()
        (what,) = now[1].keys() - self._before[1].keys()
        self.deeds.append(Deed(now[0][who], now[1][what], len(self.deeds)))
        self._before = now


# -- guessing ---------------------------------------------------------------------------------------------------------
OF_PEOPLE: dict[str, Callable[[Deed], Any]] = {
    "order of answering": lambda deed: deed.when,
    "key of the envelope": lambda deed: deed.envelope.columns["id"],
    "place of the envelope": lambda deed: deed.envelope.place,
    "transaction of the envelope": lambda deed: deed.envelope.transaction,
    "key of the invitation": lambda deed: deed.invitation.columns["id"],
    "place of the invitation": lambda deed: deed.invitation.place,
    "ciphertext": lambda deed: deed.envelope.columns["ciphertext"],
}
OF_ROWS: dict[str, Callable[[Seen], Any]] = {
    "place": lambda row: row.place,
    "place backwards": lambda row: (-row.place[0], -row.place[1]),
    "key": lambda row: row.columns["id"],
    "transaction": lambda row: row.transaction,
}


def matchings(deeds: Sequence[Deed], rows: Sequence[Seen]) -> dict[str, list[tuple[Deed, Seen]]]:
    """People and opened rows laid side by side, by each order of the one and of the other."""
    found = {}
    for who, of_people in OF_PEOPLE.items():
        for where, of_rows in OF_ROWS.items():
            pairs = zip(sorted(deeds, key=of_people), sorted(rows, key=of_rows), strict=True)
            found[f"{who} ~ {where}"] = list(pairs)
    return found


def matchings_in_groups(deeds: Sequence[Deed], rows: Sequence[Seen]) -> dict[str, list[tuple[Deed, Seen]]]:
    """The same inside each group of ballots that say the same, among the people whom the ledger puts there.

    A ballot's strata say less than the ledger's, never something else: each person is laid to the group that says most.
    """
    groups: dict[tuple[Any, ...], list[Seen]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted(row.columns["strata"].items()))].append(row)
    people: dict[tuple[Any, ...], list[Deed]] = defaultdict(list)
    for deed in deeds:
        own = deed.invitation.columns["strata"].items()
        fitting = [group for group in groups if set(group) <= set(own)]
        people[max(fitting, key=lambda group: (len(group), group))].append(deed)
    found: dict[str, list[tuple[Deed, Seen]]] = defaultdict(list)
    for group, there in groups.items():
        if len(people[group]) == len(there):
            for name, pairs in matchings(people[group], there).items():
                found[name] += pairs
    return dict(found)


def group_sizes(rows: Sequence[Seen]) -> list[int]:
    return sorted(Counter(tuple(sorted(row.columns["strata"].items())) for row in rows).values())


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's, without ties."""

    def ranks(values: Sequence[float]) -> list[int]:
        order = sorted(range(len(values)), key=values.__getitem__)
        found = [0] * len(values)
        for rank, at in enumerate(order):
            found[at] = rank
        return found

    n = len(first)
    apart = sum((a - b) ** 2 for a, b in zip(ranks(first), ranks(second), strict=True))
    return 1 - 6 * apart / (n * (n * n - 1))
