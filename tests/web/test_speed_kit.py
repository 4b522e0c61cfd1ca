"""What was made quick says the same as before: reading for the API, controls, addresses, search by pieces of words."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.urls import reverse
from rest_framework import serializers
from rest_framework.test import APIRequestFactory

from capa import api
from capa.filters import FindingFilters
from capa.models import CapaAction, CapaPlan, Finding
from capa.querysets import FINDING_WORDS
from capa.workflow import finding as finding_steps
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.web.rendering import QuickControls

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(world):
    def make(username):
        request = APIRequestFactory().get("/")
        request.user = getattr(world, username)
        return request

    return make


@pytest.mark.parametrize("serializer", [api.FindingSerializer, api.PlanSerializer, api.ActionSerializer])
@pytest.mark.parametrize("username", ["asb", "head", "stranger"])
def test_quick_reading_gives_what_drf_gives(world, request_of, serializer, username):
    world.closed()
    world.in_progress(finding=world.finding(severity="minor", requirement=None))
    plain = type(
        "Plain",
        (serializer,),
        {"to_representation": serializers.ModelSerializer.to_representation, "Meta": serializer.Meta},
    )
    rows = list(serializer.Meta.model.objects.order_by("pk"))
    context = {"request": request_of(username)}
    quick, usual = (kind(rows, many=True, context=context).data for kind in (serializer, plain))
    assert rows
    assert quick == usual


def attributes(html):
    """Each tag with its attributes, whatever their order."""
    return [
        (tag, sorted(re.findall(r'[\w-]+="[^"]*"|[\w-]+', rest))) for tag, rest in re.findall(r"<(/?\w+)([^>]*)>", html)
    ]


@pytest.mark.parametrize(
    "query", ["", "state=open&state=closed&overdue=true&requirement=%22%3C%26&found_after=2024-01-01&severity=major"]
)
def test_controls_are_drawn_as_by_django(world, request_of, query):
    form = FindingFilters(QueryDict(query), queryset=Finding.objects.all(), request=request_of("asb")).form
    drawn = []
    for renderer in (TemplatesSetting(), QuickControls()):
        form.renderer = renderer
        drawn.append([str(form[name]) for name in form.fields])
    assert [attributes(html) for html in drawn[0]] == [attributes(html) for html in drawn[1]]
    assert [re.sub(r"<[^>]*>|\s", "", html) for html in drawn[0]] == [
        re.sub(r"<[^>]*>|\s", "", html) for html in drawn[1]
    ]


@pytest.mark.parametrize(
    ("model", "name"), [(Finding, "capa:finding"), (CapaPlan, "capa:plan"), (CapaAction, "capa:action")]
)
def test_addresses_are_those_of_reverse(model, name):
    for pk in (1, 7, 123456):
        assert model(pk=pk).get_absolute_url() == address(name, pk) == reverse(name, args=[pk])


def test_search_follows_what_is_written(world):
    finding = world.finding(title="Әдістемелік нұсқаулық ескірген", description="100% «тырнақша» мен 'апостроф'")
    for text in ("нұсқау", "НҰСҚАУ", "әдіст", finding.number, "100%", "'апо", "ық е", "«ты", "нұ"):
        assert list(Finding.objects.matching(text)) == [finding], text
    for text in ("жоқ нәрсе", '"', "%%%", "нұсқау*", "нұсқау OR әдіст"):
        assert not Finding.objects.matching(text).exists(), text
    finding.title = "Басқа атау"
    finding.save_changes(by=world.asb)
    assert not Finding.objects.matching("нұсқау").exists()
    assert list(Finding.objects.matching("басқа ат")) == [finding]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its index itself")
def test_search_index_is_made_anew_when_a_migration_lost_its_triggers(world):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER capa_finding_words_added")
    finding = world.finding(title="Микроскоп сынған")
    assert not Finding.objects.matching("микроскоп").exists()
    call_command("migrate", verbosity=0)
    assert FINDING_WORDS.numbers("микроскоп", "default") is not None
    assert list(Finding.objects.matching("микроскоп")) == [finding]


def test_what_a_list_knew_of_a_finding_does_not_hold_for_a_step(world):
    finding = world.finding(severity="minor")
    finding_steps.correct(finding, by=world.staff, correction="Түзетілді")
    finding.__dict__["_live_plan_known"] = False
    world.plan(Finding.objects.get(pk=finding.pk))
    with pytest.raises(NotNow):
        finding_steps.close(finding, by=world.asb)
