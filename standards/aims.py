"""How far the aims of mechanisms were reached: counted here once, for page, chart, paper, chapter and API (N1 §4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qa_portal.web.charts import Chart, Point, Series

from .models import AimResult, MechanismYear

REACHED, PARTLY, WEAK = AimResult.Reached.REACHED, AimResult.Reached.PARTLY, AimResult.Reached.WEAK
#: so many years stand beside each other
YEARS = 5


@dataclass(frozen=True)
class Tally:
    """How many aims were reached, partly reached, weak."""

    reached: int = 0
    partly: int = 0
    weak: int = 0

    @classmethod
    def of(cls, judged: Iterable[str]) -> Tally:
        found = list(judged)
        return cls(found.count(REACHED), found.count(PARTLY), found.count(WEAK))

    @property
    def all(self) -> int:
        return self.reached + self.partly + self.weak

    @property
    def share(self) -> int | None:
        """Reached of all judged, in percent; a partly reached aim is not a reached one."""
        return round(100 * self.reached / self.all) if self.all else None

    @property
    def words(self) -> str:
        """«Reached: 3, Weak: 1»; of one judgement its word alone; empty while nothing is judged."""
        counted = [(kind.label, number) for kind, number in self._counted if number]
        if self.all == 1:
            return str(counted[0][0])
        return ", ".join(f"{label}: {number}" for label, number in counted)

    @property
    def _counted(self) -> tuple[tuple[AimResult.Reached, int], ...]:
        return (REACHED, self.reached), (PARTLY, self.partly), (WEAK, self.weak)


def tally(year: MechanismYear) -> Tally:
    """Of one year of a mechanism; reads `aim_results`, which lists fetch for all rows at once."""
    return Tally.of(row.reached for row in year.aim_results.all())


@dataclass(frozen=True)
class Trend:
    """The last years of a mechanism, all places together: each year's tally, and each aim's tally in each year."""

    years: list[int]
    by_year: dict[int, Tally]
    by_aim: dict[int, dict[int, Tally]]

    def line(self, aim: int) -> list[Tally]:
        return [self.by_aim.get(aim, {}).get(year, Tally()) for year in self.years]

    def chart(self) -> Chart:
        points = tuple(Point(str(year), self.by_year[year].share, note=self.by_year[year].words) for year in self.years)
        return Chart(
            title=_("Share of aims reached"),
            series=(Series(_("Aims reached"), points),),
            measure="%",
            low=0,
            high=100,
            note=_("Of the aims judged in all places; partly reached ones are not counted as reached."),
        )


def trend(mechanism: Any) -> Trend:
    """One query, however many years and places."""
    rows = AimResult.objects.filter(year__mechanism=mechanism).exclude(year__state=MechanismYear.CANCELLED)
    judged: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for year, aim, reached in rows.order_by().values_list("year__year", "aim_id", "reached"):
        judged[year][aim].append(reached)
    years = sorted(judged)[-YEARS:]
    by_aim: dict[int, dict[int, Tally]] = defaultdict(dict)
    for year in years:
        for aim, values in judged[year].items():
            by_aim[aim][year] = Tally.of(values)
    by_year = {year: Tally.of(value for values in judged[year].values() for value in values) for year in years}
    return Trend(years, by_year, dict(by_aim))
