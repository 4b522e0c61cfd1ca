"""Report: one paper kind. Declared by apps, made by the worker (or at once when short)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar


class CannotMake(Exception):
    """The paper cannot be made; the sentence says why and is shown to the person who ordered it."""


class Progress:
    """How far a paper is, told to its reader; a tick at most per whole percent."""

    def __init__(self, tell: Callable[[int], None] = lambda percent: None):
        self._tell = tell
        self._last = -1

    def __call__(self, done: int, total: int) -> None:
        percent = min(99, done * 100 // total) if total else 0
        if percent > self._last:
            self._last = percent
            self._tell(percent)


class Report:
    """One kind of paper. `params` is JSON; `person` is who ordered it: what they may not see is not in it.

    Made under the language of the order; raises CannotMake when the person has lost the right meanwhile.
    """

    key: ClassVar[str] = ""
    content_type: str = "application/pdf"

    def __init__(self, params: dict[str, Any], person: Any, language: str):
        self.params = params
        self.person = person
        self.language = language

    def title(self) -> str:
        raise NotImplementedError

    def file_name(self) -> str:
        raise NotImplementedError

    def version(self) -> str:
        """Says whether what the paper tells has changed: an equal version ordered again at once gets the same paper.

        Empty: never the same.
        """
        return ""

    def write(self, stream: Any, progress: Progress) -> None:
        """Write the finished file into a binary stream."""
        raise NotImplementedError


_reports: dict[str, type[Report]] = {}


def report(kind: type[Report]) -> type[Report]:
    if kind.key in _reports:
        raise ValueError(f"report {kind.key} is declared twice")
    _reports[kind.key] = kind
    return kind


def find(key: str) -> type[Report]:
    return _reports[key]


#: not allowed in file names by one system or another
_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t\0', "-"))


def safe_name(name: str, extension: str) -> str:
    """A file name that every system takes, in any alphabet."""
    return f"{name.translate(_FORBIDDEN).strip(' .')[:150]}.{extension}"
