"""What the clock does with documents. Each job looks at dates and states: run twice or missed, nothing is lost."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from qa_portal.permissions import SYSTEM, NotNow
from qa_portal.policy.registry import policy

from .models import Document, Version
from .workflow import document as on_document
from .workflow import version as on_version


def bring_into_force() -> int:
    """Approved versions whose day has come."""
    done = 0
    waiting = Version.objects.filter(state=Version.APPROVED).filter(
        Q(effective_from__isnull=True) | Q(effective_from__lte=timezone.localdate())
    )
    for version in waiting.order_by("pk"):
        try:
            on_version.come_into_force(version, by=SYSTEM)
        except NotNow:  # another run was quicker
            continue
        done += 1
    return done


def call_due_reviews() -> int:
    """Documents in force whose review is near or past (N0 §3.1: counted from the last review)."""
    horizon = timezone.localdate() + datetime.timedelta(days=policy("documents.due_before_days"))
    done = 0
    for document in Document.objects.filter(state=Document.IN_FORCE, review_due__lte=horizon).order_by("pk"):
        try:
            on_document.become_due(document, by=SYSTEM)
        except NotNow:
            continue
        done += 1
    return done
