"""A story told as a list of happenings, each on a day counted back from the loading: what play.py plays."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from .stories import Moments, Stage

#: days before the loading, then what happens; those of one day in the order in which they were written down
Happening = tuple[float, Callable[[], Any]]


class Told:
    """Keeps happenings in the order of their days, in working hours, and never in the future."""

    def __init__(self, key: str, stage: Stage):
        self.key = key
        self.stage = stage
        self.cast = stage.cast
        self.last = stage.now - datetime.timedelta(days=3000)
        self.happenings: list[Happening] = []

    def at(self, ago: float, what: Callable[[], Any]) -> None:
        self.happenings.append((ago, what))

    def told(self) -> Moments:
        for ago, happens in sorted(self.happenings, key=lambda happening: -happening[0]):
            yield self.moment(ago)
            happens()

    def moment(self, ago: float) -> datetime.datetime:
        moment = self.stage.working_moment(ago, self.key)
        self.last = min(max(moment, self.last + datetime.timedelta(minutes=4)), self.stage.now)
        return self.last

    def problem(self) -> str:
        """What is not as the data promised; empty when the story ended where it should."""
        return ""
