"""What page, API, export and paper show of a release, to whom; and that none shows more than another."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook
from rest_framework.test import APIClient

from capa.signals import waiting_rows
from qa_portal.reports.blocks import Picture, Table, Text
from qa_portal.web.charting import svg, table
from qa_portal.web.charts import AROUND, BAR, DIVERGING
from qa_portal.web.registry import ChapterScope, registry
from surveys.models import Release, ReleaseNode
from surveys.report_blocks import blocks_of
from surveys.reports.releases import sheet_rows
from surveys.result_words import charts_of, margin_words, trend_words
from surveys.results import Reading, lines, with_campaign
from surveys.workflow import releases as steps

from . import scenes_releases as scenes

pytestmark = pytest.mark.django_db


def api(world, username):
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_authenticate(getattr(world, username))
    return client


def reading(release, person=None):
    return Reading(with_campaign(Release.objects).get(pk=release.pk), person)


def words_of(html):
    """What a person reads of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


# -- the page ------------------------------------------------------------------------------------------
def test_the_page_shows_figures_charts_reliability_and_method(world, signed_in):
    release = scenes.sent(world)
    page = signed_in("staff").get(f"/surveys/releases/{release.pk}/results/")
    text = words_of(page.content.decode())
    for expected in ("75", "4,10", "3,90–4,30", "73 %", "0,81"):
        assert expected in text, expected
    parts = page.context["page"]["parts"]
    assert [[chart.kind for chart in part["charts"]] for part in parts] == [[DIVERGING, AROUND], [DIVERGING, BAR, BAR]]
    assert [row["code"] for row in parts[1]["rows"]] == [scenes.ROOMS, scenes.WAY, scenes.MARK, scenes.HOURS]
    assert page.context["reliability"][0]["warning"]
    assert page.context["margin"]
    assert [row["label"].split(": ")[1] for row in page.context["strata"]] == ["Medicine (қаз)", "Law (қаз)"]
    assert [row["apart"] for row in page.context["strata"]] == [False, True]


def test_a_group_is_compared_with_faculty_and_university(world, signed_in):
    release = scenes.sent(world)
    therapy = release.nodes.get(label__en="Therapy")
    base = f"/surveys/releases/{release.pk}/results/"
    page = signed_in("staff").get(f"{base}?tree={scenes.SCHOOLS}&group={therapy.pk}").context["page"]
    with translation.override("kk"):
        assert page["beside"] == ["All (қаз)", "Medicine (қаз)"]
    row = page["parts"][0]["rows"][0]
    assert (row["said"].mean, row["said"].top, row["said"].band_only) == ("4,3", "75–100 %", True)
    assert [other.mean for other in row["beside"]] == ["4,10", "4,20"]
    assert page["parts"][0]["rows"][1]["said"].few  # a question too few of the group answered
    whole = signed_in("staff").get(f"{base}?tree={scenes.SCHOOLS}").context["page"]
    assert [name.split()[0] for name in whole["beside"]] == ["Medicine", "Law"]


def test_hidden_groups_say_too_few_and_cannot_be_chosen(world, signed_in):
    release = scenes.sent(world)
    surgery = release.nodes.get(label__en="Surgery")
    page = signed_in("staff").get(f"/surveys/releases/{release.pk}/results/?tree={scenes.SCHOOLS}&group={surgery.pk}")
    assert page.context["page"]["hidden"]
    choices = {row["label"].split("— ")[-1].split()[0]: row["hidden"] for row in page.context["groups"]}
    assert choices == {"Medicine": False, "Therapy": False, "Surgery": True, "Dentistry": True, "Law": False}


@pytest.mark.parametrize("query", ["tree=level", "group=999999", "group=x", "group=99999999999999999999"])
def test_addresses_that_name_nothing_are_not_found(world, signed_in, query):
    release = scenes.sent(world)
    assert signed_in("staff").get(f"/surveys/releases/{release.pk}/results/?{query}").status_code == 404


def test_a_group_of_another_release_or_scope_is_not_found(world, signed_in):
    release, other = scenes.sent(world), scenes.sent(world)
    base = f"/surveys/releases/{release.pk}/results/?group="
    assert signed_in("staff").get(f"{base}{other.nodes.first().pk}").status_code == 404
    public = release.nodes.filter(scope="public").first()
    assert signed_in("staff").get(f"{base}{public.pk}").status_code == 404


