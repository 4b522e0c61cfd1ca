"""Loading the demo university: all or nothing, once."""

from __future__ import annotations

import datetime
import gc
import io
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.exceptions import AlwaysEagerIgnored
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from capa.models import CapaAction, CapaPlan, Finding
from qa_portal.bodies import models as bodies
from qa_portal.celery import app as celery
from qa_portal.dates.models import DayOff
from qa_portal.documents import models as documents
from qa_portal.documents.models import Document
from qa_portal.documents.models.kinds import Origin
from qa_portal.notices.models import Letter, Notice
from qa_portal.notices.post import post
from qa_portal.people.grants import give
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import Role
from qa_portal.programmes.models import Student
from qa_portal.workflow.writing import door
from standards import models as standards
from standards.models import Edition, Requirement
from surveys import models as voices

from . import clock, university
from .accounting import all_of_reports
from .asked import all_of_surveys
from .assessed import Archive
from .cast import Cast
from .collegial import all_of_meetings
from .cycle import all_of_assessment
from .editions import EditionStory
from .improving import all_of_mechanisms
from .learners import Learners
from .library import DocumentStory
from .measured import all_of_indicators
from .obligations import Obligations
from .play import clerk, play, reminders
from .seating import ElectionStory, Seating
from .stories import Stage, Story
from .threats import all_of_risks
from .voices import all_of_voices

#: letters of so many last days really go to the mailbox; older ones count as sent in their time
LETTERS_OF_DAYS = 4
#: older notices were read long ago
UNREAD_FOR_DAYS = 14
#: the library was entered, and the clerk of the demo looks at due dates once a week, so long before the loading
LIBRARY_SINCE = 1150
WEEKS_OF_CLERK = 60
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
    with _letters_stay_here(), _sweeping_seldom(), override("kk"), transaction.atomic():
        _load_catalogue()
        made = university.load()
        _load_library_and_bodies()
        stage = _stage()
        stories = _stories(stage)
        play(
            [
                *(story.told() for story in stories),
                reminders(stage.now, LETTERS_OF_DAYS),
                clerk(stage.now, WEEKS_OF_CLERK),
            ]
        )
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
    since = None if Edition.objects.exists() else timezone.localdate() - datetime.timedelta(days=LIBRARY_SINCE)
    call_command("load_catalogue", day=since, stdout=io.StringIO())


def _load_library_and_bodies() -> None:
    """Kinds of documents, external acts and the university's bodies were entered before the demo's history begins.

    The legal office has looked through the acts since then: written as an import, for it is a line a year for each.
    """
    today = timezone.localdate()
    with clock.at(timezone.now() - datetime.timedelta(days=LIBRARY_SINCE)):
        call_command("load_documents", stdout=io.StringIO())
        call_command("load_bodies", stdout=io.StringIO())
        call_command("load_registers", stdout=io.StringIO())
        call_command("load_instruments", stdout=io.StringIO())
    with door("import"):
        for place, act in enumerate(Document.objects.filter(origin=Origin.EXTERNAL).select_related("kind")):
            looked = today - datetime.timedelta(days=40 + 7 * place)
            Document.objects.filter(pk=act.pk).update(last_review=looked, review_due=act.next_review(looked))


def _stories(stage: Stage) -> list[Any]:
    meetings, seating, library = (university.read(name) for name in ("meetings", "bodies", "documents"))
    for row in seating["bodies"]:
        stage.seats["-".join(word for word in (row["body"], row.get("unit")) if word)] = row["members"]
    days = {row["key"]: row["ago"] for row in meetings["meetings"]}
    return [
        *(DocumentStory(row, stage, days) for row in library["documents"]),
        *(EditionStory(row, stage) for row in library["editions"]),
        *(Seating(row, stage, seating["seated_days_ago"]) for row in seating["bodies"]),
        *(ElectionStory(row, stage) for row in seating["elections"]),
        Archive(stage),
        *all_of_assessment(stage),
        *all_of_risks(stage),
        Obligations(stage),
        *all_of_mechanisms(stage),
        *all_of_indicators(stage),
        *all_of_reports(stage),
        Learners(stage),
        *all_of_surveys(stage),
        *all_of_voices(stage),
        *all_of_meetings(meetings, stage),
        *(Story(data, stage) for data in university.read("findings")["findings"]),
    ]


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
        with warnings.catch_warnings():
            # A submitted report asks a worker by name to fix its figures: it is fixed already, the worker finds nothing.
            warnings.simplefilter("ignore", AlwaysEagerIgnored)
            yield
    finally:
        celery.conf.task_always_eager = before


