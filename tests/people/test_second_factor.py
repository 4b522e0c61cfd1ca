"""The second factor holds at every door: pages, Django admin, the API with the cookie; and nobody changes their address."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialLogin
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from rest_framework.test import APIClient

from qa_portal.people.adapter import SocialAccountAdapter
from qa_portal.people.models import ApiToken

pytestmark = pytest.mark.django_db
CONFIRM = "/accounts/2fa/reauthenticate/"
SET_UP = "/accounts/2fa/totp/activate/"


def code_of(secret: str) -> str:
    """The code of now, and not of the last moment of its half minute: it must still hold when it arrives."""
    left = TOTP_PERIOD - time.time() % TOTP_PERIOD
    if left < 3:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def secret(world) -> str:
    """The quality officer has set up a second factor with this secret."""
    made = generate_totp_secret()
    TOTP.activate(world.asb, made)
    return made


def without_factor(person) -> Client:
    """A session that came in without allauth's second step."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def signed_in_with_code(secret: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "asb", "password": "demo"})
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302
    return client


def test_password_and_code_open_the_portal(world, secret):
    assert signed_in_with_code(secret).get("/capa/findings/").status_code == 200


def test_session_without_the_code_may_only_confirm_itself_or_leave(world, secret):
    client = without_factor(world.asb)
    for path in ("/", "/capa/findings/", "/accounts/2fa/totp/deactivate/", "/accounts/password/change/", "/people/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, CONFIRM), path
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert Authenticator.objects.filter(user=world.asb, type="totp").exists()
    assert client.get(CONFIRM).status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_session_confirmed_by_code_goes_on_to_where_it_was_going(world, secret):
    client = without_factor(world.asb)
    answer = client.get("/capa/findings/?q=x")
    answer = client.post(answer["Location"], {"code": code_of(secret), "next": "/capa/findings/?q=x"})
    assert (answer.status_code, answer["Location"]) == (302, "/capa/findings/?q=x")
    assert client.get("/capa/findings/?q=x").status_code == 200


def test_a_code_of_somebody_else_confirms_nothing(world, secret):
    client = without_factor(world.asb)
    assert client.post(CONFIRM, {"code": code_of(generate_totp_secret())}).status_code == 200
    assert client.get("/capa/findings/").status_code == 302


def test_factor_is_asked_of_whoever_set_one_up_also_where_none_is_needed(world):
    TOTP.activate(world.staff, generate_totp_secret())
    assert without_factor(world.staff).get("/capa/findings/")["Location"].startswith(CONFIRM)


@pytest.mark.django_db(transaction=True)  # allauth tells of the new factor after commit
def test_who_sets_it_up_goes_on_in_the_same_session(world):
    client = Client()
    client.post("/accounts/login/", {"login": "asb", "password": "demo"})
    assert client.get("/capa/findings/")["Location"] == SET_UP
    answer = client.get(SET_UP)
    client.post(answer["Location"], {"password": "demo"})
    page = client.get(SET_UP)
    answer = client.post(SET_UP, {"code": code_of(page.context["form"].secret)})
    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=world.asb, type="totp").exists()
    assert client.get("/capa/findings/").status_code == 200


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_accounts_that_open_django_admin_need_it_too(world, flag):
    type(world.staff).objects.filter(username="staff").update(**{flag: True})
    assert without_factor(world.staff).get("/capa/findings/")["Location"] == SET_UP


# -- Django admin -------------------------------------------------------------------------------
def test_admins_own_sign_in_leads_to_the_portals(world):
    client = Client()
    answer = client.post("/admin/login/?next=/admin/capa/", {"username": "admin", "password": "demo"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=%2Fadmin%2Fcapa%2F")
    assert "_auth_user_id" not in client.session
    assert Client().get("/admin/login/?next=https://evil.example/")["Location"].endswith("next=%2Fadmin%2F")


def test_admins_sign_in_leads_a_signed_in_administrator_on_and_refuses_others(world, signed_in):
    assert signed_in("admin").get("/admin/login/?next=/admin/capa/")["Location"] == "/admin/capa/"
    answer = signed_in("staff").get("/admin/", follow=True)
    assert answer.status_code == 403


# -- API ---------------------------------------------------------------------------------------
API = "/api/v1/capa/findings/"


def test_api_refuses_a_session_that_lacks_the_factor(world, secret):
    for person in (world.asb, world.hr):
        client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(API)
        assert answer.status_code == 403
        assert "second factor" in answer.json()["errors"][0]["detail"]
        assert client.get("/api/v1/schema/").status_code == 403


def test_api_answers_a_session_with_the_factor_a_session_that_needs_none_and_a_token(world, secret):
    assert signed_in_with_code(secret).get(API).status_code == 200
    assert without_factor(world.staff).get(API).status_code == 200
    _row, token = ApiToken.objects.create(user=world.asb)
    assert Client().get(API, headers={"authorization": f"Token {token}"}).status_code == 200


# -- address of a person ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/x/",
        "/accounts/3rdparty/",
        "/accounts/3rdparty/signup/",
        "/accounts/social/connections/",
        "/accounts/signup/",
        "/accounts/login/code/confirm/",
        "/accounts/",
    ],
)
def test_nobody_changes_the_address_or_makes_an_account(world, signed_in, path):
    data = {"action_add": "", "email": "mine@example.org", "username": "new", "password1": "Long-enough-1"}
    client = signed_in("staff")
    assert client.get(path).status_code == 404
    assert client.post(path, data).status_code == 404
    assert Client().get(path).status_code in (302, 404)
    assert world.staff.email == "staff@example.org"


def test_nobody_ties_a_foreign_account_to_theirs(world):
    login = SocialLogin(user=world.staff)
    login.state = {"process": "connect"}
    with pytest.raises(PermissionDenied):
        SocialAccountAdapter().pre_social_login(RequestFactory().get("/"), login)


def test_what_is_left_of_the_account_pages_works(world, signed_in, mailoutbox):
    stranger = Client()
    assert stranger.post("/accounts/password/reset/", {"email": "nobody@example.org"}).status_code == 302
    assert mailoutbox == []
    assert stranger.post("/accounts/password/reset/", {"email": "staff@example.org"}).status_code == 302
    assert len(mailoutbox) == 1
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    asked = stranger.get("/" + link.split("/", 3)[3], follow=True)
    assert asked.status_code == 200
    answer = stranger.post(asked.request["PATH_INFO"], {"password1": "Kilt-9-sozder", "password2": "Kilt-9-sozder"})
    assert answer.status_code == 302, answer.content.decode()
    assert stranger.get(answer["Location"]).status_code == 200
    assert stranger.post("/accounts/login/", {"login": "staff", "password": "Kilt-9-sozder"}).status_code == 302
    assert stranger.get("/accounts/password/change/").status_code == 200
    for path in ("/accounts/2fa/", "/accounts/inactive/", "/accounts/reauthenticate/"):
        assert stranger.get(path).status_code == 200, path
    assert Client().get("/accounts/3rdparty/login/cancelled/").status_code == 200
