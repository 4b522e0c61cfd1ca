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
from django.utils import timezone, translation

from .base import Progress, find
from .models import Paper

#: by name, because the task imports this module
TASK = "qa_portal.reports.tasks.make_paper"
log = structlog.get_logger(__name__)
#: a running paper that has not moved for so long belongs to a worker that died
STALE = datetime.timedelta(minutes=15)


def order(person: Any, key: str, params: dict[str, Any], language: str) -> Paper:
    """Enter a paper and hand it to the worker after commit."""
    with translation.override(language):
        title = find(key)(params, person, language).title()
    paper = Paper.objects.create(person=person, report=key, params=params, language=language, title=title[:250])
    transaction.on_commit(lambda: current_app.send_task(TASK, args=[paper.pk]) if not current_app.conf.task_always_eager else make(paper.pk))
    return paper


def make(paper_id: int) -> bool:
    """Make one paper that waits (or whose maker died); of several workers one does."""
    free = Q(state=Paper.QUEUED) | Q(state=Paper.RUNNING, started_at__lt=timezone.now() - STALE)
    taken = Paper.objects.filter(free, pk=paper_id).update(state=Paper.RUNNING, started_at=timezone.now(), progress=0, problem="")
    if not taken:
        return False
    paper = Paper.objects.select_related("person").get(pk=paper_id)
    kind = find(paper.report)

    def tell(percent: int) -> None:
        Paper.objects.filter(pk=paper.pk).update(progress=percent, started_at=timezone.now())

    try:
        with translation.override(paper.language), tempfile.TemporaryFile() as stream:
            made = kind(paper.params, paper.person, paper.language)
            made.write(stream, Progress(tell))
            paper.size = stream.tell()
            stream.seek(0)
            paper.file_name = made.file_name()
            paper.file.save(paper.file_name, File(stream), save=False)
            paper.content_type = made.content_type
            paper.title = made.title()[:250]
    except Exception as error:  # the reader is told; the log has the traceback
        log.exception("paper failed", paper=paper.pk)
        Paper.objects.filter(pk=paper.pk).update(state=Paper.FAILED, problem=str(error)[:300])
        return False
    paper.state, paper.progress, paper.done_at = Paper.DONE, 100, timezone.now()
    paper.save()
    return True


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
    while time.monotonic() < deadline:
        paper.refresh_from_db()
        if paper.state in (Paper.DONE, Paper.FAILED):
            return paper.state == Paper.DONE
        time.sleep(0.15)
    return False
