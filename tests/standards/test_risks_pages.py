"""Pages of risks: rating many at once, registers and export, context sheets, papers, the chapter, desk, API, counts of queries."""

from __future__ import annotations

import datetime
import html
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from rest_framework.test import APIClient

from qa_portal.notices.models import Letter, Notice, Reminded
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Person
from qa_portal.permissions import NotNow, Refused
from qa_portal.reports.blocks import Table, Text
from qa_portal.web.registry import ChapterScope, registry
from standards.models import ContextSheet, RiskMeasure, UnitRisk
from standards.reports.risks import ContextSheetPaper, RiskRegister
from standards.risk_register import start_register
from standards.workflow import context_sheets as sheet_steps
from standards.workflow import risks as steps

from . import scenes_risks as scenes

pytestmark = pytest.mark.django_db
TYPED = "Жоғалмайтын мәтін"


def api(world, username):
    client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    client.force_authenticate(getattr(world, username))
    return client


# -- rating many at once -----------------------------------------------------------------------
def rating(rows, *pairs):
    """What the page sends: ids, revisions, and the degrees chosen."""
    data = {"ids": [row.pk for row in rows]}
    for row, (likelihood, impact) in zip(rows, pairs, strict=True):
        data |= {f"r{row.pk}-revision": row.revision, f"r{row.pk}-likelihood": likelihood, f"r{row.pk}-impact": impact}
    return data


def test_a_unit_rates_its_register_on_one_page(world, signed_in):
    for place in (1, 2, 3):
        scenes.catalogue_risk(world, f"S1.K{place}")
    start_register(world.department, by=world.head)
    rows = list(UnitRisk.objects.order_by("pk"))
    client = signed_in("coordinator")
    choose = client.get("/standards/unit-risks/rate/")
    assert [(row["unit"], row["count"]) for row in choose.context["units"]] == [(world.department, 3)]
    address = f"/standards/unit-risks/rate/?unit={world.department.pk}"
    page = client.get(address)
    assert [row["risk"] for row in page.context["rows"]] == rows
    assert rows[0].words in page.content.decode()
    answer = client.post(address, rating(rows, (4, 5), ("", ""), (1, 1)))
    assert answer.status_code == 302
    assert list(UnitRisk.objects.order_by("pk").values_list("level", flat=True)) == [20, None, 1]
    assert [row["risk"] for row in client.get(address).context["rows"]] == [rows[1]]
    assert client.post(address, rating(rows[1:2], ("", ""))).status_code == 302


def test_one_mistake_saves_nothing_and_keeps_every_choice(world, signed_in):
    rows = [scenes.risk(world), scenes.risk(world)]
    address = f"/standards/unit-risks/rate/?unit={world.department.pk}"
    client = signed_in("head")
    for wrong in ((3, ""), (9, 1), ("x", 2)):
        answer = client.post(address, rating(rows, (4, 5), wrong))
        assert answer.status_code == 400
        form = answer.context["rows"][0]["form"]
        assert (form["likelihood"].value(), form["impact"].value()) == ("4", "5")
        assert rows[1].number in answer.content.decode()
    assert not UnitRisk.objects.filter(level__isnull=False).exists()


def test_what_somebody_else_rated_meanwhile_is_told_and_nothing_is_lost(world, signed_in):
    rows = [scenes.risk(world), scenes.risk(world)]
    data = rating(rows, (4, 5), (2, 2))
    steps.assess(rows[1], by=world.staff, likelihood=5, impact=5)
    answer = signed_in("head").post(f"/standards/unit-risks/rate/?unit={world.department.pk}", data)
    assert answer.status_code == 409
    assert answer.context["rows"][1]["form"].non_field_errors()
    assert answer.context["rows"][0]["form"]["likelihood"].value() == "4"
    assert UnitRisk.objects.get(pk=rows[0].pk).level is None


def test_only_those_who_rate_see_rows_to_rate(world, signed_in):
    row = scenes.risk(world, owner=None)
    address = f"/standards/unit-risks/rate/?unit={world.department.pk}"
    assert signed_in("staff").get(address).context["rows"] == []
    assert signed_in("staff").post(address, rating([row], (4, 4))).status_code == 403
    assert signed_in("head2").post(address, rating([row], (4, 4))).status_code == 302  # not visible: nothing was sent
    assert signed_in("head").get("/standards/unit-risks/rate/?unit=999999").status_code == 404
    row.refresh_from_db()
    assert row.level is None


