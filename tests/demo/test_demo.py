"""`manage.py demo`: the demo university, its year of findings, its library and its bodies."""

import datetime
import hashlib
import io
import re
from collections import Counter
from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Avg, Max
from django.utils import timezone

from capa import signals
from capa.models import CapaAction, CapaPlan, Extension, Finding
from capa.permissions import independent_of, touched_by
from qa_portal.bodies import models as bodies
from qa_portal.bodies.tally import electorate
from qa_portal.dates.models import DayOff
from qa_portal.demo import loading, university
from qa_portal.documents import models as documents
from qa_portal.documents import reading
from qa_portal.documents.models import Acquaintance, Document, Evidence
from qa_portal.documents.permissions.library import own_text
from qa_portal.documents.words import words_of
from qa_portal.notices.models import Letter, Notice
from qa_portal.people.models import Deputy, Person
from qa_portal.policy.registry import policy
from qa_portal.programmes.models import Programme, Student
from qa_portal.web.files import check_kind
from qa_portal.workflow.models import Entry
from standards import models as standards
from standards import series
from surveys import models as voices
from surveys import text_results
from surveys.keys import path_of

CONTRACT = re.findall(
    r"\w+",
    """
    board chair council member1 member2 member3 member4 member5 member6 member7 member8 asb quality dean head head2
    staff staff2 programme student auditor legal pr hr institute teachhub mentor secretary appeals
    compliance chancellery career alumni needs expert admin
    """,
)

#: every test here asks for the database, so that they run in one row and the university is made once
pytestmark = pytest.mark.django_db


def person(username):
    return Person.objects.get(username=username)


def max_year(code):
    return voices.Campaign.objects.filter(questionnaire__code=code, state="opened").aggregate(last=Max("year"))["last"]


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


@pytest.mark.parametrize(
    "model",
    [
        Document,
        documents.Version,
        documents.Agreement,
        documents.Acquaintance,
        documents.ConformityReview,
        documents.ConformityVerdict,
        documents.ChangeProposal,
        documents.PaperCopy,
        bodies.Seat,
        bodies.Meeting,
        bodies.AgendaItem,
        bodies.Decision,
        bodies.Assignment,
        bodies.Dispatch,
        bodies.InformationRequest,
        bodies.QualityProposal,
    ],
    ids=lambda model: model.slug(),
)
def test_every_state_of_the_library_and_of_bodies_is_reached(said, model):
    missing = set(model.STATES) - set(loading.states()[model.slug()])
    # A review that was opened by mistake is nothing to show.
    assert missing <= ({"cancelled"} if model is documents.ConformityReview else set())


#: states that pass within minutes, or that a demo has nothing to show with
NOT_SHOWN = {
    "cycle": {"draft", "submitted", "cancelled"},  # the year's one cycle runs
    "assessment": {"planned"},
    "answer": {"cancelled"},
    "indicator_set": {"submitted"},
    "measurement_import": {"waiting"},
    "rating_formula": {"submitted", "cancelled"},
    "risk_measure": {"cancelled"},
    "report": {"freezing", "approved"},
}


@pytest.mark.parametrize(
    "model",
    [
        standards.Cycle,
        standards.Assessment,
        standards.AreaAnswer,
        standards.PlanRow,
        standards.MechanismYear,
        standards.IndicatorSet,
        standards.Indicator,
        standards.Measurement,
        standards.MeasurementImport,
        standards.RatingFormula,
        standards.Rating,
        standards.UnitRisk,
        standards.RiskMeasure,
        standards.ContextSheet,
        standards.Duty,
        standards.QualityReport,
    ],
    ids=lambda model: model.slug(),
)
def test_every_state_of_what_the_university_promises_is_reached(said, model):
    missing = set(model.STATES) - set(loading.states()[model.slug()])
    assert missing == NOT_SHOWN.get(model.slug(), set())


