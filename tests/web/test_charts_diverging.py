"""Answers by steps on both sides of the middle: what is drawn, and that picture and table say the same."""

import xml.etree.ElementTree as ET

import pytest
from django.utils import translation

from qa_portal.web import charting
from qa_portal.web.charting.diverging import diverging, tones_of
from qa_portal.web.charts import AROUND, DIVERGING, Chart, Point, Series

STEPS = ("No", "Rather no", "So-so", "Rather yes", "Yes")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def chart(*rows, kind=DIVERGING, steps=STEPS):
    """`rows` are (label, shares of the steps or None)."""
    series = tuple(
        Series(
            name,
            tuple(
                Point(label, shares[k] if shares else None, note="n = 30" if k == len(steps) - 1 else "")
                for label, shares in rows
            ),
        )
        for k, name in enumerate(steps)
    )
    return Chart("Teaching", series, kind, "%")


def boxes(drawn, row=0):
    return [(float(part["box"]["x"]), float(part["box"]["width"])) for part in drawn["bars"][row]["parts"]]


@pytest.mark.parametrize("width", [charting.WIDE, charting.NARROW])
def test_the_middle_step_straddles_the_line(width):
    drawn = diverging(chart(("Clear", (10, 20, 20, 30, 20))), width)
    parts, zero = boxes(drawn), float(drawn["zero"])
    assert len(parts) == 5
    x, wide = parts[2]
    assert x + wide / 2 == pytest.approx(zero, abs=0.2)
    for (left, length), (following, _length) in zip(parts, parts[1:], strict=False):
        assert left + length == pytest.approx(following, abs=0.2)
    assert parts[-1][0] + parts[-1][1] <= width


def test_steps_that_nobody_took_are_not_drawn():
    assert len(boxes(diverging(chart(("Clear", (0, 0, 0, 40, 60))), 720))) == 2


def test_what_is_not_shown_says_so_and_draws_nothing():
    drawn = diverging(chart(("Clear", (0, 0, 20, 40, 40)), ("Heavy", None)), 720)
    assert drawn["bars"][1]["parts"] == []
    assert drawn["bars"][1]["missing"]["text"] == "n = 30"


def test_tones_tell_sides_and_the_ideal_middle():
    assert tones_of(chart(("a", None))) == ["against", "against-soft", "between", "for-soft", "for"]
    assert tones_of(chart(("a", None), kind=AROUND)) == ["against", "against-soft", "for", "against-soft", "against"]
    assert tones_of(chart(("a", None), steps=("No", "Yes"))) == ["against", "for"]
    assert tones_of(chart(("a", None), steps=("a", "b", "c", "d"))) == ["against", "against-soft", "for-soft", "for"]


@pytest.mark.parametrize("kind", [DIVERGING, AROUND])
@pytest.mark.parametrize("paper", [False, True])
def test_it_parses_and_has_a_table(kind, paper):
    made = chart(("Clear", (0, 10, 20, 30, 40)), ("A <b>bold</b> & long question " * 5, (5, 5, 10, 40, 40)), kind=kind)
    tree = ET.fromstring(charting.svg(made, for_paper=paper))
    assert len([e for e in tree.iter() if e.get("class") == "chart-part"]) == 5 + 4 + 5
    table = charting.table(made)
    assert table["names"] == list(STEPS)
    assert [cell["text"] for cell in table["rows"][0]["cells"]] == ["0 %", "10 %", "20 %", "30 %", "40 %"]
    assert Chart.from_json(made.as_json()) == made