# -- registers ---------------------------------------------------------------------------------
def test_filters_of_the_register(world, signed_in):
    unrated = scenes.risk(world)
    high = scenes.rated(world, 5, 5, owner=world.head)
    low = scenes.rated_twice(world, 1, 1, standard="S1")
    chance = scenes.opportunity(world)
    scenes.event(world, high)
    client = signed_in("head")
    for query, found in (
        ("", {unrated, high, low, chance}),
        ("light=red", {high}),
        ("light=green", {low}),
        ("light=red&light=green", {high, low}),
        ("unrated=true", {unrated}),
        ("kind=opportunity", {chance}),
        ("mine=true", {high}),
        ("came_true=true", {high}),
        ("standard=S1", {low}),
        ("likelihood=4&impact=4", {low, chance}),
        ("likelihood_now=1&impact_now=1", {low}),
        ("state=identified", {unrated}),
        ("overdue=true", set()),
        (f"unit={world.other.pk}", set()),
        (f"q={high.number}", {high}),
    ):
        page = client.get(f"/standards/unit-risks/?{query}").content.decode()
        assert {row for row in (unrated, high, low, chance) if row.number in page} == found, query
    assert client.get("/standards/unit-risks/?light=blue").status_code == 400


def test_export_holds_words_and_both_ratings(world, signed_in):
    scenes.catalogue_risk(world)
    start_register(world.department, by=world.head)
    scenes.rated_twice(world, 1, 2)
    text = b"".join(signed_in("head").get("/standards/unit-risks/?export=csv&lang=en")).decode("utf-8-sig")
    assert "The policy grows old S1.K1" in text
    assert "Likelihood after measures" in text
    assert len(text.strip().splitlines()) == 3


