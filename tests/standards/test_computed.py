"""Computed indicators: each formula against a small case counted by hand; computing is idempotent and never overwrites a word."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
import time_machine

from capa.models import CapaAction, Finding
from capa.workflow import finding as finding_steps
from qa_portal.bodies.workflow import assignment as assignment_steps
from qa_portal.documents.models import Acquaintance, Document
from qa_portal.documents.workflow import document as document_steps
from qa_portal.notices.models import Notice
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door
from standards.computing import compute_all
from standards.models import Measurement
from standards.workflow import measurements as steps
from tests.bodies import scenes_work
from tests.documents import scenes_upkeep as library

from . import scenes_measurements as scenes

pytestmark = pytest.mark.django_db
SINCE, UNTIL = datetime.date(2026, 3, 1), datetime.date(2026, 3, 31)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def at(text: str):
    return time_machine.travel(f"{text}T12:00:00+05:00")


def computed(key: str) -> dict:
    return {unit: (found.value, found.weight) for unit, found in registry.formulas[key].values(SINCE, UNTIL).items()}


def actions(world, *rows) -> None:
    """(unit, state, deadline, carried out on) each in a plan of its own unit."""
    for unit, state, due, done in rows:
        plan = world.plan()
        with door("import"):
            CapaAction.objects.filter(plan=plan).update(
                unit=unit, state=state, due=day(due), done_on=day(done) if done else None
            )


def test_actions_carried_out_in_time(world):
    w = world
    actions(
        w,
        (w.department, "verified", "2026-03-01", "2026-03-01"),  # on the day: in time
        (w.department, "carried_out", "2026-03-31", "2026-04-01"),  # a day late
        (w.other, "in_progress", "2026-03-15", None),  # late and open
        (w.other, "carried_out", "2026-03-15", "2026-03-10"),
        (w.other, "in_progress", "2026-03-31", None),  # has time yet on the 31st
        (w.other, "cancelled", "2026-03-15", None),
        (w.other, "draft", "2026-03-15", None),
        (w.other, "verified", "2026-02-28", "2026-02-01"),  # another period
        (w.far_school, "verified", "2026-03-20", "2026-03-20"),
    )
    with at("2026-03-31"):
        assert computed("capa.closed_in_time") == {
            w.department.pk: (50, 2),
            w.other.pk: (50, 2),
            w.school.pk: (50, 4),
            w.far_school.pk: (100, 1),
            None: (60, 5),
        }
    with at("2026-04-01"):
        assert computed("capa.closed_in_time")[w.other.pk] == (pytest.approx(100 / 3), 3)


def findings(world, *rows) -> list[Finding]:
    made = []
    for unit, found, closed in rows:
        row = world.finding(unit=unit, severity="minor")
        with door("import"):
            Finding.objects.filter(pk=row.pk).update(
                found_on=day(found), state="closed" if closed else "open", closed_on=day(closed) if closed else None
            )
        made.append(row)
    return made


def test_median_days_to_close(world):
    w = world
    findings(
        w,
        (w.department, "2026-03-01", "2026-03-05"),  # 4
        (w.department, "2026-02-01", "2026-03-03"),  # 30
        (w.other, "2026-03-01", "2026-03-11"),  # 10
        (w.other, "2026-03-01", None),
        (w.other, "2026-01-01", "2026-02-28"),  # another period
    )
    assert computed("capa.days_to_close") == {
        w.department.pk: (17, 2),
        w.other.pk: (10, 1),
        w.school.pk: (10, 3),
        None: (10, 3),
    }


def test_loops_whose_reporter_was_told(world):
    w = world
    told, untold, by_oneself = (w.finding(severity="minor", reporter=who) for who in ("staff", "staff2", "asb"))
    for row in (told, untold, by_oneself):
        finding_steps.correct(row, by=w.head, correction="Жөнделді")
        finding_steps.close(row, by=w.asb)
    Notice.objects.filter(record_id=untold.pk, verb="close").delete()
    with door("import"):
        Finding.objects.update(closed_on=day("2026-03-15"))
    # The one who closes it knows without being told.
    assert computed("capa.loops_told")[None] == (pytest.approx(200 / 3), 3)


def test_carried_out_actions_that_are_proved(world):
    w = world
    w.implemented()
    w.implemented()
    with door("import"):
        CapaAction.objects.update(done_on=day("2026-03-15"))
    assert computed("capa.evidence_share")[None] == (100, 2)
    proof = CapaAction.objects.first().proofs.get().evidence
    with door("import"):
        type(proof).objects.filter(pk=proof.pk).update(state="withdrawn")
    assert computed("capa.evidence_share")[w.department.pk] == (50, 2)


def test_documents_reviewed_in_time(world):
    w = world
    made = [library.document(w, title=f"{n}-ереже") for n in range(4)]
    in_time, late, waiting, _never = made
    with door("import"):
        Document.objects.filter(pk__in=[d.pk for d in made]).update(review_due=day("2026-03-20"))
        Document.objects.filter(pk=waiting.pk).update(review_due=day("2026-03-31"))
    for row, when in ((in_time, "2026-03-20"), (late, "2026-03-21")):
        row.refresh_from_db()
        with at(when):
            document_steps.confirm_review(row, by=w.head, note="Өзгеріссіз")
    with at("2026-03-31"):
        # One in time, one a day late, one never; the fourth has time until the end of the day.
        assert computed("documents.reviewed_in_time")[None] == (pytest.approx(100 / 3), 3)
    with at("2026-04-01"):
        assert computed("documents.reviewed_in_time")[w.department.pk] == (25, 4)


def test_documents_read_in_time(world):
    w = world
    version = library.document(w).current
    with door("import"):
        for person, state, moment in (
            (w.staff, "confirmed", "2026-03-10T23:30:00+05:00"),
            (w.staff2, "confirmed", "2026-03-11T00:30:00+05:00"),
            (w.head, "waiting", None),
            (w.coordinator, "void", None),
        ):
            confirmed = datetime.datetime.fromisoformat(moment) if moment else None
            Acquaintance(
                version=version,
                person=person,
                unit=w.department,
                due=day("2026-03-10"),
                state=state,
                confirmed_at=confirmed,
            ).save()
        Acquaintance(version=version, person=w.dean, unit=w.school, due=day("2026-04-10")).save()
    with at("2026-03-31"):
        # In time until midnight; half an hour later is late; one never; one no longer asked.
        assert computed("documents.acquainted_in_time")[None] == (pytest.approx(100 / 3), 3)


def test_assignments_carried_out_in_time(world):
    w = world
    with at("2026-03-01"):
        rows = [scenes_work.assignment(w, owner=who, due=day("2026-03-20")) for who in ("staff", "staff2", "stranger")]
        scenes_work.assignment(w, owner="staff", due=day("2026-04-20"))
    with at("2026-03-20"):
        assignment_steps.carry_out(rows[0], by=w.staff, note="Болды")
    with at("2026-03-21"):
        assignment_steps.carry_out(rows[1], by=w.staff2, note="Болды")
    with at("2026-03-31"):
        found = computed("bodies.assignments_in_time")
    assert (found[w.department.pk], found[w.far_school.pk]) == ((50, 2), (0, 1))
    assert found[None] == (pytest.approx(100 / 3), 3)


# -- kept ----------------------------------------------------------------------------------------------
@pytest.fixture
def kpi(world):
    found = scenes.indicator(world, formula="capa.days_to_close", measure="days", direction="down", roll_up="none")
    with door("import"):
        type(found.set).objects.filter(pk=found.set_id).update(valid_from=day("2026-03-01"))
    scenes.target(found, 2026, 10, red=30)
    return found


def stored() -> dict:
    rows = Measurement.objects.valid().order_by("pk")
    return {(row.unit and row.unit.code, row.period): (row.value, row.light) for row in rows}


def test_computed_for_the_university_and_the_units_that_report_and_again_without_a_trace(world, kpi):
    w = world
    findings(w, (w.department, "2026-03-01", "2026-03-05"), (w.far_school, "2026-02-01", "2026-03-05"))
    assert compute_all(day("2026-03-20")) == 2
    assert stored() == {("therapy", "2026-03"): (4, "green"), (None, "2026-03"): (18, "amber")}
    row = Measurement.objects.get(unit=w.department)
    assert (row.origin, row.created_by, row.weight, row.history.get().verb) == ("computed", None, 1, "compute")
    assert compute_all(day("2026-03-20")) == 0
    assert row.history.count() == 1
    findings(w, (w.department, "2026-03-01", "2026-03-05"))  # one case more, the same value
    assert compute_all(day("2026-03-21")) == 1  # the median of the university is another one
    row.refresh_from_db()
    assert (row.weight, row.history.count()) == (2, 1)
    with door("import"):
        Finding.objects.filter(unit=w.department).update(found_on=day("2026-02-01"))
    assert compute_all(day("2026-03-22")) == 2
    row.refresh_from_db()
    assert (row.value, row.light, row.history.count()) == (32, "red", 2)


def test_a_period_is_computed_some_days_after_its_end_and_then_stands(world, kpi):
    findings(world, (world.department, "2026-03-01", "2026-03-05"))
    for today in ("2026-03-20", "2026-04-01"):
        with at(today):
            compute_all()
    with door("import"):
        Finding.objects.update(found_on=day("2026-02-01"))
    with at("2026-04-11"):
        assert compute_all() == 0
    with at("2026-04-10"):
        assert compute_all() == 2
    assert stored()[None, "2026-03"][0] == 32


def test_a_night_that_was_missed_is_made_up_for(world, kpi):
    findings(world, (world.department, "2026-03-01", "2026-03-05"), (world.department, "2026-04-01", "2026-04-03"))
    with at("2026-03-04"):
        assert compute_all() == 2  # with what is known now
    with at("2026-06-20"):
        compute_all()
    assert set(stored()) == {(u, p) for u in ("therapy", None) for p in ("2026-03", "2026-04")}


def test_what_was_corrected_or_withdrawn_by_a_person_is_not_computed_again(world, kpi):
    w = world
    findings(w, (w.department, "2026-03-01", "2026-03-05"))
    compute_all(day("2026-03-20"))
    steps.correct(Measurement.objects.get(unit=w.department), by=w.asb, value="7", reason="Бір жазба қате жабылған")
    steps.withdraw(Measurement.objects.get(unit=None), by=w.asb, reason="Толық емес")
    findings(w, (w.department, "2026-01-01", "2026-03-05"))
    assert compute_all(day("2026-03-21")) == 0
    assert stored() == {("therapy", "2026-03"): (7, "green")}


def test_a_correction_does_not_hold_up_the_computing_of_the_others(world, kpi):
    w = world
    findings(w, (w.department, "2026-03-01", "2026-03-05"))
    with at("2026-03-20"):
        compute_all()
    findings(w, (w.other, "2026-03-01", "2026-03-27"))
    with at("2026-05-20"):  # the scheduler stood still for two months
        steps.correct(Measurement.objects.get(unit=w.department), by=w.asb, value="7", reason="Қате жабылған")
        compute_all()
    assert stored() == {
        ("therapy", "2026-03"): (7, "green"),
        ("surgery", "2026-03"): (26, stored()["surgery", "2026-03"][1]),
        (None, "2026-03"): (15, stored()[None, "2026-03"][1]),
    }


def test_a_value_whose_cases_are_gone_goes_too_and_comes_back_with_them(world, kpi):
    (row,) = findings(world, (world.department, "2026-03-01", "2026-03-05"))
    compute_all(day("2026-03-20"))
    with door("import"):
        Finding.objects.filter(pk=row.pk).update(state="cancelled")
    assert compute_all(day("2026-03-21")) == 2
    assert stored() == {}
    with door("import"):
        Finding.objects.filter(pk=row.pk).update(state="closed")
    compute_all(day("2026-03-22"))
    assert stored()[None, "2026-03"] == (Decimal(4), "green")


def test_values_by_hand_are_not_taken_for_computed_ones(world, kpi):
    with door("import"):
        type(kpi).objects.filter(pk=kpi.pk).update(formula="")
    scenes.value(world, kpi, value=Decimal(3))
    with door("import"):
        type(kpi).objects.filter(pk=kpi.pk).update(formula="capa.days_to_close")
    findings(world, (world.department, "2026-03-01", "2026-03-05"))
    compute_all(day("2026-03-20"))
    assert stored()["therapy", "2026-03"][0] == 3