def test_figures_being_made_are_no_page_yet(world, signed_in):
    release = scenes.making(world)
    assert signed_in("asb").get(f"/surveys/releases/{release.pk}/results/").status_code == 409
    assert api(world, "asb").get(f"/api/v1/surveys/releases/{release.pk}/results/").status_code == 409
    assert signed_in("asb").get(f"/surveys/releases/{release.pk}/status/").json() == {"progress": 0, "done": False}


def test_years_are_drawn_on_demand_and_break_where_the_wording_changed(world, signed_in):
    release = scenes.sent(world)
    page = signed_in("staff").get(f"/surveys/releases/{release.pk}/results/?trend={scenes.CLEAR}")
    row = page.context["page"]["parts"][0]["rows"][0]
    assert len(row["chart"].series) == 2
    year = release.campaign.year
    translation.activate("en")
    points = reading(release, world.staff).trend(scenes.CLEAR, {scenes.CLEAR: {}} | scenes.whole())
    assert trend_words(points) == f"{year - 2}: 3.7 · {year - 1}: 3.9 ¦ {year}: 4.1"


def test_pages_cost_the_same_whatever_the_answers_and_groups(world, signed_in):
    release = scenes.sent(world)
    client = signed_in("staff")
    address = f"/surveys/releases/{release.pk}/results/?tree={scenes.SCHOOLS}"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    for number in range(40):
        scenes.node(
            release,
            scenes.SCHOOLS,
            f"{world.school.pk}/{1000 + number}",
            f"D{number}",
            {scenes.CLEAR: scenes.likert(900)},
        )
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    own = [
        query["sql"]
        for query in few.captured_queries
        if "surveys_" in query["sql"] and "surveys_text" not in query["sql"]
    ]
    assert len(own) == 3  # the release, its groups without cells, the cells of those at hand
    assert len(many) == len(few)


def test_the_register_costs_the_same_at_one_row_and_at_many(world, signed_in):
    client = signed_in("asb")
    scenes.sent(world)
    client.get("/surveys/releases/")
    with CaptureQueriesContext(connection) as few:
        client.get("/surveys/releases/")
    for _number in range(4):
        scenes.sent(world)
    with CaptureQueriesContext(connection) as many:
        client.get("/surveys/releases/")
    assert len(many) == len(few)
    listed = api(world, "asb")
    listed.get("/api/v1/surveys/releases/")
    with CaptureQueriesContext(connection) as one:
        listed.get("/api/v1/surveys/releases/?page_size=1")
    with CaptureQueriesContext(connection) as five:
        listed.get("/api/v1/surveys/releases/")
    assert len(one) == len(five)


