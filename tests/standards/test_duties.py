"""Duties that the clock makes: of every rule one a period, whatever stood still and whatever was changed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from qa_portal.documents.models import ChangeProposal
from qa_portal.permissions import Refused
from qa_portal.programmes.models import AcademicYear, Term
from qa_portal.web.registry import registry
from qa_portal.workflow.models import Entry
from qa_portal.workflow.writing import door
from standards import duty_events
from standards.models import Duty, DutyRule, DutyStart
from standards.portal.duties import rules_without_term
from standards.workflow import duties as steps
from standards.workflow.duties_making import make_duties

from . import scenes_duties as scenes
from .scenes_duties import fulfil, on

pytestmark = pytest.mark.django_db
D, DAY = datetime.date, datetime.timedelta(days=1)


def periods(rule: DutyRule) -> list[str]:
    return list(Duty.objects.filter(rule=rule).order_by("due_on", "pk").values_list("period", flat=True))


# -- made by the clock ------------------------------------------------------------------------------------
def test_the_file_of_rules_loads_once_and_leaves_what_the_office_changed(world):
    call_command("load_registers")
    count = DutyRule.objects.count()
    assert count >= 80
    DutyRule.objects.filter(code="policy-report").update(due="06-30")
    call_command("load_registers")
    assert DutyRule.objects.count() == count
    assert DutyRule.objects.get(code="policy-report").due == "06-30"


def test_a_run_after_a_stop_makes_what_nightly_runs_would_have_made(world):
    rule = scenes.rule("round-table", opens="01-01", due="02-29", counted_since=D(2026, 11, 20))
    make_duties(D(2026, 11, 20))
    assert periods(rule) == ["2027"]
    make_duties(D(2029, 5, 3))  # nobody ran it for two and a half years
    assert periods(rule) == ["2027", "2028", "2029", "2030"]
    assert [str(d.due_on) for d in Duty.objects.order_by("due_on")][:2] == ["2027-02-28", "2028-02-29"]
    assert make_duties(D(2029, 5, 3)) == 0
    assert Entry.objects.filter(record_id__in=Duty.objects.values("pk"), verb="add").count() == 4


def test_ten_years_of_all_rules_in_the_database_make_no_double_and_leave_no_gap(world):
    call_command("load_registers")
    DutyRule.objects.exclude(scope="university").delete()
    DutyRule.objects.update(counted_since=D(2026, 11, 20))
    for year in range(2026, 2036, 3):
        make_duties(D(year, 11, 20))
    yearly = DutyRule.objects.filter(timing="yearly")
    for rule in yearly:
        made = periods(rule)
        assert len(made) == len(set(made)) >= 10, rule.code
    for rule in DutyRule.objects.filter(timing="from_last"):
        assert periods(rule) == ["first"]
    quarters = periods(DutyRule.objects.get(timing="quarterly"))
    assert quarters[:2] == ["2026-Q4", "2027-Q1"]
    assert len(quarters) == 1 + 4 * 10


def test_units_programmes_and_documents_get_one_each(world):
    scenes.programme(world)
    document = scenes.document(world)
    kinds = {"unit": 5, "school": 2, "department": 2, "programme": 1}
    for scope in kinds:
        scenes.rule(f"of-{scope}", scope=scope, role="unit_head", counted_since=D(scenes.today().year, 1, 1))
    review = scenes.from_last(scope="document", role="unit_head")
    make_duties()
    this_year = Duty.objects.filter(due_on__year=scenes.today().year)
    for scope, count in kinds.items():
        assert this_year.filter(rule__scope=scope).count() == count, scope
    duty = scenes.only(review)
    assert (duty.subject, duty.unit, duty.base) == (document, world.department, document.last_review)


def test_a_programme_that_comes_later_owes_nothing_for_the_years_before(world):
    rule = scenes.rule("monitoring", scope="programme", role="programme_head", counted_since=D(2024, 1, 1))
    scenes.programme(world)
    make_duties(D(2024, 5, 1))
    scenes.programme(world, "6B10102")
    make_duties(D(2026, 5, 1))
    by_code = {}
    for duty in Duty.objects.filter(rule=rule).prefetch_related("subject"):
        by_code.setdefault(duty.subject.code, []).append(duty.period)
    assert by_code == {"6B10101": ["2024", "2025", "2026", "2027"], "6B10102": ["2026", "2027"]}


def test_the_next_one_is_counted_from_the_day_the_last_was_done(world):
    rule = scenes.from_last(months=36)
    first = scenes.made(rule)
    assert (first.period, first.due_on) == ("first", D(scenes.today().year, 12, 31))
    fulfil(first, world.asb)
    make_duties()
    following = Duty.objects.open().get(rule=rule)
    assert following.base == scenes.today()
    assert make_duties() == 0


def test_a_start_typed_by_the_quality_office_moves_the_open_duty(world):
    rule = scenes.from_last(months=36)
    duty = scenes.made(rule)
    start = DutyStart(rule=rule, on=D(2025, 2, 28), note="Кеңес хаттамасы")
    with pytest.raises(Refused):
        steps.type_start(start, world.head)
    assert steps.type_start(start, world.asb) == 1
    duty.refresh_from_db()
    assert (duty.base, duty.due_on, duty.first_due) == (D(2025, 2, 28), D(2028, 2, 28), D(2028, 2, 28))
    assert duty.history.filter(verb="recount").exists()


def test_terms_make_duties_and_missing_terms_are_told_to_the_quality_office(world):
    rule = scenes.rule(
        "course-forms", timing="term", opens="", due="", anchor="until", offset_days=14, counted_since=D(2026, 9, 1)
    )
    with on(D(2026, 11, 20)):
        assert make_duties() == 0
        assert rules_without_term() == 1
        assert any(f["value"] == 1 and f["tone"] == "waiting" for f in _figures(world.asb))
        year = AcademicYear.objects.create(name="2026/2027", since=D(2026, 9, 1), until=D(2027, 6, 30))
        Term.objects.create(year=year, season="autumn", since=D(2026, 9, 1), until=D(2026, 12, 28))
        term = Term.objects.create(year=year, season="spring", since=D(2027, 1, 20), until=D(2027, 5, 31))
        make_duties()
        assert rules_without_term() == 0
        assert periods(rule) == ["2026/2027-1", "2026/2027-2"]
        Term.objects.filter(pk=term.pk).update(until=D(2027, 6, 10))
        make_duties()
        assert Duty.objects.get(period="2026/2027-2").due_on == D(2027, 6, 24)


def _figures(person: Any) -> list[dict[str, Any]]:
    return [figure for made in registry.figures for figure in made(person)]


def test_dates_that_an_administrator_changed_are_followed_and_those_set_by_hand_stay(world):
    rule = scenes.rule(
        "check", unit=world.department, role="unit_head", date_by_office=True, counted_since=D(2026, 1, 1)
    )
    with on(D(2026, 5, 4)):
        make_duties()
        mine, coming = Duty.objects.order_by("due_on")
        steps.set_date(mine, by=world.head, due_on="2026-06-01", reason="Жоспар бойынша")
        DutyRule.objects.filter(pk=rule.pk).update(due="10-31", opens="09-01")
        make_duties()
        mine.refresh_from_db()
        coming.refresh_from_db()
    assert (mine.due_on, mine.first_due) == (D(2026, 6, 1), D(2026, 12, 31))
    assert (coming.opens_on, coming.due_on) == (D(2027, 9, 1), D(2027, 10, 31))


def test_a_rule_no_longer_used_lets_go_what_has_not_begun(world):
    rule = scenes.rule("old")
    make_duties()
    DutyRule.objects.filter(pk=rule.pk).update(retired=True)
    make_duties()
    states = dict(Duty.objects.values_list("due_on__year", "state"))
    assert states == {scenes.today().year: "open", scenes.today().year + 1: "waived"}


def test_a_document_out_of_force_takes_its_duty_along(world):
    document = scenes.document(world)
    duty = scenes.made(scenes.from_last(scope="document", role="unit_head"))
    with door("import"):
        type(document).objects.filter(pk=document.pk).update(state="annulled")
    make_duties()
    duty.refresh_from_db()
    assert (duty.state, duty.history.first().verb) == ("waived", "fall_away")


def test_a_term_entered_after_a_later_one_still_makes_its_duty(world):
    rule = scenes.rule("forms", timing="term", opens="", due="", anchor="since", offset_days=-1)
    with on(D(2026, 10, 1)):
        DutyRule.objects.update(counted_since=D(2026, 9, 1))
        this, following = (
            AcademicYear.objects.create(name=f"{y}/{y + 1}", since=D(y, 9, 1), until=D(y + 1, 6, 30))
            for y in (2026, 2027)
        )
        Term.objects.create(year=following, season="autumn", since=D(2027, 9, 1), until=D(2027, 12, 28))
        make_duties()
        Term.objects.create(year=this, season="spring", since=D(2027, 1, 20), until=D(2027, 5, 31))
        make_duties()
        make_duties()
    assert periods(rule) == ["2026/2027-2", "2027/2028-1"]


def test_a_programme_that_moves_takes_its_open_duties_along(world):
    programme = scenes.programme(world, head=None)
    rule = scenes.rule("round-table", scope="programme", role="programme_head", counted_since=D(2020, 1, 1))
    make_duties()
    steps.waive(scenes.only(rule), by=world.asb, reason="Өткізілген")
    programme.unit = world.other
    programme.save()
    make_duties()
    assert {(duty.state, duty.unit) for duty in Duty.objects.filter(rule=rule)} == {
        ("waived", world.department),
        ("open", world.other),
    }
    assert Duty.objects.open().filter(rule=rule).first() in Duty.objects.of(world.head2)


def test_a_proposal_made_at_night_counts_from_the_day_on_the_wall(world):
    document = scenes.document(world)
    night = datetime.datetime(2026, 3, 31, 20, 30, tzinfo=datetime.UTC)  # half past one of 1 April in Almaty
    with door("import"), time_machine.travel(night, tick=False):
        ChangeProposal(
            number="P-1", document=document, unit=world.other, text="Өзгерту", reason="Ескірген", proposer=world.head2
        ).save()
    [(day, proposal)] = duty_events.change_proposed(D(2026, 1, 1))
    assert (day, proposal.number) == (D(2026, 4, 1), "P-1")
