"""Outsiders: an expert sees what was granted and what they reported; an account left over sees nothing."""

import pytest
from django.utils import timezone

from capa.models import Finding
from qa_portal.people.models import Office, Person, Unit

pytestmark = pytest.mark.django_db


def test_expert_whose_office_has_ended_does_not_become_an_insider(world, day):
    world.finding()
    Office.objects.filter(person=world.expert).update(until=day(-1))
    expert = world.expert
    assert expert.standing.outsider
    assert not Finding.objects.visible_to(expert).exists()
    assert not Person.objects.visible_to(expert).exclude(pk=expert.pk).exists()


def test_administrator_without_a_unit_and_staff_without_an_office_are_insiders(world):
    assert not world.admin.standing.outsider
    assert not world.staff.standing.outsider
    assert world.expert.standing.outsider


def test_account_with_neither_unit_nor_office_is_an_outsider(world):
    left = world.person("left", None)
    assert left.standing.outsider
    world.finding()
    assert not Finding.objects.visible_to(left).exists()


def test_expert_opens_the_finding_they_report(world, signed_in):
    client = signed_in("expert")
    data = {
        "title": "Сарапшы байқады",
        "description": "Хаттама жоқ",
        "unit": world.department.pk,
        "severity": "minor",
        "source_kind": "daily_work",
        "found_on": timezone.localdate().isoformat(),
    }
    answer = client.post("/capa/findings/add/", data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert client.get(answer["Location"]).status_code == 200
    other = world.finding()
    assert client.get(other.get_absolute_url()).status_code == 404
    assert list(Finding.objects.visible_to(world.expert)) == [Finding.objects.get(reporter=world.expert)]
    assert Unit.objects.filter(pk=world.department.pk).exists()