# -- export, API, paper say the same ------------------------------------------------------------------------
def sheet(client, release, kind, tree="", base="/surveys/releases"):
    answer = client.get(f"{base}/{release.pk}/table/?kind={kind}&tree={tree}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_xlsx_and_csv_hold_exactly_what_is_shown(world, signed_in):
    release = scenes.sent(world)
    client = signed_in("staff")
    with translation.override("kk"):
        expected = list(sheet_rows(reading(release, world.staff)))
    book = load_workbook(io.BytesIO(sheet(client, release, "xlsx")))
    got = [list(row) for row in book.active.iter_rows(min_row=2, values_only=True)]
    assert got == [[value if value != "" else None for value in row] for row in expected]
    rows = list(csv.reader(io.StringIO(sheet(client, release, "csv").decode("utf-8-sig"))))
    assert len(rows) == len(expected) + 1
    hidden = [row for row in expected if row[1].startswith("Surgery")]
    assert hidden and all(row[5:12] == [None, None, "", "", "", "", ""] for row in hidden)
    assert client.get(f"/surveys/releases/{release.pk}/table/?kind=pdf").status_code == 404


def test_the_api_gives_the_cells_that_the_page_shows(world):
    release = scenes.sent(world)
    answer = api(world, "staff").get(f"/api/v1/surveys/releases/{release.pk}/results/?tree={scenes.SCHOOLS}").json()
    assert answer["trees"] == [scenes.SCHOOLS]
    by_label = {group["label"]["en"]: group for group in answer["groups"]}
    assert by_label["Surgery"]["hidden"] and by_label["Surgery"]["cells"] == {}
    assert by_label["Law"]["cells"] == {scenes.CLEAR: scenes.likert(20, 3.9)}
    shown = {(line.group.pk, line.question.code) for line in lines(reading(release, world.staff)) if line.cell}
    told = {(group["id"], code) for group in answer["groups"] for code in group["cells"]}
    assert shown == told
    received = api(world, "head").post(f"/api/v1/surveys/releases/{release.pk}/received/")
    assert received.json() == {"received_on": timezone.localdate().isoformat()}
    assert api(world, "staff").post(f"/api/v1/surveys/releases/{release.pk}/received/").status_code == 404


def test_the_report_has_its_parts_in_order(world):
    release = scenes.sent(world)
    blocks = blocks_of(reading(release, world.staff))
    titles = [block.text for block in blocks if type(block).__name__ == "Heading" and block.level == 1]
    expected = [
        "Response and representativeness", "Results", "By school → department", "Reliability", "Over the years",
        "Conclusions", "Recommendations", "How to read the figures",
    ]  # fmt: skip
    assert [title for title in titles if title != "In short"] == expected
    assert [block.chart.kind for block in blocks if isinstance(block, Picture)] == [
        DIVERGING,
        AROUND,
        DIVERGING,
        BAR,
        BAR,
    ]
    tables = [block for block in blocks if isinstance(block, Table)]
    by_groups = next(block for block in tables if "Surgery" in block.head)
    assert by_groups.rows[0][by_groups.head.index("Surgery")] == "too few answers"
    notes = " ".join(block.text for block in blocks if isinstance(block, Text))
    assert "fewer than 5 answers" in notes and "as if chance had chosen them" in notes


def test_the_public_edition_has_public_groups_only(world):
    release = scenes.published(world)
    words = repr(blocks_of(reading(release)))
    assert "Therapy" not in words and "Surgery" not in words and "Law" not in words and "Medicine" in words
    assert "fewer than 10 answers" in words
    courses = scenes.courses_sent(world)
    words = repr(blocks_of(reading(courses)))
    assert "THER" not in words and "TEACHES" not in words


def test_public_trends_leave_out_years_with_few_answers(world):
    release = scenes.published(world)
    open_ = reading(release)
    cells = open_.with_cells(open_.groups)[open_.root.pk]
    assert [point["n"] for point in open_.trend(scenes.CLEAR, cells)] == [60, 75]
    assert open_.trend(scenes.HEAVY, cells) == []


def test_cells_of_other_groups_are_not_to_be_had(world):
    """`with_cells` gives nothing of groups that the reader may not read, whoever asks for them."""
    release = scenes.courses_sent(world)
    nodes = list(ReleaseNode.objects.filter(release=release))
    mine = reading(release, world.staff)
    readable = {node.pk for node in mine.groups if not node.hidden}
    assert set(mine.with_cells(nodes)) == readable
    open_ = reading(release)
    assert {node.scope for node in nodes if node.pk in open_.with_cells(nodes)} == {"public"}


def test_one_paper_is_made(world, signed_in):
    """A smoke test: the PDF of the inside edition in one language."""
    release = scenes.sent(world)
    answer = signed_in("staff").get(f"/surveys/releases/{release.pk}/print/?lang=en")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


# -- without signing in -------------------------------------------------------------------------------------
def test_public_pages_show_published_surveys_only(world):
    release, hidden = scenes.published(world), scenes.sent(world)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    listed = client.get("/public/surveys/")
    assert [item["release"] for item in listed.context["items"]] == [release]
    assert "75" in listed.context["items"][0]["response"]
    page = client.get(f"/public/surveys/{release.pk}/")
    assert page.status_code == 200
    assert page.context["trees"][1]["url"].startswith("/public/surveys/")
    assert client.get(f"/public/surveys/{hidden.pk}/").status_code == 404
    assert client.get(f"/public/surveys/{hidden.pk}/table/").status_code == 404
    therapy = release.nodes.get(label__en="Therapy")
    assert client.get(f"/public/surveys/{release.pk}/?group={therapy.pk}").status_code == 404
    rows = list(csv.reader(io.StringIO(sheet(client, release, "csv", base="/public/surveys").decode("utf-8-sig"))))
    assert not [row for row in rows if "Therapy" in row[1] or "Law" in row[1]]


def test_a_withdrawn_survey_leaves_the_public_page(world):
    release = scenes.published(world)
    steps.withdraw(release, by=world.asb, reason="Қате")
    assert Client().get(f"/public/surveys/{release.pk}/").status_code == 404


# -- words and pictures --------------------------------------------------------------------------------------
def test_the_margin_says_that_silence_is_taken_for_chance(world):
    assert "as if chance had chosen them" in margin_words(scenes.made(world))


def test_pictures_and_their_tables_say_the_same(world):
    mine = reading(scenes.made(world), world.asb)
    charts = charts_of(mine.parts[0], scenes.whole())
    first = table(charts[0])
    assert [row["label"] for row in first["rows"]] == ["Question st-clear", "Question st-heavy ↔"]
    assert first["names"][0] == "Strongly disagree"
    assert [cell["text"] for cell in first["rows"][0]["cells"]] == ["0 %", "7 %", "20 %", "33 %", "40 %"]
    assert "Just right" in svg(charts[1])


# -- what goes on to other rooms ------------------------------------------------------------------------------
def test_low_results_and_recommendations_wait_to_become_findings(world):
    release = scenes.sent(world)
    low = list(waiting_rows(registry.signals["surveys.low"]))
    assert sorted(node.label["en"] for node in low) == ["All", "Medicine"]
    draft = registry.signals["surveys.low"].draft(next(node for node in low if node.path))
    assert (draft["unit"], draft["source_kind"], draft["severity"]) == (world.school, "survey", "observation")
    assert "st-rooms" in draft["description"]
    rows = list(waiting_rows(registry.signals["surveys.recommendation"]))
    assert rows == list(release.recommendations.all())
    assert registry.signals["surveys.recommendation"].draft(rows[0])["unit"] == world.department
    scenes.made(world)  # what is not sent yet raises nothing
    assert waiting_rows(registry.signals["surveys.low"]).count() == 2


def test_the_chapter_speaks_of_the_standard(world):
    scenes.published(world)
    today = timezone.localdate()
    made = registry.chapters["surveys"].make
    blocks = made(ChapterScope(today, today, today.year, "S1"))
    captions = [block.caption for block in blocks if isinstance(block, Table)]
    assert len(captions) == 2  # of what the public edition shows
    assert [row[0] for row in blocks[1].rows] == ["Question st-clear"]
    assert made(ChapterScope(today, today, today.year, "S11")) == []
    unit = made(ChapterScope(today, today, today.year, "", world.school))
    assert unit[0].rows[0][3] == "55"


def test_indicators_are_computed_from_published_releases(world):
    scenes.published(world)
    today = timezone.localdate()
    rate = registry.formulas["surveys.response_rate"].values(today, today)
    assert rate[None].value == pytest.approx(100 * 75 / 415)
    assert rate[world.far_school.pk].weight == 115
    assert registry.formulas["surveys.satisfaction"].values(today, today)[None].weight == 225


def test_the_desk_brings_work_to_whom_it_waits_for(world):
    made, sent = scenes.made(world), scenes.for_manager(world)
    assert list(registry.desk["releases-write"].rows(world.asb)) == [made]
    assert list(registry.desk["releases-write"].rows(world.head)) == []
    assert list(registry.desk["releases-publish"].rows(world.asb)) == [sent]
    assert list(registry.desk["releases-receive"].rows(world.head)) == [sent]
    item = registry.desk["releases-write"].item(made)
    assert item["url"] == made.get_absolute_url()


def test_desk_search_and_home_open_without_error(world, signed_in):
    scenes.published(world)
    client = signed_in("asb")
    assert client.get("/").status_code == 200
    assert client.get("/search/?q=Студенттер").status_code == 200
    assert Client().get("/").status_code == 200
