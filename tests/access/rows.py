"""What an address answers to each role: the rows that test_urls asks; each room brings its own (rooms/)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROLES = ("anon", "expert", "stranger", "staff", "head", "asb", "board", "admin")


@dataclass(frozen=True)
class Row:
    """What GET of one address answers to each role; `args` makes the address's arguments from the made records."""

    pattern: str
    answers: dict[str, int]
    args: Callable[[Any], tuple[Any, ...]] = lambda made: ()


def row(pattern: str, args: Callable[[Any], tuple[Any, ...]] | None = None, rest: int = 200, **answers: int) -> Row:
    """`rest` is for the roles not named."""
    return Row(pattern, {role: answers.get(role, rest) for role in ROLES}, args or (lambda made: ()))


def page(pattern: str, args: Any = None, **answers: int) -> Row:
    """Signed-in people only."""
    return row(pattern, args, **{"anon": 302, **answers})


def ours(pattern: str, args: Any = None, **answers: int) -> Row:
    """A record of the therapy department: not for experts and not for strangers of other units."""
    return page(pattern, args, **{"expert": 404, "stranger": 404, **answers})


def api(pattern: str, args: Any = None, **answers: int) -> Row:
    return row(pattern, args, **{"anon": 401, **answers})


def our_api(pattern: str, args: Any = None, **answers: int) -> Row:
    return api(pattern, args, **{"expert": 404, "stranger": 404, **answers})


def step_api(pattern: str, args: Any = None) -> Row:
    """POST only."""
    return api(pattern, args, rest=405)


def with_step(of: Any, step: str) -> Any:
    return lambda made: (*of(made), step)


#: people of the unit, heads above, quality office; Board and administrator see but do nothing
ASB_ONLY = {"staff": 403, "head": 403, "board": 403, "admin": 403}
NOT_FOR_WATCHERS = {"board": 403, "admin": 403}
