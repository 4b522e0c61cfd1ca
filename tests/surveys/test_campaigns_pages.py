"""Pages of campaigns: adding with the sources' days, editing, register, coverage, paper, API, desk, reminders, duties."""

from __future__ import annotations

import datetime
import html
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook
from rest_framework.test import APIClient

from qa_portal.notices.models import Notice
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.roles import Role
from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import forget
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door
from standards.fulfilment import unknown_steps, ways_of
from standards.models import EvaluationArea
from standards.registers.duties import rules as duty_rules
from surveys import coverage
from surveys.forms.campaigns import usual_days
from surveys.models import Campaign, Release
from surveys.reports.campaigns import CampaignProtocol
from surveys.workflow import campaigns as steps

from . import scenes_campaigns as scenes
from .scenes_urn import content_of, item, section

pytestmark = pytest.mark.django_db
ADD = "/surveys/campaigns/add/"


def api(world, username):
    client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    client.force_authenticate(getattr(world, username))
    return client


# -- adding -------------------------------------------------------------------------------------------------------
def test_days_left_empty_are_those_of_the_sources(world):
    of = scenes.questionnaire(world)
    assert usual_days(of, 2031, None) == (
        datetime.date(2031, 3, 1), datetime.date(2031, 3, 31), datetime.date(2031, 5, 31),
    )  # fmt: skip
    PolicyValue.objects.create(
        key="surveys.yearly_closes", value=[2, 31], valid_from="2020-01-01", reason="x", author=world.admin
    )
    forget()
    assert usual_days(of, 2031, None)[1] == datetime.date(2031, 3, 31)  # no day of the calendar: the source's
    term = scenes.term(world)
    courses = usual_days(scenes.questionnaire(world, "course", about_courses=True), 2031, term)
    assert courses[:2] == (term.until - datetime.timedelta(days=14), term.until)
    other = usual_days(scenes.questionnaire(world, "staff", "staff"), timezone.localdate().year, None)
    assert other[:2] == (timezone.localdate(), scenes.in_days(21))


def test_a_yearly_survey_is_prepared_with_a_name_and_its_breakdowns(world, signed_in):
    of = scenes.questionnaire(world)
    year = timezone.localdate().year + 1
    client = signed_in("asb")
    assert client.get(ADD).status_code == 200
    answer = client.post(ADD, {"questionnaire": of.pk, "way": "roster", "year": year})
    assert answer.status_code == 302, answer.context["form"].errors
    campaign = Campaign.objects.get()
    assert (campaign.opens_on, campaign.closes_on) == (datetime.date(year, 3, 1), datetime.date(year, 3, 31))
    assert campaign.name_ru == f"Опрос camp · {year}"
    assert campaign.trees == [["school", "department"], ["level", "year"]]
    assert campaign.authors == [world.asb.pk]


