"""Sets of indicators, definitions and targets: prepared, checked by others, approved by a real decision, superseded."""

from __future__ import annotations

import datetime

import pytest
from django.utils import translation

from qa_portal.bodies.workflow import items as item_steps
from qa_portal.notices.models import Notice
from qa_portal.people.models import Deputy
from qa_portal.permissions import NotNow, Refused
from qa_portal.policy.models import PolicyValue
from standards import indicator_sets
from standards.models import Indicator, IndicatorSet
from standards.workflow import indicator_sets as set_steps
from standards.workflow import indicators as steps
from tests.bodies import scenes as meetings

from . import scenes_indicators as scenes
from .scenes_indicators import TYPED, form_data, fresh

pytestmark = pytest.mark.django_db
APPROVE = "standards.indicator_set.approve"


# -- how a set begins ----------------------------------------------------------------------------------
def test_the_portals_proposal_covers_all_standards_in_three_languages(world):
    made = scenes.draft(world, proposal=True)
    rows = list(made.indicators.all())
    assert 25 <= len(rows) <= 35
    assert {row.standard for row in rows} == {f"S{n}" for n in range(1, 12)}
    assert all(row.has_all_languages and row.text_ru and row.text_en for row in rows)
    for row in rows:
        row.full_clean()
    cover = next(row for row in rows if row.code == "S9-COVER")
    assert {r.unit_id for r in cover.reporters.all()} == {world.school.pk, world.far_school.pk}
    assert cover.responsible == world.asb_unit  # the unit that it names is not there: the quality office
    assert (cover.name_ru, cover.authors, cover.created_by) == (
        "Охват программ мониторингом",
        [world.asb.pk],
        world.asb,
    )
    assert cover.history.get().verb == "add"


def test_the_first_set_begins_empty_or_with_the_proposal_as_chosen_on_the_page(world, signed_in):
    client = signed_in("asb")
    for start, size in (("empty", 0), ("proposal", 31)):
        scenes.clear()
        data = {"title": "Жиын", "valid_from": "2026-01-01", "start": start}
        answer = client.post("/standards/indicator-sets/add/", data)
        made = IndicatorSet.objects.order_by("-version").first()
        assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
        assert made.indicators.count() == size
        assert client.get(made.get_absolute_url()).status_code == 200


def test_one_set_is_prepared_at_a_time_and_nothing_typed_is_lost(world, signed_in):
    scenes.draft(world)
    answer = signed_in("asb").post("/standards/indicator-sets/add/", {"title": TYPED, "valid_from": "2026-01-01"})
    assert answer.status_code == 409
    assert TYPED in answer.content.decode()
    assert IndicatorSet.objects.count() == 1


def test_the_next_set_copies_definitions_checks_units_and_targets(world):
    first = scenes.draft(world)
    row = scenes.indicator(world, first)
    steps.choose_units(row, by=world.asb, units=[world.department.pk, world.other.pk])
    scenes.with_target(world, row)
    scenes.with_target(world, row, unit=world.other.pk, target="95", amber="90", red="70")
    dropped = scenes.indicator(world, first, "S1-OUT")
    steps.cancel(dropped, by=world.asb, reason="Керек емес")
    scenes.validated(world, row)
    set_steps.approve(set_steps.submit(fresh(first), by=world.asb), by=scenes.by_council(world), basis="№ 1")

    following = scenes.draft(world, by="quality", following=True)
    assert (following.based_on, following.version) == (first, first.version + 1)
    copy = following.indicators.get()
    for name in (*indicator_sets.DEFINITION, "code", "validation", "validated_by", "authors", "created_by"):
        assert getattr(copy, name) == getattr(fresh(row), name), name
    assert {r.unit for r in copy.reporters.all()} == {world.department, world.other}
    found = {(t.year, t.unit): (t.target, t.amber, t.red) for t in copy.targets.all()}
    assert found == {(2026, None): (90, 80, 60), (2026, world.other): (95, 90, 70)}
    assert copy.state == Indicator.DRAFT
    with translation.override("ru"):
        assert fresh(copy).name == "Доля"


# -- who ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["head", "dean", "board", "admin", "council", "staff"])
def test_only_the_quality_office_and_the_representative_prepare(world, username):
    with pytest.raises(Refused):
        scenes.draft(world, by=username)
    with pytest.raises(Refused):
        scenes.indicator(world, scenes.draft(world), by=username)


