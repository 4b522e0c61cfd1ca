"""Duties closed by what people do in the portal, and by decisions of bodies."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.forms import modelform_factory
from django.utils import timezone

from qa_portal.bodies.authority import perform, undo, waiting_for
from qa_portal.bodies.models import AgendaItem
from qa_portal.documents.acquainting import void
from qa_portal.documents.models import Acquaintance
from qa_portal.documents.workflow import document as on_document
from qa_portal.permissions import Refused
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door
from standards.admin.duties import DutyRuleForm
from standards.models import Duty, DutyMark, DutyRule, QualityReport, ReportKind
from standards.workflow import duties as steps
from standards.workflow import duties_closing
from standards.workflow.duties_closing import watch_fulfilment
from standards.workflow.duties_making import make_duties
from tests.bodies import scenes_work

from . import scenes_duties as scenes
from .scenes_duties import fulfil, on

pytestmark = pytest.mark.django_db
D, DAY = datetime.date, datetime.timedelta(days=1)
REVIEW = [{"step": "documents.document.confirm_review"}]


# -- closed by what people do -----------------------------------------------------------------------------
def test_a_reviewed_document_closes_its_duty_and_no_other(world):
    document, other = scenes.document(world), scenes.document(world)
    rule = scenes.from_last(scope="document", role="unit_head", fulfilled_by=REVIEW)
    yearly = scenes.rule("manual", fulfilled_by=[])
    make_duties()
    with on(scenes.today() + DAY):
        on_document.confirm_review(document, by=world.asb, note="Өзгеріссіз")
        assert watch_fulfilment() == 1
        duty = Duty.objects.get(rule=rule, subject_id=document.pk)
        assert (duty.state, duty.means, duty.done_by, duty.done_on) == ("done", document, world.asb, scenes.today())
        line = duty.history.first()
        assert (line.verb, line.by) == ("close_by_record", None)
        assert str(document) in line.why
        assert Duty.objects.get(rule=rule, subject_id=other.pk).state == "open"
        assert scenes.only(yearly).state == "open"
        assert watch_fulfilment() == 0
        make_duties()
        assert Duty.objects.open().get(rule=rule, subject_id=document.pk).base == scenes.today()


def test_two_rules_on_one_thing_are_two_duties(world):
    manual = scenes.document(world)
    ours = scenes.rule(
        "manual-check",
        fulfilled_by=[{"step": "documents.document.confirm_review", "where": {"kind__code": "quality_manual"}}],
    )
    head = scenes.rule("head-check", role="rector")
    make_duties()
    on_document.confirm_review(manual, by=world.asb, note="Өзгеріссіз")
    watch_fulfilment()
    assert scenes.only(ours).state == "done"
    assert scenes.only(head).state == "open"


def test_conditions_of_a_way_are_asked(world):
    other = scenes.document(world, "guide")
    rule = scenes.rule(
        "manual-check",
        fulfilled_by=[{"step": "documents.document.confirm_review", "where": {"kind__code": "quality_manual"}}],
    )
    make_duties()
    on_document.confirm_review(other, by=world.asb, note="Өзгеріссіз")
    assert watch_fulfilment() == 0
    assert scenes.only(rule).state == "open"


def test_what_was_overdue_is_caught_up_first_and_the_next_stays_open(world):
    manual = scenes.document(world)
    rule = scenes.rule("manual-check", fulfilled_by=REVIEW, counted_since=D(2025, 1, 1))
    with on(D(2025, 3, 1)):
        make_duties()
    with on(D(2026, 2, 2)):
        on_document.confirm_review(manual, by=world.asb, note="Өзгеріссіз")
        assert watch_fulfilment() == 1
    assert dict(Duty.objects.filter(rule=rule).values_list("period", "state")) == {"2025": "done", "2026": "open"}
    assert Duty.objects.get(period="2025").done_on == D(2026, 2, 2)


def test_a_line_of_history_never_counts_twice_even_when_read_again_or_opened_again(world):
    manual = scenes.document(world)
    rule = scenes.rule("manual-check", fulfilled_by=REVIEW, counted_since=D(2025, 1, 1))
    with on(D(2025, 3, 1)):
        make_duties()
    with on(D(2026, 2, 2)):
        on_document.confirm_review(manual, by=world.asb, note="Өзгеріссіз")
        watch_fulfilment()
        DutyMark.objects.update(entry=0)  # the mark is lost: all history is read anew
        assert watch_fulfilment() == 0
        closed = Duty.objects.get(rule=rule, period="2025")
        steps.reopen(closed, by=world.asb, reason="Хаттама жоқ")
        DutyMark.objects.update(entry=0)
        assert watch_fulfilment() == 0
        assert closed.state == "open"


@pytest.mark.parametrize(
    "ways",
    [
        "confirm_review",
        [{"stp": "documents.document.confirm_review"}],
        [{"step": "documents.document.confirm_review", "where": {"no_such": 1}}],
        [{"step": "documents.document.confirm_review", "subject": "nobody"}],
        [{"step": 5}],
    ],
)
def test_an_administrators_slip_in_the_ways_of_a_rule_is_not_kept(db, ways):
    form = modelform_factory(DutyRule, form=DutyRuleForm, fields=["fulfilled_by"])
    assert not form({"fulfilled_by": json.dumps(ways)}).is_valid()
    assert form({"fulfilled_by": json.dumps(REVIEW)}).is_valid()
    assert form({"fulfilled_by": "[]"}).is_valid()


def test_publishing_a_report_closes_its_duty(world):
    kind = ReportKind.objects.create(code="policy", name="Есеп", name_kk="Есеп", name_ru="Отчёт", name_en="Report")
    rule = scenes.rule("policy-report", report_kind="policy")
    make_duties()
    with door("import"):
        report = QualityReport(
            kind=kind, year=2026, since=D(2026, 1, 1), until=D(2026, 12, 31), title="Есеп", number="QR-1"
        )
        report.save()
        report.write_entry("publish", world.asb, to_state="published")
    assert watch_fulfilment() == 1
    assert scenes.only(rule).means == report


def test_acquaintance_is_kept_when_the_last_one_has_read_it(world):
    document = scenes.document(world)
    version = document.versions.get()
    rule = scenes.rule(
        "acquaintance",
        timing="event",
        event="document-approved",
        due_days=10,
        working_days=True,
        opens="",
        due="",
        role="unit_head",
        counted_since=version.approved_on,
        fulfilled_by=[
            {
                "step": "documents.acquaintance.confirm",
                "subject": "version",
                "unless": {"version__acquaintances__state": "waiting"},
            }
        ],
    )
    DutyRule.objects.filter(pk=rule.pk).update(counted_since=scenes.today() - 30 * DAY)
    with door("import"):
        type(version).objects.filter(pk=version.pk).update(approved_on=scenes.today() - 5 * DAY)
        rows = [
            Acquaintance(version=version, person=person, unit=world.department, due=scenes.today() + 9 * DAY)
            for person in (world.staff, world.staff2)
        ]
        for row in rows:
            row.save()
    make_duties()
    duty = scenes.only(rule)
    assert (duty.subject, duty.unit, duty.opens_on) == (version, world.department, scenes.today() - 5 * DAY)
    for number, row in enumerate(rows):
        with door("import"):
            row.state, row.confirmed_at = "confirmed", timezone.now()
            row.save()
        row.write_entry("confirm", row.person, to_state="confirmed")
        assert watch_fulfilment() == number
    assert make_duties() == 0


def _asked_to_read(world: Any, **states: str) -> tuple[Any, Any]:
    """A version approved five days ago, asked of these people; its duty is not made yet."""
    version = scenes.document(world).versions.get()
    unless = {"version__acquaintances__state": "waiting"}
    rule = scenes.rule(
        "acquaintance",
        timing="event",
        event="document-approved",
        due_days=10,
        opens="",
        due="",
        role="unit_head",
        counted_since=scenes.today() - 30 * DAY,
        fulfilled_by=[{"step": "documents.acquaintance.confirm", "subject": "version", "unless": unless}],
    )
    with door("import"):
        type(version).objects.filter(pk=version.pk).update(approved_on=scenes.today() - 5 * DAY)
        for username, state in states.items():
            row = Acquaintance(
                version=version, person=getattr(world, username), unit=world.department, due=scenes.today(), state=state
            )
            row.confirmed_at = timezone.now() if state == "confirmed" else None
            row.save()
            if state == "confirmed":
                row.write_entry("confirm", row.person, to_state="confirmed")
    return rule, version


def test_what_was_done_before_the_night_made_its_duty_still_closes_it(world, monkeypatch):
    monkeypatch.setattr(duties_closing, "AGAIN", 0)  # as after a day of many lines
    rule, _version = _asked_to_read(world, staff="confirmed")
    watch_fulfilment()
    make_duties()
    assert watch_fulfilment() == 1
    assert scenes.only(rule).state == "done"


def test_people_who_left_without_reading_do_not_hold_a_duty_open(world, monkeypatch):
    monkeypatch.setattr(duties_closing, "AGAIN", 0)
    rule, version = _asked_to_read(world, staff="confirmed", staff2="waiting")
    make_duties()
    assert watch_fulfilment() == 0
    void(version.acquaintances.all(), world.asb, "Жұмыстан кетті")
    make_duties()
    assert watch_fulfilment() == 1
    assert scenes.only(rule).state == "done"


def test_a_document_that_nobody_is_asked_to_read_any_more_lets_its_duty_go(world):
    rule, version = _asked_to_read(world, staff="waiting")
    make_duties()
    assert scenes.only(rule).state == "open"
    void(version.acquaintances.all(), world.asb, "Жаңа нұсқа шықты")
    make_duties()
    assert (scenes.only(rule).state, scenes.only(rule).history.first().verb) == ("waived", "fall_away")


def test_a_new_policy_closes_the_review_that_a_new_law_opened(world):
    version = scenes.document(world, "quality_policy").versions.get()
    rule = scenes.rule(
        "policy-change-review",
        timing="event",
        event="test-event",
        due_days=90,
        opens="",
        due="",
        fulfilled_by=[
            {"step": "documents.version.approve", "where": {"document__kind__code": "quality_policy"}},
        ],
    )
    registry.events["test-event"] = lambda since: [(scenes.today(), None)]
    try:
        make_duties()
    finally:
        del registry.events["test-event"]
    assert scenes.only(rule).subject_id is None
    with door("import"):
        version.write_entry("approve", world.board, to_state="approved")
    assert watch_fulfilment() == 1
    assert scenes.only(rule).means == version


def test_of_two_bodies_that_approve_only_the_last_word_fulfils(world):
    version = scenes.document(world, "quality_policy").versions.get()
    step = {"step": "documents.version.approve", "where": {"document__kind__code": "quality_policy"}, "moved": True}
    rule = scenes.rule("policy-review", timing="from_last", months=36, opens="", due="", fulfilled_by=[step])
    make_duties()
    with door("import"):
        version.write_entry("approve", world.council, from_state="approving", to_state="approving")
        last = version.write_entry("approve", world.board, from_state="approving", to_state="in_force")
    assert watch_fulfilment() == 1
    assert Duty.objects.get(rule=rule, state="done").entry == last.pk


def test_an_event_of_the_university_opens_one_duty_for_each_unit_of_the_scope(world):
    rule = scenes.rule(
        "objectives",
        timing="event",
        event="test-event",
        due_days=60,
        opens="",
        due="",
        scope="department",
        role="unit_head",
    )
    registry.events["test-event"] = lambda since: [(scenes.today(), None)]
    try:
        make_duties()
        make_duties()
    finally:
        del registry.events["test-event"]
    assert {duty.unit for duty in Duty.objects.filter(rule=rule)} == {world.department, world.other}
    assert Duty.objects.filter(rule=rule).count() == 2


# -- decided by a body ------------------------------------------------------------------------------------
def test_a_decision_closes_the_discussion_and_annulling_it_opens_it_again(world):
    duty = scenes.to_decide(world)
    assert [record for _declared, record in waiting_for(scenes.CODE)] == [duty]
    with pytest.raises(Refused):
        fulfil(duty, world.head)  # the body decides; a paper of it is entered by the quality office
    decision = scenes_work.decision(world, scenes.body(world))
    with door("import"):
        AgendaItem.objects.filter(pk=decision.item_id).update(
            verb="standards.duty.decide", subject_type=_type(duty), subject_id=duty.pk
        )
    decision = type(decision).objects.get(pk=decision.pk)
    done = perform(decision, world.council)
    assert (done.step, done.problem) == ("standards.duty.decide", "")
    duty.refresh_from_db()
    assert (duty.state, duty.means, duty.done_on) == ("done", decision, decision.decided_on)
    assert waiting_for(scenes.CODE) == []
    with door("import"):
        type(decision).objects.filter(pk=decision.pk).update(performed=done.step)
    decision.refresh_from_db()
    assert undo(decision, world.board, decision).problem == ""
    duty.refresh_from_db()
    assert (duty.state, duty.done_on, duty.means_id) == ("open", None, None)


def _type(record: Any) -> Any:
    return ContentType.objects.get_for_model(record)


def test_a_refused_discussion_stays_open(world):
    duty = scenes.to_decide(world)
    decision = scenes_work.decision(world, scenes.body(world), passed=False)
    with door("import"):
        AgendaItem.objects.filter(pk=decision.item_id).update(
            verb="standards.duty.decide", subject_type=_type(duty), subject_id=duty.pk
        )
    assert perform(type(decision).objects.get(pk=decision.pk), world.council).step == ""
    assert Duty.objects.get(pk=duty.pk).state == "open"