@contextmanager
def _sweeping_seldom() -> Iterator[None]:
    """A hundred thousand small things are made and few are thrown away: looking for those costs a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
        "documents": Document.objects.filter(origin=Origin.INTERNAL).count(),
        "external acts": Document.objects.filter(origin=Origin.EXTERNAL).count(),
        "versions": documents.Version.objects.count(),
        "acquaintances": documents.Acquaintance.objects.count(),
        "bodies": bodies.Body.objects.count(),
        "seats": bodies.Seat.objects.count(),
        "meetings": bodies.Meeting.objects.count(),
        "decisions": bodies.Decision.objects.count(),
        "assignments": bodies.Assignment.objects.count(),
        "self-assessments": standards.Assessment.objects.count(),
        "answers": standards.AreaAnswer.objects.count(),
        "years of mechanisms": standards.MechanismYear.objects.count(),
        "values of indicators": standards.Measurement.objects.count(),
        "risks": standards.UnitRisk.objects.count(),
        "duties": standards.Duty.objects.count(),
        "reports": standards.QualityReport.objects.count(),
        "students": Student.objects.count(),
        "surveys": voices.Campaign.objects.count(),
        "reports on surveys": voices.Release.objects.count(),
        "petitions": voices.Petition.objects.count(),
        "academic appeals": voices.AcademicAppeal.objects.count(),
        "course management forms": voices.CourseForm.objects.count(),
        "notices": Notice.objects.count(),
        "letters": Letter.objects.count(),
    }


def states() -> dict[str, Counter[str]]:
    """{kind of record: {state: how many}}"""
    kinds: tuple[Any, ...] = (
        Finding,
        CapaPlan,
        CapaAction,
        Document,
        documents.Version,
        documents.Agreement,
        documents.ChangeLine,
        documents.Acquaintance,
        documents.ConformityReview,
        documents.ConformityVerdict,
        documents.ChangeProposal,
        documents.PaperCopy,
        bodies.Seat,
        bodies.Election,
        bodies.Meeting,
        bodies.AgendaItem,
        bodies.Decision,
        bodies.Assignment,
        bodies.Dispatch,
        bodies.InformationRequest,
        bodies.QualityProposal,
        standards.Cycle,
        standards.Assessment,
        standards.AreaAnswer,
        standards.PlanRow,
        standards.MechanismYear,
        standards.IndicatorSet,
        standards.Indicator,
        standards.Measurement,
        standards.MeasurementImport,
        standards.RatingFormula,
        standards.Rating,
        standards.UnitRisk,
        standards.RiskMeasure,
        standards.ContextSheet,
        standards.Duty,
        standards.QualityReport,
        voices.Question,
        voices.Questionnaire,
        voices.Campaign,
        voices.Release,
        voices.TeacherReply,
        voices.Theme,
        voices.Petition,
        voices.AcademicAppeal,
        voices.AppealReport,
        voices.CourseForm,
        voices.Talk,
        voices.LoopEntry,
    )
    return {model.slug(): Counter(model.objects.values_list("state", flat=True)) for model in kinds}


def accounts() -> list[tuple[str, str, str]]:
    """User name, name and post of each agreed account, in letters that any terminal shows."""
    agreed = university.read("people")["accounts"]
    people = Person.objects.in_bulk(agreed, field_name="username")
    with override("en"):
        return [(name, people[name].get_full_name(), people[name].post) for name in agreed]
