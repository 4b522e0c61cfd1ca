"""Statistics against vectors counted elsewhere and against independent libraries, on data that ship with them."""

from __future__ import annotations

import math
import random
import warnings
from collections import Counter

import pandas
import pytest
from statsmodels.datasets import fair
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from surveys import statistics

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pingouin


# -- shares ---------------------------------------------------------------------------------------------------------
def test_wilson_vectors():
    assert [round(end, 4) for end in statistics.wilson(61, 75, 415)] == [0.7214, 0.8800]
    assert [round(end, 4) for end in statistics.wilson(18, 20, 25)] == [0.8238, 0.9454]


@pytest.mark.parametrize(("good", "n"), [(7, 9), (0, 12), (12, 12), (1, 1)])
def test_everybody_answered_leaves_no_doubt(good, n):
    assert statistics.wilson(good, n, n) == (good / n, good / n)
    assert statistics.margin_of_error(n, n) == 0
    assert statistics.standard_error({1: good, 2: n - good}, n) == 0


def test_wilson_agrees_with_statsmodels():
    chance = random.Random(4)
    for _case in range(200):
        population = chance.randint(2, 3000)
        n = chance.randint(1, population - 1)
        good = chance.randint(0, n)
        size = n * (population - 1) / (population - n)
        theirs = proportion_confint(good / n * size, size, method="wilson")
        assert statistics.wilson(good, n, population) == pytest.approx(theirs, abs=1e-9)
        assert statistics.wilson(good, n) == pytest.approx(proportion_confint(good, n, method="wilson"), abs=1e-9)


def test_a_population_smaller_than_its_answers_is_taken_as_unknown():
    assert statistics.wilson(5, 9, 7) == statistics.wilson(5, 9)
    assert statistics.margin_of_error(9, 7) == statistics.margin_of_error(9)


def test_margin_of_error():
    assert statistics.margin_of_error(75, 415) == pytest.approx(0.1025, abs=1e-4)
    assert statistics.margin_of_error(0, 415) is None
    assert statistics.margin_of_error(1, 1) == 0


def test_bands_of_a_share():
    assert [statistics.band_of_share(share) for share in (0, 0.2499, 0.25, 0.5, 0.75, 1)] == [
        "0–25", "0–25", "25–50", "50–75", "75–100", "75–100",
    ]  # fmt: skip


# -- means ------------------------------------------------------------------------------------------------------------
def marriages() -> list[int]:
    """How 6,366 women rated their marriage from 1 to 5 (Fair 1978, with statsmodels)."""
    return [int(value) for value in fair.load_pandas().data["rate_marriage"]]


def test_mean_and_error_agree_with_statsmodels():
    values = marriages()[:500]
    theirs, counts = DescrStatsW(values), Counter(values)
    assert statistics.mean(counts) == pytest.approx(theirs.mean)
    assert statistics.standard_error(counts) == pytest.approx(theirs.std_mean)
    low, high = statistics.mean_interval(counts, 6366)
    half = statistics.Z * theirs.std_mean * math.sqrt((6366 - 500) / 6365)
    assert (low, high) == pytest.approx((theirs.mean - half, theirs.mean + half))


def test_quartiles_agree_with_pandas():
    ages = fair.load_pandas().data["age"][:333]
    for part in (0.25, 0.5, 0.75):
        assert statistics.quantile(Counter(ages), part) == pytest.approx(ages.quantile(part))


def test_grades_lie_on_the_scale_of_five_and_of_ten():
    assert [statistics.grade(mean) for mean in (1, 2.49, 2.5, 3.5, 4.49, 4.5, 5)] == [
        "poor", "poor", "fair", "good", "good", "very_good", "very_good",
    ]  # fmt: skip
    assert [statistics.grade(mean, 0, 10) for mean in (0, 3.7, 3.75, 6.25, 8.75)] == [
        "poor", "poor", "fair", "good", "very_good",
    ]  # fmt: skip


def test_turned_round():
    assert statistics.turned({1: 3, 5: 1}, 1, 5) == {5: 3, 1: 1}
    assert statistics.mean(statistics.turned({2: 10}, 1, 5)) == 4


# -- reliability --------------------------------------------------------------------------------------------------------
def answers(people: int = 90) -> list[list[int]]:
    """The public data set of pingouin, 15 people and 10 items, often enough for the least number."""
    wide = pingouin.read_dataset("cronbach_alpha").pivot(index="Subj", columns="Items", values="Scores")
    rows = wide.to_numpy().tolist()
    return (rows * (people // len(rows) + 1))[:people]


def test_alpha_agrees_with_pingouin():
    found, rows = statistics.reliability_of(answers()), answers()
    assert found is not None
    assert found.n == 90
    assert found.alpha == pytest.approx(pingouin.cronbach_alpha(data=pandas.DataFrame(rows))[0])


def test_item_statistics_agree_with_pandas_and_pingouin():
    table = pandas.DataFrame(answers(75))
    found = statistics.reliability_of(answers(75))
    for place, item in enumerate(found.items):
        others = table.drop(columns=place)
        assert item.rest == pytest.approx(table[place].corr(others.sum(axis=1)))
        assert item.without == pytest.approx(pingouin.cronbach_alpha(data=others)[0])
    assert found.warning == any(item.rest < 0 for item in found.items)


def test_an_item_that_runs_against_the_others_warns():
    chance = random.Random(2)
    rows = []
    for _person in range(60):
        level = chance.randint(2, 4)
        near = [level + chance.choice((-1, 0, 1)) for _item in range(3)]
        rows.append([*near, 6 - level])
    assert statistics.reliability_of(rows).warning
    assert statistics.reliability_of(rows).items[3].rest < 0
    turned = [[*row[:3], 6 - row[3]] for row in rows]
    assert not statistics.reliability_of(turned).warning
    assert statistics.reliability_of(turned).alpha > statistics.reliability_of(rows).alpha


def test_too_few_answers_or_items_have_no_reliability():
    assert statistics.reliability_of(answers(29)) is None
    assert statistics.reliability_of(answers(30)) is not None
    assert statistics.reliability_of([row[:2] for row in answers()]) is None
    assert statistics.reliability_of([[3, 3, 3]] * 40) is None
    assert statistics.reliability_of([]) is None


def test_an_item_that_never_varies_has_no_correlation():
    rows = [[*row[:3], 4] for row in answers()]
    item = statistics.reliability_of(rows).items[3]
    assert item.rest is None
    assert item.without is not None


# -- representativeness ---------------------------------------------------------------------------------------------
def test_a_group_that_answers_less_than_chance_allows_is_marked():
    fair_share = statistics.stratum(100, 51, 200, 100)
    assert (fair_share.share_invited, fair_share.share_answered, fair_share.apart) == (0.5, 0.51, False)
    assert statistics.stratum(100, 20, 200, 100).apart
    assert not statistics.stratum(200, 100, 200, 100).apart
    assert not statistics.stratum(10, 0, 200, 0).apart