def test_boxes_of_a_chosen_questionnaire_are_offered_and_kept(world, signed_in):
    content = content_of(section("s1", item("a")), section("s2", item("b"), block="extra"))
    of = scenes.questionnaire(world, "blocks", fixed=content)
    client = signed_in("asb")
    page = client.get(ADD, {"questionnaire": of.pk})
    form = page.context["form"]
    assert [value for value, _label in form.fields["blocks"].choices] == ["extra"]
    data = {
        "questionnaire": of.pk, "way": "roster", "year": timezone.localdate().year, "offered": of.pk,
        "opens_on": timezone.localdate(), "closes_on": scenes.in_days(9), "report_due": scenes.in_days(40),
        "trees": ["level/year"], "blocks": ["extra"],
    }  # fmt: skip
    assert client.post(ADD, data).status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.trees, campaign.blocks) == ([["level", "year"]], ["extra"])
    edit = f"/surveys/campaigns/{campaign.pk}/edit/"
    kept = {"opens_on": campaign.opens_on, "closes_on": campaign.closes_on, "name_kk": "Жаңа ат", "offered": of.pk}
    assert client.post(edit, {**kept, "revision": campaign.revision}).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.trees, campaign.blocks, campaign.name_kk) == ([], [], "Жаңа ат")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("closes_on", {"opens_on": 5, "closes_on": 3}),
        ("closes_on", {"opens_on": -9, "closes_on": -3}),
        ("closes_on", {"opens_on": 0, "closes_on": 400}),
        ("report_due", {"opens_on": 0, "closes_on": 20, "report_due": 10}),
        ("way", {"way": "courses"}),
        ("population", {"way": "link"}),
        ("year", {"year": 1}),
        ("trees", {"trees": ["school/level"], "opens_on": 0, "closes_on": 9}),
    ],
)
def test_what_does_not_do_is_said_beside_its_field(world, signed_in, field, changes):
    of = scenes.questionnaire(world)
    days = {k: scenes.in_days(v) if k in ("opens_on", "closes_on", "report_due") else v for k, v in changes.items()}
    usual = {"opens_on": scenes.in_days(0), "closes_on": scenes.in_days(9), "report_due": scenes.in_days(500)}
    data = {"questionnaire": of.pk, "way": "roster", "name_kk": "Жоғалмайды", **usual, **days}
    answer = signed_in("asb").post(ADD, data)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert "Жоғалмайды" in answer.content.decode()


def test_who_prepares_what(world, signed_in):
    scenes.office(world, "alumni", Role.ALUMNI_CLUB)
    grads = scenes.questionnaire(world, "grads", "graduates", designer="alumni_club")
    students = scenes.questionnaire(world)
    client = signed_in("alumni")
    days = {"opens_on": timezone.localdate(), "closes_on": scenes.in_days(9), "report_due": scenes.in_days(30)}
    assert client.post(ADD, {"questionnaire": students.pk, "way": "roster", **days}).status_code == 403
    assert client.post(ADD, {"questionnaire": grads.pk, "way": "roster", **days}).status_code == 302
    assert client.get(f"/surveys/campaigns/{Campaign.objects.get().pk}/").status_code == 200
    other = scenes.draft(world)
    assert client.get(f"/surveys/campaigns/{other.pk}/").status_code == 404


def test_prepared_by_the_api(world):
    of = scenes.questionnaire(world)
    days = {
        "opens_on": str(timezone.localdate()),
        "closes_on": str(scenes.in_days(9)),
        "report_due": str(scenes.in_days(30)),
    }
    answer = api(world, "asb").post(
        "/api/v1/surveys/campaigns/", {"questionnaire": of.pk, **days, "trees": ["level/year"]}
    )
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["trees"], body["way"]) == ([["level", "year"]], "roster")
    url = f"/api/v1/surveys/campaigns/{body['id']}/"
    changed = api(world, "asb").patch(url, {"closes_on": str(scenes.in_days(12))})
    assert (changed.status_code, changed.json()["trees"]) == (200, [["level", "year"]])
    assert api(world, "staff").post("/api/v1/surveys/campaigns/", {"questionnaire": of.pk}).status_code == 403
    assert api(world, "board").patch(url, {"closes_on": str(scenes.in_days(13))}).status_code == 403


# -- register, page --------------------------------------------------------------------------------------------------
def test_filters_and_search_of_the_register(world, signed_in):
    first, link, courses = scenes.opened(world), scenes.by_link(world), scenes.about_courses(world)
    client = signed_in("asb")
    for query, found in (
        ("", {first, link, courses}),
        ("state=open", {first}),
        ("audience=employers", {link}),
        ("way=courses", {courses}),
        ("instrument=camp", {first}),
        (f"unit={world.university.pk}", {courses}),
        ("q=employers", {link}),
        ("overdue=true", set()),
    ):
        page = client.get(f"/surveys/campaigns/?{query}")
        assert {row["id"] for row in page.context["rows"]} == {row.pk for row in found}, query


