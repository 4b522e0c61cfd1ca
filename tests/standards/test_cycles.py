"""A year's cycle of self-assessment: planned, opened, sent to the Academic Council, approved by its decision."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from qa_portal.bodies.workflow import items as item_steps
from qa_portal.notices.models import Notice
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from standards.models import AreaAnswer, Assessment, Cycle, Edition, Responsibility, Standard
from standards.scope import propose
from standards.workflow import assessments as steps
from standards.workflow import cycles as cycle_steps
from tests.bodies import scenes as bodies

from . import scenes_cycles as scenes
from .scenes_cycles import fresh

pytestmark = pytest.mark.django_db
REASON = "Себебі бар"


def told() -> set[str]:
    return set(Notice.objects.values_list("person__username", flat=True))


def responsible(world, standard: str, *roles: str) -> None:
    scenes.areas(world, [standard])
    row = Standard.objects.get(code=standard)
    for place, role in enumerate(roles, 1):
        Responsibility.objects.create(
            standard=row, code=f"{standard}.F{place}", place=place, role=role, name_kk=role, text_kk="Жауап береді"
        )


def units_of(cycle: Cycle) -> dict[str, list[str]]:
    return {a.unit.code: a.areas for a in cycle.assessments.live().select_related("unit")}


# -- who answers what ------------------------------------------------------------------------------
def test_the_catalogue_proposes_units_by_kind_and_by_code_and_names_roles_without_one(world):
    responsible(world, "S1", "asb", "departments", "board")
    responsible(world, "S2", "schools", "students")
    cycle = scenes.draft(world)
    proposal = propose(cycle)
    first, second = [f"S1.A{n}" for n in (1, 2, 3)], [f"S2.A{n}" for n in (1, 2, 3)]
    assert {unit.code: codes for unit, codes in proposal.units.items()} == {
        "asb": first,
        "therapy": first,
        "surgery": first,
        "medicine": second,
        "law": second,
    }
    assert proposal.homeless == [("S1", "board"), ("S2", "students")]


def test_a_unit_responsible_under_two_standards_gets_the_areas_of_both(world):
    responsible(world, "S1", "asb", "departments")
    responsible(world, "S2", "asb")
    units = {unit.code: codes for unit, codes in propose(scenes.draft(world)).units.items()}
    assert units["asb"] == [f"S{s}.A{n}" for s in (1, 2) for n in (1, 2, 3)]


def test_the_proposal_taken_again_keeps_what_was_changed_by_hand(world):
    responsible(world, "S1", "departments", "schools")
    cycle = cycle_steps.propose_scope(scenes.draft(world), by=world.asb)
    assert units_of(cycle).keys() == {"therapy", "surgery", "medicine", "law"}
    steps.change_areas(cycle.assessments.get(unit=world.department), by=world.asb, areas=["S1.A2"])
    steps.cancel(cycle.assessments.get(unit=world.other), by=world.asb, reason=REASON)
    cycle_steps.propose_scope(fresh(cycle), by=world.asb)
    assert units_of(cycle).keys() == {"therapy", "medicine", "law"}
    assert units_of(cycle)["therapy"] == ["S1.A2"]


def test_closed_units_are_not_proposed(world):
    responsible(world, "S1", "departments")
    type(world.other).objects.filter(pk=world.other.pk).update(closed_on=scenes.in_days(-1))
    assert {unit.code for unit in propose(scenes.draft(world)).units} == {"therapy"}


def test_the_matrix_shows_units_by_standards_and_its_ways_to_planners_only(world, signed_in):
    responsible(world, "S1", "board")
    cycle = scenes.prepared(world)
    url = f"{cycle.get_absolute_url()}scope/"
    page = signed_in("asb").get(url)
    [row] = page.context["rows"]
    assert (row["label"], row["counts"], row["all"]) == (str(world.department), [("S1", 3), ("S2", 3)], 6)
    assert [b["name"] for b in page.context["steps"]] == ["propose_scope", "plan_units", "plan_programmes"]
    assert page.context["homeless"] == [("S1", "board")]
    assert row["change"] in page.content.decode()
    watcher = signed_in("board").get(url)
    assert (watcher.status_code, watcher.context["steps"], watcher.context["rows"][0]["change"]) == (200, [], "")
    assert signed_in("head").get(url).status_code == 404  # a draft


def test_areas_are_ticked_standard_by_standard_and_typed_ones_come_back(world, signed_in):
    cycle = scenes.cycle(world)
    client, url = signed_in("asb"), f"{cycle.get_absolute_url()}plan-units/"
    page = client.get(url).content.decode()
    assert page.count("<legend>S1") == page.count("<legend>S2") == 1
    answer = client.post(url, {"areas": ["S2.A1", "S1.A3"]})
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert shown.count(" checked>") == 2
    assert 'value="S2.A1" checked' in shown
    assert client.post(url, {"units": [world.other.pk], "areas": ["S9.A9"]}).status_code == 400


def test_a_unit_added_to_a_running_cycle_begins_at_once(world):
    cycle = scenes.cycle(world)
    Notice.objects.all().delete()
    cycle_steps.plan_units(cycle, by=world.asb, units=[world.other.pk], areas=["S1.A1", "S2.A2"])
    added = cycle.assessments.get(unit=world.other)
    assert (added.state, added.due) == (Assessment.OPEN, cycle.answer_by)
    assert sorted(added.answers.values_list("code", flat=True)) == ["S1.A1", "S2.A2"]
    assert told() == {"head2"}
    with pytest.raises(InputProblem):
        cycle_steps.plan_units(fresh(cycle), by=world.asb, units=[world.other.pk], areas=["S1.A1"])


def test_programmes_are_led_by_their_heads_and_begin_with_the_areas_of_the_ninth_standard(world, signed_in):
    programme = scenes.programme(world)
    cycle = scenes.draft(world, ("S1", "S9"))
    page = signed_in("asb").get(f"{cycle.get_absolute_url()}plan-programmes/")
    assert page.context["form"]["areas"].initial == ["S9.A1", "S9.A2", "S9.A3"]
    cycle_steps.plan_programmes(cycle, by=world.asb, programmes=[programme.pk], areas=["S9.A1"])
    added = cycle.assessments.get()
    assert (added.unit, added.lead, added.of_programme, added.state) == (
        programme.unit,
        programme.head,
        True,
        "planned",
    )


# -- adding and editing ----------------------------------------------------------------------------------
def form(world, **changes) -> dict[str, object]:
    scenes.areas(world)
    days = {name: scenes.in_days(n).isoformat() for name, n in zip(Cycle.DATES, (0, 30, 50, 60), strict=True)}
    return {"year": 2031, "standards": ["S1", "S2"], "note": "Өз нұсқаулығымыз бар", **days, **changes}


def test_a_cycle_freezes_the_edition_in_force_and_offers_all_its_standards(world, signed_in):
    client = signed_in("asb")
    scenes.areas(world)
    page = client.get("/standards/cycles/add/")
    assert page.context["form"].initial["standards"] == ["S1", "S2"]
    assert client.post("/standards/cycles/add/", form(world)).status_code == 302
    cycle = Cycle.objects.get()
    first = cycle.edition
    Edition.objects.create(number=2, in_force_from=datetime.date(2025, 1, 1), digest="next")
    cycle.note = "Басқа"
    cycle.save_changes(by=world.asb)
    assert (fresh(cycle).edition, fresh(cycle).standards) == (first, ["S1", "S2"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answer_by": "2020-01-01"}, "__all__"),
        ({"standards": []}, "standards"),
        ({"standards": ["S7"]}, "standards"),
        ({"year": 31}, "year"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field_and_nothing_typed_is_lost(world, signed_in, changes, field):
    answer = signed_in("asb").post("/standards/cycles/add/", form(world, **changes))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert "Өз нұсқаулығымыз бар" in answer.content.decode()
    assert not Cycle.objects.exists()


def test_a_year_has_one_cycle_that_is_not_cancelled(world, signed_in):
    first = scenes.draft(world, year=2031)
    answer = signed_in("asb").post("/standards/cycles/add/", form(world))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["year"])
    cycle_steps.cancel(first, by=world.asb, reason=REASON)
    assert signed_in("asb").post("/standards/cycles/add/", form(world)).status_code == 302


def test_standards_of_a_running_cycle_stay(world):
    cycle = scenes.cycle(world)
    cycle.standards = ["S1"]
    with pytest.raises(ValidationError):
        cycle.save_changes(by=world.asb)
    with pytest.raises(Refused):
        fresh(cycle).save_changes(by=world.head)


def test_dates_move_with_the_deadlines_that_were_common_and_leave_those_set_by_hand(world):
    cycle = scenes.cycle(world, units=[world.department, world.other])
    own = cycle.assessments.get(unit=world.other)
    own.due = scenes.in_days(12)
    own.save_changes(by=world.asb)
    Notice.objects.all().delete()
    dates = {name: scenes.in_days(n).isoformat() for name, n in zip(Cycle.DATES, (0, 40, 60, 70), strict=True)}
    with pytest.raises(InputProblem):  # units answer already: they are told why
        cycle_steps.move_dates(fresh(cycle), by=world.asb, **dates)
    with pytest.raises(InputProblem):
        cycle_steps.move_dates(fresh(cycle), by=world.asb, reason=REASON, **{**dates, "verify_by": dates["opens_on"]})
    cycle_steps.move_dates(fresh(cycle), by=world.asb, reason=REASON, **dates)
    assert cycle.assessments.get(unit=world.department).due == scenes.in_days(40)
    assert fresh(own).due == scenes.in_days(12)
    assert told() == {"head"}


# -- opening ---------------------------------------------------------------------------------------------
def test_opening_makes_answers_with_history_and_tells_those_who_lead(world, django_capture_on_commit_callbacks):
    cycle = scenes.prepared(world)
    with django_capture_on_commit_callbacks(execute=True):
        cycle_steps.launch(cycle, by=world.asb)
    assessment = cycle.assessments.get()
    answers = list(assessment.answers.order_by("area__standard__number", "area__place"))
    assert [(a.code, a.standard, a.unit, a.state, a.score) for a in answers] == [
        (f"S{s}.A{n}", f"S{s}", world.department, "open", "not_looked") for s in (1, 2) for n in (1, 2, 3)
    ]
    assert {answer.history.get().verb for answer in answers} == {"add"}
    assert assessment.history.filter(verb="launch", from_state="planned", to_state="open").count() == 1
    assert told() == {"head", "coordinator"}
    assert {address for letter in mail.outbox for address in letter.to} == {
        "head@example.org",
        "coordinator@example.org",
    }


def test_a_cycle_is_opened_once(world):
    cycle = scenes.prepared(world)
    again = fresh(cycle)
    cycle_steps.launch(cycle, by=world.asb)
    with pytest.raises(NotNow):
        cycle_steps.launch(again, by=world.asb2)
    assert AreaAnswer.objects.count() == 6


def test_a_cycle_that_asks_nobody_or_whose_day_has_passed_is_not_opened(world):
    with pytest.raises(NotNow):
        cycle_steps.launch(scenes.draft(world), by=world.asb)
    late = scenes.planned(world, scenes.draft(world, opens_on=scenes.in_days(-9), answer_by=scenes.in_days(-1))).cycle
    with pytest.raises(NotNow):
        cycle_steps.launch(late, by=world.asb)


def test_areas_of_a_standard_taken_out_of_the_draft_are_not_asked(world):
    cycle = scenes.prepared(world)
    cycle.standards = ["S2"]
    cycle.save_changes(by=world.asb)
    cycle_steps.launch(fresh(cycle), by=world.asb)
    assert cycle.assessments.get().areas == ["S2.A1", "S2.A2", "S2.A3"]
    bare = scenes.prepared(world)
    bare.standards = ["S9"] if Standard.objects.filter(code="S9").exists() else ["S1"]
    steps.change_areas(bare.assessments.get(), by=world.asb, areas=["S2.A1"])
    bare.save_changes(by=world.asb)
    with pytest.raises(NotNow) as refused:
        cycle_steps.launch(fresh(bare), by=world.asb)
    assert str(world.department) in str(refused.value)


def test_answers_are_tied_to_those_of_the_latest_approved_cycle(world):
    before = scenes.approved(world)
    cancelled = scenes.cycle(world, year=before.year + 1)
    cycle_steps.cancel(cancelled, by=world.asb, reason=REASON)
    now = scenes.cycle(world, year=before.year + 2, units=[world.department, world.other])
    mine, other = now.assessments.get(unit=world.department), now.assessments.get(unit=world.other)
    assert mine.previous == before.assessments.get()
    tied = {a.code: a.previous for a in mine.answers.select_related("previous__cycle")}
    assert all(old.code == code and old.cycle == before for code, old in tied.items())
    assert (other.previous, set(other.answers.values_list("previous", flat=True))) == (None, {None})


# -- the Academic Council -----------------------------------------------------------------------------------
def test_a_cycle_goes_to_the_council_when_everything_is_verified(world):
    cycle = scenes.cycle(world, units=[world.department, world.other])
    assessment = scenes.answer_all(cycle.assessments.get(unit=world.department), world.head)
    steps.verify(scenes.accept_all(steps.submit(assessment, by=world.head), world.asb2), by=world.asb)
    with pytest.raises(NotNow) as refused:
        cycle_steps.submit(fresh(cycle), by=world.asb)
    assert "1" in str(refused.value)
    steps.cancel(cycle.assessments.get(unit=world.other), by=world.asb, reason=REASON)
    assert cycle_steps.submit(fresh(cycle), by=world.asb).state == Cycle.SUBMITTED


def voted(world, cycle, *against: str):
    item = bodies.in_the_vote(world, bodies.about(world, cycle, "standards.cycle.approve"))
    choices = {name: "against" if name in against else "for" for name in bodies.VOTERS}
    return item_steps.close_vote(bodies.voted(world, item, **choices), by=world.dean).decision


def test_the_council_approves_by_its_decision_and_reporters_are_told(world):
    cycle = scenes.sent(world)
    Notice.objects.all().delete()
    decision = voted(world, cycle)
    approved = fresh(cycle)
    assert (approved.state, approved.basis) == (Cycle.APPROVED, str(decision)[:200])
    assert approved.assessments.get().state == Assessment.APPROVED
    heard = Notice.objects.filter(verb="approve").values_list("person__username", flat=True)
    assert {"head", "asb"} <= set(heard)
    with pytest.raises(NotNow):
        approved.note = "Кейін"
        approved.save_changes(by=world.asb)


def test_a_vote_that_did_not_pass_sends_the_year_back_and_an_assessment_can_be_reopened(world):
    cycle = scenes.sent(world)
    voted(world, cycle, "head", "head2", "staff")
    back = fresh(cycle)
    assert (back.state, back.submitted_on) == (Cycle.OPEN, None)
    assert steps.reopen(back.assessments.get(), by=world.asb, reason=REASON).state == Assessment.RETURNED


def test_an_annulled_decision_takes_the_approval_back(world):
    cycle = scenes.sent(world)
    bodies.taken_up(world, voted(world, cycle))
    assert (fresh(cycle).state, fresh(cycle).basis) == (Cycle.SUBMITTED, "")
    assert cycle.assessments.get().state == Assessment.VERIFIED


def test_nobody_approves_a_year_by_hand(world, signed_in):
    cycle = scenes.sent(world)
    for username in ("board", "asb", "council", "admin"):
        with pytest.raises(Refused):
            cycle_steps.approve(fresh(cycle), by=getattr(world, username))
    assert signed_in("asb").post(f"{cycle.get_absolute_url()}approve/").status_code == 403


def test_a_cancelled_cycle_takes_its_assessments_and_answers_along(world):
    cycle = scenes.cancelled_cycle(world)
    assert {a.state for a in cycle.assessments.all()} == {"cancelled"}
    answers = AreaAnswer.objects.filter(cycle=cycle)
    assert {(a.state, a.history.filter(verb="take_out").count()) for a in answers} == {("cancelled", 1)}
