"""Policy in admin: written plainly, by administrators only, and never changed afterwards."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import translation

from qa_portal.people.models import Person
from qa_portal.policy.admin import plainly, read_plainly
from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import policy

pytestmark = pytest.mark.django_db

ADD = "/admin/policy/policyvalue/add/"


def send(client, key, value, **more):
    return client.post(ADD, {"key": key, "value": value, "valid_from": "2026-01-01", "reason": "№ 12 бұйрық", **more})


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("capa.effect_check_after", " 90 ", 90),
        ("capa.remind_doer", "-7, -1, 1", [-7, -1, 1]),
        ("capa.remind_doer", "[1, -3]", [-3, 1]),
        ("capa.remind_doer", "−14; 2", [-14, 2]),
        ("people.second_factor_required", "no", False),
        ("people.second_factor_required", "ИӘ", True),
        ("people.second_factor_required", "да", True),
    ],
)
def test_value_is_entered_plainly(world, signed_in, key, typed, kept):
    answer = send(signed_in("admin"), key, typed)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = PolicyValue.objects.filter(key=key).latest("pk")
    assert row.value == kept
    assert policy(key) == kept
    assert row.author == world.admin
    assert LogEntry.objects.filter(user=world.admin, object_id=str(row.pk)).exists()


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("capa.effect_check_after", "many"),
        ("capa.effect_check_after", "731"),
        ("capa.effect_check_after", "1.5"),
        ("capa.remind_doer", "1, two"),
        ("capa.remind_doer", "-61"),
        ("people.second_factor_required", "perhaps"),
        ("no.such", "1"),
    ],
)
def test_wrong_value_is_refused_and_what_was_typed_stays(signed_in, key, typed):
    answer = send(signed_in("admin"), key, typed)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert f'value="{typed}"' in answer.content.decode()
    assert not PolicyValue.objects.filter(key=key, reason="№ 12 бұйрық").exists()


def test_choice_tells_value_bounds_and_clause(signed_in):
    with translation.override("en"):
        page = signed_in("admin").get(f"{ADD}?lang=en").content.decode()
    assert "now: 60; default: 60; from 0 to 730; days; domain.md §4; N2 §10.2" in page


def test_rows_are_history_and_cannot_be_changed_or_deleted(world, signed_in):
    client = signed_in("admin")
    send(client, "capa.effect_check_after", "90")
    row = PolicyValue.objects.get(key="capa.effect_check_after")
    address = f"/admin/policy/policyvalue/{row.pk}/"
    assert client.get(f"{address}change/").status_code == 200
    assert client.post(f"{address}change/", {"value": "1"}).status_code == 403
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    row.refresh_from_db()
    assert row.value == 90
    assert client.get("/admin/policy/policyvalue/?key=capa.effect_check_after").status_code == 200


def test_only_administrators_change_policy(world, signed_in):
    Person.objects.filter(username="asb").update(is_staff=True)
    assert send(signed_in("asb"), "capa.effect_check_after", "1").status_code == 403
    assert send(signed_in("staff"), "capa.effect_check_after", "1").status_code == 302  # to the door
    assert policy("capa.effect_check_after") == 60


@pytest.mark.parametrize(
    ("kind", "value"), [("ints", [-7, 1]), ("int", 60), ("bool", True), ("bool", False), ("text", "сөз")]
)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_what_is_shown_can_be_written_back(kind, value, language):
    with translation.override(language):
        assert read_plainly(kind, plainly(value)) == value