def test_the_register_costs_the_same_for_one_and_for_many(world, signed_in):
    client, counted = signed_in("asb"), []
    scenes.draft(world)
    client.get("/surveys/campaigns/")
    for more in (0, 12):
        for _n in range(more):
            scenes.draft(world)
        with CaptureQueriesContext(connection) as queries:
            client.get("/surveys/campaigns/")
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_page_in_each_state(world, signed_in):
    client = signed_in("asb")
    for make in (scenes.draft, scenes.listed, scenes.launching_one, scenes.opened, scenes.closed, scenes.about_courses):
        campaign = make(world)
        page = client.get(f"/surveys/campaigns/{campaign.pk}/")
        assert page.status_code == 200
        assert campaign.name in html.unescape(page.content.decode())
    status = client.get(f"/surveys/campaigns/{campaign.pk}/status/").json()
    assert status["done"] is True


def test_the_protocol_says_what_happened_and_no_answer(world):
    campaign = scenes.closed(world, trees=[])
    with translation.override("kk"):
        paper = CampaignProtocol({"id": campaign.pk}, world.asb, "kk")
        content = paper.content()
        assert content["counts"][0][1:] == (12, 0, "0 %")
        assert [what for _day, what, _who in content["events"]] == [
            str(steps.steps.model and step.label)
            for step in (steps.submit, steps.check, steps.launch, steps.begin, steps.close)
        ]
        assert campaign.name in paper.html()
    opened = scenes.opened(world)
    assert CampaignProtocol({"id": opened.pk}, world.asb, "kk").content()["counts"] == []


def test_the_protocol_is_printed(world, signed_in):
    answer = signed_in("asb").get(f"/surveys/campaigns/{scenes.draft(world).pk}/print/?lang=ru")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content if answer.streaming else [answer.content]).startswith(b"%PDF")


# -- coverage ----------------------------------------------------------------------------------------------------------
def areas(world, *codes):
    return [
        EvaluationArea.objects.create(standard=world.requirement.standard, code=code, place=n, text_kk=f"Аймақ {code}")
        for n, code in enumerate(codes, 1)
    ]


def published(campaign):
    with door("import"):
        release = Release(campaign=campaign, state=Release.PUBLISHED)
        release.save()
    return release


def test_an_area_without_a_published_release_in_its_period_is_shown(world, signed_in):
    areas(world, "S1.A1", "S1.A2", "S1.A3", "S1.A4")
    of = scenes.questionnaire(
        world, fixed=content_of(section("s1", item("a", areas=["S1.A1"]), areas=["S1.A2"])), areas=[]
    )
    scenes.questionnaire(world, "staff", "staff", areas=["S1.A3"])
    campaign = scenes.draft(world, questionnaire=of)
    year = campaign.year
    states = {row.area.code: row.state for row in coverage.matrix(year).rows}
    assert states == {"S1.A1": "planned", "S1.A2": "planned", "S1.A3": "none", "S1.A4": "none"}
    scenes.set_state(campaign, Campaign.OPENED)
    published(campaign)
    found = coverage.matrix(year)
    assert {row.area.code for row in found.rows if row.missing} == {"S1.A3", "S1.A4"}
    assert (found.missing, found.unasked) == (2, 1)
    assert coverage.matrix(year - 1).missing == 4
    client = signed_in("head")
    page = client.get("/surveys/coverage/", {"missing": "1"})
    assert {row["code"] for row in page.context["rows"]} == {"S1.A3", "S1.A4"}
    assert client.get("/surveys/coverage/", {"year": "x"}).status_code == 400
    sheet = load_workbook(io.BytesIO(client.get("/surveys/coverage/?export=xlsx").content)).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [line[1] for line in lines if line[7] == "+"] == ["S1.A3", "S1.A4"]
    assert client.get("/surveys/coverage/?export=csv").content.startswith("\ufeff".encode())


