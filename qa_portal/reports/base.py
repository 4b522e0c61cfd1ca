"""Report: one paper kind. Declared by apps, made by the worker (or at once when short)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar


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
    """One kind of paper. `params` is JSON; `person` is who ordered it: what they may not see is not in it."""

    key: ClassVar[str] = ""

    def __init__(self, params: dict[str, Any], person: Any, language: str):
        self.params = params
        self.person = person
        self.language = language

    def title(self) -> str:
        raise NotImplementedError

    def file_name(self) -> str:
        raise NotImplementedError

    content_type: ClassVar[str] = "application/pdf"

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
