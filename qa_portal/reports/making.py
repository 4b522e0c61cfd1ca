"""Ordering and making papers. A paper taken up by a worker that died is taken up again."""

from __future__ import annotations

import datetime
import tempfile
import time
from typing import Any

import structlog
from celery import current_app
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qa_portal.notices.models import Notice

from .base import CannotMake, Progress, find
from .models import Paper

#: by name, because the task imports this module
TASK = "qa_portal.reports.tasks.make_paper"
log = structlog.get_logger(__name__)
#: a running paper that has not moved for so long belongs to a worker that died
STALE = datetime.timedelta(minutes=15)
#: a paper that was not there while its reader waited is announced
TELL_AFTER = datetime.timedelta(seconds=15)
#: the same paper asked for again at once (a second click) is the same paper
AGAIN = datetime.timedelta(seconds=60)


def order(person: Any, key: str, params: dict[str, Any], language: str) -> Paper:
    """Enter a paper and hand it to the worker after commit; what was ordered a moment ago and has not changed is taken."""
    with translation.override(language):
        report = find(key)(params, person, language)
        title, version = report.title()[:250], report.version()
    if version:
        params = {**params, "version": version}
        same = _ordered_just_now(person, key, params, language)
        if same is not None:
            return same
    paper = Paper.objects.create(person=person, report=key, params=params, language=language, title=title)
    if current_app.conf.task_always_eager:  # no worker: tests, and a portal run for a look
        make(paper.pk)
    else:
        # robust: with the queue away the paper waits for resume(), and its order is not answered with an error.
        transaction.on_commit(lambda: current_app.send_task(TASK, args=[paper.pk]), robust=True)
    return paper


def _ordered_just_now(person: Any, key: str, params: dict[str, Any], language: str) -> Paper | None:
    recent = Paper.objects.filter(
        person=person, report=key, language=language, created_at__gt=timezone.now() - AGAIN
    ).exclude(state=Paper.FAILED)
    # Compared here: how databases compare JSON depends on the order of its keys.
    return next((paper for paper in recent[:20] if paper.params == params), None)


def make(paper_id: int) -> bool:
    """Make one paper that waits (or whose maker died); of several workers one does."""
    free = Q(state=Paper.QUEUED) | Q(state=Paper.RUNNING, started_at__lt=timezone.now() - STALE)
    taken = Paper.objects.filter(free, pk=paper_id).update(
        state=Paper.RUNNING, started_at=timezone.now(), progress=0, problem=""
    )
    if not taken:
        return False
    paper = Paper.objects.select_related("person").get(pk=paper_id)
    with translation.override(paper.language):
        try:
            _write(paper)
        except CannotMake as reason:
            _failed(paper, str(reason))
            return False
        except Exception:  # the reader is told that it failed; what failed is for the log
            log.exception("paper failed", paper=paper.pk, report=paper.report)
            _failed(paper, "")
            return False
        paper.state, paper.progress, paper.done_at = Paper.DONE, 100, timezone.now()
        paper.save()
        _announce(paper, _("The paper is ready: %(title)s") % {"title": paper.title})
    return True


def _write(paper: Paper) -> None:
    def tell(percent: int) -> None:
        # The tick is also the sign of life: whoever has not moved for long is taken for dead.
        Paper.objects.filter(pk=paper.pk).update(progress=percent, started_at=timezone.now())

    if not paper.person.is_active:
        raise CannotMake(_("The account of the person who ordered it is closed."))
    report = find(paper.report)(paper.params, paper.person, paper.language)
    with tempfile.TemporaryFile() as stream:
        report.write(stream, Progress(tell))
        paper.size = stream.tell()
        stream.seek(0)
        paper.file_name = report.file_name()
        paper.title = report.title()[:250]
        paper.content_type = report.content_type
        paper.file.save(paper.file_name, File(stream), save=False)


def _failed(paper: Paper, sentence: str) -> None:
    Paper.objects.filter(pk=paper.pk).update(state=Paper.FAILED, problem=sentence[:300], done_at=timezone.now())
    _announce(paper, _("The paper could not be made: %(title)s") % {"title": paper.title})


def _announce(paper: Paper, words: str) -> None:
    """A line in the inbox, when the reader has gone on to other things."""
    if timezone.now() - paper.created_at > TELL_AFTER:
        Notice.objects.create(
            person=paper.person, verb="paper", subject=words[:250], body=paper.problem, url=reverse("papers:list")
        )


def resume() -> int:
    """Papers that wait too long: the broker was away or a worker died."""
    waiting = Paper.objects.filter(
        Q(state=Paper.QUEUED, created_at__lt=timezone.now() - datetime.timedelta(minutes=2))
        | Q(state=Paper.RUNNING, started_at__lt=timezone.now() - STALE)
    )
    return sum(make(pk) for pk in list(waiting.values_list("pk", flat=True)[:50]))


def wait_for(paper: Paper, seconds: float) -> bool:
    """Wait until the worker is done, at most so long; True when the file is there."""
    deadline = time.monotonic() + seconds
    while True:
        paper.refresh_from_db()
        if paper.state in (Paper.DONE, Paper.FAILED):
            return paper.state == Paper.DONE
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.15)