def test_nobody_validates_a_definition_of_their_own(world):
    row = scenes.indicator(world)
    Deputy.objects.create(
        principal=world.asb, deputy=world.staff, since=datetime.date(2020, 1, 1), until=datetime.date(2099, 1, 1)
    )
    for username in ("asb", "staff", "admin", "board"):  # author, the author's deputy, superuser, no preparer
        with pytest.raises(Refused):
            steps.validate(fresh(row), by=getattr(world, username), validation="Тексерілді")
    checked = steps.validate(fresh(row), by=world.quality, validation="Тексерілді")
    assert (checked.validated_by, checked.is_validated) == (world.quality, True)


def test_whoever_rewrites_a_definition_becomes_its_author_and_it_is_checked_anew(world):
    row = scenes.validated(world)
    row.name_kk = "Басқа атау"
    row.save_changes(by=world.asb2)
    row = fresh(row)
    assert (row.validation, row.validated_by, row.validated_on) == ("", None, None)
    with pytest.raises(Refused):
        steps.validate(row, by=world.asb2, validation="Өзім тексердім")
    with pytest.raises(NotNow, match=r"S1-ONE"):
        set_steps.submit(fresh(row.set), by=world.asb)


def test_a_deputy_of_somebody_else_validates_in_that_persons_name(world):
    row = scenes.indicator(world)
    Deputy.objects.create(
        principal=world.asb2, deputy=world.staff, since=datetime.date(2020, 1, 1), until=datetime.date(2099, 1, 1)
    )
    steps.validate(row, by=world.staff, validation="Тексерілді")
    assert row.history.get(verb="validate").in_name_of == world.asb2


# -- what submitting asks for --------------------------------------------------------------------------------
def test_an_empty_or_unfinished_set_is_not_submitted(world):
    record = scenes.draft(world)
    with pytest.raises(NotNow):
        set_steps.submit(record, by=world.asb)
    row = scenes.indicator(world, record, name_en="")
    scenes.validated(world, row)
    with pytest.raises(NotNow, match="S1-ONE"):
        set_steps.submit(fresh(record), by=world.asb)
    steps.cancel(fresh(row), by=world.asb, reason="Артық")
    with pytest.raises(NotNow):
        set_steps.submit(fresh(record), by=world.asb)


def test_a_submitted_set_stays_as_it_is_until_it_is_sent_back(world, signed_in):
    record = scenes.submitted(world)
    row = scenes.one_of(record)
    row.name_kk = "Өзгерді"
    with pytest.raises(NotNow):
        row.save_changes(by=world.asb)
    for verb, inputs in ((steps.set_target, {"year": 2026, "target": 1}), (steps.cancel, {"reason": "x"})):
        with pytest.raises(NotNow):
            verb(fresh(row), by=world.asb, **inputs)
    with pytest.raises(NotNow):
        scenes.indicator(world, record, "S1-TWO")
    assert signed_in("asb").post(f"/standards/indicators/add/?set={record.pk}", form_data(world)).status_code == 409
    set_steps.send_back(fresh(record), by=world.quality, reason="Атауын түзету керек")
    fresh(row).edit_refusal(world.asb)
    assert fresh(row).edit_refusal(world.asb) is None


# -- the decision ----------------------------------------------------------------------------------------------
def vote(world, record, choice="for"):
    item = meetings.in_the_vote(world, meetings.about(world, record, APPROVE))
    item = meetings.voted(world, item, **dict.fromkeys(meetings.VOTERS, choice))
    return item_steps.close_vote(item, by=world.dean).decision


def test_the_councils_decision_brings_a_set_into_force_and_supersedes_the_one_before(world):
    for username in ("asb", "quality", "board", "dean", "admin"):
        with pytest.raises(Refused):
            set_steps.approve(scenes.submitted(world), by=getattr(world, username))
    first = scenes.submitted(world)
    decision = vote(world, first)
    assert (decision.passed, decision.performed) == (True, APPROVE)
    first = fresh(first)
    assert (first.state, first.basis) == (IndicatorSet.IN_FORCE, str(decision))
    assert {row.state for row in first.indicators.all()} == {Indicator.IN_FORCE}

    following = scenes.draft(world, following=True, title="Келесі")
    scenes.validated(world, scenes.indicator(world, following, "S1-TWO"))
    set_steps.submit(fresh(following), by=world.asb)
    assert vote(world, fresh(following)).performed == APPROVE
    assert (fresh(first).state, fresh(following).state) == (IndicatorSet.SUPERSEDED, IndicatorSet.IN_FORCE)
    assert {row.state for row in first.indicators.all()} == {Indicator.SUPERSEDED}
    assert IndicatorSet.objects.in_force().count() == 1
    old = first.indicators.get()
    assert [entry.verb for entry in old.history.all()][:2] == ["supersede", "approve"]
    assert old.revision > 2


