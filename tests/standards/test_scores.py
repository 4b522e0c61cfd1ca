"""Averages of self-assessment: counted by hand, the same on page, in the file, on paper and in reports; and whose they are."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from qa_portal.reports.blocks import Facts, Picture, Table
from qa_portal.web.registry import ChapterScope, registry
from standards import score_tables, scores
from standards.models import AreaAnswer, Assessment, Cycle, Edition, Score
from standards.scores import ALL, OWN, WHOLE, Cell

from .scenes_scores import answers, cycle, programme, standard

pytestmark = pytest.mark.django_db
MAP, TREND = "/standards/heat-map/", "/standards/trend/"


@pytest.fixture(autouse=True)
def english(world):
    with translation.override("en"):
        yield


@pytest.fixture
def two_units(world):
    """Approved: therapy scores 3 2 n/a in S1, surgery 1 in S1 and 0 0 1 in S2."""
    year = cycle(2025)
    answers(year, world.department, S1="32-")
    answers(year, world.other, S1="1", S2="001")
    return year


def whole(year, person=None, **more):
    return scores.heat_map(year, person, **more)


# -- one cell -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("letters", "shown", "word", "beside"),
    [
        ("333", "3.0", "Fully met", (0, 0, 0)),
        ("32-", "2.5", "Fully met", (1, 0, 0)),
        ("221", "1.7", "Largely", (0, 0, 0)),
        ("01?", "0.5", "Partly", (0, 1, 0)),
        ("00-", "0.0", "Not met", (1, 0, 0)),
        ("---", "—", "", (3, 0, 0)),
        ("??-", "—", "", (1, 2, 0)),
    ],
)
def test_an_average_is_points_by_scored_answers_and_the_rest_is_counted_beside(world, letters, shown, word, beside):
    year = cycle(2025)
    answers(year, world.department, S1=letters)
    cell = whole(year).cell(world.department.pk, "S1")
    assert (cell.shown, cell.word) == (shown, word)
    assert (cell.not_applicable, cell.not_looked, cell.waiting) == beside
    assert cell.areas == len(letters)


def test_nothing_asked_is_no_zero(world, two_units):
    found = whole(two_units)
    assert found.cell(world.department.pk, "S2") == Cell()
    assert found.cell(world.department.pk, "S2").mean is None
    assert score_tables.words(found.cell(world.department.pk, "S2")) == ""


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell(areas=2, not_applicable=2), "n/a"),
        (Cell(areas=2, not_applicable=1, not_looked=1), "?"),
        (Cell(areas=2, not_applicable=1), "…"),
        (Cell(points=5, scored=2, areas=3, not_applicable=1), "2.5"),
        (Cell(), ""),
    ],
)
def test_a_cell_without_an_average_says_why(cell, text):
    assert score_tables.words(cell) == text


@pytest.mark.parametrize(
    ("points", "scored", "shown", "step"),
    [(9, 20, "0.5", 1), (29, 20, "1.5", 2), (49, 20, "2.5", 3), (44, 20, "2.2", 2)],
)
def test_figure_and_word_of_a_cell_go_together(points, scored, shown, step):
    cell = Cell(points, scored, areas=scored)
    assert (cell.shown, cell.step) == (shown, step)


# -- which answers count ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "cycle_state", "counts"),
    [
        (AreaAnswer.OPEN, Cycle.OPEN, False),
        (AreaAnswer.RETURNED, Cycle.OPEN, False),
        (AreaAnswer.SUBMITTED, Cycle.OPEN, True),
        (AreaAnswer.ACCEPTED, Cycle.OPEN, True),
        (AreaAnswer.SUBMITTED, Cycle.SUBMITTED, True),
        (AreaAnswer.SUBMITTED, Cycle.APPROVED, False),
        (AreaAnswer.ACCEPTED, Cycle.APPROVED, True),
    ],
)
def test_answers_count_once_submitted_and_when_approved_only_accepted_ones(world, state, cycle_state, counts):
    year = cycle(2025, cycle_state)
    answers(year, world.department, state, S1="3-?")
    cell = whole(year).cell(world.department.pk, "S1")
    assert cell == (Cell(3, 1, 1, 1, 3) if counts else Cell(areas=3))
    assert [scores.enters(row, year) for row in AreaAnswer.objects.all()] == [counts] * 3
    assert whole(year).provisional is (cycle_state != Cycle.APPROVED)


def test_what_was_taken_out_does_not_exist(world):
    year = cycle(2025)
    answers(year, world.department, S1="3")
    answers(year, world.department, AreaAnswer.CANCELLED, S2="000")
    answers(year, world.other, assessment_state=Assessment.CANCELLED, S1="000")
    assert whole(year).cell(WHOLE) == Cell(3, 1, 0, 0, 1)
    assert [line.key for line in whole(year).lines] == [world.department.pk]


# -- totals -----------------------------------------------------------------------------------------------------------------
def test_totals_are_over_the_answers_and_no_mean_of_means(world, two_units):
    found = whole(two_units)
    assert found.cell(WHOLE, "S1").shown == "2.0"  # (3 + 2 + 1) / 3; the mean of 2.5 and 1.0 would be 1.8
    assert found.cell(world.other.pk, ALL).shown == "0.5"  # (1 + 0 + 0 + 1) / 4
    assert found.cell(WHOLE, ALL) == Cell(7, 6, 1, 0, 7)


def test_programmes_have_a_map_of_their_own(world, two_units):
    course = programme(world.department)
    answers(two_units, world.department, of=course, S1="000")
    assert whole(two_units).cell(WHOLE, "S1").shown == "2.0"
    of_programmes = whole(two_units, programmes=True)
    assert [(line.key, line.label) for line in of_programmes.lines] == [(course.pk, "6B10101")]
    assert of_programmes.cell(course.pk, "S1").shown == "0.0"


def test_the_areas_of_one_standard(world, two_units):
    found = scores.areas_map(two_units, "S1", None)
    assert [column.key for column in found.columns] == ["S1.A1", "S1.A2", "S1.A3"]
    assert found.cell(WHOLE, "S1.A1").shown == "2.0"
    assert score_tables.words(found.cell(world.department.pk, "S1.A3")) == "n/a"
    assert found.cell(WHOLE, ALL) == whole(two_units).cell(WHOLE, "S1")


def test_standards_stand_in_their_order(world):
    year = cycle(2025, standards=(10, 2, 1))
    answers(year, world.department, S10="1", S2="1", S1="1")
    assert [column.key for column in whole(year).columns] == ["S1", "S2", "S10"]


# -- change and trend -------------------------------------------------------------------------------------------------------
def test_change_is_between_the_same_unit_and_the_same_code(world, two_units):
    before = cycle(2024)
    answers(before, world.department, S1="11", S2="33")
    answers(before, world.other, S2="222")
    moves = scores.change(whole(two_units), before, None)
    assert {key: move.shown for key, move in moves.items()} == {
        (world.department.pk, "S1"): "+1.5",
        (world.department.pk, ALL): "+0.5",  # 5/2 against 8/4
        (world.other.pk, "S2"): "−1.7",  # 1/3 against 2
        (world.other.pk, ALL): "−1.5",
        (WHOLE, "S1"): "+1.0",
        (WHOLE, "S2"): "−2.1",
        (WHOLE, ALL): "−0.8",  # 7/6 against 14/7
    }


def test_what_moved_the_most_comes_first_and_what_stayed_is_left_out():
    def move(line, before, now):
        return scores.changed(line, "S1", Cell(before, 100, areas=100), Cell(now, 100, areas=100))

    rose, fell = scores.moved([move(1, 100, 110), move(2, 100, 104), move(3, 200, 100), move(4, 100, 290)])
    assert [change.line for change in rose] == [4, 1]
    assert [change.line for change in fell] == [3]


def test_another_edition_is_compared_by_code(world):
    """Edition 2 words S1 anew, drops S2 and brings S3."""
    before = cycle(2024)
    answers(before, world.department, S1="11", S2="22")
    edition = Edition.objects.create(number=2, in_force_from="2025-01-01", digest="two")
    for number in (1, 3):
        standard(number, areas=2, edition=edition)
    now = cycle(2025, standards=(1, 3), edition=edition)
    answers(now, world.department, S1="33", S3="11")
    assert AreaAnswer.objects.filter(area__standard__edition=edition).count() == 4
    moves = scores.change(whole(now), before, None)
    assert {column for _line, column in moves} == {"S1", ALL}
    assert moves[world.department.pk, "S1"].shown == "+2.0"
    found = scores.trend(None)
    assert [line.key for line in found.lines] == ["S1", "S2", "S3"]
    assert [found.cell("S2", year).shown for year in found.cycles] == ["2.0", "—"]


def test_the_year_before_is_the_last_one_that_has_figures(world):
    now = cycle(2025)
    cycle(2024, Cycle.CANCELLED)
    earlier = cycle(2022)
    assert scores.earlier_than(now) == earlier
    assert scores.earlier_than(earlier) is None


def test_the_trend_has_the_last_five_cycles_oldest_first(world):
    for year in range(2019, 2026):
        answers(cycle(year, standards=(1,)), world.department, S1=str(year % 4))
    found = scores.trend(None)
    assert [year.year for year in found.cycles] == [2021, 2022, 2023, 2024, 2025]
    assert [found.cell(WHOLE, year).mean for year in found.cycles] == [1, 2, 3, 0, 1]
    assert [year.year for year in scores.trend(None, until=2022).cycles] == [2019, 2020, 2021, 2022]


def test_trend_and_heat_map_say_the_same(world, two_units):
    found, by_unit = scores.trend(None), scores.trend(None, by_unit=True, standard="S1")
    map_ = whole(two_units)
    assert found.cell(WHOLE, two_units) == map_.cell(WHOLE)
    assert found.cell("S2", two_units) == map_.cell(WHOLE, "S2")
    assert by_unit.cell(world.other.pk, two_units) == map_.cell(world.other.pk, "S1")
    one = scores.trend(None, unit=world.other)
    assert one.cell("S2", two_units) == map_.cell(world.other.pk, "S2")
    assert scores.last_two(None, unit=world.other).cell(WHOLE, two_units) == map_.cell(world.other.pk)
    assert scores.last_two(world.staff, unit=world.other).cycles == []


# -- who sees what -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("state", "totals"), [(Cycle.APPROVED, [WHOLE, OWN]), (Cycle.OPEN, [OWN])])
def test_a_unit_reads_its_own_line_and_the_university_once_approved(world, state, totals):
    year = cycle(2025, state)
    answers(year, world.department, S1="32-")
    answers(year, world.other, S1="1")
    found = scores.heat_map(year, world.staff)
    assert [line.key for line in found.lines] == [world.department.pk]
    assert found.total_lines == totals
    assert not [line for line, _column in found.cells if line == world.other.pk]
    assert found.cell(OWN, "S1").shown == "2.5"
    if WHOLE in totals:
        assert found.cell(WHOLE, "S1").shown == "2.0"


def test_a_dean_reads_the_departments_below(world, two_units):
    assert len(scores.heat_map(two_units, world.dean).lines) == 2
    assert scores.heat_map(two_units, world.stranger).lines == []


def test_a_programme_head_reads_the_own_programme(world, two_units):
    mine = programme(world.department, head=world.stranger)
    answers(two_units, world.department, of=mine, S1="2")
    answers(two_units, world.other, of=programme(world.other, "7M10102"), S1="1")
    seen = scores.heat_map(two_units, world.stranger, programmes=True)
    assert [line.key for line in seen.lines] == [mine.pk]


def test_the_trend_of_another_unit_is_not_told(world, two_units):
    assert scores.trend(world.staff, unit=world.other).cycles == []
    assert scores.trend(world.staff, by_unit=True).lines[0].key == world.department.pk
    assert len(scores.trend(world.staff, by_unit=True).lines) == 1
    answers(cycle(2026, Cycle.OPEN), world.department, AreaAnswer.SUBMITTED, S1="1")
    assert [year.year for year in scores.trend(world.staff).cycles] == [2025]  # the university's, when approved
    assert [year.year for year in scores.trend(world.staff, unit=world.department).cycles] == [2025, 2026]


def test_pages_hide_cycles_units_and_programmes_that_one_does_not_see(world, two_units, signed_in):
    draft = cycle(2026, Cycle.DRAFT)
    for address in (
        f"{MAP}?cycle={draft.pk}",
        f"{MAP}?cycle=x",
        f"{MAP}?standard=S9",
        f"{MAP}?of=rooms",
        f"{MAP}?compare=99999",
        f"{MAP}cell/?cycle={two_units.pk}&standard=S1&unit={world.other.pk}",
        f"{MAP}cell/?cycle={two_units.pk}&standard=S1",
        f"{MAP}cell/?cycle={two_units.pk}&standard=S7&unit={world.department.pk}",
        f"{TREND}?unit={world.other.pk}",
        f"{TREND}?standard=S9",
        f"{TREND}?by=room",
    ):
        assert signed_in("staff").get(address).status_code == 404, address
    for username, address in (("expert", MAP), ("expert", TREND)):
        assert signed_in(username).get(address).status_code == 404


# -- pages -------------------------------------------------------------------------------------------------------------------
def test_the_map_shows_figures_links_and_what_they_mean(world, two_units, signed_in):
    page = signed_in("asb").get(MAP).content.decode()
    assert f"{MAP}cell/?cycle={two_units.pk}&amp;unit={world.department.pk}&amp;standard=S1" in page
    assert '<td class="heat-3">' in page
    with translation.override("kk"):
        assert f'2,5<span class="sr-only"> {Score.FULLY.label}' in page
    assert "style=" not in page[page.index("<main") : page.index("</main")]
    assert "note--warning" not in page


def test_a_running_cycle_is_marked_provisional(world, signed_in):
    answers(cycle(2026, Cycle.OPEN), world.department, AreaAnswer.SUBMITTED, S1="1")
    assert b"note--warning" in signed_in("asb").get(MAP).content


def test_without_a_cycle_the_pages_say_what_will_stand_there(signed_in):
    for address in (MAP, TREND):
        response = signed_in("asb").get(address)
        assert response.status_code == 200
        assert b'class="nothing"' in response.content


def test_behind_a_cell_stand_its_answers_and_how_the_figure_is_made(world, two_units, signed_in):
    address = f"{MAP}cell/?cycle={two_units.pk}&standard=S1&unit={world.department.pk}"
    response = signed_in("staff").get(address)
    assert response.context["sum"] == "3 + 2"
    assert response.context["cell"] == whole(two_units).cell(world.department.pk, "S1")
    assert [row["answer"].code for row in response.context["rows"]] == ["S1.A1", "S1.A2", "S1.A3"]
    assert response.context["rows"][0]["answer"].get_absolute_url() in response.content.decode()


def test_the_comparison_lists_what_rose_and_fell(world, two_units, signed_in):
    before = cycle(2024)
    answers(before, world.department, S1="00")
    answers(before, world.other, S2="333")
    context = signed_in("asb").get(f"{MAP}?cycle={two_units.pk}&compare={before.pk}").context
    assert [(row["line"], row["by"][0]) for row in context["rose"]] == [("therapy бөлімі", "+")]
    assert [(row["line"], row["by"]) for row in context["fell"]] == [("surgery бөлімі", "−2,7")]


@pytest.mark.parametrize("query", ["", "&compare=EARLIER", "&standard=S1", "&of=programmes"])
def test_the_file_holds_exactly_what_the_page_shows(world, two_units, signed_in, query):
    earlier = cycle(2024)
    answers(earlier, world.department, S1="11")
    answers(two_units, world.department, of=programme(world.department), S1="02-")
    client = signed_in("asb")
    address = f"{MAP}?cycle={two_units.pk}{query.replace('EARLIER', str(earlier.pk))}"
    grid = client.get(address).context["grid"]
    sheet = load_workbook(io.BytesIO(client.get(f"{address}&export=xlsx").content)).active
    rows = [[value for value in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [row[0] for row in rows] == [score_tables.named(line) for line in grid.lines]
    step = 2 if grid.compared else 1
    for row, line in zip(rows, grid.lines, strict=True):
        for value, column in zip(row[1::step], grid.columns, strict=True):
            cell = grid.map.cell(line.key, column.key)
            with translation.override("kk"):
                assert (value or "") == (cell.tenths / 10 if cell.scored else score_tables.words(cell)) or value == 0
        if grid.compared:
            shown = [grid.changes.get((line.key, column.key)) for column in grid.columns]
            assert [value or None for value in row[2::2]] == [move.tenths / 10 if move else None for move in shown]


def test_the_trends_file_holds_the_table(world, two_units, signed_in):
    client = signed_in("asb")
    years = client.get(TREND).context["years"]
    sheet = load_workbook(io.BytesIO(client.get(f"{TREND}?export=xlsx").content)).active
    assert [row[:2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (score_tables.named(line), years.trend.cell(line.key, two_units).tenths / 10) for line in years.lines
    ]


def test_the_map_is_printed_for_the_council(world, two_units, signed_in):
    response = signed_in("asb").get(f"{MAP}{two_units.pk}/print/")
    assert response.status_code == 200
    assert b"".join(response).startswith(b"%PDF")


# -- panels and chapter ------------------------------------------------------------------------------------------------------
def test_a_standard_and_a_unit_show_their_last_average(world, two_units, signed_in):
    answers(cycle(2024), world.department, S1="11")
    first = standard(1)
    page = signed_in("asb").get(first.get_absolute_url()).content.decode()
    assert "?by=unit&amp;standard=S1" in page
    assert "+1,0" in page  # 2.0 against 1.0
    unit_page = signed_in("staff").get(world.department.get_absolute_url()).content.decode()
    assert f"?unit={world.department.pk}" in unit_page
    assert f"{TREND}?unit=" not in signed_in("staff").get(world.other.get_absolute_url()).content.decode()


def scope(**more):
    return ChapterScope(since="2025-01-01", until="2025-12-31", year=2025, **more)


def test_the_chapter_says_what_the_page_says(world, two_units):
    answers(cycle(2024), world.department, S1="11")
    blocks = registry.chapters["self_assessment"].make(scope(standard="S1"))
    facts, table = (next(b for b in blocks if isinstance(b, kind)) for kind in (Facts, Table))
    map_ = whole(two_units)
    moves = scores.change(map_, scores.earlier_than(two_units), None)
    assert [(row[0], row[1], row[3]) for row in table.rows] == [
        (
            line.label,
            score_tables.words(map_.cell(line.key, "S1")),
            moves[line.key, "S1"].shown if (line.key, "S1") in moves else "",
        )
        for line in map_.lines
    ]
    values = dict(facts.rows)
    assert values["Average, 0 to 3"] == "2.0 · Largely"
    assert values["Not applicable"] == "1"
    chart = next(b for b in blocks if isinstance(b, Picture)).chart
    assert [point.value for point in chart.series[0].points] == [1.0, 2.0]


def test_the_chapter_of_the_whole_lists_the_standards_and_of_a_unit_only_that_unit(world, two_units):
    table = next(b for b in registry.chapters["self_assessment"].make(scope()) if isinstance(b, Table))
    assert [row[:2] for row in table.rows] == [("S1 Policy", "2.0"), ("S2 Standard 2", "0.3"), ("All", "1.2")]
    of_unit = registry.chapters["self_assessment"].make(scope(standard="S1", unit=world.other))
    assert [row[0] for row in next(b for b in of_unit if isinstance(b, Table)).rows] == [str(world.other)]
    assert not [b for b in of_unit if isinstance(b, Picture)]


def test_the_chapter_has_nothing_to_say_where_nothing_was_assessed(world, two_units):
    make = registry.chapters["self_assessment"].make
    assert make(scope(standard="S9")) == []
    assert make(ChapterScope("2020-01-01", "2020-12-31", 2020)) == []
    assert make(scope(standard="S1", person=world.expert)) == []


# -- queries -----------------------------------------------------------------------------------------------------------------
def test_pages_ask_the_same_number_of_questions_of_many_units(world, signed_in):
    now, before = cycle(2025), cycle(2024)
    client = signed_in("asb")
    unit = world.department
    addresses = [
        MAP,
        f"{MAP}?cycle={now.pk}&compare={before.pk}",
        f"{MAP}?standard=S1",
        TREND,
        f"{TREND}?by=unit",
        f"{MAP}cell/?cycle={now.pk}&standard=S1&unit={unit.pk}",
    ]
    counts = []
    for round_ in range(2):
        for number in range(1 if round_ == 0 else 29):
            place = unit if round_ == 0 else world.unit(f"u{number}", world.school, "department")
            answers(now, place, S1="12" if round_ == 0 else "123")
            answers(before, place, S1="21")
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 16


def test_the_figures_of_a_map_are_one_query(world, two_units):
    with CaptureQueriesContext(connection) as asked:
        scores.cells_of(two_units, None)
    assert len(asked) == 1
