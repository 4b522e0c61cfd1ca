"""Many at once: the boxes of the page lead to the rows they stand for, however large the numbers, as they were read."""

import re

import pytest

from capa.models import CapaAction
from capa.workflow import action as action_steps
from capa.workflow import plan as plan_steps
from capa.workflow.family import reroute
from qa_portal.people.models import Deputy, Office
from qa_portal.workflow.writing import door

pytestmark = pytest.mark.django_db


def boxes(page) -> list[str]:
    return re.findall(r'name="ids" value="([^"]*)"', page.content.decode())


def test_boxes_of_records_with_large_numbers_choose_them(world, signed_in):
    plan = world.plan(items=0)
    with door("import"):
        CapaAction(
            pk=12345,
            plan=plan,
            unit=plan.unit,
            text="Кесте",
            owner=world.staff,
            due="2099-01-01",
            expected_proof="Хаттама",
        ).save()
    plan_steps.submit(plan, by=world.coordinator)
    client = signed_in("head")
    picked = boxes(client.get("/capa/actions/?waits_for_me=true"))
    assert [value.partition(":")[0] for value in picked] == ["12345"]
    client.post("/capa/actions/many/approve/", {"ids": picked})
    assert CapaAction.objects.get(pk=12345).state == CapaAction.IN_PROGRESS


def test_row_that_changed_since_the_list_was_read_is_not_approved(world, signed_in):
    plan = world.submitted()
    action = plan.actions.get()
    client = signed_in("head")
    picked = boxes(client.get("/capa/actions/?waits_for_me=true"))
    action_steps.send_back(action, by=world.head, reason="Анықтаңыз")
    action.text = "Басқа мәтін"
    action.save_changes(by=world.coordinator)
    plan.refresh_from_db()
    plan_steps.submit(plan, by=world.coordinator)
    client.post("/capa/actions/many/approve/", {"ids": picked})
    assert CapaAction.objects.get(pk=action.pk).state == CapaAction.SUBMITTED


def test_what_the_clock_does_after_a_deputys_step_is_in_nobodys_name(world):
    today = Office.objects.filter(person__username="head").get().since
    Deputy.objects.create(principal=world.head, deputy=world.staff2, since=today, until="2099-01-01", reason="демалыс")
    action_steps.approve(world.submitted().actions.get(), by=world.staff2)
    waiting = world.submitted(finding=world.finding()).actions.get()
    Office.objects.filter(person__username="head").update(until="2020-01-02")
    assert reroute() == 1
    assert waiting.history.get(verb="reroute").in_name_of is None
