"""Fixtures shared by all tests."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import translation

from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import forget

from .world import World


@pytest.fixture(autouse=True)
def _policy_read_anew():
    """The in-process cache of policy rows must not outlive a test's database, nor a language the test that spoke it."""
    forget()
    translation.activate("kk")
    yield
    forget()
    translation.activate("kk")


@pytest.fixture
def world(db) -> World:
    """The people of the tests. Content types are known as in a process at work, so that queries count the same alone."""
    ContentType.objects.get_for_models(*apps.get_models())
    return World()


@pytest.fixture
def no_second_factor(world) -> None:
    """The switch that the demo leaves off, off."""
    PolicyValue.objects.create(
        key="people.second_factor_required", value=False, valid_from="2020-01-01", reason="tests", author=world.admin
    )


@pytest.fixture
def signed_in(world, no_second_factor):
    """`signed_in("head")` gives a client of that person."""

    def make(username: str) -> Client:
        client = Client()
        client.force_login(getattr(world, username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make
