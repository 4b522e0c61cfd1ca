"""Who may do what: one `allow()` line per right, with the one sentence that a refused person reads.

A right is named `<app>.<verb>_<model>`. Its predicate is asked for (person, record) and may read only what the
row and the person already carry, because lists ask it for every row. The sentence is the page's message, the
API's 403, the administrator's error and the disabled button's reason: the same words everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class _System:
    """The clock: what the portal does by itself. An object of its own, never None and never a person."""

    is_authenticated = True
    is_system = True

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM = _System()


class Refused(Exception):
    """This person may not do this. `sentence` says who may."""

    def __init__(self, sentence: Any):
        super().__init__(str(sentence))
        self.sentence = sentence


class NotNow(Exception):
    """The right person at the wrong moment. `sentence` says what is missing or what has happened meanwhile."""

    def __init__(self, sentence: Any):
        super().__init__(str(sentence))
        self.sentence = sentence


class Predicate:
    """A yes-or-no question about (person, record); combined with &, | and ~."""

    def __init__(self, ask: Callable[[Any, Any], bool], name: str = ""):
        self.ask = ask
        self.__name__ = name or getattr(ask, "__name__", "predicate")

    def __call__(self, person: Any, record: Any = None) -> bool:
        return bool(self.ask(person, record))

    def __and__(self, other: Predicate) -> Predicate:
        return Predicate(lambda p, r: self(p, r) and other(p, r), f"({self.__name__} and {other.__name__})")

    def __or__(self, other: Predicate) -> Predicate:
        return Predicate(lambda p, r: self(p, r) or other(p, r), f"({self.__name__} or {other.__name__})")

    def __invert__(self) -> Predicate:
        return Predicate(lambda p, r: not self(p, r), f"not {self.__name__}")


def predicate(ask: Callable[[Any, Any], bool]) -> Predicate:
    return Predicate(ask)


@predicate
def is_system(person: Any, record: Any) -> bool:
    return person is SYSTEM


@predicate
def anybody(person: Any, record: Any) -> bool:
    return bool(getattr(person, "is_authenticated", False))


@dataclass(frozen=True)
class Right:
    name: str
    predicate: Predicate
    why_not: Any
    by_decision_of: str | Callable[[Any], str] = ""


_rights: dict[str, Right] = {}


def allow(name: str, who: Predicate, why_not: Any, *, by_decision_of: str | Callable[[Any], str] = "") -> Right:
    """Declare the right `name`. With `by_decision_of` nobody has it by hand: only that body's decision carries it.

    Which body may hang on the record: then `by_decision_of(record)` names it; where it names none, `who` is asked.
    """
    if name in _rights:
        raise ValueError(f"{name} is declared twice")
    right = Right(name, who, why_not, by_decision_of)
    _rights[name] = right
    return right


def rights() -> dict[str, Right]:
    return dict(_rights)


def refusal(person: Any, name: str, record: Any = None) -> Any | None:
    """None when `person` may, else the sentence why not. Superusers are asked like everybody."""
    right = _rights[name]
    body = right.by_decision_of(record) if callable(right.by_decision_of) else right.by_decision_of
    if body:
        return None if body in getattr(person, "decides_for", frozenset()) else right.why_not
    if person is SYSTEM or (getattr(person, "is_active", False) and right.predicate(person, record)):
        return None
    return right.why_not


class AdminByRight:
    """Mixed into a ModelAdmin: the pages of Django admin ask a right declared here, not Django's own permissions.

    Only people with `is_staff` come in at all. What is kept here stays: nothing is deleted. `right_to_add` and
    `right_to_change` empty means that nobody adds or changes in admin, superusers included.
    """

    right_to_view = ""
    right_to_add = ""
    right_to_change = ""
    right_to_delete = ""

    def _holds(self, request: Any, name: str) -> bool:
        person = request.user
        return bool(name) and person.is_active and person.is_staff and refusal(person, name) is None

    def has_module_permission(self, request: Any) -> bool:
        return self._holds(request, self.right_to_view)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self._holds(request, self.right_to_view)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return self._holds(request, self.right_to_add)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self._holds(request, self.right_to_change)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self._holds(request, self.right_to_delete)
