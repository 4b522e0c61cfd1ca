"""Risks of units: the starting register, rating, the end of a risk, measures, signals, links of CAPA actions."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from capa import signals
from capa.models import ActionLink, Finding
from capa.workflow import finding as finding_steps
from qa_portal.dates.days import add_months
from qa_portal.notices.models import Notice
from qa_portal.people.models import Deputy
from qa_portal.permissions import NotNow, Refused
from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import forget
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door
from standards.models import CatalogueRisk, RiskEvent, RiskMeasure, UnitRisk
from standards.risk_levels import AMBER, GREEN, RED, light, light_of
from standards.risk_matrix import BEFORE, NOW, matrix
from standards.risk_register import start_register
from standards.workflow import risk_measures as measure_steps
from standards.workflow import risks as steps

from . import scenes_risks as scenes

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return sorted(Notice.objects.values_list("person__username", flat=True))


# -- the starting register ---------------------------------------------------------------------
def test_a_register_begins_with_the_67_risks_once_even_pressed_twice(world, catalogue):
    with CaptureQueriesContext(connection) as captured:
        first = start_register(world.department, by=world.head)
    assert (first.made, first.there) == (67, 0)
    assert len(captured) <= 20
    second = start_register(world.department, by=world.coordinator)
    assert (second.made, second.there) == (0, 67)
    rows = UnitRisk.objects.filter(unit=world.department)
    assert (
        rows.count()
        == rows.values("catalogue_code").distinct().count()
        == rows.values("number").distinct().count()
        == 67
    )
    assert {row.history.get().verb for row in rows} == {"add"}
    row = rows.get(catalogue_code="S10.K5")
    assert (row.state, row.standard, row.created_by, row.authors) == ("identified", "S10", world.head, [world.head.pk])
    # numbers go on where the bulk ended
    assert int(scenes.risk(world).number[-4:]) == 68


def test_what_stands_there_stays_and_a_closed_one_may_begin_anew(world):
    for place in (1, 2, 3):
        scenes.catalogue_risk(world, f"S1.K{place}")
    start_register(world.department, by=world.asb, standards=["S1"])
    row = UnitRisk.objects.get(catalogue_code="S1.K2")
    steps.cancel(row, by=world.head, reason="Бізге қатысы жоқ")
    assert start_register(world.department, by=world.head).made == 1
    with pytest.raises(IntegrityError), transaction.atomic(), door("import"):
        UnitRisk.objects.bulk_create([UnitRisk(unit=world.department, catalogue_code="S1.K1", number="R-x")])
    assert start_register(world.department, by=world.head, standards=["S9"]).made == 0


def test_a_closed_risk_of_the_catalogue_does_not_open_beside_its_twin(world):
    scenes.catalogue_risk(world)
    start_register(world.department, by=world.head)
    row = UnitRisk.objects.get(catalogue_code="S1.K1")
    steps.assess(row, by=world.head, likelihood=1, impact=1)
    steps.close(row, by=world.head, reason="Жоқ")
    start_register(world.department, by=world.head)
    with pytest.raises(NotNow):
        steps.reopen(row, by=world.head, reason="Қайта шықты")


@pytest.mark.parametrize("username", ["staff", "head2", "board", "admin", "stranger"])
def test_others_start_no_register(world, username):
    scenes.catalogue_risk(world)
    with pytest.raises(Refused):
        start_register(world.department, by=getattr(world, username))


def test_the_start_page_offers_own_units_and_standards(world, signed_in):
    scenes.catalogue_risk(world)
    client = signed_in("dean")
    page = client.get("/standards/unit-risks/start/")
    assert {unit.code for unit in page.context["form"].fields["unit"].queryset} == {"medicine", "therapy", "surgery"}
    data = {"unit": world.department.pk, "standards": ["S1"]}
    answer = client.post("/standards/unit-risks/start/", data)
    assert (answer.status_code, answer.url) == (302, f"/standards/unit-risks/?unit={world.department.pk}")
    client.post("/standards/unit-risks/start/", data)
    assert UnitRisk.objects.count() == 1
    for wrong in (
        {"unit": world.far_school.pk, "standards": ["S1"]},
        {"unit": world.department.pk},
        {"unit": "x", "standards": ["S99"]},
    ):
        assert client.post("/standards/unit-risks/start/", wrong).status_code == 400
    assert UnitRisk.objects.count() == 1


# -- words -------------------------------------------------------------------------------------
def test_words_of_the_catalogue_are_read_in_three_languages(world, signed_in):
    scenes.catalogue_risk(world)
    start_register(world.department, by=world.head)
    alone = UnitRisk.objects.get()
    listed = UnitRisk.objects.with_words().get()
    for language, words, mitigation in (
        ("kk", "Саясат ескіреді S1.K1", "Жыл сайын қарау"),
        ("ru", "Политика устареет S1.K1", "Пересматривать ежегодно"),
        ("en", "The policy grows old S1.K1", "Review it every year"),
    ):
        with translation.override(language):
            assert (alone.words, alone.mitigation) == (listed.words, listed.mitigation) == (words, mitigation)
        page = signed_in("head").get(f"/standards/unit-risks/?lang={language}").content.decode()
        assert words in page
    with CaptureQueriesContext(connection) as captured:
        assert listed.words
    assert len(captured) == 0
    assert UnitRisk.objects.matching("grows old").count() == 1


def test_a_risk_that_the_catalogue_dropped_keeps_its_words(world):
    scenes.catalogue_risk(world)
    start_register(world.department, by=world.head)
    edition = world.requirement.standard.edition
    type(edition).objects.create(number=2, in_force_from=timezone.localdate(), digest="newer")
    assert CatalogueRisk.objects.in_force().count() == 0
    with translation.override("en"):
        assert UnitRisk.objects.with_words().get().words == "The policy grows old S1.K1"


# -- entering and editing ----------------------------------------------------------------------
def test_anybody_of_the_unit_enters_a_risk_and_strangers_do_not(world, signed_in):
    data = {"unit": world.department.pk, "kind": "potential", "title": "Ток өшіп қалуы мүмкін", "standard": "S1"}
    assert signed_in("staff").post("/standards/unit-risks/add/", data).status_code == 302
    made = UnitRisk.objects.get()
    assert (made.state, made.kind, made.created_by, made.standard) == ("identified", "potential", world.staff, "S1")
    answer = signed_in("stranger").post("/standards/unit-risks/add/", data)
    assert answer.status_code == 403
    assert data["title"] in answer.content.decode()
    assert signed_in("staff").post("/standards/unit-risks/add/", {**data, "title": ""}).status_code == 400
    assert signed_in("staff").post("/standards/unit-risks/add/", {**data, "unit": ""}).status_code == 400


def test_who_entered_it_edits_until_it_is_rated(world):
    row = scenes.risk(world, by="staff2")
    row.text = "Жалақы төмен"
    row.save_changes(by=world.staff2)
    steps.assess(row, by=world.head, likelihood=2, impact=2)
    row.text = "Басқа себеп"
    with pytest.raises(Refused):
        row.save_changes(by=world.staff2)
    row.save_changes(by=world.staff)  # the owner


def test_the_words_of_a_catalogue_risk_are_not_edited(world, signed_in):
    scenes.catalogue_risk(world)
    start_register(world.department, by=world.head)
    row = UnitRisk.objects.get()
    data = {"title": "Басқа", "standard": "S9", "consequence": "Сенім азаяды", "revision": row.revision}
    assert signed_in("head").post(f"/standards/unit-risks/{row.pk}/edit/", data).status_code == 302
    row = UnitRisk.objects.get()
    assert (row.title, row.standard, row.consequence) == ("", "S1", "Сенім азаяды")


# -- rating ------------------------------------------------------------------------------------
def test_every_rating_is_kept_and_the_level_follows(world):
    row = scenes.risk(world)
    assert (row.level, row.review_on) == (None, None)
    steps.assess(row, by=world.staff, likelihood=4, impact=4, note="Үш орын бос")
    assert (row.state, row.level_before, row.level) == ("assessed", 16, 16)
    steps.assess_after(row, by=world.head, likelihood_after=2, impact_after=4)
    assert (row.level_before, row.level_after, row.level) == (16, 8, 8)
    steps.assess(row, by=world.coordinator, likelihood=5, impact=5)
    row.refresh_from_db()
    assert (row.level_before, row.level) == (25, 8)
    kept = list(row.ratings.values_list("by__username", "likelihood", "impact", "after_measures", "note"))
    assert kept == [
        ("staff", 4, 4, False, "Үш орын бос"),
        ("head", 2, 4, True, ""),
        ("coordinator", 5, 5, False, ""),
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"likelihood": 0, "impact": 3},
        {"likelihood": 6, "impact": 3},
        {"likelihood": 3},
        {"likelihood": "x", "impact": 1},
    ],
)
def test_degrees_are_from_one_to_five(world, given):
    row = scenes.risk(world)
    with pytest.raises(InputProblem):
        steps.assess(row, by=world.head, **given)
    assert row.ratings.count() == 0


@pytest.mark.parametrize(
    ("level", "found"), [(None, ""), (1, GREEN), (7, GREEN), (8, AMBER), (14, AMBER), (15, RED), (25, RED)]
)
def test_lights_begin_at_the_thresholds(world, level, found):
    assert light_of(level) == found


def test_thresholds_are_policy_and_an_opportunity_has_no_light(world):
    row = scenes.rated(world, 4, 3)
    assert light(row) == AMBER
    PolicyValue.objects.create(
        key="standards.risk_red", value=12, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    forget()
    assert light(row) == RED
    assert light(scenes.opportunity(world)) == ""


def test_a_review_counts_from_the_day_it_was_done(world):
    row = scenes.rated(world)
    assert (row.reviewed_on, row.review_on) == (scenes.in_days(0), add_months(scenes.in_days(0), 12))
    late = row.review_on + datetime.timedelta(days=40)
    with time_machine.travel(datetime.datetime.combine(late, datetime.time(9, tzinfo=datetime.UTC)), tick=False):
        assert UnitRisk.objects.overdue().get() == row
        steps.review(row, by=world.staff, note="Өзгеріс жоқ")
        assert (row.reviewed_on, row.review_on) == (late, add_months(late, 12))
        assert not UnitRisk.objects.overdue().exists()
        with pytest.raises(InputProblem):
            steps.review(row, by=world.staff, note="Өзгеріс жоқ", review_on=late)
    assert row.ratings.count() == 1


def test_the_next_review_of_a_rated_risk_is_moved_and_never_emptied(world, signed_in):
    row = scenes.rated(world)
    address, data = f"{row.get_absolute_url()}edit/", {"title": row.title, "owner": world.staff.pk}
    answer = signed_in("staff").post(address, {**data, "revision": row.revision, "review_on": ""})
    assert (answer.status_code, "review_on" in answer.context["form"].errors) == (400, True)
    later = scenes.in_days(40)
    assert signed_in("staff").post(address, {**data, "review_on": later.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert row.review_on == later


# -- the end -----------------------------------------------------------------------------------
def test_a_high_risk_is_not_closed_by_its_owner(world):
    mine = scenes.rated(world, 5, 3, owner=world.head)
    with pytest.raises(Refused):
        steps.close(mine, by=world.head, reason="Болды")
    steps.close(mine, by=world.dean, reason="Болды")
    small = scenes.rated(world, 2, 3, owner=world.head)
    steps.close(small, by=world.head, reason="Болды")
    assert (small.state, small.closed_on) == ("closed", scenes.in_days(0))


def test_a_deputy_does_not_close_a_high_risk_in_its_owners_name_only(world):
    row = scenes.rated(world, 5, 5, owner=world.head)
    Deputy.objects.create(principal=world.head, deputy=world.staff2, since=scenes.in_days(-1), until=scenes.in_days(5))
    with pytest.raises(Refused):
        steps.close(row, by=world.staff2, reason="Болды")
    other = scenes.rated(world, 5, 5, owner=world.staff)
    steps.close(other, by=world.staff2, reason="Болды")
    assert other.history.filter(verb="close").get().in_name_of == world.head


def test_a_risk_with_open_measures_is_not_closed_and_takes_them_along_when_cancelled(world):
    row = scenes.rated(world)
    measure = scenes.measure(world, row)
    with pytest.raises(NotNow):
        steps.close(UnitRisk.objects.get(pk=row.pk), by=world.head, reason="Болды")
    steps.cancel(row, by=world.head, reason="Қате")
    measure.refresh_from_db()
    assert measure.state == RiskMeasure.CANCELLED
    with pytest.raises(NotNow):
        scenes.measure(world, row)


def test_opened_again_it_is_due_for_review_at_once(world):
    row = scenes.closed(world)
    steps.reopen(row, by=world.coordinator, reason="Қайта шықты")
    assert (row.state, row.closed_on, row.review_on) == ("assessed", None, scenes.in_days(0))


# -- measures ----------------------------------------------------------------------------------
def test_a_measure_tells_its_owner_and_the_owner_of_the_risk(world, signed_in):
    row = scenes.rated(world)
    Notice.objects.all().delete()
    data = {"text": "Конкурс", "owner": world.head2.pk, "due": scenes.in_days(9).isoformat()}
    answer = signed_in("staff").post(f"/standards/risk-measures/add/?risk={row.pk}", data)
    assert (answer.status_code, answer.url, told()) == (302, row.get_absolute_url(), ["head2"])
    made = RiskMeasure.objects.get()
    Notice.objects.all().delete()
    measure_steps.carry_out(made, by=world.head2, done_note="Өтті", link="https://example.org/k")
    assert (made.state, made.done_on, made.proofs.count(), told()) == ("done", scenes.in_days(0), 1, ["staff"])
    past = {**data, "due": "2020-02-29", "text": "Жоғалмайтын мәтін"}
    answer = signed_in("staff").post(f"/standards/risk-measures/add/?risk={row.pk}", past)
    assert answer.status_code == 400
    assert past["text"] in answer.content.decode()


def test_the_catalogue_proposes_the_first_measure(world, signed_in):
    scenes.catalogue_risk(world)
    start_register(world.department, by=world.head)
    row = UnitRisk.objects.get()
    page = signed_in("head").get(f"/standards/risk-measures/add/?risk={row.pk}")
    assert page.context["form"]["text"].value() == "Жыл сайын қарау"
    for pk in (999999, "x", "9" * 25):
        assert signed_in("head").get(f"/standards/risk-measures/add/?risk={pk}").status_code == 404


def test_whoever_does_a_measure_does_not_move_its_deadline(world):
    row = scenes.measure(world, owner="staff")  # staff owns the risk as well
    with pytest.raises(Refused):
        measure_steps.move_deadline(row, by=world.staff, due=scenes.in_days(60), reason="x")
    with pytest.raises(InputProblem):
        measure_steps.move_deadline(row, by=world.head, due=row.due, reason="x")
    measure_steps.move_deadline(row, by=world.head, due=scenes.in_days(60), reason="Сессия")
    assert row.due == scenes.in_days(60)
    measure_steps.hand_over(row, by=world.staff, owner=world.staff2.pk, reason="Ауысты")
    assert row.owner == world.staff2


# -- matrix ------------------------------------------------------------------------------------
def test_the_matrix_counts_each_live_rated_risk_once_before_and_now(world):
    scenes.rated(world, 4, 4)
    scenes.rated(world, 4, 4)
    scenes.rated_twice(world, 1, 2)  # before 4 × 4
    scenes.rated(world, 5, 1)
    scenes.risk(world)
    scenes.closed(world)

    def cells(when):
        found = matrix(UnitRisk.objects.all(), when)
        return {(c.likelihood, c.impact): c.count for _l, row in found.rows for c in row if c.count}, found

    before, found = cells(BEFORE)
    assert before == {(4, 4): 3, (5, 1): 1}
    assert (found.total, found.by_light) == (4, {RED: 3, AMBER: 0, GREEN: 1})
    now, found = cells(NOW)
    assert now == {(4, 4): 2, (1, 2): 1, (5, 1): 1}
    assert found.by_light == {RED: 2, AMBER: 0, GREEN: 2}
    assert [likelihood for likelihood, _cells in found.rows] == [5, 4, 3, 2, 1]


def test_a_cell_opens_exactly_the_risks_behind_it(world, signed_in):
    scenes.rated_twice(world, 1, 2)
    scenes.rated(world, 4, 4, unit=world.other, owner=world.head2, by="head2")
    scenes.opportunity(world)
    client = signed_in("dean")
    page = client.get(f"/standards/risk-matrix/?unit={world.school.pk}")
    boxes = {box["id"]: box for box in page.context["boxes"]}
    assert {name: box["total"] for name, box in boxes.items()} == {"before": 2, "now": 2, "opportunities": 1}
    for box in boxes.values():
        for row in box["rows"]:
            for item in row["cells"]:
                if item["url"]:
                    listed = client.get(item["url"]).context["count"]
                    assert listed == item["cell"].count, item["url"]
    only = client.get(f"/standards/risk-matrix/?unit={world.other.pk}&show=now")
    assert {box["id"]: box["total"] for box in only.context["boxes"]} == {"now": 1, "opportunities": 0}
    assert client.get("/standards/risk-matrix/?unit=x").status_code == 400
    assert signed_in("stranger").get("/standards/risk-matrix/").context["boxes"][0]["total"] == 0


# -- signals -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("degrees", "severity"), [((5, 3), "major"), ((4, 2), "minor"), ((1, 2), "observation")])
def test_a_risk_that_came_true_becomes_a_finding_once(world, degrees, severity):
    event = scenes.event(world, scenes.rated(world, *degrees))
    assert {"asb", "asb2", "head"} <= set(told())
    signal = registry.signals["risks.came_true"]
    assert list(signals.waiting_rows(signal)) == [event]
    finding = signals.raise_finding(signal, signals.find(signal.key, event.pk)[1], by=world.asb)
    assert (finding.unit, finding.severity, finding.source_kind, finding.source) == (
        world.department,
        severity,
        "risk",
        event,
    )
    assert "Екі оқытушы кетті" in finding.description
    assert not signals.waiting_rows(signal).exists()
    # what happened is answered for ever, also when the finding is closed
    with door("import"):
        Finding.objects.filter(pk=finding.pk).update(state=Finding.CLOSED)
    assert not signals.waiting_rows(signal).exists()


def test_a_cancelled_finding_lets_the_signal_wait_again_and_setting_aside_holds(world):
    event = scenes.event(world)
    signal = registry.signals["risks.came_true"]
    finding = signals.raise_finding(signal, event, by=world.asb)
    finding_steps.cancel(finding, by=world.asb, reason="Қате")
    assert list(signals.waiting_rows(signal)) == [event]
    signals.set_aside(signal, event, by=world.asb, reason="Бір реттік")
    later = timezone.now() + datetime.timedelta(days=2000)
    with time_machine.travel(later, tick=False):
        assert not signals.waiting_rows(signal).exists()


def test_what_came_true_still_waits_when_the_unit_cancels_the_risk(world):
    event = scenes.event(world)
    steps.cancel(event.risk, by=world.coordinator, reason="Қате")
    assert list(signals.waiting_rows(registry.signals["risks.came_true"])) == [event]


def test_potential_nonconformities_ask_for_a_preventive_action(world):
    signal = registry.signals["risks.potential"]
    row = scenes.risk(world, kind="potential", title="Ток өшуі мүмкін")
    scenes.rated(world)
    assert not signals.waiting_rows(signal).exists()
    steps.assess(row, by=world.head, likelihood=5, impact=5)
    finding = signals.raise_finding(signal, row, by=world.asb)
    assert (finding.severity, finding.source, "Ток өшуі" in finding.title) == ("minor", row, True)
    assert not signals.waiting_rows(signal).exists()


def test_an_event_is_not_in_the_future_and_an_opportunity_has_none(world):
    row = scenes.rated(world)
    with pytest.raises(InputProblem):
        steps.come_true(row, by=world.staff, on=scenes.in_days(1), text="x")
    with pytest.raises(NotNow):
        steps.come_true(scenes.opportunity(world), by=world.staff, on=scenes.in_days(0), text="x")
    assert RiskEvent.objects.count() == 0


def test_the_findings_made_of_a_risk_stand_on_its_page(world, signed_in):
    event = scenes.event(world)
    finding = signals.raise_finding(registry.signals["risks.came_true"], event, by=world.asb)
    page = signed_in("head").get(event.get_absolute_url()).content.decode()
    assert finding.number in page
    assert event.get_absolute_url() in signed_in("head").get(finding.get_absolute_url()).content.decode()


# -- links of CAPA actions ---------------------------------------------------------------------
def test_an_action_is_linked_on_the_page_of_the_risk_and_never_twice(world, signed_in):
    row = scenes.rated(world)
    action = world.in_progress().actions.get()
    client = signed_in("staff")
    address = f"/capa/links/add/?to=standards.unit_risk:{row.pk}"
    assert address in client.get(row.get_absolute_url()).content.decode()
    answer = client.post(address, {"action": action.pk})
    assert (answer.status_code, answer.url) == (302, row.get_absolute_url())
    assert action.number in client.get(row.get_absolute_url()).content.decode()
    assert row.number in client.get(action.get_absolute_url()).content.decode()
    assert client.post(address, {"action": action.pk}).status_code == 400
    with pytest.raises(NotNow):
        made = ActionLink.objects.get()
        ActionLink(action=action, record_type=made.record_type, record_id=row.pk).add(by=world.head)
    assert ActionLink.objects.count() == 1


def test_only_open_actions_that_one_sees_are_linked_and_only_to_what_one_sees(world, signed_in):
    row = scenes.rated(world)
    draft = world.plan().actions.get()
    address = f"/capa/links/add/?to=standards.unit_risk:{row.pk}"
    assert signed_in("head").post(address, {"action": draft.pk}).status_code == 400
    assert signed_in("board").get(address).status_code == 403
    assert signed_in("stranger").get(address).status_code == 404
    for wrong in ("", "standards.unit_risk:x", "standards.unit_risk:999999", "people.person:1", "x"):
        assert signed_in("head").get(f"/capa/links/add/?to={wrong}").status_code == 404


def test_no_action_is_linked_to_a_closed_risk(world, signed_in):
    row = scenes.rated_twice(world)
    action = world.in_progress().actions.get()
    steps.close(UnitRisk.objects.get(pk=row.pk), by=world.head, reason="Болды")
    address = f"/capa/links/add/?to=standards.unit_risk:{row.pk}"
    assert signed_in("head").post(address, {"action": action.pk}).status_code == 409
    assert not ActionLink.objects.exists()


def test_a_link_shows_the_risk_only_to_those_who_see_it(world, signed_in):
    row = scenes.rated(world, unit=world.other, owner=world.head2, by="head2", title="Құпия қауіп")
    link = scenes.link(world, row, by="asb")
    page = signed_in("staff").get(link.get_absolute_url()).content.decode()
    assert "Құпия қауіп" not in page
    assert row.number in page
    assert "Құпия қауіп" not in signed_in("staff").get("/capa/links/").content.decode()
    assert "Құпия қауіп" not in signed_in("staff").get(link.action.get_absolute_url()).content.decode()
    assert "Құпия қауіп" in signed_in("dean").get(link.get_absolute_url()).content.decode()
