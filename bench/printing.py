"""How the figures are printed: plain tables, and for each aim whether it is met."""

from __future__ import annotations

from typing import Any

NAME = 44
#: (what, measured, aim): gathered for the summary at the end
verdicts: list[tuple[str, float, float]] = []


def line(text: str = "") -> None:
    print(text, flush=True)


def shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


class Table:
    def __init__(self, *heads: str):
        self.heads = heads
        self.rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        self.rows.append(values)

    def show(self) -> None:
        line()
        for row in (self.heads, *self.rows):
            line(f"{row[0]:<{NAME}}" + "".join(f"{shown(value):>11}" for value in row[1:]))


def verdict(what: str, measured: float, aim: float) -> None:
    verdicts.append((what, measured, aim))
    line(f"  {'aim met    ' if measured <= aim else 'AIM NOT MET'}  {what}: {shown(measured)}")


def summary() -> None:
    missed = [entry for entry in verdicts if entry[1] > entry[2]]
    line(f"\n{len(verdicts) - len(missed)} of {len(verdicts)} aims met.")
    for what, measured, _aim in missed:
        line(f"  AIM NOT MET  {what}: {shown(measured)}")