def test_the_page_of_a_risk_shows_ratings_and_measures(world, signed_in):
    row = scenes.rated_twice(world, 2, 3)
    measure = scenes.measure(world, row)
    page = signed_in("staff").get(row.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    assert measure.get_absolute_url() in text
    assert "Үш орын бос" in text
    assert "<svg" in text
    assert "4 × 4" in text


# -- context sheets ----------------------------------------------------------------------------
def test_nobody_approves_the_sheet_they_wrote(world):
    mine = scenes.sheet(world, by="head")
    with pytest.raises(Refused):
        sheet_steps.approve(mine, by=world.head)
    sheet_steps.approve(mine, by=world.dean)
    assert (mine.state, mine.approved_by, mine.approved_on) == ("approved", world.dean, scenes.in_days(0))
    sheet_steps.reopen(mine, by=world.asb, reason="Толықтыру")
    assert (mine.state, mine.approved_by) == ("draft", None)
    edited = scenes.sheet(world, unit=world.other, by="head2")
    edited.social = "Жас ұжым"
    edited.save_changes(by=world.dean)
    with pytest.raises(Refused):
        sheet_steps.approve(edited, by=world.dean)
    sheet_steps.approve(edited, by=world.board)


def test_the_universitys_sheet_is_approved_by_board_or_representative(world, signed_in):
    sheet = scenes.sheet(world, by="asb", unit=world.university)
    for username in ("asb2", "dean", "council"):
        with pytest.raises(Refused):
            sheet_steps.approve(sheet, by=getattr(world, username))
    assert signed_in("stranger").get(sheet.get_absolute_url()).status_code == 404
    sheet_steps.approve(sheet, by=world.quality)
    assert signed_in("stranger").get(sheet.get_absolute_url()).status_code == 200


def test_a_sheet_begins_from_last_years_and_stands_once_a_year(world, signed_in):
    year = timezone.localdate().year
    scenes.sheet(world, year=year - 1, economic="Теңге әлсіреді")
    client = signed_in("head")
    data = {"unit": world.department.pk, "year": year, "strengths": "Жаңа зертхана", "copy": "on"}
    assert client.post("/standards/context-sheets/add/", data).status_code == 302
    made = ContextSheet.objects.get(year=year)
    assert (made.strengths, made.economic, made.threats) == ("Жаңа зертхана", "Теңге әлсіреді", "Кадр ағымы")
    again = client.post("/standards/context-sheets/add/", {**data, "weaknesses": TYPED})
    assert again.status_code == 409
    assert TYPED in again.content.decode()
    for wrong in ({"year": year - 5}, {"year": "26"}, {"unit": ""}):
        assert client.post("/standards/context-sheets/add/", {**data, **wrong}).status_code == 400
    assert ContextSheet.objects.count() == 2


def test_a_line_of_the_sheet_leads_to_a_prefilled_risk(world, signed_in):
    sheet = scenes.sheet(world)
    client = signed_in("coordinator")
    page = client.get(sheet.get_absolute_url())
    parts = {part["name"]: part for section in page.context["sections"] for part in section["parts"]}
    assert [line["text"] for line in parts["strengths"]["lines"]] == ["Тәжірибелі ұжым", "Мықты клиника"]
    form = client.get(parts["threats"]["lines"][0]["url"]).context["form"]
    assert (form["title"].value(), form["kind"].value(), str(form["unit"].value())) == (
        "Кадр ағымы",
        "risk",
        str(world.department.pk),
    )
    chance = client.get(parts["strengths"]["lines"][0]["url"]).context["form"]
    assert chance["kind"].value() == "opportunity"


def test_an_empty_sheet_is_not_approved(world):
    with pytest.raises(NotNow):
        sheet_steps.approve(scenes.sheet(world, strengths="", threats=" "), by=world.head)


# -- papers and the chapter --------------------------------------------------------------------
def words_of(kind, record, person, language="en"):
    with translation.override(language):
        made = kind({"id": record.pk}, person, language).html()
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", made)))


def test_the_printed_register_holds_what_the_reader_sees(world):
    row = scenes.rated(world, 5, 5)
    scenes.measure(world, row)
    scenes.risk(world, title="Басқа бөлімдікі", unit=world.other, owner=None, by="head2")
    found = words_of(RiskRegister, world.department, world.head)
    assert "Оқытушылар жетпей қалады" in found
    assert "25 · High" in found
    assert "Конкурс жариялау" in found
    assert "Басқа бөлімдікі" not in found
    assert "Оқытушылар жетпей" not in words_of(RiskRegister, world.department, world.stranger)


def test_the_printed_sheet_says_whether_it_is_a_draft(world):
    sheet = scenes.sheet(world)
    assert "Draft" in words_of(ContextSheetPaper, sheet, world.head)
    sheet_steps.approve(sheet, by=world.head)
    found = words_of(ContextSheetPaper, sheet, world.head)
    assert "Draft" not in found
    assert "Мықты клиника" in found
    assert " ".join(world.head.get_short_name().split()) in found


def test_the_chapter_counts_what_the_pages_count(world):
    today = scenes.in_days(0)
    row = scenes.rated_twice(world, 2, 2, standard="S1")
    scenes.measure(world, row)
    scenes.event(world, scenes.rated(world, 5, 5, standard="S1"))
    scenes.rated(world, 5, 5, standard="S2")
    make = registry.chapters["risks"].make
    with translation.override("en"):
        blocks = make(ChapterScope(scenes.in_days(-30), today, today.year, "S1"))
        assert make(ChapterScope(scenes.in_days(-30), today, today.year, "S9")) == []
        earlier = make(ChapterScope(scenes.in_days(-60), scenes.in_days(-31), today.year, "S1"))
    assert isinstance(blocks[0], Text)
    counts, greatest, events = [block for block in blocks if isinstance(block, Table)]
    assert counts.rows == (("High", "2", "1"), ("Medium", "0", "0"), ("Low", "0", "1"))
    assert [line[4] for line in greatest.rows] == ["25 · High", "4 · Low"]
    assert "Конкурс жариялау" in greatest.rows[1][5]
    assert len(events.rows) == 1
    assert "Екі оқытушы кетті" in events.rows[0]
    assert len([block for block in earlier if isinstance(block, Table)]) == 2


# -- reminders and desk ------------------------------------------------------------------------
def reminded(rule, row, deadline, days, before=()):
    """Who hears so many days after the deadline, when everything before was sent in time."""
    Notice.objects.all().delete()
    Letter.objects.all().delete()
    for threshold in before:
        Reminded.objects.create(
            rule=rule, record_id=row.pk, deadline=deadline, threshold=threshold, outcome=Reminded.Outcome.SENT
        )
    morning = datetime.datetime.combine(deadline + datetime.timedelta(days=days), datetime.time(3), tzinfo=datetime.UTC)
    mine = next(declared for declared in rules() if declared.name == rule)
    with time_machine.travel(morning, tick=False):
        sweep_rule(mine, timezone.localdate())
        assert sweep_rule(mine, timezone.localdate())["sent"] == 0
    return sorted(Notice.objects.filter(kind="reminder").values_list("person__username", flat=True))


@pytest.mark.parametrize(
    ("days", "before", "people"),
    [(-15, (), []), (-14, (), ["staff"]), (1, (-14,), ["head", "staff"]), (30, (-14, 1), ["asb", "asb2"])],
)
def test_a_review_reminds_owner_then_head_then_the_quality_office(world, days, before, people):
    row = scenes.rated(world)
    assert reminded("standards.risk_review", row, row.review_on, days, before) == people


@pytest.mark.parametrize(
    ("days", "before", "people"),
    [(-7, (), ["staff2"]), (1, (-7, -1), ["head", "staff2"]), (14, (-7, -1, 1), ["asb", "asb2"])],
)
def test_a_measure_reminds_its_doer_then_head_then_the_quality_office(world, days, before, people):
    row = scenes.measure(world)
    assert reminded("standards.risk_measure_due", row, row.due, days, before) == people


def test_the_desk_shows_what_waits(world, signed_in):
    unrated, measure, sheet = scenes.risk(world), scenes.measure(world), scenes.sheet(world)

    def waiting(username, key):
        groups = signed_in(username).get("/").context["waits"]
        return [item["url"] for group in groups if group["key"] == key for item in group["items"]]

    assert waiting("staff", "risks-to-rate") == [unrated.get_absolute_url()]
    assert waiting("head", "context-sheets") == [sheet.get_absolute_url()]
    assert waiting("coordinator", "context-sheets") == []
    assert waiting("staff2", "risk-measures") == [measure.get_absolute_url()]
    assert waiting("asb", "risks-to-rate") == []
    with time_machine.travel(datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=360), tick=False):
        assert waiting("head", "risks-to-review") == [measure.risk.get_absolute_url()]


