"""Page, API and button tell one truth about who may take which step when, and say it in the same sentence."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from rest_framework.test import APIClient

from capa.models import CapaAction, CapaPlan, Finding
from capa.workflow import action as action_steps
from capa.workflow import finding as finding_steps
from capa.workflow import plan as plan_steps
from qa_portal.documents.models import Evidence
from qa_portal.permissions import NotNow
from qa_portal.workflow.steps import all_steps

from . import rooms
from .cases import REASON, Case

pytestmark = pytest.mark.django_db

ROLES = (
    "board",
    "asb",
    "asb2",
    "quality",
    "council",
    "dean",
    "head",
    "head2",
    "coordinator",
    "staff",
    "auditor",
    "hr",
    "admin",
)
PLACES = {Finding: "findings", CapaPlan: "plans", CapaAction: "actions", Evidence: "evidence", **rooms.places()}


def address(record: Any, step: str = "") -> str:
    app = record._meta.app_label
    tail = f"{step.replace('_', '-')}/" if step else ""
    return f"/{app}/{PLACES[type(record)]}/{record.pk}/{tail}"


def later(record: Any, days: int = 40) -> str:
    return (record.due + datetime.timedelta(days=days)).isoformat()


def extended(w: Any) -> Any:
    action = w.in_progress().actions.get()
    action_steps.ask_extension(action, by=w.staff, until=later(action), reason="Сервер ауысуда")
    return action


def corrected(w: Any) -> Any:
    finding = w.finding(severity="minor")
    finding_steps.correct(finding, by=w.staff, correction="Жүктелді")
    return finding


def not_effective(w: Any) -> Any:
    plan = w.verified()
    plan_steps.check_effect(plan, by=w.auditor, effective="false", note="Қайталанды")
    return plan


def endorsed(w: Any) -> Any:
    plan = w.submitted(finding=w.finding(source_kind="expert"))
    council = copy.copy(w.council)
    council.decides_for = frozenset({"academic_council"})
    return plan_steps.endorse(plan, by=council, basis="Академиялық кеңес № 3.1")


def evidence(w: Any) -> Any:
    return w.implemented().actions.get().proofs.get().evidence


def closed_finding(w: Any) -> Any:
    return Finding.objects.get(pk=w.closed().finding_id)


CASES = [
    Case(
        "finding.correct",
        lambda w: w.finding(),
        "head",
        "board",
        closed_finding,
        lambda w, r: {"correction": "Жүктелді"},
    ),
    Case("finding.close", corrected, "asb", "head", lambda w: w.finding()),
    Case("finding.cancel", lambda w: w.finding(), "asb", "head", closed_finding, lambda w, r: REASON),
    Case(
        "finding.link_duplicate",
        lambda w: w.finding(),
        "asb",
        "head",
        closed_finding,
        lambda w, r: {"original": w.finding().pk},
    ),
    Case("plan.submit", lambda w: w.plan(), "coordinator", "board", lambda w: w.submitted()),
    Case("plan.approve", lambda w: w.submitted(), "head", "asb", lambda w: w.in_progress()),
    Case("plan.send_back", lambda w: w.submitted(), "head", "asb", lambda w: w.verified(), lambda w, r: REASON),
    Case(
        "plan.verify",
        lambda w: w.implemented(),
        "asb",
        "head",
        lambda w: w.in_progress(),
        lambda w, r: {"check_on": timezone.localdate().isoformat(), "checker": w.auditor.pk},
    ),
    Case(
        "plan.check_effect",
        lambda w: w.verified(),
        "auditor",
        "asb",
        lambda w: w.implemented(),
        lambda w, r: {"effective": "true", "note": "Барлығы мерзімінде"},
    ),
    Case(
        "plan.endorse",
        lambda w: w.submitted(finding=w.finding(source_kind="expert")),
        "",
        "asb",
        lambda w: w.submitted(),
        decides_for=frozenset({"academic_council"}),
    ),
    Case(
        "plan.undo_endorsement",
        lambda w: endorsed(w),
        "",
        "asb",
        lambda w: w.closed(),
        lambda w, r: REASON,
        decides_for=frozenset({"over:academic_council"}),
    ),
    Case("plan.reopen", not_effective, "head", "board", lambda w: w.verified()),
    Case("plan.cancel", lambda w: w.in_progress(), "asb", "head", lambda w: w.closed(), lambda w, r: REASON),
    Case(
        "action.approve", lambda w: w.submitted().actions.get(), "head", "asb", lambda w: w.in_progress().actions.get()
    ),
    Case(
        "action.send_back",
        lambda w: w.submitted().actions.get(),
        "head",
        "asb",
        lambda w: w.in_progress().actions.get(),
        lambda w, r: REASON,
    ),
    Case(
        "action.carry_out",
        lambda w: w.in_progress().actions.get(),
        "staff",
        "head",
        lambda w: w.submitted().actions.get(),
        lambda w, r: {"note": "Енгізілді", "link": "https://example.org/hattama"},
    ),
    Case(
        "action.ask_extension",
        lambda w: w.in_progress().actions.get(),
        "staff",
        "board",
        lambda w: w.submitted().actions.get(),
        lambda w, r: {"until": later(r), **REASON},
    ),
    Case("action.grant_extension", extended, "head", "staff", lambda w: w.in_progress().actions.get()),
    Case(
        "action.refuse_extension",
        extended,
        "head",
        "staff",
        lambda w: w.in_progress().actions.get(),
        lambda w, r: REASON,
    ),
    Case(
        "action.cancel",
        lambda w: w.in_progress().actions.get(),
        "asb",
        "head",
        lambda w: w.implemented().actions.get(),
        lambda w, r: REASON,
    ),
    Case(
        "action.hand_over",
        lambda w: w.in_progress().actions.get(),
        "head",
        "staff",
        lambda w: w.implemented().actions.get(),
        lambda w, r: {"owner": w.staff2.pk, **REASON},
    ),
    Case(
        "plan.name_checker",
        lambda w: w.verified(checker="quality"),
        "asb",
        "head",
        lambda w: w.implemented(),
        lambda w, r: {"checker": w.auditor.pk},
    ),
    Case("evidence.withdraw", evidence, "staff", "board", lambda w: _withdrawn(w), lambda w, r: REASON),
    *rooms.cases(),
]


def _withdrawn(w: Any) -> Any:
    found = evidence(w)
    return all_steps()[Evidence]["withdraw"](found, by=w.staff, reason="Қате файл")


def step_of(case: Case, record: Any) -> Any:
    return all_steps()[type(record)][case.step.split(".")[1]]


def page(world: Any, username: str) -> Client:
    client = Client()
    client.force_login(getattr(world, username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def api(world: Any, username: str) -> APIClient:
    client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    client.force_authenticate(getattr(world, username))
    return client


def test_every_step_has_a_case():
    wanted = {f"{model.slug()}.{name}" for model, steps in all_steps().items() for name in steps}
    assert {case.step for case in CASES} == wanted


BY_HAND = [case for case in CASES if case.may]
NOT_BY_HAND = [case for case in CASES if not case.may]


@pytest.mark.parametrize("case", BY_HAND, ids=str)
def test_allowed_on_the_page(world, no_second_factor, case):
    record = case.due(world)
    step = step_of(case, record)
    response = page(world, case.may).post(address(record, step.name), case.inputs(world, record))
    assert response.status_code == 302, response.content.decode()[:3000]
    assert record.history.filter(verb=step.name, by=getattr(world, case.may)).count() == 1


@pytest.mark.parametrize("case", BY_HAND, ids=str)
def test_allowed_by_the_api(world, case):
    record = case.due(world)
    step = step_of(case, record)
    response = api(world, case.may).post(f"/api/v1{address(record, step.name)}", case.inputs(world, record))
    assert response.status_code == 200, response.content.decode()
    assert record.history.filter(verb=step.name, by=getattr(world, case.may)).count() == 1
    record.refresh_from_db()
    assert response.json()["state"] == record.state


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_with_the_same_sentence_on_page_api_and_button(world, no_second_factor, case):
    record = case.due(world)
    step = step_of(case, record)
    inputs, person = case.inputs(world, record), getattr(world, case.may_not)
    entries = record.history.count()
    with translation.override("kk"):
        sentence = str(step.who_refuses(record, person))
    from_page = page(world, case.may_not).post(address(record, step.name), inputs)
    from_api = api(world, case.may_not).post(f"/api/v1{address(record, step.name)}", inputs)
    assert (from_page.status_code, from_api.status_code) == (403, 403)
    assert str(from_page.context["refusal"]) == sentence
    assert from_api.json()["errors"][0]["detail"] == sentence
    buttons = page(world, case.may_not).get(address(record)).context["steps"]
    assert any(b["name"] == step.name for b in buttons) is step.offered(type(record).objects.get(pk=record.pk))
    for button in (b for b in buttons if b["name"] == step.name):
        assert (button["allowed"], str(button["why_not"])) == (False, sentence)
    assert record.history.count() == entries
    # what was typed comes back
    typed = inputs.get("reason") or inputs.get("note") or inputs.get("correction")
    if typed:
        assert typed in from_page.content.decode()


@pytest.mark.parametrize("case", NOT_BY_HAND, ids=str)
def test_a_decision_or_the_clock_takes_what_nobody_takes_by_hand(world, case):
    record = case.due(world)
    step = step_of(case, record)
    for username in ROLES:
        assert step.who_refuses(record, getattr(world, username)) is not None, username
    step.run(record, case.authority(world), case.inputs(world, record))
    assert record.history.filter(verb=step.name).count() == 1
    wrong = case.wrong_moment(world)
    with pytest.raises(NotNow):
        step.run(wrong, case.authority(world), {"reason": "x", "note": "x", "correction": "x"})


@pytest.mark.parametrize("case", BY_HAND, ids=str)
def test_wrong_moment_is_409_with_a_sentence_on_page_and_api(world, no_second_factor, case):
    record = case.wrong_moment(world)
    step = step_of(case, record)
    username = _who_may_but_not_now(world, step, record, case)
    inputs = {"reason": "x", "note": "x", "correction": "x"}
    from_page = page(world, username).post(address(record, step.name), inputs)
    from_api = api(world, username).post(f"/api/v1{address(record, step.name)}", inputs)
    assert (from_page.status_code, from_api.status_code) == (409, 409)
    with translation.override("kk"):
        sentence = str(step.when_refuses(record))
    assert str(from_page.context["refusal"]) == sentence
    assert from_api.json()["errors"][0]["detail"] == sentence


def _who_may_but_not_now(world: Any, step: Any, record: Any, case: Case) -> str:
    for username in (case.may, *ROLES):
        if step.who_refuses(record, getattr(world, username)) is None:
            return username
    pytest.fail("nobody may: choose another wrong moment")


STATES: list[Callable[[Any], Any]] = [
    lambda w: w.finding(),
    corrected,
    closed_finding,
    lambda w: w.plan(),
    lambda w: w.submitted(),
    lambda w: w.in_progress(),
    lambda w: w.implemented(),
    lambda w: w.verified(),
    lambda w: w.closed(),
    not_effective,
    lambda w: w.plan().actions.get(),
    lambda w: w.submitted().actions.get(),
    lambda w: w.in_progress().actions.get(),
    extended,
    lambda w: w.implemented().actions.get(),
    lambda w: w.closed().actions.get(),
    evidence,
    *rooms.states(),
]


@pytest.mark.parametrize("make", STATES)
def test_buttons_and_api_agree_with_the_rule_for_every_role(world, no_second_factor, make):
    record = make(world)
    steps = all_steps()[type(record)]
    for username in ROLES:
        person = getattr(world, username)
        if not type(record).objects.visible_to(person).filter(pk=record.pk).exists():
            assert page(world, username).get(address(record)).status_code == 404
            assert api(world, username).get(f"/api/v1{address(record)}").status_code == 404
            continue
        buttons = {b["name"]: b for b in page(world, username).get(address(record)).context["steps"]}
        listed = {s["name"]: s for s in api(world, username).get(f"/api/v1{address(record)}").json()["steps"]}
        fresh = type(record).objects.get(pk=record.pk)
        for name, step in steps.items():
            allowed = step.refusal(fresh, person) is None
            assert listed[name]["allowed"] is allowed, (username, name)
            assert (name in buttons) is step.offered(fresh), (username, name)
            if name in buttons:
                assert buttons[name]["allowed"] is allowed, (username, name)


def test_administrator_and_superuser_can_take_no_step(world):
    for make in STATES:
        # Each in a university as it was at first: many kinds of record may stand once only.
        with transaction.atomic():
            record = make(world)
            for step in all_steps()[type(record)].values():
                assert step.who_refuses(record, world.admin) is not None, step
            transaction.set_rollback(True)
