"""The life of a release: made, written, sent to whom the rules name, considered, published, corrected."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from qa_portal.bodies.authority import speaking_for, waiting_for
from qa_portal.notices.models import Notice
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Office
from qa_portal.people.roles import Role
from qa_portal.permissions import SYSTEM, NotNow, Refused
from surveys import releasing
from surveys.models import Recommendation, Release, ReleaseReceipt
from surveys.recipients import groups_of, recipients
from surveys.workflow import releases as steps
from tests.bodies import scenes_bodies

from . import scenes_releases as scenes

pytestmark = pytest.mark.django_db


def roles(release):
    return sorted((person.username, role) for person, role in recipients(release))


# -- begun and made ------------------------------------------------------------------------------------
def test_figures_are_begun_from_the_campaign_once(world):
    campaign = scenes.campaign(world)
    steps.release(campaign, by=world.asb)
    release = campaign.releases.get()
    assert (release.version, release.state) == (1, Release.MAKING)
    with pytest.raises(NotNow):
        steps.release(campaign, by=world.asb)
    with pytest.raises(Refused):
        steps.release(scenes.campaign(world), by=world.head)


def test_after_a_withdrawal_figures_are_made_anew(world):
    row = scenes.withdrawn(world)
    steps.release(row.campaign, by=world.asb)
    assert list(row.campaign.releases.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_the_worker_makes_it_and_tells_the_office(world, monkeypatch):
    release = scenes.making(world)
    monkeypatch.setattr(releasing.engine, "make", lambda row: scenes.fill(world, row), raising=False)
    assert releasing.make(release.pk)
    release.refresh_from_db()
    assert (release.state, release.progress) == (Release.MADE, 100)
    assert Notice.objects.filter(person=world.asb2, verb="made").count() == 1
    assert not releasing.make(release.pk)  # once only


def test_a_refused_making_says_why_and_is_tried_again(world, monkeypatch):
    def refuse(row):
        raise NotNow("Бес жаңа бюллетень керек")

    monkeypatch.setattr(releasing.engine, "make", refuse, raising=False)
    release = scenes.making(world)
    assert not releasing.make(release.pk)
    release.refresh_from_db()
    assert (release.state, release.problem) == (Release.MAKING, "Бес жаңа бюллетень керек")
    assert not releasing.make(release.pk)  # it waits for the office
    steps.make_again(release, by=world.asb)
    assert release.problem == ""


def test_a_failure_shows_no_value_of_an_answer(world, monkeypatch):
    def break_down(row):
        raise ValueError("құпия жауап")

    monkeypatch.setattr(releasing.engine, "make", break_down, raising=False)
    release = scenes.making(world)
    releasing.make(release.pk)
    release.refresh_from_db()
    assert release.problem and "құпия" not in release.problem


# -- written -------------------------------------------------------------------------------------------
def test_recommendations_are_added_changed_and_taken_out_before_sending(world):
    release = scenes.recommended(world)
    row = release.recommendations.get()
    assert (row.unit, row.question, row.place) == (world.department, scenes.ROOMS, 1)
    steps.amend_recommendation(release, by=world.asb2, recommendation=row.pk, text="Жаңа мәтін", area="S1")
    row.refresh_from_db()
    assert (row.text, row.unit, row.area) == ("Жаңа мәтін", None, "S1")
    steps.drop_recommendation(release, by=world.asb, recommendation=row.pk, reason="Артық")
    assert not Recommendation.objects.exists()
    with pytest.raises(NotNow):
        steps.drop_recommendation(release, by=world.asb, recommendation=row.pk, reason="Артық")


def test_words_change_until_the_report_is_sent_and_figures_never(world):
    release = scenes.sent(world)
    release.conclusions_kk = "Басқаша"
    with pytest.raises(NotNow):
        release.save_changes(by=world.asb)
    made = scenes.made(world)
    made.digest = "x"
    with pytest.raises(ValidationError):
        made.save_changes(by=world.asb)
    node = made.nodes.first()
    with pytest.raises(RuntimeError):
        node.save()


def test_a_report_without_conclusions_is_not_sent(world):
    with pytest.raises(NotNow):
        steps.send(scenes.made(world), by=world.asb)


# -- recipients ------------------------------------------------------------------------------------------
def test_yearly_surveys_go_to_council_committees_board_and_units_concerned(world):
    scenes_bodies.seat(world, scenes_bodies.body(world), "auditor")
    committee = scenes_bodies.committee(world)
    scenes_bodies.seat(world, committee, "staff2")
    release = scenes.concluded(world)
    assert groups_of(release.campaign.questionnaire) == ("academic_council", "school_committee", "board", "units")
    found = roles(release)
    assert ("auditor", "academic_council") in found
    assert ("board", "board") in found
    assert {("dean", "units"), ("head", "units"), ("head2", "units")} <= set(found)
    assert ("staff2", "school_committee") in found
    assert "stranger" not in {name for name, _role in found}


def test_course_results_go_to_leadership_council_manager_and_each_teacher(world):
    world.person("manager", world.asb_unit, Role.QUALITY_MANAGER, world.university)
    release = scenes.courses_made(world)
    found = dict(roles(release))
    assert found["dean"] == "school_leadership"
    assert found["manager"] == "quality_manager"
    assert {name for name, role in found.items() if role == "teacher"} == {"staff", "staff2", "head2", "stranger"}
    assert "board" not in found


@pytest.mark.parametrize("audience", ["graduates", "employers"])
def test_graduates_and_employers_go_to_committee_leadership_manager_council(world, audience):
    asked = scenes.questionnaire(world, audience=audience)
    assert groups_of(asked) == ("school_committee", "school_leadership", "quality_manager", "academic_council")


def test_each_recipient_is_told_once_and_confirms_once(world, signed_in):
    release = scenes.sent(world)
    people = [receipt.person_id for receipt in release.receipts.all()]
    assert len(people) == len(set(people)) > 3
    assert Notice.objects.filter(verb="send", person=world.head).count() == 1
    client = signed_in("head")
    assert client.get(f"/surveys/releases/{release.pk}/received/").status_code == 405
    assert client.post(f"/surveys/releases/{release.pk}/received/").status_code == 302
    receipt = release.receipts.get(person=world.head)
    assert receipt.opened_on == timezone.localdate()
    revision = Release.objects.get(pk=release.pk).revision
    assert client.post(f"/surveys/releases/{release.pk}/received/").status_code == 302
    assert Release.objects.get(pk=release.pk).revision == revision  # nobody's page becomes stale by it
    assert signed_in("staff").post(f"/surveys/releases/{release.pk}/received/").status_code == 404


def test_the_office_reads_who_received_and_others_do_not(world, signed_in):
    release = scenes.sent(world)
    page = signed_in("asb").get(f"/surveys/releases/{release.pk}/")
    section = next(s for s in page.context["sections"] if s["id"] == "recipients")
    assert section["all"] == release.receipts.count() == len(section["rows"])
    assert (section["received"], section["own"]) == (0, None)
    other = signed_in("head").get(f"/surveys/releases/{release.pk}/")
    section = next(s for s in other.context["sections"] if s["id"] == "recipients")
    assert (section["office"], section["own"].person) == (False, world.head)
    assert not [
        s
        for s in signed_in("staff").get(f"/surveys/releases/{release.pk}/").context["sections"]
        if s["id"] == "recipients"
    ]


def test_recipients_who_have_not_opened_it_are_reminded(world):
    release = scenes.sent(world)
    rule = next(rule for rule in rules() if rule.name == "surveys.receipt")
    today = timezone.localdate()
    assert sweep_rule(rule, today)["sent"] == 0
    release.receipts.filter(person=world.head).update(opened_on=today)
    sweep_rule(rule, today + datetime.timedelta(days=7))
    told = set(Notice.objects.filter(verb="surveys.receipt").values_list("person__username", flat=True))
    assert "dean" in told and "head" not in told


def test_the_office_is_reminded_of_a_report_that_is_due(world):
    campaign = scenes.campaign(world, report_due=timezone.localdate())
    rule = next(rule for rule in rules() if rule.name == "surveys.report_due")
    assert sweep_rule(rule, timezone.localdate() + datetime.timedelta(days=1))["rows"] == 1
    scenes.sent(world, of=campaign)
    assert sweep_rule(rule, timezone.localdate() + datetime.timedelta(days=1))["rows"] == 0


# -- considered and published ------------------------------------------------------------------------------
def test_yearly_reports_are_published_after_the_council_only(world):
    release = scenes.sent(world)
    with pytest.raises(NotNow):
        steps.publish(release, by=world.asb)
    with pytest.raises(Refused):
        steps.consider(release, by=world.board, basis="")
    steps.consider(release, by=speaking_for(world.council, scenes.COUNCIL), basis="№ 3")
    steps.publish(release, by=world.asb)
    assert (release.state, release.published_on) == (Release.PUBLISHED, timezone.localdate())


def test_others_are_published_from_sent(world):
    release = scenes.for_manager(world)
    steps.publish(release, by=world.asb)
    assert release.state == Release.PUBLISHED


def test_the_council_sees_what_waits_for_its_decision(world):
    release = scenes.sent(world)
    scenes.for_manager(world)
    mine = [row for declared, row in waiting_for(scenes.COUNCIL) if declared.model is Release]
    assert mine == [release]


def test_a_correction_changes_words_and_takes_the_place_of_the_version_before(world):
    old = scenes.published(world)
    steps.correct(old, by=world.asb, reason="Қате сөз")
    new = old.campaign.releases.get(version=2)
    assert (new.state, new.conclusions_kk) == (Release.MAKING, old.conclusions_kk)
    assert [row.text for row in new.recommendations.all()] == [row.text for row in old.recommendations.all()]
    with pytest.raises(NotNow):
        steps.correct(old, by=world.asb, reason="Тағы")
    new = steps.made(scenes.fill(world, new), by=SYSTEM)
    steps.send(new, by=world.asb)
    old.refresh_from_db()
    assert old.state == Release.PUBLISHED  # the public page does not lose it meanwhile
    steps.consider(new, by=speaking_for(world.council, scenes.COUNCIL), basis="№ 4")
    steps.publish(new, by=world.asb)
    old.refresh_from_db()
    assert old.state == Release.WITHDRAWN
    assert list(Release.objects.public()) == [new]


def test_a_withdrawn_report_is_seen_by_office_and_board_only(world):
    release = scenes.withdrawn(world)
    seen = {
        name
        for name in ("asb", "board", "head", "staff", "council", "expert")
        if Release.objects.visible_to(getattr(world, name)).filter(pk=release.pk).exists()
    }
    assert seen == {"asb", "board"}


def test_before_it_is_sent_only_office_and_board_see_it(world):
    release = scenes.made(world)
    for name, sees in (("asb", True), ("board", True), ("head", False), ("admin", False), ("expert", False)):
        assert Release.objects.visible_to(getattr(world, name)).filter(pk=release.pk).exists() is sees, name
    sent = scenes.sent(world)
    for name, sees in (("staff", True), ("stranger", True), ("expert", False)):
        assert Release.objects.visible_to(getattr(world, name)).filter(pk=sent.pk).exists() is sees, name


def test_public_files_are_made_once(world, monkeypatch):
    written = []
    monkeypatch.setattr(
        releasing, "write_report", lambda stream, reading, *rest: (stream.write(b"x"), written.append(reading.public))
    )
    release = scenes.published(world)
    assert releasing.make_public_files(release.pk) == 6
    assert releasing.make_public_files(release.pk) == 0
    assert written == [True] * 6
    assert releasing.make_public_files(scenes.sent(world).pk) == 0


def test_an_office_holder_who_left_receives_nothing(world):
    Office.objects.filter(person=world.head).update(until=timezone.localdate() - datetime.timedelta(days=1))
    release = scenes.sent(world)
    assert not ReleaseReceipt.objects.filter(release=release, person=world.head).exists()