def test_a_vote_against_sends_the_set_back(world):
    record = scenes.submitted(world)
    decision = vote(world, record, "against")
    assert (decision.passed, decision.performed) == (False, "standards.indicator_set.send_back")
    assert fresh(record).state == IndicatorSet.DRAFT


def test_a_body_above_undoes_the_approval_and_the_set_before_is_in_force_again(world):
    following = scenes.next_draft(world)
    set_steps.submit(following, by=world.asb)
    set_steps.approve(following, by=scenes.by_council(world), basis="№ 4")
    former = following.based_on
    set_steps.undo_approval(fresh(following), by=scenes.by_council(world, f"over:{scenes.BODY}"), reason="4.2")
    assert (fresh(former).state, fresh(following).state) == (IndicatorSet.IN_FORCE, IndicatorSet.SUBMITTED)
    assert scenes.one_of(former).state == Indicator.IN_FORCE
    assert scenes.one_of(following).state == Indicator.DRAFT
    assert fresh(following).approved_on is None


def test_the_chair_and_secretary_hear_of_a_submitted_set_and_heads_of_an_approved_one(world):
    meetings.council(world, code=scenes.BODY)
    scenes.submitted(world)
    assert set(Notice.objects.filter(verb="submit").values_list("person__username", flat=True)) == {"dean", "council"}
    row = scenes.indicator(world, scenes.draft(world), responsible=world.department)
    scenes.validated(world, row)
    set_steps.approve(set_steps.submit(fresh(row.set), by=world.asb), by=scenes.by_council(world), basis="№ 1")
    told = set(Notice.objects.filter(verb="approve").values_list("person__username", flat=True))
    assert told == {"asb", "asb2", "head"}


def test_another_body_decides_when_the_policy_says_so_and_without_one_the_board_does(world):
    def say(code):
        PolicyValue.objects.create(
            key="standards.indicator_body", value=code, valid_from="2020-01-01", reason="сынақ", author=world.admin
        )

    record = scenes.submitted(world)
    say("quality_committee")
    with pytest.raises(Refused):
        set_steps.approve(record, by=scenes.by_council(world))
    say("")
    with pytest.raises(Refused):
        set_steps.approve(fresh(record), by=world.asb)
    set_steps.approve(fresh(record), by=world.board, basis="Бұйрық № 7")
    assert fresh(record).state == IndicatorSet.IN_FORCE


def test_a_cancelled_set_takes_its_drafts_along_and_the_next_may_begin(world):
    record = scenes.cancelled(world)
    assert scenes.one_of(record).state == Indicator.CANCELLED
    assert scenes.one_of(record).history.first().why == "Қайта жасалады"
    assert scenes.draft(world, following=True).version == record.version + 1


# -- what differs -------------------------------------------------------------------------------------------------
def test_new_changed_and_dropped_are_told_and_shown(world, signed_in):
    first = scenes.in_force(world, "S1-KEPT", "S1-WORDS", "S1-GONE")
    following = scenes.draft(world, following=True)
    rows = {row.code: row for row in following.indicators.all()}
    rows["S1-WORDS"].direction = "down"
    rows["S1-WORDS"].save_changes(by=world.asb)
    steps.cancel(rows["S1-GONE"], by=world.asb, reason="Ескірді")
    scenes.indicator(world, following, "S1-NEW")
    found = indicator_sets.differences(first, indicator_sets.live(following))
    with translation.override("en"):
        said = [(row.kind, row.code, list(row.fields)) for row in found]
    assert [(kind, code) for kind, code, _fields in said] == [
        ("new", "S1-NEW"),
        ("changed", "S1-WORDS"),
        ("dropped", "S1-GONE"),
    ]
    assert len(said[1][2]) == 1
    html = signed_in("asb").get(following.get_absolute_url()).content.decode()
    assert html.index("S1-NEW") < html.index("S1-WORDS") < html.index("S1-GONE")
