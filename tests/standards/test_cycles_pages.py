"""Who sees a cycle, what its page and coverage count, what lists cost, and the same form by the API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from qa_portal.workflow.writing import door
from standards.coverage import coverage
from standards.models import Assessment
from standards.progress import standing
from standards.workflow import assessments as steps
from standards.workflow import cycles as cycle_steps

from . import scenes_cycles as scenes
from .scenes_cycles import fresh
from .test_cycles import form

pytestmark = pytest.mark.django_db


def test_drafts_are_seen_by_those_who_see_everything_and_cycles_by_everybody_inside(world, signed_in):
    draft, running = scenes.prepared(world), scenes.cycle(world)
    for username, answers in {
        "asb": (200, 200),
        "board": (200, 200),
        "staff": (404, 200),
        "expert": (404, 404),
    }.items():
        client = signed_in(username)
        assert tuple(client.get(c.get_absolute_url()).status_code for c in (draft, running)) == answers, username


def test_the_page_of_a_cycle_counts_what_the_reader_may_see(world, signed_in):
    cycle = scenes.cycle(world, units=[world.department, world.far_school])
    mine = cycle.assessments.get(unit=world.department)
    answer = mine.answers.first()
    answer.score, answer.comment = "fully", "Бәрі бар"
    answer.save_typing(by=world.head)
    everything, own = standing(cycle, world.asb), standing(cycle, world.head)
    assert (everything.progress.answered, everything.progress.total) == (1, 12)
    assert [line.assessment for line in own.lines] == [mine]
    assert (own.progress.answered, own.progress.total) == (1, 6)
    page = signed_in("head").get(cycle.get_absolute_url()).content.decode()
    assert str(world.department) in page
    assert f">{world.far_school}<" not in page


def test_late_units_are_counted_until_they_submit(world):
    assessment = scenes.complete(world)
    with door("import"):
        Assessment.objects.filter(pk=assessment.pk).update(due=scenes.in_days(-1))
    assert standing(assessment.cycle, world.asb).late == 1
    steps.submit(fresh(assessment), by=world.head)
    assert standing(assessment.cycle, world.asb).late == 0


def test_coverage_is_monitored_programmes_of_those_planned(world, signed_in):
    verified = scenes.programme_verified(world)
    waiting, missing = scenes.programme(world, "6B10102"), scenes.programme(world, "6B10103")
    cycle_steps.plan_programmes(fresh(verified.cycle), by=world.asb, programmes=[waiting.pk], areas=["S9.A1"])
    found = coverage(verified.cycle)
    assert (found.all, found.planned, found.monitored, found.share) == (3, 2, 1, 50)
    assert (found.waiting, found.missing) == ([waiting], [missing])
    page = signed_in("asb").get(verified.cycle.get_absolute_url()).content.decode()
    assert "6B10103" in page
    assert "6B10103" not in signed_in("staff").get(verified.cycle.get_absolute_url()).content.decode()


def queries(call) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return len(captured)


def test_pages_of_a_cycle_cost_the_same_for_one_unit_and_for_thirty(world, signed_in):
    cycle, client = scenes.prepared(world), signed_in("asb")
    pages = (
        cycle.get_absolute_url(),
        f"{cycle.get_absolute_url()}scope/",
        "/standards/cycles/",
        "/standards/assessments/",
    )
    before = [queries(lambda url=url: client.get(url)) for url in pages]
    for number in range(30):
        scenes.planned(world, cycle, world.unit(f"u{number}", world.school, "department"))
        scenes.draft(world)
    assert [queries(lambda url=url: client.get(url)) for url in pages] == before


def test_the_api_cost_the_same_for_one_assessment_and_for_thirty_of_all_kinds(world):
    client = APIClient()
    client.force_authenticate(world.asb)
    first = scenes.endorsed(world)
    url = "/api/v1/standards/assessments/?page_size=100"
    before = queries(lambda: client.get(url))
    rows = [scenes.planned(world, first.cycle, world.unit(f"u{n}", world.school, "department")) for n in range(15)]
    for number in range(15):
        programme = scenes.programme(world, f"7M{number}")
        rows.append(scenes.planned(world, first.cycle, programme.unit, programme=programme))
    with door("import"):
        Assessment.objects.filter(pk__in=[r.pk for r in rows], programme__isnull=False).update(state="endorsed")
    assert queries(lambda: client.get(url)) == before


def test_a_cycle_is_prepared_by_the_api_with_the_same_form(world):
    client = APIClient()
    client.force_authenticate(world.asb)
    made = client.post("/api/v1/standards/cycles/", form(world), format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["standards"] == ["S1", "S2"]
    changed = client.patch(f"/api/v1/standards/cycles/{made.json()['id']}/", {"standards": ["S2"]}, format="json")
    assert (changed.status_code, changed.json()["standards"]) == (200, ["S2"])
    wrong = client.post("/api/v1/standards/cycles/", form(world, year=2031), format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["attr"]) == (400, "year")
