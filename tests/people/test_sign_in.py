"""Sign-in: password, second factor where the policy asks for it, nobody signs up, identity provider opens known accounts only."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client, RequestFactory

from qa_portal.people.adapter import SocialAccountAdapter
from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import policy

pytestmark = pytest.mark.django_db


def test_person_signs_in_by_username_or_email(world):
    for login in ("staff", "staff@example.org"):
        client = Client()
        answer = client.post("/accounts/login/", {"login": login, "password": "demo"})
        assert answer.status_code == 302, answer.content.decode()[:1000]
        assert client.get("/").context["user"].username == "staff"


def test_wrong_password_gets_a_sentence(world):
    answer = Client().post("/accounts/login/", {"login": "staff", "password": "wrong"})
    assert answer.status_code in (200, 400)
    assert answer.context["form"].errors


def test_someone_who_left_cannot_sign_in(world):
    type(world.staff).objects.filter(username="staff").update(is_active=False)
    client = Client()
    client.post("/accounts/login/", {"login": "staff", "password": "demo"})
    assert not client.get("/").context["user"].is_authenticated


@pytest.mark.parametrize(
    ("username", "asked"), [("asb", True), ("hr", True), ("admin", True), ("head", False), ("staff", False)]
)
def test_second_factor_is_required_of_sensitive_roles(world, username, asked):
    assert policy("people.second_factor_required") is True
    client = Client()
    client.force_login(getattr(world, username), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/capa/findings/")
    assert (answer.status_code == 302 and "2fa" in answer.url) is asked


def test_second_factor_once_set_up_is_asked_at_sign_in(world):
    Authenticator.objects.create(user=world.asb, type=Authenticator.Type.TOTP, data={"secret": "x"})
    fresh = Client()
    answer = fresh.post("/accounts/login/", {"login": "asb", "password": "demo"})
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert not fresh.get("/").context["user"].is_authenticated


def test_policy_switch_turns_the_requirement_off(world):
    PolicyValue.objects.create(
        key="people.second_factor_required", value=False, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    client = Client()
    client.force_login(world.asb, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/capa/findings/").status_code == 200


def test_nobody_signs_up(world):
    answer = Client().post(
        "/accounts/signup/", {"username": "new", "password1": "Long-enough-1", "email": "n@example.org"}
    )
    assert answer.status_code == 404
    assert not type(world.staff).objects.filter(username="new").exists()


def social_login(email: str, verified: bool) -> SocialLogin:
    return SocialLogin(
        user=get_user_model()(email=email),
        account=SocialAccount(provider="university", uid="42"),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )


def test_identity_provider_opens_known_accounts_by_verified_email_only(world, settings):
    app = {
        "provider_id": "university",
        "name": "University",
        "client_id": "x",
        "secret": "y",
        "settings": {"server_url": "https://id.example.org"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    adapter, request = SocialAccountAdapter(), RequestFactory().get("/")
    assert not adapter.is_open_for_signup(request, social_login("new@example.org", True))
    for email, verified, known in (
        ("staff@example.org", True, True),
        ("staff@example.org", False, False),
        ("new@example.org", True, False),
    ):
        SocialAccount.objects.all().delete()
        request.session = {}
        adapter.pre_social_login(request, social_login(email, verified))
        assert SocialAccount.objects.filter(user__username="staff").exists() is known, (email, verified)


def test_language_of_a_person_follows_the_choice(world, signed_in):
    client = signed_in("staff")
    assert client.get("/").headers["Content-Language"] == "kk"
    client.get("/?lang=ru")
    assert client.get("/").headers["Content-Language"] == "ru"
    assert type(world.staff).objects.get(username="staff").language == "ru"


def test_language_of_a_stranger_is_kazakh_whatever_the_browser_wishes(db):
    client = Client(headers={"accept-language": "ru"})
    assert client.get("/").headers["Content-Language"] == "kk"
    client.get("/?lang=en")
    assert client.get("/").headers["Content-Language"] == "en"


def test_password_letter_names_the_university_and_not_a_host(world):
    Client().post("/accounts/password/reset/", {"email": "staff@example.org"})
    letter = mail.outbox[0]
    assert letter.to == ["staff@example.org"]
    assert "university" in letter.body  # the root unit's name in the tests' small world
    assert "testserver]" not in letter.subject
    assert "/accounts/password/reset/key/" in letter.body
