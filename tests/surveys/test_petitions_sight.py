"""Who sees health data and reports on ethics: a matrix of people × doors, and that nobody else hears of them."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from capa import signals
from qa_portal.bodies.models import Seat
from qa_portal.notices.models import Letter, Notice
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Deputy, Office, Person
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.registry import ChapterScope, registry
from qa_portal.workflow.steps import steps_of
from surveys.models import Petition, PetitionFile
from surveys.reports.petitions import PetitionSummary, key_for
from surveys.workflow import petitions as steps

from . import scenes_petitions as scenes

pytestmark = pytest.mark.django_db
SECRET = "Құпиятақырып"
#: everybody who might see something by office, seat or flag
PEOPLE = (
    "board", "asb", "quality", "council", "dean", "head", "head2", "expert",
    "admin", "staff", "staff2", "stranger", "clerk", "compliance", "compliance2", "needs", "needs_far", "rector",
    "committee_chair", "committee", "committee_adviser",
)  # fmt: skip
SEES = {
    "ethics": {"compliance", "compliance2"},
    "adjustment": {"needs", "committee_chair", "committee"},
    "complaint": {"asb", "clerk", "staff", "head", "dean"},
    "committee": {"asb", "clerk", "staff", "head", "dean", "committee_chair", "committee"},
}


def client(world, username: str) -> Client:
    found = Client(raise_request_exception=False)
    found.force_login(getattr(world, username), backend="django.contrib.auth.backends.ModelBackend")
    return found


def api(world, username: str) -> APIClient:
    found = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    found.force_authenticate(getattr(world, username))
    return found


@pytest.fixture
def everybody(world, no_second_factor):
    """Also somebody who is administrator, superuser and member of the Board at once."""
    for username in scenes.OFFICERS:
        scenes.officer(world, username)
    scenes.committee(world)
    Office.objects.create(person=world.board, role=Role.ADMINISTRATOR, unit=world.university, since="2020-01-01")
    Person.objects.filter(username="board").update(is_staff=True, is_superuser=True)
    return world


def one(world, kind: str) -> Petition:
    """In work, with a file and a thread."""
    fields = {"subject": f"{SECRET} {kind}", "text": SECRET}
    if kind == "ethics":
        found = scenes.ethics(world, **fields)
    elif kind == "adjustment":
        found = scenes.adjustment(world, **fields)
    else:
        found = scenes.in_work(world, by="", anonymous=True, kind=kind, **fields)
    row = PetitionFile(petition=found, name="1.txt", size=1, sha256="0")
    row.file.save("1.txt", ContentFile(b"x"), save=False)
    row.save()
    steps.say(found, SECRET, found.owner, from_author=False)
    return found


#: pages on which many petitions stand, looked at once for all of them
MANY = {
    "register": "/surveys/petitions/",
    "export": "/surveys/petitions/?export=csv",
    "search": "/search/?q=P-",
    "home": "/",
    "admin": "/admin/surveys/petition/",
    "signals": "/capa/signals/",
    "notices": "/notices/",
}


def doors(world, username: str, *petitions: Petition) -> dict[Petition, set[str]]:
    """Through which doors this person gets at each of the petitions."""
    page, rest = client(world, username), api(world, username)
    texts = {name: page.get(address) for name, address in MANY.items()}
    texts["api list"] = rest.get("/api/v1/surveys/petitions/")
    said = {
        name: (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        for name, answer in texts.items()
    }
    found = {}
    for petition in petitions:
        place = f"/surveys/petitions/{petition.pk}/"
        answers = {
            "page": page.get(place),
            "history": page.get(f"{place}history/"),
            "edit": page.get(f"{place}edit/"),
            "step": page.get(f"{place}ask/"),
            "file": page.get(f"{place}files/{petition.files.get().pk}/"),
            "api": rest.get(f"/api/v1{place}"),
            "api history": rest.get(f"/api/v1{place}history/"),
            "api step": rest.post(f"/api/v1{place}extend/", {}),
        }
        found[petition] = {name for name, answer in answers.items() if answer.status_code != 404}
        found[petition] |= {name for name, text in said.items() if petition.subject in text}
    return found


def opens(world, username: str, petition: Petition) -> set[str]:
    return doors(world, username, petition)[petition]


def test_the_matrix_of_people_and_doors(everybody):
    petitions = {kind: one(everybody, kind) for kind in ("ethics", "adjustment")}
    seen = {username: doors(everybody, username, *petitions.values()) for username in PEOPLE}
    for kind, petition in petitions.items():
        opened = {username: seen[username][petition] for username in PEOPLE}
        assert {username for username in PEOPLE if opened[username]} == SEES[kind], kind
        for username in SEES[kind]:
            assert {"page", "history", "file", "api", "register", "export", "api list", "search"} <= opened[username]
            assert not {"admin", "signals", "notices"} & opened[username]


@pytest.mark.parametrize("kind", ["complaint", "committee"])
def test_the_other_kinds_are_seen_by_those_who_keep_and_answer_them(everybody, kind):
    petition = one(everybody, kind)
    rows = Petition.objects.filter(pk=petition.pk)
    seen = {name for name in PEOPLE if rows.visible_to(getattr(everybody, name)).exists()}
    assert seen == SEES[kind]
    assert {"page", "file", "api", "register", "export", "search"} <= opens(everybody, "clerk", petition)
    assert opens(everybody, "board", petition) == set()


@pytest.mark.parametrize("kind", ["ethics", "adjustment"])
def test_admin_shows_none_even_to_who_may_see_them(everybody, kind):
    petition = one(everybody, kind)
    username = "compliance" if kind == "ethics" else "needs"
    Person.objects.filter(username=username).update(is_staff=True, is_superuser=True)
    visitor = client(everybody, username)
    assert SECRET not in visitor.get("/admin/surveys/petition/").content.decode()
    assert visitor.get(f"/admin/surveys/petition/{petition.pk}/change/").status_code == 302
    for model in ("petitionmessage", "petitionfile"):
        assert visitor.get(f"/admin/surveys/{model}/").status_code == 404


@pytest.mark.parametrize("kind", ["ethics", "adjustment"])
def test_letters_and_notices_say_the_number_alone(everybody, kind):
    petition = one(everybody, kind)
    keeper = scenes.keeper(everybody, petition)
    steps.extend(petition, by=keeper, until=scenes.in_days(90), reason=SECRET)
    steps.answer(petition, by=petition.owner, outcome="accepted", note=SECRET)
    steps.reopen(petition, by=keeper, reason=SECRET)
    for rule in rules():
        if rule.name.startswith("surveys.petition"):
            sweep_rule(rule, timezone.localdate() + datetime.timedelta(days=200))
    assert Notice.objects.exists()
    said = " ".join(f"{row.subject} {row.body}" for row in Notice.objects.all())
    said += " ".join(f"{row.subject} {row.text} {row.html}" for row in Letter.objects.all())
    assert SECRET not in said
    assert petition.number in said
    assert str(petition) == petition.number
    told = set(Notice.objects.values_list("person__username", flat=True))
    assert told <= SEES[kind]


# -- those whom it concerns -------------------------------------------------------------------------------
def test_who_is_named_no_longer_sees_or_answers_it(everybody):
    petition = one(everybody, "ethics")
    steps.name_concerned(petition, by=everybody.compliance2, people=[everybody.compliance.pk])
    assert petition.owner is None
    assert opens(everybody, "compliance", petition) == set()
    assert opens(everybody, "compliance2", petition)
    for step in steps_of(Petition).values():
        assert step.who_refuses(petition, everybody.compliance) is not None, step
    ordinary = one(everybody, "complaint")
    steps.name_concerned(ordinary, by=everybody.clerk, people=[everybody.head.pk, everybody.staff.pk])
    assert opens(everybody, "head", ordinary) == set()
    assert opens(everybody, "staff", ordinary) == set()


def test_compliance_does_not_see_a_report_about_its_own_unit(everybody):
    petition = scenes.anonymous(everybody, kind="ethics", subject=SECRET, unit=everybody.asb_unit)
    assert not Petition.objects.visible_to(everybody.compliance).filter(pk=petition.pk).exists()
    assert steps.register.who_refuses(petition, everybody.compliance) is not None
    # It is not lost: the head of the university hears its number and names another Compliance officer.
    rule = next(rule for rule in rules() if rule.name == "surveys.petition_new")
    sweep_rule(rule, timezone.localdate() + datetime.timedelta(days=1))
    notice = Notice.objects.get(person=everybody.rector)
    assert petition.number in notice.subject and SECRET not in notice.subject
    everybody.person("other_officer", everybody.far_school, Role.COMPLIANCE, everybody.university)
    assert Petition.objects.visible_to(everybody.other_officer).filter(pk=petition.pk).exists()


def test_a_deputy_of_compliance_sees_it_but_not_in_the_name_of_who_is_concerned(everybody):
    petition = one(everybody, "ethics")
    today = timezone.localdate()
    until = today + datetime.timedelta(days=5)
    for username in ("compliance", "compliance2"):
        Office.objects.filter(person__username=username).exclude(person=everybody.compliance).delete()
    Deputy.objects.create(
        principal=everybody.compliance, deputy=everybody.stranger, since=today, until=until, reason="Демалыс"
    )
    assert Petition.objects.visible_to(everybody.stranger).filter(pk=petition.pk).exists()
    steps.extend(petition, by=everybody.stranger, until=scenes.in_days(90), reason="Күрделі")
    assert petition.history.filter(in_name_of=everybody.compliance).exists()
    petition.concerns.set([everybody.compliance])
    assert not Petition.objects.visible_to(everybody.stranger).filter(pk=petition.pk).exists()
    assert steps.extend.who_refuses(Petition.objects.get(pk=petition.pk), everybody.stranger) is not None


def test_an_adviser_and_a_seat_that_ended_see_no_health_data(everybody):
    petition = one(everybody, "adjustment")
    assert opens(everybody, "committee_adviser", petition) == set()
    seat = Seat.objects.get(person__username="committee_chair")
    Seat._base_manager.filter(pk=seat.pk).update(until=timezone.localdate() - datetime.timedelta(days=1))
    assert opens(everybody, "committee_chair", petition) == set()


def test_health_data_of_no_unit_waits_for_who_is_named(everybody):
    petition = scenes.anonymous(everybody, kind="adjustment", unit=None)
    seen = {name for name in PEOPLE if Petition.objects.visible_to(getattr(everybody, name)).filter(pk=petition.pk)}
    assert seen == {"needs", "needs_far"}


def test_the_author_by_name_sees_it_whatever_its_kind_and_not_whom_it_concerns(everybody):
    petition = scenes.received(everybody, kind="ethics", by="stranger", subject=SECRET)
    petition.concerns.set([everybody.head])
    page = client(everybody, "stranger").get(f"/surveys/petitions/{petition.pk}/")
    assert page.status_code == 200
    assert everybody.head.get_full_name() not in page.content.decode()
    assert opens(everybody, "asb", _with_file(petition)) == set()


def _with_file(petition: Petition) -> Petition:
    row = PetitionFile(petition=petition, name="1.txt", size=1, sha256="0")
    row.file.save("1.txt", ContentFile(b"x"), save=False)
    row.save()
    return petition


# -- it moves out of sight ----------------------------------------------------------------------------------
def test_redirected_to_ethics_it_leaves_everybody_elses_sight(everybody):
    petition = one(everybody, "complaint")
    answer = client(everybody, "asb").post(
        f"/surveys/petitions/{petition.pk}/redirect/", {"kind": "ethics", "reason": "Пара туралы"}
    )
    assert answer.status_code == 302 and answer.url == "/surveys/petitions/"
    petition.refresh_from_db()
    assert (petition.kind, petition.owner, petition.state) == ("ethics", None, Petition.REGISTERED)
    for username in ("asb", "clerk", "staff", "head", "board"):
        assert opens(everybody, username, petition) == set(), username
    assert set(Notice.objects.filter(verb="redirect").values_list("person__username", flat=True)) == {
        "compliance",
        "compliance2",
    }
    assert opens(everybody, "compliance", petition)


def test_sensitive_ones_come_before_no_body_and_into_no_finding(everybody):
    for kind in ("ethics", "adjustment"):
        petition = one(everybody, kind)
        keeper = scenes.keeper(everybody, petition)
        with pytest.raises(NotNow):
            steps.take_to_body(petition, by=keeper, body=scenes.council(everybody).pk)
        declared = registry.decidable["surveys.petition.accept_by_decision"]
        assert declared.body(petition) == "" and not declared.waiting(scenes.BODY).exists()
        steps.answer(petition, by=petition.owner, outcome="accepted", note=SECRET)
    source = registry.signals["surveys.petition_accepted"]
    assert not signals.waiting_rows(source).exists()


# -- counts ---------------------------------------------------------------------------------------------------
def test_reports_count_sensitive_ones_for_the_whole_university_and_few_are_not_told(everybody):
    one(everybody, "ethics")
    one(everybody, "complaint")
    day = timezone.localdate()
    whole = ChapterScope(day, day, day.year)
    told = str(registry.chapters["petitions"].make(whole))
    assert "5" in told and SECRET not in told
    narrow = ChapterScope(day, day, day.year, unit=everybody.department)
    label = str(Petition.Kind.ETHICS.label)
    assert label in told and label not in str(registry.chapters["petitions"].make(narrow))
    for person in (None, everybody.board):
        scope = ChapterScope(day, day, day.year, standard="S1", person=person)
        assert label not in str(registry.chapters["petitions"].make(scope))


def test_the_formula_counts_no_sensitive_ones(everybody):
    petition = one(everybody, "ethics")
    steps.answer(petition, by=petition.owner, outcome="implemented", note="x", link="https://example.org")
    day = timezone.localdate()
    assert registry.formulas["surveys.petitions_implemented"].values(day, day) == {}


def test_the_summary_is_for_few_and_says_no_subject(everybody):
    one(everybody, "ethics")
    one(everybody, "complaint")
    for username, code in (("clerk", 200), ("asb", 200), ("board", 200), ("head", 403), ("compliance", 403)):
        assert client(everybody, username).get("/surveys/petitions/summary/").status_code == code, username
    day = timezone.localdate()
    params = {"id": key_for(day, day).pk}
    paper = PetitionSummary(params, everybody.clerk, "kk").html()
    assert SECRET not in paper
    sheet = client(everybody, "clerk").get("/surveys/petitions/summary/?export=xlsx")
    assert sheet.status_code == 200 and sheet.content[:2] == b"PK"


def test_steps_run_past_the_pages_ask_the_same_rule(everybody):
    """A step called in code on a petition that the person does not see is refused all the same."""
    for kind in ("ethics", "adjustment"):
        petition = one(everybody, kind)
        for username in set(PEOPLE) - SEES[kind]:
            person = getattr(everybody, username)
            with pytest.raises((Refused, NotNow)):
                steps.answer(petition, by=person, outcome="accepted", note="x")
