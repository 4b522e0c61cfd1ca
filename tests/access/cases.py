"""A step and who may take it when: the cases that test_parity walks; each room brings its own (rooms/)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from qa_portal.permissions import SYSTEM

REASON = {"reason": "Себебі бар"}


@dataclass(frozen=True)
class Case:
    """A step, a record on which it is due, who may take it, who sees it and may not, what is typed, and a wrong moment.

    `may` is empty where nobody has the right by hand: then `decides_for` names the bodies whose decision carries it
    (`{"academic_council"}`, or `{"over:…"}` for a body above), or is empty for what the clock alone does.
    """

    step: str
    due: Callable[[Any], Any]
    may: str
    may_not: str
    wrong_moment: Callable[[Any], Any]
    inputs: Callable[[Any, Any], dict[str, Any]] = field(default=lambda w, record: {})
    decides_for: frozenset[str] = frozenset()

    def authority(self, world: Any) -> Any:
        """Who takes a step that nobody takes by hand: a person speaking for a body, or the clock."""
        if not self.decides_for:
            return SYSTEM
        speaker = copy.copy(world.board)
        speaker.decides_for = self.decides_for
        return speaker

    def __str__(self) -> str:
        return self.step
