"""Differencing over every door: whoever puts page, export, API, report and public pages together reaches nobody.

The releases are the engine's own, of random worlds; the attacker shares no code with the rules (attacker.py).
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from rest_framework.test import APIClient

from qa_portal.reports.blocks import Table
from qa_portal.workflow.writing import door
from surveys.models import Release
from surveys.report_blocks import blocks_of
from surveys.reports.releases import paper_html
from surveys.result_words import FEW, group_label
from surveys.results import Reading, with_campaign

from . import scenes_engine as scenes
from .attacker import Truth, leaks, published_groups
from .scenes_engine import content_of, item, options, section

pytestmark = pytest.mark.django_db
TREES = [["school", "department"], ["level", "year"]]
CODES = ("q", "r")
#: (tree, path) → how many answered a question, as one door tells it
Told = dict[str, dict[tuple[str, str], int]]


def in_state(campaign: Any, state: str) -> Release:
    release = scenes.made(campaign)
    with door("import"):
        Release.objects.filter(pk=release.pk).update(state=state)
    return with_campaign(Release.objects).get(pk=release.pk)


def small_world(w: Any, seed: int, people: int = 48) -> Any:
    content = content_of(section("s1", *(item(code) for code in CODES), item("w", "single", options=options("a", "b"))))
    return scenes.opened(scenes.crowd(w, people, seed, CODES, skip=0.3), content=content, trees=TREES)


# -- what each door tells ----------------------------------------------------------------------------------
def by_api(world: Any, release: Release) -> Told:
    client = APIClient()
    client.force_authenticate(world.staff)
    found: Told = defaultdict(dict)
    for tree in ("", *["/".join(tree) for tree in TREES]):
        answer = client.get(f"/api/v1/surveys/releases/{release.pk}/results/?tree={tree}")
        if answer.status_code == 404:
            continue  # no group of this tree at all
        for group in answer.json()["groups"]:
            for code, cell in group["cells"].items():
                found[code][group["tree"], group["path"]] = cell["n"]
    return found


def by_page(client: Any, base: str, reading: Reading) -> Told:
    """Each group chosen on the page; its figures stand in the first table."""
    found: Told = defaultdict(dict)
    for node in reading.groups:
        page = client.get(f"{base}?tree={node.tree}&group={node.pk}")
        assert page.status_code == 200
        if page.context["page"]["hidden"]:
            assert "chart-svg" not in page.content.decode()
            continue
        for part in page.context["page"]["parts"]:
            for row in part["rows"]:
                if not row["said"].few:
                    found[row["code"]][node.tree, node.path] = int(row["said"].n)
    return found


def by_sheet(client: Any, address: str, reading: Reading, kind: str) -> Told:
    """The lines of the table, group by group in the order of the release."""
    data = b"".join(client.get(f"{address}?kind={kind}").streaming_content)
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]
    else:
        book = load_workbook(io.BytesIO(data))
        rows = [list(row) for row in book.active.iter_rows(min_row=2, values_only=True)]
    codes = [question.code for part in reading.parts for question in part.questions]
    assert len(rows) == len(codes) * len(reading.groups)
    found: Told = defaultdict(dict)
    for place, row in enumerate(rows):
        node = reading.groups[place // len(codes)]
        assert row[1] == group_label(node)
        if row[5] not in (None, ""):
            found[row[3]][node.tree, node.path] = int(row[5])
    return found


def by_report(reading: Reading) -> set[tuple[str, str]]:
    """Words of group and question that the report says anything of; it prints no other number of answers but the whole's."""
    found = set()
    for block in blocks_of(reading):
        if isinstance(block, Table) and len(block.head) > 1 and block.head[0] in {p.name["kk"] for p in reading.parts}:
            for row in block.rows:
                found |= {
                    (head, row[0]) for head, cell in zip(block.head[1:], row[1:], strict=True) if cell != str(FEW)
                }
    return found


def held(campaign: Any, *doors: Told, k: int) -> None:
    tables = [(code, table) for told in doors for code, table in told.items()]
    assert tables
    assert leaks(tables, Truth(campaign), k) == []


@pytest.mark.parametrize("seed", range(2))
def test_nothing_follows_from_all_doors_together(world, signed_in, seed):
    campaign = small_world(world, seed)
    release = in_state(campaign, Release.PUBLISHED)
    inside, public = Reading(release, world.staff), Reading(release)
    staff, anybody = signed_in("staff"), Client()
    own, open_ = f"/surveys/releases/{release.pk}", f"/public/surveys/{release.pk}"
    doors = [
        by_api(world, release),
        by_page(staff, f"{own}/results/", inside),
        by_sheet(staff, f"{own}/table/", inside, "xlsx"),
        by_sheet(staff, f"{own}/table/", inside, "csv"),
    ]
    opened = [
        by_page(anybody, f"{open_}/", public),
        by_sheet(anybody, f"{open_}/table/", public, "csv"),
    ]
    known, known_public = published_groups(release), published_groups(release, "public")
    for told in doors:
        assert {code: dict(table) for code, table in told.items() if table} == known
    for told in opened:
        assert {code: dict(table) for code, table in told.items() if table} == known_public
    held(campaign, *doors, *opened, k=5)
    if known_public:
        held(campaign, *opened, k=10)


@pytest.mark.parametrize("public", [False, True])
def test_the_report_says_nothing_of_hidden_groups(world, public):
    campaign = small_world(world, 5)
    release = in_state(campaign, Release.PUBLISHED)
    reading = Reading(release, None if public else world.staff)
    labels = {node.path: group_label(node) for node in reading.groups}
    words = {question.code: question.text["kk"] for part in reading.parts for question in part.questions}
    known = published_groups(release, "public" if public else "inside")
    allowed = {(labels[path], words[code]) for code, table in known.items() for _tree, path in table}
    assert by_report(reading) <= allowed
    # On paper too: how many answered is said of the whole and of those asked, and of nothing else.
    text = re.sub(r"<[^>]+>", " ", paper_html(reading, blocks_of(reading), "kk"))
    hidden = [node for node in reading.groups if node.hidden]
    assert all(node.answered is None and node.cells == {} for node in hidden)
    assert ("n = " in text) is any(("", "") in table for table in known.values())


def test_versions_and_a_withdrawn_one_tell_no_more_together(world):
    campaign = small_world(world, 2)
    first, second = in_state(campaign, Release.WITHDRAWN), in_state(campaign, Release.SENT)
    truth = Truth(campaign)
    tables = [
        (code, table)
        for release in (first, second)
        for scope in ("inside", "public")
        for code, table in published_groups(release, scope).items()
    ]
    assert leaks(tables, truth, 5) == []
    assert published_groups(first) == published_groups(second)
