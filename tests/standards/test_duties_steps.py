"""Duties shown by a paper, dated, not needed, opened again; who may do it; reminders and the chapter of reports."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from qa_portal.notices.models import Notice
from qa_portal.notices.rules import rules as reminder_rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Deputy, Office, Person
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import ChapterScope, registry
from standards.models import Duty
from standards.reports.duties import duties_kept
from standards.workflow import duties as steps
from standards.workflow.duties_making import make_duties

from . import scenes_duties as scenes
from .scenes_duties import fulfil, on

pytestmark = pytest.mark.django_db
D, DAY = datetime.date, datetime.timedelta(days=1)


# -- shown by a paper -----------------------------------------------------------------------------------
def test_a_paper_is_needed_and_what_was_typed_stays(signed_in, world):
    duty = scenes.of_department(world)
    with pytest.raises(InputProblem):
        fulfil(duty, world.head, link="")
    typed = "Тексеру өткізілді, хаттама бар"
    answer = signed_in("head").post(
        f"/standards/duties/{duty.pk}/fulfil/", {"done_on": scenes.today().isoformat(), "note": typed, "revision": 1}
    )
    assert answer.status_code == 400
    assert typed in answer.content.decode()
    assert Duty.objects.get(pk=duty.pk).state == "open"


def test_only_the_office_in_charge_and_the_quality_office_show_it(world):
    duty = scenes.of_department(world)
    for person in (world.staff, world.head2, world.dean, world.board, world.admin):
        with pytest.raises(Refused):
            fulfil(duty, person)
    Deputy.objects.create(principal=world.head, deputy=world.staff, until=scenes.today() + DAY, reason="Демалыс")
    fulfil(duty, world.staff)
    line = duty.history.get(verb="fulfil")
    assert (line.by, line.in_name_of) == (world.staff, world.head)


def test_a_day_before_its_window_or_still_to_come_is_no_fulfilment(world):
    duty = scenes.of_department(world)
    for day in (duty.opens_on - DAY, scenes.today() + DAY):
        with pytest.raises(InputProblem):
            fulfil(duty, world.head, done_on=day.isoformat())


def test_programme_head_answers_for_the_programme_only(world):
    programme = scenes.programme(world)
    scenes.programme(world, "6B10102", head=None)
    rule = scenes.rule("round-table", scope="programme", role="programme_head")
    make_duties()
    mine = Duty.objects.filter(subject_id=programme.pk, rule=rule).earliest("due_on")
    other = Duty.objects.filter(rule=rule).exclude(subject_id=programme.pk).earliest("due_on")
    assert set(Duty.objects.of(world.staff2).values_list("subject_id", flat=True)) == {programme.pk}
    assert other in Duty.objects.of(world.head)
    assert mine not in Duty.objects.of(world.head)
    with pytest.raises(Refused):
        fulfil(other, world.staff2)
    fulfil(mine, world.staff2)


def test_while_nobody_heads_the_unit_the_head_above_shows_it(world):
    duty = scenes.of_department(world)
    Office.objects.filter(person=world.head, role="unit_head").update(until=scenes.today() - DAY)
    assert duty in Duty.objects.of(world.dean)
    assert Duty.objects.get(pk=duty.pk) not in Duty.objects.of(world.head2)
    with pytest.raises(Refused):
        fulfil(duty, world.head)
    fulfil(duty, world.dean)


def test_when_the_programme_head_has_left_the_head_of_the_unit_shows_it(world):
    scenes.programme(world)
    duty = scenes.made(scenes.rule("round-table", scope="programme", role="programme_head"))
    with pytest.raises(Refused):
        fulfil(duty, world.head)
    Person.objects.filter(username="staff2").update(is_active=False)
    assert duty in Duty.objects.of(world.head)
    fulfil(duty, world.head)


@pytest.mark.parametrize(
    ("username", "fields"),
    [
        ("stranger", {"role": "programme_head"}),  # heads the programme, works in another school
        ("auditor", {"role": "auditor"}),
        ("head2", {"role": "unit_head", "unit": "other"}),  # checks what stands in other departments
    ],
)
def test_who_answers_opens_the_duty_in_whichever_unit_it_falls_due(world, signed_in, username, fields):
    scenes.programme(world, head="stranger")
    unit = getattr(world, fields["unit"]) if "unit" in fields else None
    duty = scenes.made(scenes.rule("check", scope="programme", **{**fields, "unit": unit}))
    assert duty.unit == world.department
    assert duty in registry.desk["duties"].rows(getattr(world, username))
    assert signed_in(username).get(f"/standards/duties/{duty.pk}/fulfil/").status_code == 200
    assert signed_in("hr").get(duty.get_absolute_url()).status_code == 404


def test_who_answers_says_it_of_no_duty_of_their_own_that_it_is_not_needed(world):
    office = scenes.made(scenes.rule("office", role="asb_officer"))
    with pytest.raises(Refused):
        steps.waive(office, by=world.asb, reason="Керек емес")
    steps.waive(office, by=world.quality, reason="Керек емес")
    own = scenes.made(scenes.rule("representative", role="quality_representative"))
    with pytest.raises(Refused):
        steps.waive(own, by=world.quality, reason="Керек емес")
    steps.waive(own, by=world.asb, reason="Керек емес")
    with pytest.raises(NotNow):
        steps.waive(own, by=world.asb, reason="Тағы да")


def test_opened_again_and_done_again_the_next_is_counted_from_the_right_day(world):
    rule = scenes.from_last(months=12)
    duty = scenes.made(rule)
    fulfil(duty, world.asb, done_on=(scenes.today() - 10 * DAY).isoformat())
    make_duties()
    steps.reopen(duty, by=world.quality, reason="Құжат басқа")
    make_duties()
    assert Duty.objects.open().filter(rule=rule).count() == 2
    fulfil(duty, world.asb)
    following = Duty.objects.open().get(rule=rule)
    assert following.base == scenes.today()


def test_the_date_is_set_only_where_the_rule_leaves_it_open_and_not_after_its_last_day(world):
    duty = scenes.of_department(world)
    fixed = scenes.made(scenes.rule("fixed", role="unit_head", unit=world.department))
    with pytest.raises(NotNow):
        steps.set_date(fixed, by=world.head, due_on=scenes.today().isoformat(), reason="Жоспар")
    for day in (duty.first_due + DAY, scenes.today() - DAY):
        with pytest.raises(InputProblem):
            steps.set_date(duty, by=world.head, due_on=day.isoformat(), reason="Жоспар")
    steps.set_date(duty, by=world.head, due_on=scenes.today().isoformat(), reason="Жоспар")
    assert (duty.due_on, duty.moved) == (scenes.today(), duty.first_due != scenes.today())


# -- reminders, report --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "people"),
    [(-31, []), (-30, ["head"]), (-7, ["head"]), (1, ["asb", "asb2", "head"]), (14, ["board"])],
)
def test_reminders_climb_from_the_office_to_the_board(world, days, people):
    duty = scenes.of_department(world)
    rule = next(declared for declared in reminder_rules() if declared.name == "standards.duty_due")
    with on(duty.due_on + (days - 1) * DAY):
        sweep_rule(rule, timezone.localdate())
    Notice.objects.all().delete()
    with on(duty.due_on + days * DAY):
        sweep_rule(rule, timezone.localdate())
        sweep_rule(rule, timezone.localdate())
    told = Notice.objects.filter(kind="reminder", record_id=duty.pk).values_list("person__username", flat=True)
    assert sorted(told) == people


def test_chapter_counts_kept_late_missed_and_not_needed(world):
    scenes.rule("year", counted_since=D(2022, 1, 1))
    with on(D(2022, 1, 1)):
        make_duties()
    with on(D(2025, 6, 1)):
        make_duties()
        rows = {duty.period: duty for duty in Duty.objects.all()}
        fulfil(rows["2022"], world.asb, done_on="2022-12-31")
        fulfil(rows["2023"], world.asb, done_on="2024-01-01")
        steps.waive(rows["2024"], by=world.quality, reason="Керек емес")
        counts = duties_kept(Duty.objects.filter(due_on__year__lte=2025))
        assert (counts["in_time"], counts["late"], counts["missed"], counts["waived"], counts["ahead"]) == (
            1,
            1,
            0,
            1,
            1,
        )
        scope = ChapterScope(D(2022, 1, 1), D(2025, 12, 31), 2025, standard="S1")
        blocks = registry.chapters["duties"].make(scope)
        assert len(blocks) == 3
        assert len(blocks[2].rows) == 1
        assert registry.chapters["duties"].make(ChapterScope(D(2022, 1, 1), D(2025, 12, 31), 2025, standard="S9")) == []


def test_rules_refuse_dates_that_make_no_sense(world):
    for fields in ({"opens": "13-01"}, {"due": ""}, {"timing": "from_last", "months": None}, {"timing": "term"}):
        with pytest.raises(ValidationError):
            scenes.rule("wrong", **fields)


def test_without_head_the_duty_goes_to_the_next_above(world):
    Office.objects.filter(person=world.head).delete()
    duty = scenes.of_department(world)
    rule = next(declared for declared in reminder_rules() if declared.name == "standards.duty_due")
    with on(duty.due_on - 7 * DAY):
        sweep_rule(rule, timezone.localdate())
    assert set(Notice.objects.values_list("person__username", flat=True)) == {"dean"}
