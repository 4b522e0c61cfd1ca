"""Charts: what is drawn, what is left out, and that picture and table say the same."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.template import Context, Template
from django.utils import translation

from qa_portal.web import charting
from qa_portal.web.charting.shapes import axis, hatching, ticks, wrapped
from qa_portal.web.charts import BAR, Chart, Point, Series


def line_chart(*values, labels=None, **more):
    labels = labels or [str(2020 + k) for k in range(len(values))]
    points = tuple(Point(label, value) for label, value in zip(labels, values, strict=True))
    return Chart("Trend", (Series("Mean", points),), **more)


def drawn(chart, **more):
    """The SVG as a tree; that it parses is half of the test."""
    return ET.fromstring(charting.svg(chart, **more))


def found(tree, css):
    return [e for e in tree.iter() if css in (e.get("class") or "").split()]


def words(tree):
    return [e.text for e in tree.iter() if e.tag.endswith("text")]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 3, [0, 1, 2, 3]),
        (0, 100, [0, 20, 40, 60, 80, 100]),
        (0, 7, [0, 2, 4, 6, 8]),
        (0, 0.9, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-12, 30, [-20, -10, 0, 10, 20, 30]),
        (96, 99, [96, 97, 98, 99]),
        (5, 5, [5, 6, 7, 8, 9, 10]),
    ],
)
def test_ticks_are_round_and_cover_the_values(low, high, expected):
    assert ticks(low, high) == expected


def test_the_ends_of_a_chart_hold_unless_a_value_lies_beyond():
    assert axis(line_chart(1, 2, low=0, high=3), from_zero=False)[-1] == 3
    assert axis(line_chart(1, 4.5, low=0, high=3), from_zero=False)[-1] >= 4.5


def test_bars_start_at_zero_even_when_all_values_are_high():
    assert axis(line_chart(91, 97), from_zero=True)[0] == 0
    assert axis(line_chart(91, 97), from_zero=False)[0] >= 90


def test_bars_of_negative_values_lie_left_of_zero():
    tree = drawn(Chart("Change", (Series("", (Point("A", -2), Point("B", 1))),), kind=BAR))
    zero = float(found(tree, "chart-axis")[0].get("d")[1:].split()[0])
    left, right = found(tree, "chart-full")
    assert float(left.get("x")) + float(left.get("width")) == pytest.approx(zero, abs=0.2)
    assert float(right.get("x")) == pytest.approx(zero, abs=0.2)


def test_what_was_not_measured_is_a_gap_and_never_a_zero():
    tree = drawn(line_chart(1, 2, None, 2, 3))
    assert len([e for e in found(tree, "chart-line") if e.get("d").startswith("M")]) == 2
    assert len(found(tree, "chart-point")) == 4
    assert charting.table(line_chart(1, None))["rows"][1]["cells"][0]["text"] == "—"


def test_a_value_between_two_gaps_still_has_its_mark():
    tree = drawn(line_chart(None, 2, None))
    assert len(found(tree, "chart-point")) == 1
    assert not found(tree, "chart-line")


def test_a_target_is_dashed_and_a_series_is_not_alone_in_its_colour():
    goal = Series("Target", (Point("2020", 2), Point("2021", 2)), target=True)
    other = Series("Other", (Point("2020", 1), Point("2021", 3)))
    tree = drawn(Chart("Trend", (*line_chart(1, 2).series, other, goal)))
    lines = [e for e in found(tree, "chart-line") if "L" in e.get("d")]
    assert sorted(e.get("stroke-dasharray") or "" for e in lines) == ["", "5 4", "7 3"]
    shapes = {e.get("d").lstrip("M0123456789. ")[0] for e in found(tree, "chart-mark")}
    assert {"a", "h"} <= shapes  # a circle and a square


@pytest.mark.parametrize("kind", ["line", BAR])
def test_lights_are_told_by_letter_shape_and_word(kind):
    points = (Point("A", 90, "green"), Point("B", 70, "amber"), Point("C", 60, "red"))
    tree = drawn(Chart("Lights", (Series("Share", points),), kind=kind))
    assert [words(tree).count(letter) > 1 for letter in "GAR"] == [True, True, True]
    assert {"green", "amber", "red"} <= set(words(tree))
    if kind == BAR:
        assert len(found(tree, "chart-hatch")) == 4  # slanted and crossed, each in its bar and in the key


def test_hatching_stays_inside_its_box():
    numbers = [float(x) for x in re.findall(r"-?[\d.]+", hatching("crossed", 10, 20, 31, 12))]
    assert numbers
    assert all(10 <= x <= 41 for x in numbers[0::2])
    assert all(20 <= y <= 32 for y in numbers[1::2])


def test_values_stand_on_bars_and_points_in_the_readers_figures():
    with translation.override("ru"):
        assert "2,5" in words(drawn(line_chart(1.25, 2.45, decimals=1)))
        bars = drawn(Chart("Shares", (Series("", (Point("A", 1234.5),)),), kind=BAR, measure="%", decimals=1))
        assert any(text.replace("\xa0", " ").endswith("234,5 %") for text in words(bars) if text)


@pytest.mark.parametrize("kind", ["line", BAR])
def test_no_coordinate_is_written_with_a_comma(kind):
    chart = Chart("Shares", (Series("Mean", (Point("A", 1.37), Point("B", 2.9))),), kind=kind, decimals=1)
    with translation.override("kk"):
        tree = drawn(chart)
    for element in tree.iter():
        for name in ("x", "y", "d", "width", "height", "viewBox", "cx", "cy"):
            assert "," not in (element.get(name) or "")


def test_words_of_values_never_lie_over_each_other():
    a = Series("A", tuple(Point(str(k), 50 + (k % 2)) for k in range(12)))
    b = Series("B", tuple(Point(str(k), 51 - (k % 2)) for k in range(12)))
    tree = drawn(Chart("Close", (a, b), low=0, high=100), width=charting.NARROW)
    boxes = [(float(e.get("x")), float(e.get("y")), len(e.text) * 7.2) for e in found(tree, "chart-value")]
    assert boxes
    for k, (x, y, width) in enumerate(boxes):
        for x2, y2, width2 in boxes[k + 1 :]:
            assert abs(x - x2) >= (width + width2) / 2 - 0.2 or abs(y - y2) >= 12


def test_a_narrow_picture_keeps_long_names_and_stays_inside():
    name = "Клиникалық пәндер және алғашқы медициналық-санитарлық көмек кафедрасы"
    tree = drawn(Chart("Units", (Series("", (Point(name, 2),)),), kind=BAR), width=charting.NARROW)
    assert " ".join(e.text for e in found(tree, "chart-label")) == name
    assert wrapped("a" * 100, 60)[0].endswith("…")


def test_dense_labels_are_thinned_and_the_last_one_stays():
    chart = line_chart(*range(60), labels=[f"{k % 12 + 1:02d}.20{20 + k // 12}" for k in range(60)])
    shown = [text for text in words(drawn(chart)) if text and text.count(".") == 1]
    assert "12.2024" in shown
    assert 3 < len(shown) < 20


def test_paper_has_a_size_and_no_links_and_no_styles():
    chart = Chart(
        "Trend",
        (
            Series(
                "Mean",
                (Point("2020", 1, url="/a/"), Point("2021", 2)),
            ),
        ),
    )
    page, paper = charting.svg(chart), charting.svg(chart, width=600, for_paper=True)
    assert 'href="/a/"' in page
    assert 'role="group"' in page  # a picture may hold no links
    assert "href" not in paper
    assert 'width="600"' in paper
    assert 'role="img"' in paper
    assert "style=" not in page + paper
    assert 'font-family="Inter' in paper


def test_nothing_that_people_typed_becomes_markup():
    chart = Chart("<b>T</b>", (Series('S"<i>', (Point("<script>", 1, note="&<u>"),)),), measure="<m>")
    tree = drawn(chart)
    assert not [e for e in tree.iter() if e.tag.rsplit("}")[-1] in ("b", "i", "script", "u", "m")]


def test_the_figure_shows_picture_and_table_with_the_same_values():
    chart = Chart("Trend", (Series("Mean", (Point("2020", 1.25, "red", note="few answers", url="/a/"),)),), decimals=1)
    html = Template("{% load charts %}{% chart chart %}").render(Context({"chart": chart}))
    assert html.count("<svg") == 2  # wide and narrow
    table = html[html.index("<table") :]
    assert "1.3" in table and "red · few answers" in table and 'href="/a/"' in table
    assert "style=" not in html


def test_a_chart_without_values_says_so():
    html = Template("{% load charts %}{% chart chart %}").render(Context({"chart": line_chart(None, None)}))
    assert "<svg" not in html
    assert "Nothing was measured yet." in html


def test_the_summary_says_where_a_line_begins_and_ends():
    text = charting.summary(line_chart(None, 1, 3, measure="%"))
    assert text == "Mean: from 1 % (2021) to 3 % (2022)."


def test_one_point_and_equal_values_are_drawn():
    for chart in (line_chart(5), line_chart(5, 5), line_chart(0), line_chart(-3, -3)):
        assert len(found(drawn(chart), "chart-point")) == len(chart.series[0].points)
