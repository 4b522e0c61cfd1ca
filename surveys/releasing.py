"""The worker's part of a release: figures made once, files of the public edition at publication. Taken up again if it died."""

from __future__ import annotations

import datetime
import hashlib
import tempfile
from typing import Any

import structlog
from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qa_portal.permissions import SYSTEM, NotNow
from qa_portal.reports.base import CannotMake, safe_name
from qa_portal.workflow.writing import door

from . import release as engine
from .models import Release, ReleaseIssue
from .reports.releases import write_report
from .results import Reading, with_campaign
from .workflow import releases as steps

FORMATS = ("pdf", "docx")
#: a release that has not moved for so long belongs to a worker that died
STALE = datetime.timedelta(minutes=15)
log = structlog.get_logger(__name__)


def make(pk: int) -> bool:
    """Make the figures of one release that waits for them; of several workers one does."""
    if not _take(pk):
        return False
    release = with_campaign(Release.objects).get(pk=pk)
    try:
        engine.make(release)  # type: ignore[attr-defined, unused-ignore]
    except NotNow as reason:
        steps.halt(release, by=SYSTEM, reason=str(reason.sentence))
        return False
    except Exception as problem:  # the office is told that it failed; what failed is for the log, without any value
        log.error("release not made", release=pk, kind=type(problem).__name__)
        steps.halt(
            release, by=SYSTEM, reason=_("Something went wrong in the portal. The administrator finds it in the log.")
        )
        return False
    release.refresh_from_db()
    steps.made(release, by=SYSTEM)
    return True


def _idle() -> Q:
    return Q(worked_at__isnull=True) | Q(worked_at__lt=timezone.now() - STALE)


def _take(pk: int) -> bool:
    with door("step"):
        rows = Release.objects.filter(_idle(), pk=pk, state=Release.MAKING, problem="")
        return bool(rows.update(worked_at=timezone.now(), progress=0))


def resume() -> int:
    """Releases that wait too long, and published ones without their files: the queue was away or a worker died."""
    waiting = Release.objects.filter(_idle(), state=Release.MAKING, problem="")
    made = sum(make(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:10]))
    full = len(settings.LANGUAGES) * len(FORMATS)
    lacking = [
        release.pk
        for release in Release.objects.public().order_by("pk").prefetch_related("issues").defer("facts")
        if len(release.issues.all()) < full
    ]
    return made + sum(bool(make_public_files(pk)) for pk in lacking[:5])


def make_public_files(pk: int) -> int:
    """The public edition as PDF and DOCX in three languages; what is there already is not made again."""
    release = with_campaign(Release.objects.public()).filter(pk=pk).first()
    if release is None:
        return 0
    there = set(release.issues.values_list("language", "format"))
    made = 0
    for language, _name in settings.LANGUAGES:
        for form in FORMATS:
            if (language, form) not in there:
                with translation.override(language):
                    made += _written(release, language, form)
    return made


def _written(release: Release, language: str, form: str) -> bool:
    """One file; a machine that cannot make it now, or another worker that just did, does not keep the others back."""
    try:
        _write(release, language, form)
    except CannotMake as reason:
        log.warning("public file not made", release=release.pk, form=form, reason=str(reason))
        return False
    except IntegrityError:
        return False
    return True


def _write(release: Release, language: str, form: str) -> None:
    with tempfile.TemporaryFile() as stream:
        write_report(stream, Reading(release), language, form, _nothing)
        size = stream.tell()
        stream.seek(0)
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        row = ReleaseIssue(release=release, language=language, format=form, size=size, checksum=checksum)
        row.file.save(safe_name(f"survey-{release.pk}-{language}", form), File(stream), save=False)
        with transaction.atomic():
            row.save()


def _nothing(done: int, total: int) -> Any:
    """Nobody asks how far it is."""
