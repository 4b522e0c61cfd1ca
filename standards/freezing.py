"""Fixing a submitted report: its blocks in three languages, and the files of the issue. Taken up again after a dead worker."""

from __future__ import annotations

import datetime
import gc
import hashlib
import tempfile
from typing import Any

import structlog
from django.conf import settings
from django.core.files import File
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qa_portal.permissions import SYSTEM
from qa_portal.reports.base import CannotMake, safe_name
from qa_portal.reports.blocks import from_json, to_json
from qa_portal.workflow.writing import door

from .assembling import blocks_of
from .models import QualityReport, ReportIssue
from .reports.issue import write_issue
from .workflow import reporting as steps

FORMATS = ("pdf", "docx")
#: a report that has not moved for so long belongs to a worker that died
STALE = datetime.timedelta(minutes=10)
log = structlog.get_logger(__name__)


def fix(pk: int) -> bool:
    """Fix one report that waits for it; of several workers one does."""
    if not _take(pk):
        return False
    report = QualityReport.objects.select_related("kind", "unit").get(pk=pk)
    try:
        _fix(report)
    except CannotMake as reason:
        steps.halt(report, by=SYSTEM, reason=str(reason))
        return False
    except Exception:  # its authors are told that it failed; what failed is for the log
        log.exception("report not fixed", report=pk)
        steps.halt(
            report, by=SYSTEM, reason=_("Something went wrong in the portal. The administrator finds it in the log.")
        )
        return False
    steps.freeze(report, by=SYSTEM)
    return True


def resume() -> int:
    """Reports that wait too long: the broker was away or a worker died."""
    waiting = QualityReport.objects.filter(_idle(), state=QualityReport.FREEZING)
    return sum(fix(pk) for pk in list(waiting.values_list("pk", flat=True)[:10]))


def _idle() -> Q:
    return Q(worked_at__isnull=True) | Q(worked_at__lt=timezone.now() - STALE)


def _take(pk: int) -> bool:
    with door("step"):
        rows = QualityReport.objects.filter(_idle(), pk=pk, state=QualityReport.FREEZING)
        return bool(rows.update(worked_at=timezone.now(), progress=0))


def _fix(report: QualityReport) -> None:
    languages = [code for code, _name in settings.LANGUAGES]
    parts = len(languages) * (1 + len(FORMATS))
    frozen: dict[str, Any] = {}
    for place, language in enumerate(languages):
        with translation.override(language):
            start = place * (1 + len(FORMATS))
            frozen[language] = to_json(blocks_of(report, None, _teller(report.pk, start, parts)))
    with door("step"):
        QualityReport.objects.filter(pk=report.pk).update(frozen=frozen)
    report.frozen = frozen
    for place, language in enumerate(languages):
        blocks = from_json(frozen[language])
        for step, form in enumerate(FORMATS):
            with translation.override(language):
                told = _teller(report.pk, place * (1 + len(FORMATS)) + 1 + step, parts)
                _issue(report, language, form, blocks, told)
    report.refresh_from_db()


def _teller(pk: int, start: int, parts: int) -> Any:
    """Tells the page how far it is, a part of the whole at a time; the tick is also the sign of life."""
    last = -1

    def told(done: int, total: int) -> None:
        nonlocal last
        percent = int(99 * (start + (done / total if total else 1)) / parts)
        if percent > last:
            last = percent
            with door("step"):
                QualityReport.objects.filter(pk=pk).update(progress=percent, worked_at=timezone.now())

    return told


def _issue(report: QualityReport, language: str, form: str, blocks: list[Any], told: Any) -> None:
    with tempfile.TemporaryFile() as stream:
        write_issue(stream, report, blocks, language, form, told)
        size = stream.tell()
        stream.seek(0)
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        # A second run after a dead worker: the file that is there already goes aside.
        report.issues.filter(language=language, format=form, superseded=False).update(superseded=True)
        row = ReportIssue(report=report, language=language, format=form, size=size, checksum=checksum)
        row.file.save(safe_name(f"{report.number}-{language}", form), File(stream), save=False)
        row.save()
    # The pages just laid out refer to each other in rings: let go of them before the next file is laid out.
    gc.collect()
