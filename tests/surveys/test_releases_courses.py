"""Results of courses: who reads them, that no single course follows from sums, a teacher's own page and public answer."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils import translation
from rest_framework.test import APIClient

from surveys.models import Release, TeacherReply
from surveys.report_blocks import blocks_of
from surveys.results import Reading, with_campaign
from tests.bodies import scenes_bodies

from . import scenes_releases as scenes

pytestmark = pytest.mark.django_db


def api(world, username):
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_authenticate(getattr(world, username))
    return client


def reading(release, person=None):
    return Reading(with_campaign(Release.objects).get(pk=release.pk), person)


def sheet(client, release, kind, tree="", base="/surveys/releases"):
    answer = client.get(f"{base}/{release.pk}/table/?kind={kind}&tree={tree}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


# -- who reads what of courses ------------------------------------------------------------------------------
def shown_to(world, release, username):
    found = reading(release, getattr(world, username)).groups
    return sorted(node.label["en"] for node in found if node.survey_id)


def sums_of(world, release, username, tree="course"):
    found = reading(release, getattr(world, username)).groups
    return [node.label["en"] for node in found if not node.survey_id and node.tree in ("", tree)]


def test_courses_are_read_by_teacher_leadership_committee_office_and_board(world):
    release = scenes.courses_sent(world)
    every = sorted(f"{tree} {code}" for tree in ("course", "teacher") for code, _unit, _teacher in scenes.COURSES)
    assert shown_to(world, release, "asb") == shown_to(world, release, "board") == every
    assert shown_to(world, release, "staff") == ["course THER", "teacher THER"]
    assert shown_to(world, release, "head") == ["course CARD", "course THER", "teacher CARD", "teacher THER"]
    assert shown_to(world, release, "dean") == [name for name in every if "LAW" not in name]
    assert shown_to(world, release, "council") == []
    scenes_bodies.seat(world, scenes_bodies.committee(world), "auditor")
    assert shown_to(world, release, "auditor") == [name for name in every if "LAW" not in name]


def test_a_sum_that_would_tell_one_course_is_not_shown_outside_its_circle(world):
    """Law and Surgery have one course each; without them the whole less Medicine would be Law."""
    release = scenes.courses_sent(world)
    outside = sums_of(world, release, "council")
    assert "Surgery" not in outside and "Law" not in outside
    assert "All" in outside and "Medicine" not in outside
    # Therapy's own teacher knows one of its two courses: their sum would tell the other.
    assert "Therapy" not in sums_of(world, release, "staff")
    # The whole less what the dean reads is the course of Law: the whole is not shown to the dean either.
    assert "All" not in sums_of(world, release, "dean") and "Medicine" in sums_of(world, release, "dean")
    assert "All" in sums_of(world, release, "asb")


@pytest.mark.parametrize("username", ["council", "staff", "staff2", "head2", "head", "dean", "stranger"])
def test_no_single_course_follows_from_the_sums_that_a_reader_sees(world, username):
    """Every sum of shown groups with weights -1, 0, 1: none is the result of exactly one course that is not shown."""
    release = scenes.courses_sent(world)
    every = list(release.nodes.filter(scope="inside", tree__in=("", "course")))
    singles = [node for node in every if node.survey_id]
    shown = [node for node in reading(release, getattr(world, username)).groups if node.tree in ("", "course")]
    seen = {node.pk for node in shown}
    vectors = []
    for node in shown:
        vectors.append(
            tuple(
                int(not node.path or leaf.path == node.path or leaf.path.startswith(f"{node.path}/"))
                for leaf in singles
            )
        )
    sums = {tuple(0 for _leaf in singles)}
    for vector in vectors:
        sums |= {tuple(a + sign * b for a, b in zip(total, vector, strict=True)) for total in sums for sign in (-1, 1)}
    for total in sums:
        alone = [leaf for leaf, weight in zip(singles, total, strict=True) if weight]
        if len(alone) == 1:
            assert alone[0].pk in seen, (username, alone[0].label["en"])


def test_a_group_outside_the_circle_is_not_found_on_any_way(world, signed_in):
    release = scenes.courses_sent(world)
    foreign = scenes.own_node(world, release, "staff2")
    assert signed_in("staff").get(foreign.get_absolute_url()).status_code == 404
    assert signed_in("staff2").get(foreign.get_absolute_url()).status_code == 200
    answer = api(world, "staff").get(f"/api/v1/surveys/releases/{release.pk}/results/?tree=teacher").json()
    assert foreign.pk not in {group["id"] for group in answer["groups"]}
    rows = list(csv.reader(io.StringIO(sheet(signed_in("staff"), release, "csv").decode("utf-8-sig"))))
    assert not [row for row in rows if "CARD" in row[1]]
    with translation.override("en"):
        texts = repr(blocks_of(reading(release, world.staff)))
    assert "teacher CARD" not in texts and "teacher THER" in texts


# -- a teacher's page ---------------------------------------------------------------------------------------
def test_a_teacher_reads_own_courses_and_answers_publicly(world, signed_in):
    release = scenes.courses_sent(world)
    client = signed_in("staff")
    page = client.get("/surveys/my-courses/")
    assert [item["title"] for item in page.context["items"]] == ["Course THER 0 (қаз)"]
    item = page.context["items"][0]
    assert [group["own"] for group in item["groups"]] == [False, True]
    node = scenes.own_node(world, release)
    assert item["reply_url"] == f"/surveys/replies/add/?node={node.pk}"
    assert client.get(item["reply_url"]).status_code == 200
    sent = client.post(item["reply_url"], {"text": "Рақмет сіздерге"})
    assert sent.status_code == 302
    reply = TeacherReply.objects.get()
    assert (reply.node, reply.teacher) == (node, world.staff)
    again = client.post(item["reply_url"], {"text": "Тағы бір рет"})
    assert again.status_code == 409 and "Тағы бір рет" in again.content.decode()
    seen = signed_in("dean").get(node.get_absolute_url())
    assert [row.text for row in seen.context["replies"]] == ["Рақмет сіздерге"]
    assert signed_in("asb").get("/surveys/my-courses/").context["items"] == []


def test_nobody_answers_for_somebody_else(world, signed_in):
    release = scenes.courses_sent(world)
    node = scenes.own_node(world, release)
    assert signed_in("staff2").get(f"/surveys/replies/add/?node={node.pk}").status_code == 404
    assert api(world, "staff2").post("/api/v1/surveys/replies/", {"node": node.pk, "text": "x"}).status_code == 404
    assert api(world, "staff").post("/api/v1/surveys/replies/", {"text": "x"}).status_code == 400
    made = api(world, "staff").post("/api/v1/surveys/replies/", {"node": node.pk, "text": "Рақмет"}, format="json")
    assert made.status_code == 201
    unsent = scenes.courses_made(world)
    asked = f"/surveys/replies/add/?node={scenes.own_node(world, unsent).pk}"
    assert signed_in("staff").get(asked).status_code == 404


def test_a_withdrawn_answer_is_read_by_nobody_else(world):
    reply = scenes.reply_withdrawn(world)
    for name, sees in (("staff", True), ("asb", True), ("dean", False), ("staff2", False)):
        assert TeacherReply.objects.visible_to(getattr(world, name)).filter(pk=reply.pk).exists() is sees, name
