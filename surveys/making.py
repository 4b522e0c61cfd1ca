"""Beginning a release: the record is there at once, its figures are made by the worker (releasing.py)."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.db import models, transaction

from qa_portal.permissions import SYSTEM

from .models import Campaign, Release

#: by name: the job stands above the steps and takes one of them
MAKING = "surveys.tasks.releases.make_release"
PUBLISHING = "surveys.tasks.releases.make_public_files"


def begin(campaign: Campaign, by: Any = SYSTEM, like: Release | None = None) -> Release:
    """A new version of the campaign's release. `like`: its words and recommendations are taken over."""
    last = campaign.releases.aggregate(last=models.Max("version"))["last"] or 0
    release = Release(campaign=campaign, version=last + 1)
    if like is not None:
        for name in ("summary", "conclusions"):
            for language in ("kk", "ru", "en"):
                setattr(release, f"{name}_{language}", getattr(like, f"{name}_{language}"))
    release.add(by=by)
    for row in like.recommendations.all() if like is not None else ():
        row.pk, row._state.adding, row.release = None, True, release
        row.save()
    order(release)
    return release


def order(release: Release) -> None:
    """Hand it to the worker after commit. Robust: with the queue away the release waits for `resume_releases`."""
    transaction.on_commit(lambda: current_app.send_task(MAKING, args=[release.pk]), robust=True)


def order_public_files(release: Release) -> None:
    transaction.on_commit(lambda: current_app.send_task(PUBLISHING, args=[release.pk]), robust=True)
