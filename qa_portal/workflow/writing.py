"""The lock on the door: a record may be written only from inside the kernel, or in bulk by a named import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_door: ContextVar[str] = ContextVar("writing_door", default="")


class WrittenPastTheKernel(RuntimeError):
    """Code tried to write a record without a step or `save_changes`: history would not know of it."""


def check_door(what: str) -> None:
    if not _door.get():
        raise WrittenPastTheKernel(f"{what}: records change by a step or by save_changes(by=…) only")


@contextmanager
def door(name: str) -> Iterator[None]:
    """Open for the kernel ("step", "edit") and for bulk loading ("import": imports.py, demo, bench)."""
    token = _door.set(name)
    try:
        yield
    finally:
        _door.reset(token)
