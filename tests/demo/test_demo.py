"""`manage.py demo`: the demo university and its year of findings."""

import datetime
import io
import re
from collections import Counter
from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from capa.models import CapaAction, CapaPlan, Extension, Finding
from capa.permissions import independent_of, touched_by
from qa_portal.dates.models import DayOff
from qa_portal.demo import loading, university
from qa_portal.documents.models import Evidence
from qa_portal.notices.models import Letter, Notice
from qa_portal.people.models import Deputy, Person
from qa_portal.policy.registry import policy
from qa_portal.web.files import check_kind
from qa_portal.workflow.models import Entry

CONTRACT = re.findall(
    r"\w+",
    """
    board chair council member1 member2 member3 member4 member5 member6 member7 member8 asb quality dean head head2
    staff staff2 programme student auditor legal pr hr institute teachhub mentor secretary appeals expert admin
    """,
)

#: every test here asks for the database, so that they run in one row and the university is made once
pytestmark = pytest.mark.django_db


def person(username):
    return Person.objects.get(username=username)


def rows():
    """How many rows each of our tables has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


# -- a second run ----------------------------------------------------------------------
def test_a_second_run_changes_nothing_and_says_so(said):
    before = rows()
    out = io.StringIO()
    call_command("demo", stdout=out)
    assert "there already" in out.getvalue()
    assert rows() == before


def test_it_refuses_when_a_real_person_joined_the_demo(said):
    Person.objects.create(username="real", last_name="Real")
    with pytest.raises(CommandError):
        call_command("demo")


# -- people ---------------------------------------------------------------------------------------
def test_every_agreed_account_is_printed_and_signs_in_with_the_password(said, client):
    for username in CONTRACT:
        assert f"\n  {username} " in said
        assert check_password("demo", person(username).password)
    assert client.login(username="asb", password="demo")


def test_names_stand_in_three_languages_also_on_the_english_page(said):
    for name in Person.objects.filter(is_demo=True).values_list("last_name_en", "first_name_en", "middle_name_en"):
        assert "".join(name).isascii()
    assert person("head").last_name_kk != person("head").last_name_ru


def test_only_the_administrator_enters_admin(said):
    assert list(Person.objects.filter(is_staff=True).values_list("username", flat=True)) == ["admin"]
    assert list(Person.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["admin"]


def test_the_expert_belongs_to_no_unit_and_sees_one_granted_finding_only(said):
    expert = person("expert")
    assert expert.unit is None
    assert expert.standing.outsider
    assert Finding.objects.visible_to(expert).count() == 1
    assert CapaPlan.objects.visible_to(expert).count() == 0


def test_a_head_is_on_leave_today_and_the_deputy_may_decide(said):
    today = Deputy.objects.on().get()
    waiting = CapaAction.objects.waiting_for_decision_of(today.deputy)
    assert waiting.exists()
    assert today.deputy.standing.headships(waiting.first().approval_unit_id) == [today.principal_id]


def test_the_second_factor_is_switched_off_for_the_demo(said):
    assert policy("people.second_factor_required") is False


def test_days_off_of_the_years_around_are_there(said):
    assert set(DayOff.objects.dates("day", "year")) >= {datetime.date(year, 1, 1) for year in (2025, 2026, 2027, 2028)}


# -- the loop ----------------------------------------------------------------------------------------
def test_every_state_of_findings_plans_and_actions_is_reached(said):
    found = loading.states()
    assert set(found["finding"]) == set(Finding.STATES)
    assert set(found["plan"]) == set(CapaPlan.STATES)
    assert set(found["action"]) == set(CapaAction.STATES)
    assert set(Extension.objects.values_list("state", flat=True)) == {"asked", "granted", "refused"}


def test_findings_ended_where_their_stories_say(said):
    stories = Counter(row["state"] for row in university.read("findings")["findings"])
    closed = stories["closed_without_plan"] + stories["plan_closed"]
    assert Finding.objects.filter(state="closed").count() == closed
    assert Finding.objects.filter(state="cancelled").count() == stories["cancelled"] + stories["plan_cancelled"]
    assert CapaPlan.objects.filter(state="implemented").count() == stories["plan_implemented"]
    assert Finding.objects.overdue().count() >= stories["plan_overdue"]


def test_history_runs_in_the_order_of_time_over_most_of_a_year(said):
    moments = list(Entry.objects.order_by("pk").values_list("at", flat=True))
    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert moments[-1] <= timezone.now()
    assert moments[0] < timezone.now() - datetime.timedelta(days=330)


def test_each_history_begins_with_the_entry_and_follows_the_states(said):
    for model in (Finding, CapaPlan, CapaAction):
        for record in model.objects.all():
            entries = list(record.history.order_by("pk"))
            assert entries[0].verb == "add"
            assert entries[-1].to_state == record.state
            assert all(one.to_state == following.from_state for one, following in pairwise(entries))


def test_dates_of_a_closed_loop_stand_in_order(said):
    plans = CapaPlan.objects.filter(state="closed").select_related("finding")
    assert plans
    for plan in plans:
        days = [
            plan.finding.found_on,
            plan.submitted_on,
            plan.approved_on,
            plan.implemented_on,
            plan.verified_on,
            plan.checked_on,
        ]
        assert days == sorted(days)
        assert plan.check_on <= plan.checked_on == plan.finding.closed_on


def test_numbers_rise_with_the_day_of_entry(said):
    for model in (Finding, CapaPlan):
        numbers = list(model.objects.order_by("created_at", "pk").values_list("number", flat=True))
        assert numbers == sorted(numbers)


def test_nobody_decided_about_their_own_work(said):
    for action in CapaAction.objects.exclude(approved_by=None):
        assert action.approved_by_id not in {action.owner_id, action.created_by_id, action.submitted_by_id}
    for plan in CapaPlan.objects.exclude(checked_by=None):
        assert plan.checked_by_id not in touched_by(plan)
        assert independent_of(plan.checked_by, plan)


def test_what_was_carried_out_is_proved_by_real_files_and_links(said):
    for action in CapaAction.objects.filter(state__in=("carried_out", "verified")):
        assert action.proofs_count() >= 1
    kinds = Counter()
    for evidence in Evidence.objects.all():
        if evidence.link:
            kinds["link"] += 1
            continue
        with evidence.file.open() as file:
            assert check_kind(file) == evidence.content_type
        kinds[evidence.content_type] += 1
    assert len(kinds) == 4


# -- scenes of the accounts ------------------------------------------------------------------------------
def test_the_head_has_two_plans_to_approve_and_an_extension_to_decide(said):
    head = person("head")
    waiting = CapaAction.objects.waiting_for_decision_of(head)
    assert len(set(waiting.values_list("plan_id", flat=True))) >= 2
    assert Extension.objects.filter(state="asked", action__approval_unit=head.unit).exists()


def test_staff_has_actions_due_within_days(said):
    assert CapaAction.objects.filter(owner=person("staff")).due_within(7).count() >= 2


def test_the_quality_office_has_plans_to_verify_in_which_it_did_nothing(said):
    asb = person("asb")
    plans = CapaPlan.objects.filter(state="implemented")
    assert plans.count() >= 2
    assert all(asb.pk not in touched_by(plan) for plan in plans)


def test_the_auditor_has_one_check_that_has_come_and_one_later(said):
    checks = CapaPlan.objects.filter(state="verified", checker=person("auditor"))
    today = timezone.localdate()
    assert checks.filter(check_on__lte=today).count() == 1
    assert checks.filter(check_on__gt=today).count() == 1


# -- letters and inboxes -----------------------------------------------------------------------------------
def test_no_letter_waits_and_only_those_of_the_last_days_went_through_the_mail(said):
    assert not Letter.objects.filter(sent_at__isnull=True).exists()
    old = timezone.now() - datetime.timedelta(days=loading.LETTERS_OF_DAYS)
    assert Letter.objects.filter(created_at__lt=old).count() > 200
    assert 0 < Letter.objects.filter(created_at__gte=old).count() < 120
    assert all(sent >= written for sent, written in Letter.objects.values_list("sent_at", "created_at"))


def test_old_notices_are_read_and_new_ones_are_not(said):
    limit = timezone.now() - datetime.timedelta(days=loading.UNREAD_FOR_DAYS)
    assert not Notice.objects.filter(created_at__lt=limit, read_at__isnull=True).exists()
    assert Notice.objects.filter(person=person("head"), read_at__isnull=True).exists()
