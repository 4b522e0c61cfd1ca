"""Giving and ending dated rights; the guardian row follows the grant."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from qa_portal.permissions import Refused, allow, refusal

from .models import Grant
from .rules import is_quality_officer

allow("people.give_grant", is_quality_officer, _("Only the quality office gives and ends such rights."))


def give(
    person: Any, right: str, record: Any, *, by: Any, until: datetime.date, why: str, since: datetime.date | None = None
) -> Grant:
    """Let `person` do `right` with `record` until a day, with the reason."""
    sentence = refusal(by, "people.give_grant")
    if sentence:
        raise Refused(sentence)
    grant = Grant(
        person=person,
        right=right,
        record=record,
        given_by=by,
        why=why,
        until=until,
        since=since or timezone.localdate(),
    )
    grant.full_clean(exclude=["record"])
    with transaction.atomic():
        grant.save()
        assign_perm(f"{right}_{record._meta.model_name}", person, record)
    return grant


def end(grant: Grant, *, by: Any) -> None:
    """End a grant now; the row stays as history."""
    sentence = refusal(by, "people.give_grant")
    if sentence:
        raise Refused(sentence)
    with transaction.atomic():
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        grant.since, grant.until = min(grant.since, yesterday), yesterday
        grant.ended_early = timezone.now()
        grant.save()
        remove_perm(f"{grant.right}_{grant.record._meta.model_name}", grant.person, grant.record)


def granted(person: Any, model: type, right: str = "view") -> QuerySet:
    """Ids of the records of a kind on which the person holds a right today, as a subquery."""
    return (
        Grant.objects.on()
        .filter(person=person, right=right, record_type=ContentType.objects.get_for_model(model))
        .values("record_id")
    )


def sweep() -> int:
    """Remove guardian rows of grants that ended. Nothing depends on it: it only tidies."""
    gone = 0
    for grant in Grant.objects.filter(until__lt=timezone.localdate(), ended_early__isnull=True).select_related(
        "person"
    ):
        if grant.record is not None:
            remove_perm(f"{grant.right}_{grant.record._meta.model_name}", grant.person, grant.record)
        gone += Grant.objects.filter(pk=grant.pk).update(ended_early=timezone.now())
    return gone
