"""Sign-in goes on when Redis is away; readiness still says that it is."""

import time

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_away(settings):
    settings.CACHES = {
        "default": {"BACKEND": "qa_portal.web.cache.RedisOrNothing", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    settings.ACCOUNT_RATE_LIMITS = {
        "login_failed": "10/m/ip,5/300s/key",
        "login": "60/m/ip",
        "reset_password": "5/m/key",
    }


def test_sign_in_and_password_reset_work_without_the_cache(world, redis_away, mailoutbox):
    began = time.monotonic()
    client = Client()
    assert client.post("/accounts/login/", {"login": "staff", "password": "wrong"}).status_code == 200
    assert client.post("/accounts/login/", {"login": "staff", "password": "demo"}).status_code == 302
    assert client.get("/").context["user"].username == "staff"
    assert Client().post("/accounts/password/reset/", {"email": "staff@example.org"}).status_code == 302
    assert len(mailoutbox) == 1
    assert time.monotonic() - began < 10


def test_readiness_still_names_the_cache(redis_away):
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["cache"]) == (503, False)
