"""Loading the demo university: all or nothing, once."""

from __future__ import annotations

import datetime
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from capa.models import CapaAction, CapaPlan, Finding
from qa_portal.celery import app as celery
from qa_portal.dates.models import DayOff
from qa_portal.notices.models import Letter, Notice
from qa_portal.notices.post import post
from qa_portal.people.grants import give
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import Role
from standards.models import Edition, Requirement

from . import clock, university
from .cast import Cast
from .play import play, reminders
from .stories import Stage, Story

#: letters of so many last days really go to the mailbox; older ones count as sent in their time
LETTERS_OF_DAYS = 4
#: older notices were read long ago
UNREAD_FOR_DAYS = 14
EXPERT_READS = "biomed-competence-matrix"
HEADLESS = "chancellery"


class WillNotLoad(Exception):
    """Why the demo university is not loaded here, in one sentence."""


def is_loaded() -> bool:
    return Person.objects.filter(is_demo=True).exists()


def check_may_load() -> None:
    if not settings.DEMO:
        raise WillNotLoad("The demo university is loaded only where DEMO=1 is set in the environment or in .env.")
    if Person.objects.filter(is_demo=False).exists():
        raise WillNotLoad(
            "This database has people whom the demo did not make: the demo university is not loaded here."
        )


def load() -> dict[str, int]:
    """Make the university and play its year; returns how many of each there are now."""
    check_may_load()
    with _letters_stay_here(), transaction.atomic():
        _load_catalogue()
        made = university.load()
        stage = _stage()
        stories = [Story(data, stage) for data in university.read("findings")["findings"]]
        play([*(story.told() for story in stories), reminders(stage.now, LETTERS_OF_DAYS)])
        problems = [problem for problem in (story.problem() for story in stories) if problem]
        if problems:
            raise RuntimeError("The demo's stories did not end as written: " + "; ".join(problems))
        _let_expert_read(stage)
        _let_a_head_leave(stage)
        _settle_inboxes(stage.now)
        _settle_letters(stage.now)
    return {**made, **_counted()}


def _load_catalogue() -> None:
    """In force since before the demo's history begins, unless an edition is there already."""
    since = None if Edition.objects.exists() else timezone.localdate() - datetime.timedelta(days=400)
    call_command("load_catalogue", day=since, stdout=io.StringIO())


def _stage() -> Stage:
    return Stage(
        cast=Cast(),
        requirements={row.code: row for row in Requirement.objects.in_force().select_related("standard")},
        units={unit.code: unit for unit in Unit.objects.all()},
        days_off=dict(DayOff.objects.values_list("day", "working")),
    )


def _let_expert_read(stage: Stage) -> None:
    officer = stage.cast.today("asb")
    give(
        stage.cast.people["expert"],
        "view",
        stage.findings[EXPERT_READS],
        by=officer,
        until=stage.today + datetime.timedelta(days=90),
        why="Сырттай сараптама: сарапшы өз ескертпесінің қалай орындалғанын қарайды",
    )


def _let_a_head_leave(stage: Stage) -> None:
    """A small service has been without a head since yesterday: the portal notices, and a signal waits for the quality office."""
    heads = Office.objects.filter(role=Role.UNIT_HEAD, unit=stage.units[HEADLESS])
    heads.update(until=stage.today - datetime.timedelta(days=1))


# -- letters and inboxes ---------------------------------------------------------------------
@contextmanager
def _letters_stay_here() -> Iterator[None]:
    """Each letter queues a task after commit. All are sent by then, so the tasks find nothing: run them here, not in the queue."""
    before = celery.conf.task_always_eager
    celery.conf.task_always_eager = True
    try:
        yield
    finally:
        celery.conf.task_always_eager = before


def _settle_letters(now: datetime.datetime) -> None:
    old = now - datetime.timedelta(days=LETTERS_OF_DAYS)
    waiting = Letter.objects.filter(sent_at__isnull=True)
    waiting.filter(created_at__lt=old).update(sent_at=F("created_at"), claimed_at=F("created_at"), attempts=1)
    for pk, written in list(waiting.order_by("pk").values_list("pk", "created_at")):
        with clock.at(written):
            post(pk)


def _settle_inboxes(now: datetime.datetime) -> None:
    old = Notice.objects.filter(read_at__isnull=True, created_at__lt=now - datetime.timedelta(days=UNREAD_FOR_DAYS))
    old.update(read_at=F("created_at") + datetime.timedelta(hours=20))


# -- what there is ------------------------------------------------------------------------------
def _counted() -> dict[str, int]:
    return {
        "findings": Finding.objects.count(),
        "CAPA plans": CapaPlan.objects.count(),
        "actions": CapaAction.objects.count(),
        "notices": Notice.objects.count(),
        "letters": Letter.objects.count(),
    }


def states() -> dict[str, Counter[str]]:
    """{kind of record: {state: how many}}"""
    kinds: tuple[Any, ...] = (Finding, CapaPlan, CapaAction)
    return {model.slug(): Counter(model.objects.values_list("state", flat=True)) for model in kinds}


def accounts() -> list[tuple[str, str, str]]:
    """User name, name and post of each agreed account, in letters that any terminal shows."""
    agreed = university.read("people")["accounts"]
    people = Person.objects.in_bulk(agreed, field_name="username")
    with override("en"):
        return [(name, people[name].get_full_name(), people[name].post) for name in agreed]