#: made by the worker within a minute, or nothing that a demo has to show
NOT_HEARD = {
    "campaign": {"launching", "opening"},
    "release": {"making"},
    "reply": {"withdrawn"},
    "appeal_report": {"submitted", "cancelled"},
}


@pytest.mark.parametrize(
    "model",
    [
        voices.Question,
        voices.Questionnaire,
        voices.Campaign,
        voices.Release,
        voices.TeacherReply,
        voices.Theme,
        voices.Petition,
        voices.AcademicAppeal,
        voices.AppealReport,
        voices.CourseForm,
        voices.Talk,
        voices.LoopEntry,
    ],
    ids=lambda model: model.slug(),
)
def test_every_state_of_what_people_say_is_reached(said, model):
    missing = set(model.STATES) - set(loading.states()[model.slug()])
    assert missing == NOT_HEARD.get(model.slug(), set())


def test_findings_ended_where_their_stories_say(said):
    stories = Counter(row["state"] for row in university.read("findings")["findings"])
    closed = stories["closed_without_plan"] + stories["plan_closed"]
    assert Finding.objects.filter(state="closed").count() == closed
    assert Finding.objects.filter(state="cancelled").count() == stories["cancelled"] + stories["plan_cancelled"]
    assert CapaPlan.objects.filter(state="implemented").count() == stories["plan_implemented"]
    assert Finding.objects.overdue().count() >= stories["plan_overdue"]


def test_history_runs_in_the_order_of_time_over_most_of_a_year(said):
    # Of a petition without a name the history knows days only.
    nameless = voices.Petition.objects.filter(anonymous=True).values("pk")
    own = Entry.objects.filter(record_type__model="petition", record_id__in=nameless)
    moments = list(Entry.objects.exclude(pk__in=own.values("pk")).order_by("pk").values_list("at", flat=True))
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


def test_what_is_in_force_has_its_number_its_approval_and_its_file(said):
    for document in Document.objects.live().filter(origin="internal").select_related("current"):
        version = document.current
        assert document.number
        assert version.approval_basis
        assert version.agreed_checksum == version.checksum
        assert version.agreements.filter(role="legal", state="agreed").exists()
        with version.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == version.checksum
            assert check_kind(file) == version.content_type


def test_nobody_approved_or_agreed_to_their_own_text(said):
    for version in documents.Version.objects.all():
        own = own_text(version)
        assert not {word["by"] for word in version.approvals if word["authority"].startswith("role:")} & own
        assert not set(version.agreements.values_list("answered_by", flat=True)) & own


def test_decisions_of_meetings_brought_documents_into_force_and_endorsed_plans(said):
    performed = Counter(bodies.Decision.objects.exclude(performed="").values_list("performed", flat=True))
    assert performed["documents.version.approve"] >= 10
    assert performed["capa.plan.endorse"] == 2
    assert performed["surveys.release.consider"] == 4
    assert not bodies.Decision.objects.exclude(not_performed="").exists()
    assert bodies.Decision.objects.filter(passed=False).exists()


def test_the_words_of_the_files_are_found_as_the_worker_would_read_them(said):
    assert reading.waiting().count() == 0
    version = Document.objects.get(title_kk="Сапа саясаты").current
    with version.file.open("rb") as file:
        text, problem = reading.read_file(file, version.content_type)
    assert not problem
    assert set(words_of(version.words.text)) <= set(words_of(text))
    assert Document.objects.matching("жабық цикл").filter(title_kk="Сапа саясаты").exists()


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


def test_the_head_sees_who_has_not_read_the_new_policy(said):
    late = Acquaintance.objects.filter(state="waiting", due__lt=timezone.localdate(), unit=person("head").unit)
    assert {"staff2", "nshalabayev"} <= set(late.values_list("person__username", flat=True))


def test_the_quality_manager_has_documents_to_publish_and_to_review(said):
    assert Document.objects.unpublished().count() == 2
    assert Document.objects.overdue().count() >= 2