def test_a_sheet_waits_for_the_nearest_head_who_did_not_write_it(world):
    def waiting(username):
        return [row.unit for row in registry.desk["context-sheets"].rows(getattr(world, username))]

    sheet = scenes.sheet(world)
    assert {name: waiting(name) for name in ("head", "dean", "board")} == {
        "head": [world.department],
        "dean": [],
        "board": [],
    }
    sheet.economic = "Гранттар"
    sheet.save_changes(by=world.head)
    assert {name: waiting(name) for name in ("head", "dean", "board")} == {
        "head": [],
        "dean": [world.department],
        "board": [],
    }


# -- API and counts ----------------------------------------------------------------------------
def test_an_owner_who_left_stays_until_another_is_named(world, signed_in):
    row = scenes.rated(world)
    Person.objects.filter(pk=world.staff.pk).update(is_active=False)
    assert api(world, "head").patch(f"/api/v1/standards/unit-risks/{row.pk}/", {"text": "Ескі"}).status_code == 200
    page = signed_in("head").get(f"{row.get_absolute_url()}edit/")
    assert str(page.context["form"]["owner"].value()) == str(world.staff.pk)
    assert re.search(rf'<option value="{world.staff.pk}" selected', page.content.decode())
    other = api(world, "head").patch(f"/api/v1/standards/unit-risks/{row.pk}/", {"owner": world.staff2.pk})
    assert (other.status_code, other.json()["owner"]) == (200, world.staff2.pk)