def test_a_standards_code_stands_for_all_its_areas(world):
    areas(world, "S1.A1", "S1.A2")
    scenes.questionnaire(world, areas=["S1"])
    assert [len(row.instruments) for row in coverage.matrix(timezone.localdate().year).rows] == [1, 1]


def test_the_matrix_costs_the_same_for_many_questionnaires(world, django_assert_num_queries):
    areas(world, "S1.A1")
    scenes.questionnaire(world, "q0", areas=["S1"])
    scenes.draft(world, questionnaire=scenes.questionnaire(world, "q0"))
    coverage.matrix(timezone.localdate().year)
    with CaptureQueriesContext(connection) as queries:
        coverage.matrix(timezone.localdate().year)
    for n in range(1, 6):
        scenes.draft(world, questionnaire=scenes.questionnaire(world, f"q{n}", areas=["S1"]))
    with django_assert_num_queries(len(queries)):
        coverage.matrix(timezone.localdate().year)


# -- desk, reminders, duties ---------------------------------------------------------------------------------------------
def rows_of(key, person):
    return list(registry.desk[key].rows(person))


def test_what_waits_for_whom(world):
    waiting, ready = scenes.submitted(world), scenes.checked(world)
    assert rows_of("surveys-to-check", world.asb2) == [waiting]
    assert rows_of("surveys-to-check", world.asb) == []
    assert rows_of("surveys-to-check", world.staff) == []
    assert rows_of("surveys-to-launch", world.asb) == [ready]
    source = registry.desk["surveys-to-check"]
    assert source.item(waiting)["url"] == waiting.get_absolute_url() and "state=submitted" in source.url()


def test_the_calendar_has_the_days_of_ones_own_surveys(world):
    campaign = scenes.draft(world)
    days = list(registry.calendars["campaigns"].events(world.asb))
    assert [row["day"] for row in days] == [campaign.closes_on, campaign.report_due]
    assert list(registry.calendars["campaigns"].events(world.asb2)) == []


def test_those_who_run_it_are_reminded_to_launch_and_to_report(world):
    scenes.checked(world)
    late = scenes.closed(world)
    scenes.set_state(late, Campaign.CLOSED, report_due=scenes.in_days(-1))
    known = {rule.name: rule for rule in rules()}
    Notice.objects.all().delete()
    for name in ("surveys.campaign_opens", "surveys.campaign_report"):
        assert sweep_rule(known[name], timezone.localdate())["sent"] == 1
    told = Notice.objects.order_by("verb").values_list("verb", "person__username")
    assert list(told) == [("surveys.campaign_opens", "asb"), ("surveys.campaign_report", "asb")]


def test_every_duty_about_surveys_names_what_fulfils_it():
    found = {rule.code: rule for rule in duty_rules()}
    for code in (
        "survey-bachelor", "survey-master", "survey-teachers", "survey-doctoral", "survey-report-students",
        "survey-report-teachers", "survey-report-doctoral", "course-evaluation", "survey-employers",
        "survey-graduation", "students-requirements", "learners-satisfaction", "check-teaching", "stakeholder-surveys",
    ):  # fmt: skip
        rule = found[code]
        assert not rule.waits_for and rule.fulfilled_by, code
        assert not unknown_steps(rule), code
        for way in ways_of(rule):
            way.subjects([0])  # the conditions are lookups of the model
            assert way.subject_model()


def test_words_of_the_page_say_what_is_missing(world, signed_in):
    campaign = scenes.checked(world)
    buttons = {row["name"]: row for row in signed_in("asb").get(f"/surveys/campaigns/{campaign.pk}/").context["steps"]}
    assert not buttons["launch"]["allowed"] and buttons["launch"]["why_not"]


def test_links_between_pages(world, signed_in):
    text = signed_in("asb").get("/surveys/campaigns/").content.decode()
    assert 'href="/surveys/coverage/"' in text