def test_staff_may_vote_in_an_election_and_has_an_assignment(said):
    assert person("staff") in electorate(bodies.Election.objects.get(state="open"))
    assert bodies.Assignment.objects.filter(owner=person("staff"), state="open").exists()


def test_assignments_and_requests_are_overdue_and_items_wait_for_the_council(said):
    today = timezone.localdate()
    assert bodies.Assignment.objects.filter(state="open", due__lt=today).count() >= 2
    assert bodies.InformationRequest.objects.filter(state="asked", due__lt=today).exists()
    coming = bodies.Meeting.objects.get(body__code="academic_council", state="invited")
    assert coming.starts_at > timezone.now()
    assert coming.items.filter(state="on_agenda").count() == 4
    assert bodies.AgendaItem.objects.filter(body__code="academic_council", state="proposed").exists()


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


# -- self-assessment, indicators, duties, reports ---------------------------------------------------------------
def test_scores_rise_over_four_approved_years_and_a_fifth_runs(said):
    cycles = list(standards.Cycle.objects.order_by("year"))
    assert [cycle.state for cycle in cycles] == ["approved"] * 4 + ["open"]
    answers = standards.AreaAnswer.objects.exclude(points=None)
    means = [answers.filter(cycle=cycle).aggregate(mean=Avg("points"))["mean"] for cycle in cycles[:4]]
    assert means == sorted(means)
    assert means[3] - means[0] > 0.3
    assert not answers.filter(cycle=cycles[4], assessment__state="approved").exists()


def test_the_council_approved_the_last_year_by_its_decision(said):
    performed = Counter(bodies.Decision.objects.exclude(performed="").values_list("performed", flat=True))
    for step in ("cycle.approve", "indicator_set.approve", "report.approve", "duty.decide"):
        assert performed[f"standards.{step}"] == 1
    assert performed["standards.rating_formula.approve"] == performed["standards.assessment.consider"] == 2


def test_the_heads_own_unit_is_half_answered_and_staff_has_areas_to_write(said):
    answers = standards.AreaAnswer.objects.filter(cycle__state="open", unit=person("head").unit, of_programme=False)
    looked = answers.exclude(score="not_looked").count()
    assert 0.3 < looked / answers.count() < 0.7
    assert standards.AreaAnswer.objects.delegated_to(person("staff")).exists()
    assert standards.AreaAnswer.objects.overdue().filter(assignee=person("staff2")).exists()


def test_signals_wait_and_findings_were_made_of_some(said):
    waiting = {group["key"]: len(group["rows"]) for group in signals.waiting()}
    for key in ("self_assessment.low", "indicators.red", "mechanisms.weak", "risks.potential"):
        assert 2 <= waiting[key] <= 12, key
    assert waiting["risks.came_true"] == 1
    assert Finding.objects.exclude(signal_key="").count() == 3


def test_a_table_of_values_was_taken_in_and_one_refused_with_its_mistakes(said):
    refused = standards.MeasurementImport.objects.get(state="refused")
    assert {mistake["problem"] for mistake in refused.mistakes} >= {
        "not_number",
        "does_not_report",
        "unknown_code",
        "cases",
    }
    assert standards.Measurement.objects.filter(origin="computed").exists()
    assert 0 < sum(map(len, series.stale(standards.Indicator.objects.in_force().select_related("set")).values())) < 60


def test_a_body_an_office_and_a_record_have_fulfilled_duties_and_some_are_overdue(said):
    done = standards.Duty.objects.filter(state="done")
    kinds = set(done.exclude(means_type=None).values_list("means_type__model", flat=True))
    assert {"decision", "qualityreport", "version"} <= kinds
    assert done.filter(means_type=None).count() > 20
    assert 0 < standards.Duty.objects.overdue().count() < 120


def test_the_annual_report_is_published_with_its_files_in_three_languages(said):
    report = standards.QualityReport.objects.get(state="published")
    files = {(issue.language, issue.format) for issue in report.issues.filter(superseded=False)}
    assert files == {(language, form) for language in ("kk", "ru", "en") for form in ("pdf", "docx")}
    assert set(report.frozen) == {"kk", "ru", "en"}


