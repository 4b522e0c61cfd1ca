"""Django admin is one more door to the same rules: it opens for `is_staff`, keeps the directory, decides nothing."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.utils import translation

from capa.models import CapaAction, CapaPlan
from qa_portal.documents.models import Evidence
from qa_portal.people import grants
from qa_portal.people.models import ApiToken, Office, Person, Unit
from qa_portal.people.roles import Role
from qa_portal.permissions import rights
from qa_portal.web.admin import RecordAdmin

pytestmark = pytest.mark.django_db


def staff(username):
    Person.objects.filter(username=username).update(is_staff=True)


def sentences(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def take(client, action, record, name="capaaction"):
    return client.post(f"/admin/capa/{name}/", {"action": action, "_selected_action": [record.pk]})


# -- who comes in -------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["staff", "asb", "board", "expert"])
def test_without_is_staff_nobody_comes_in(signed_in, username):
    assert signed_in(username).get("/admin/").status_code == 302


def test_every_admin_page_opens_for_the_administrator(world, signed_in, day):
    world.closed()
    grants.give(world.expert, "view", world.finding(), by=world.asb, until=day(3), why="аудит")
    ApiToken.objects.create(user=world.asb)
    client = signed_in("admin")
    Evidence(title="Хаттама", link="https://example.org/").add(by=world.admin)
    client.get("/admin/")
    for model, model_admin in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(address).status_code == 200, address
        if model_admin.search_fields:
            assert client.get(f"{address}?q=әсел").status_code == 200, address
        first = model_admin.get_queryset(client.get(address).wsgi_request).first()
        if first is not None:
            assert client.get(f"{address}{first.pk}/change/").status_code == 200, address
        added = client.get(f"{address}add/").status_code
        assert added in (200, 403), address


def test_staff_without_an_administrators_office_see_records_as_on_the_pages_and_no_directory(world, signed_in):
    own, far = world.finding(), world.finding(reporter="asb", unit=world.far_school)
    staff("head")
    client = signed_in("head")
    assert set(client.get("/admin/capa/finding/").context["cl"].queryset) == {own}
    assert client.get(f"/admin/capa/finding/{far.pk}/change/").status_code == 302  # "does not exist"
    for closed in (
        "people/person",
        "people/unit",
        "people/office",
        "people/grant",
        "people/apitoken",
        "notices/letter",
        "workflow/entry",
    ):
        assert client.get(f"/admin/{closed}/").status_code == 403, closed


# -- no decision through this door ------------------------------------------------------------------
def test_administrator_cannot_approve_through_admin(world, signed_in):
    action = world.submitted().actions.get()
    answer = take(signed_in("admin"), "step_approve", action)
    action.refresh_from_db()
    assert action.state == CapaAction.SUBMITTED
    assert sentences(answer) == [f"{action}: {rights()['capa.approve_action'].why_not}"]
    assert not action.history.filter(verb="approve").exists()


def test_administrator_can_take_no_step_at_all(world, signed_in):
    client = signed_in("admin")
    for make, name in ((world.submitted, "capaplan"), (world.plan, "capaplan")):
        plan = make()
        for step in ("step_approve", "step_submit", "step_reopen"):
            take(client, step, plan, name)
        state = plan.state
        plan.refresh_from_db()
        assert plan.state == state
    finding = world.finding(severity="minor")
    take(client, "step_close", finding, "finding")
    finding.refresh_from_db()
    assert finding.is_open


def test_head_approves_through_admin_as_on_the_page(world, signed_in):
    plan = world.submitted()
    action = plan.actions.get()
    staff("head")
    take(signed_in("head"), "step_approve", action)
    action.refresh_from_db()
    plan.refresh_from_db()
    assert (action.approved_by, plan.state) == (world.head, CapaPlan.IN_PROGRESS)
    assert action.history.filter(verb="approve", by=world.head).count() == 1
    assert LogEntry.objects.filter(user=world.head, object_id=str(action.pk)).exists()


def test_head_does_not_approve_own_work_through_admin(world, signed_in):
    action = world.submitted(by="head").actions.get()
    staff("head")
    answer = take(signed_in("head"), "step_approve", action)
    action.refresh_from_db()
    assert action.state == CapaAction.SUBMITTED
    assert str(rights()["capa.approve_action"].why_not) in sentences(answer)[0]


def test_steps_that_need_words_are_not_offered_bare(world, signed_in):
    world.submitted()
    page = signed_in("admin").get("/admin/capa/capaaction/")
    offered = {name for name, _label in page.context["action_form"].fields["action"].choices if name}
    assert offered == {"step_approve"}


def test_records_are_edited_deleted_and_added_by_nobody_in_admin(world, signed_in):
    action = world.submitted().actions.get()
    records = {"finding": action.plan.finding, "capaplan": action.plan, "capaaction": action}
    client = signed_in("admin")
    for name, record in records.items():
        address = f"/admin/capa/{name}/"
        assert client.get(f"{address}{record.pk}/change/").status_code == 200
        assert client.post(f"{address}{record.pk}/change/", {"state": "closed", "text": "басқа"}).status_code == 403
        assert client.post(f"{address}{record.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{address}add/", {}).status_code == 403
        client.post(address, {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"})
        revision = record.revision
        record.refresh_from_db()
        assert record.revision == revision
    assert all(isinstance(admin.site._registry[type(r)], RecordAdmin) for r in records.values())


# -- the directory ---------------------------------------------------------------------------------------
def person_form(**changes):
    names = {
        f"{name}_{language}": ""
        for name in ("last_name", "first_name", "middle_name", "post")
        for language in ("kk", "ru", "en")
    }
    return {
        **names,
        "username": "newcomer",
        "email": "new@example.org",
        "language": "ru",
        "last_name_kk": "Қасымова",
        **changes,
    }


def test_administrator_adds_a_person_who_can_sign_in(world, signed_in, client):
    password = "Ertis-Altai-2026"
    form = person_form(usable_password="true", password1=password, password2=password, unit=world.other.pk)
    answer = signed_in("admin").post("/admin/people/person/add/", form)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    made = Person.objects.get(username="newcomer")
    assert (made.last_name_kk, made.unit, made.language, made.is_superuser, made.is_staff) == (
        "Қасымова",
        world.other,
        "ru",
        False,
        False,
    )
    assert client.login(username="newcomer", password=password)


def test_offices_are_given_with_the_person_and_ended_not_deleted(world, signed_in):
    client = signed_in("admin")
    address = f"/admin/people/person/{world.staff2.pk}/change/"
    page = client.get(address)
    assert page.status_code == 200
    words = page.content.decode()
    assert "is_superuser" not in words
    assert "-DELETE" not in words
    form = person_form(
        username="staff2", is_active="on", theme="auto", letters_wanted="all", unit=world.department.pk,
        **{"offices-TOTAL_FORMS": 1, "offices-INITIAL_FORMS": 0, "offices-0-role": Role.MENTOR, "offices-0-unit": world.school.pk, "offices-0-since": "2026-01-01"},
        **{"offices-0-person": world.staff2.pk},
    )  # fmt: skip
    answer = client.post(address, form)
    assert answer.status_code == 302, (answer.context["errors"], answer.context["adminform"].form.errors)
    assert world.staff2.standing.has(Role.MENTOR)
    assert LogEntry.objects.filter(user=world.admin, object_id=str(world.staff2.pk)).exists()
    office = Office.objects.get(person=world.staff2, role=Role.MENTOR)
    assert client.post(f"/admin/people/office/{office.pk}/delete/", {"post": "yes"}).status_code == 403


def test_superuser_cannot_be_made_or_taken_over_by_an_administrator(world, signed_in):
    staff("asb")
    Office.objects.create(person=world.asb, role=Role.ADMINISTRATOR, unit=world.university, since="2020-01-01")
    client = signed_in("asb")
    form = person_form(username="staff2", is_active="on", is_superuser="on", theme="auto", letters_wanted="all")
    empty = {"offices-TOTAL_FORMS": 0, "offices-INITIAL_FORMS": 0}
    assert client.post(f"/admin/people/person/{world.staff2.pk}/change/", {**form, **empty}).status_code == 302
    assert not world.staff2.is_superuser
    before = world.admin.password
    taken = client.post(
        f"/admin/people/person/{world.admin.pk}/password/",
        {"password1": "Ertis-Altai-1", "password2": "Ertis-Altai-1", "usable_password": "true"},
    )
    assert taken.status_code in (302, 403, 404)
    assert world.admin.password == before


def test_unit_is_kept_in_three_languages_and_in_the_order_of_the_tree(world, signed_in):
    client = signed_in("admin")
    form = {
        "code": "pediatrics",
        "kind": "department",
        "parent": world.school.pk,
        "name_kk": "Педиатрия",
        "name_ru": "Педиатрии",
        "name_en": "Pediatrics",
    }
    assert client.post("/admin/people/unit/add/", form).status_code == 302
    made = Unit.objects.get(code="pediatrics")
    assert made.path == f"{world.school.path}{made.pk}."
    with translation.override("ru"):
        assert made.name == "Педиатрии"
    codes = [unit.code for unit in client.get("/admin/people/unit/").context["cl"].result_list]
    assert codes[0] == "university"
    assert codes.index("medicine") < codes.index("therapy")


def test_token_is_looked_at_and_revoked(world, signed_in, client):
    token, secret = ApiToken.objects.create(user=world.staff)
    header = {"Authorization": f"Token {secret}"}
    assert client.get("/api/v1/people/units/", headers=header).status_code == 200
    door = signed_in("admin")
    page = door.get("/admin/people/apitoken/").content.decode()
    assert token.token_key in page
    assert secret not in page
    assert door.get("/admin/people/apitoken/add/").status_code == 403
    assert door.post(f"/admin/people/apitoken/{token.pk}/delete/", {"post": "yes"}).status_code == 302
    assert client.get("/api/v1/people/units/", headers=header).status_code == 401


def test_secrets_of_second_factors_are_shown_to_nobody(world, signed_in):
    Authenticator.objects.create(user=world.asb, type="totp", data={"secret": "TOPSECRETVALUE"})
    row = Authenticator.objects.get()
    client = signed_in("admin")
    for address in ("/admin/mfa/authenticator/", f"/admin/mfa/authenticator/{row.pk}/change/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "TOPSECRETVALUE" not in answer.content.decode()
