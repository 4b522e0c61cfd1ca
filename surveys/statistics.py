"""Statistics of a survey without replacement from a known number of people. Pure; needs no library.

Non-response is treated as random, which the report prints. Intervals are at 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: the quantile of the normal distribution for 95 %
Z = 1.959963984540054
#: how many complete answers and items reliability needs
LEAST_COMPLETE, LEAST_ITEMS = 30, 3
POOR, FAIR, GOOD, VERY_GOOD = "poor", "fair", "good", "very_good"
#: upper ends of the bands of a mean on the scale 1…5; the last has none
_GRADES = ((2.5, POOR), (3.5, FAIR), (4.5, GOOD))
BANDS = ((0.25, "0–25"), (0.5, "25–50"), (0.75, "50–75"), (1.0, "75–100"))


# -- shares ---------------------------------------------------------------------------------------------------------
def effective(n: int, population: int | None = None) -> float:
    """n* = n(N−1)/(N−n): how many answers out of an endless crowd tell as much. Everybody answered: infinite."""
    if population is None or population < n:  # an unknown crowd; one smaller than its answers was counted wrongly
        return float(n)
    if population == n:
        return math.inf
    return n * (population - 1) / (population - n)


def wilson(good: int, n: int, population: int | None = None) -> tuple[float, float]:
    """Wilson's interval of a share, with the effective size."""
    if n <= 0:
        return 0.0, 1.0
    share, size = good / n, effective(n, population)
    if math.isinf(size):
        return share, share
    if size <= 0:
        return 0.0, 1.0
    square = Z * Z / size
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / size + square / (4 * size)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def margin_of_error(n: int, population: int | None = None) -> float | None:
    """Half the width of the widest interval of a share that n answers leave: at one half."""
    if n <= 0:
        return None
    return Z * math.sqrt(0.25 / n) * _correction(n, population)


def _correction(n: int, population: int | None) -> float:
    """√((N−n)/(N−1)): nobody is asked twice."""
    if population is None or population < n or population <= 1:
        return 1.0 if population != 1 else 0.0
    return math.sqrt((population - n) / (population - 1))


def band_of_share(share: float) -> str:
    """The quarter in which a share lies."""
    return next(name for end, name in BANDS if share < end or end == 1.0)


# -- means ------------------------------------------------------------------------------------------------------------
Counts = Mapping[float, int]


def size(counts: Counts) -> int:
    return sum(counts.values())


def mean(counts: Counts) -> float:
    return sum(value * number for value, number in counts.items()) / size(counts)


def deviation(counts: Counts) -> float:
    """Standard deviation of a sample."""
    n = size(counts)
    if n < 2:
        return 0.0
    middle = mean(counts)
    return math.sqrt(sum(number * (value - middle) ** 2 for value, number in counts.items()) / (n - 1))


def standard_error(counts: Counts, population: int | None = None) -> float:
    n = size(counts)
    return deviation(counts) / math.sqrt(n) * _correction(n, population)


def mean_interval(counts: Counts, population: int | None = None) -> tuple[float, float]:
    """The mean less and more 1.96 standard errors, within the answers that can be given by who was asked."""
    middle, half = mean(counts), Z * standard_error(counts, population)
    return middle - half, middle + half


def quantile(counts: Counts, part: float) -> float:
    """By linear interpolation, as spreadsheets do."""
    ordered = sorted(value for value, number in counts.items() if number)
    place = (size(counts) - 1) * part
    low = math.floor(place)
    lower, upper = _nth(counts, ordered, low), _nth(counts, ordered, math.ceil(place))
    return lower + (upper - lower) * (place - low)


def _nth(counts: Counts, ordered: Sequence[float], nth: int) -> float:
    seen = 0
    for value in ordered:
        seen += counts[value]
        if nth < seen:
            return value
    return ordered[-1]


def turned(counts: Counts, low: int, high: int) -> dict[float, int]:
    """Turned round, where agreeing is bad."""
    return {low + high - value: number for value, number in counts.items()}


def grade(middle: float, low: float = 1, high: float = 5) -> str:
    """The band of a mean; other scales are laid over 1…5."""
    on_five = 1 + 4 * (middle - low) / (high - low)
    return next((name for end, name in _GRADES if on_five < end), VERY_GOOD)


# -- reliability --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ItemStatistics:
    #: correlation with the sum of the other items; None where one of the two never varies
    rest: float | None
    #: alpha of the section without this item; None when two items are left and it says nothing, or nothing varies
    without: float | None


@dataclass(frozen=True)
class Reliability:
    n: int
    alpha: float
    items: tuple[ItemStatistics, ...]

    @property
    def warning(self) -> bool:
        """An item that runs against the others: worded the other way, or about something else."""
        return any(item.rest is not None and item.rest < 0 for item in self.items)


def reliability(n: int, sums: Sequence[float], products: Sequence[Sequence[float]]) -> Reliability | None:
    """Cronbach's alpha of complete answers, from Σx and Σxy of the items (turned round first where reversed).

    None with fewer than 30 complete answers or 3 items, or when nothing varies.
    """
    if n < LEAST_COMPLETE or len(sums) < LEAST_ITEMS:
        return None
    among = range(len(sums))
    shared = [[(products[i][j] - sums[i] * sums[j] / n) / (n - 1) for j in among] for i in among]
    alpha = _alpha(shared, list(among))
    if alpha is None:
        return None
    return Reliability(n, alpha, tuple(_item_statistics(shared, i) for i in among))


def reliability_of(rows: Iterable[Sequence[float]]) -> Reliability | None:
    """The same from complete answers, row by row."""
    rows = list(rows)
    among = range(len(rows[0])) if rows else range(0)
    sums = [sum(row[i] for row in rows) for i in among]
    products = [[sum(row[i] * row[j] for row in rows) for j in among] for i in among]
    return reliability(len(rows), sums, products)


def _alpha(shared: Sequence[Sequence[float]], items: list[int]) -> float | None:
    whole = sum(shared[i][j] for i in items for j in items)
    own = sum(shared[i][i] for i in items)
    if len(items) < 2 or whole <= 1e-12:
        return None
    return len(items) / (len(items) - 1) * (1 - own / whole)


def _item_statistics(shared: Sequence[Sequence[float]], item: int) -> ItemStatistics:
    others = [i for i in range(len(shared)) if i != item]
    rest = sum(shared[i][j] for i in others for j in others)
    spread = shared[item][item] * rest
    along = sum(shared[item][i] for i in others)
    return ItemStatistics(along / math.sqrt(spread) if spread > 1e-12 else None, _alpha(shared, others))


# -- representativeness ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Stratum:
    share_invited: float
    share_answered: float
    #: further from its share than chance would bring in 95 of 100 surveys
    apart: bool


def stratum(invited: int, answered: int, all_invited: int, all_answered: int) -> Stratum:
    """How well a group is represented among those who answered: drawn without replacement from those invited."""
    asked = invited / all_invited if all_invited else 0.0
    given = answered / all_answered if all_answered else 0.0
    spread = (
        math.sqrt(asked * (1 - asked) / all_answered) * _correction(all_answered, all_invited) if all_answered else 0.0
    )
    return Stratum(asked, given, abs(given - asked) > Z * spread + 1e-12 if spread else False)