# -- surveys and other voices ------------------------------------------------------------------------------------
def test_students_of_all_levels_have_an_address_and_the_accounts_are_among_them(said):
    students = Student.objects.select_related("programme")
    assert 240 <= students.count() <= 320
    assert {student.programme.level for student in students} == set(Programme.Level.values)
    assert all(student.email.endswith("@example.org") for student in students if student.person is None)
    assert person("student").student.group == "MED-23-1"


def test_what_was_opened_lost_its_key_and_what_is_open_has_one(said):
    for campaign in voices.Campaign.objects.exclude(public_key=None):
        over = campaign.state in ("opened", "cancelled")
        assert path_of(campaign.uid).exists() is not over
        assert (campaign.key_destroyed_on is not None) is over
        envelopes = voices.Envelope.objects.filter(survey__campaign=campaign).count()
        assert (envelopes == 0) is (over or campaign.state == "ready")


def test_student_and_staff_owe_answers_and_nobody_else_is_written_to(said):
    for username in ("student", "staff"):
        owed = voices.Invitation.objects.filter(
            respondent__person__username=username, survey__campaign__state="open", participated=False
        )
        assert owed.exists()
    assert not voices.LetterOwed.objects.exists()


def test_the_students_report_has_a_trend_themes_and_a_finding(said):
    release = voices.Release.objects.get(campaign__questionnaire__code="students", campaign__year=max_year("students"))
    assert (release.state, release.indicative) == ("published", False)
    assert 0.5 < release.facts["response"]["rate"] < 0.66
    assert release.facts["trend"]
    assert text_results.shown_themes(release, "inside")
    assert release.recommendations.count() == 3
    kind = ContentType.objects.get_for_model(voices.Recommendation)
    finding = Finding.objects.get(signal_key="surveys.recommendation", source_type=kind)
    assert finding.source.release == release
    assert release.loop.filter(state="published").exists()


def test_a_report_on_few_employers_is_indicative_and_public(said):
    release = voices.Release.objects.get(campaign__questionnaire__code="employers")
    assert (release.state, release.indicative) == ("published", True)


def test_a_teacher_answered_the_results_of_the_last_term(said):
    reply = voices.TeacherReply.objects.get()
    assert reply.teacher == reply.node.teacher
    assert reply.node.release.version == 2


def test_reports_to_compliance_are_seen_by_compliance_alone(said):
    ethics = voices.Petition.objects.filter(kind="ethics")
    assert ethics.count() == 2
    assert ethics.filter(anonymous=True).get().created_by is None
    for username in ("asb", "chancellery", "board", "admin"):
        assert not voices.Petition.objects.visible_to(person(username)).filter(kind="ethics").exists()
    assert set(voices.Petition.objects.visible_to(person("compliance")).values_list("kind", flat=True)) == {"ethics"}


# -- letters and inboxes -----------------------------------------------------------------------------------
def test_no_letter_waits_and_only_those_of_the_last_days_went_through_the_mail(said):
    assert not Letter.objects.filter(sent_at__isnull=True).exists()
    old = timezone.now() - datetime.timedelta(days=loading.LETTERS_OF_DAYS)
    assert Letter.objects.filter(created_at__lt=old).count() > 200
    assert 0 < Letter.objects.filter(created_at__gte=old).count() < 450
    assert all(sent >= written for sent, written in Letter.objects.values_list("sent_at", "created_at"))


def test_old_notices_are_read_and_new_ones_are_not(said):
    limit = timezone.now() - datetime.timedelta(days=loading.UNREAD_FOR_DAYS)
    assert not Notice.objects.filter(created_at__lt=limit, read_at__isnull=True).exists()
    assert Notice.objects.filter(person=person("head"), read_at__isnull=True).exists()