def test_api_adds_edits_and_filters_by_the_same_forms(world):
    data = {"unit": world.department.pk, "kind": "risk", "title": "Сервер істен шығады"}
    made = api(world, "staff").post("/api/v1/standards/unit-risks/", data)
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["words"], made.json()["light"]) == ("identified", data["title"], "")
    assert api(world, "stranger").post("/api/v1/standards/unit-risks/", data).status_code == 403
    assert api(world, "staff").post("/api/v1/standards/unit-risks/", {**data, "unit": ""}).status_code == 400
    patched = api(world, "head").patch(f"/api/v1/standards/unit-risks/{made.json()['id']}/", {"text": "Ескі"})
    assert (patched.status_code, patched.json()["title"], patched.json()["text"]) == (200, data["title"], "Ескі")
    row = scenes.rated(world, 5, 5)
    listed = api(world, "head").get("/api/v1/standards/unit-risks/?light=red").json()["results"]
    assert [(item["id"], item["light"]) for item in listed] == [(row.pk, "red")]
    measure = {"risk": row.pk, "text": "Сатып алу", "owner": world.staff2.pk, "due": scenes.in_days(9).isoformat()}
    assert api(world, "head").post("/api/v1/standards/risk-measures/", measure).status_code == 201
    assert api(world, "head").post("/api/v1/standards/risk-measures/", {**measure, "risk": ""}).status_code == 400
    sheet = {"unit": world.department.pk, "year": 2026, "threats": "Кадр ағымы"}
    assert api(world, "head").post("/api/v1/standards/context-sheets/", sheet).status_code == 201
    assert api(world, "staff").post("/api/v1/standards/context-sheets/", sheet).status_code == 403
    link = {"to": f"standards.unit_risk:{row.pk}", "action": world.in_progress().actions.get().pk}
    answer = api(world, "head").post("/api/v1/capa/links/", link)
    assert (answer.status_code, answer.json()["to"]) == (201, link["to"])
    assert api(world, "head").post("/api/v1/capa/links/", link).status_code == 400
    assert api(world, "head").post("/api/v1/capa/links/", {"action": link["action"]}).status_code == 400


def queries(call) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return len(captured)


def many(world):
    """One more row of every register, each as a person would enter it; catalogue risks with their words."""
    place = UnitRisk.objects.count() + 1
    scenes.catalogue_risk(world, f"S1.K{place}")
    start_register(world.department, by=world.asb)
    row = UnitRisk.objects.get(catalogue_code=f"S1.K{place}")
    steps.assess(row, by=world.head, likelihood=3, impact=place % 5 + 1)
    scenes.measure(world, row)
    scenes.sheet(world, year=2000 + place)
    scenes.link(world, row)


@pytest.mark.parametrize("username", ["head", "asb"])
def test_lists_hold_their_query_count(world, signed_in, username):
    page, listed = signed_in(username), api(world, username)
    places = ("standards/unit-risks", "standards/risk-measures", "standards/context-sheets", "capa/links")

    def count():
        return [
            *(queries(lambda p=p: page.get(f"/{p}/")) for p in places),
            *(queries(lambda p=p: listed.get(f"/api/v1/{p}/")) for p in places),
            queries(lambda: page.get("/standards/risk-matrix/")),
            queries(lambda: page.get("/capa/signals/")) if username == "asb" else 0,
        ]

    many(world)
    before = count()
    for _row in range(9):
        many(world)
    assert count() == before
    assert max(before) <= 22


def test_the_page_to_rate_many_holds_its_query_count(world, signed_in):
    client = signed_in("head")
    address = f"/standards/unit-risks/rate/?unit={world.department.pk}"
    scenes.risk(world)
    before = queries(lambda: client.get(address))
    for place in range(1, 30):
        scenes.catalogue_risk(world, f"S1.K{place}")
    start_register(world.department, by=world.head)
    assert queries(lambda: client.get(address)) == before


def test_admin_shows_and_changes_nothing(world, signed_in):
    scenes.measure(world)
    scenes.sheet(world)
    scenes.link(world)
    client = signed_in("admin")
    for model in ("standards/unitrisk", "standards/riskmeasure", "standards/contextsheet", "capa/actionlink"):
        assert client.get(f"/admin/{model}/").status_code == 200
        assert client.get(f"/admin/{model}/add/").status_code == 403
    assert RiskMeasure.objects.count() == 1


def test_the_head_of_one_unit_finds_it_chosen_for_the_starting_register(world, signed_in):
    page = signed_in("head").get("/standards/unit-risks/start/").content.decode()
    assert f'<option value="{world.department.pk}" selected>' in page
