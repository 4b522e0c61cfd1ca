"""Waiting signals: what apps declare (web.registry.Signal), less what was decided about and still holds.

An open finding made from a row hides it; so does the finding that this one was found to repeat. A row set aside rests for
`capa.signal_rests` days. What is still there after that waits anew: no signal is lost. A happening (`once`) is decided
about for ever; a cancelled finding decides nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import NotNow, Refused, refusal
from qa_portal.policy.registry import policy
from qa_portal.web.registry import Signal, registry
from standards.models import EvaluationArea, Requirement

from .models import Finding, SignalSetAside

MOST = 200
NO_LONGER = _("This signal no longer waits: somebody decided about it already, or its cause is gone.")


def waiting_rows(signal: Signal) -> QuerySet:
    """Rows of one signal that wait for a decision."""
    rows = signal.rows()
    kind = ContentType.objects.get_for_model(rows.model)
    answered = [Finding.OPEN, Finding.CLOSED] if signal.once else [Finding.OPEN]
    raised = Finding.objects.filter(
        Q(state__in=answered) | Q(duplicate_of__state__in=answered),
        signal_key=signal.key,
        source_type=kind,
        source_id=OuterRef("pk"),
    )
    aside = SignalSetAside.objects.filter(key=signal.key, source_type=kind, source_id=OuterRef("pk"))
    if not signal.once:
        aside = aside.filter(at__gt=timezone.now() - datetime.timedelta(days=policy("capa.signal_rests")))
    return rows.filter(~Exists(raised), ~Exists(aside))


def waiting() -> list[dict[str, Any]]:
    groups = []
    for signal in registry.signals.values():
        rows = [{"row": row, **signal.draft(row)} for row in waiting_rows(signal)[:MOST]]
        groups.append({"key": signal.key, "title": signal.title, "rows": rows})
    return groups


def count() -> int:
    return sum(waiting_rows(signal).count() for signal in registry.signals.values())


def find(key: str, pk: int) -> tuple[Signal | None, Any | None]:
    """The signal and its waiting row; NotNow when there is such a row and it does not wait."""
    signal = registry.signals.get(key)
    if signal is None:
        return None, None
    row = waiting_rows(signal).filter(pk=pk).first()
    if row is None and signal.rows().model._base_manager.filter(pk=pk).exists():
        raise NotNow(NO_LONGER)
    return signal, row


@contextmanager
def _deciding(signal: Signal, row: Any) -> Iterator[None]:
    """Of two people who decide about one row at once the second waits here, and then reads that it is decided."""
    with transaction.atomic():
        # Without the order of its kind: that joins what may be missing, and PostgreSQL locks no such side.
        list(type(row)._base_manager.order_by().select_for_update().filter(pk=row.pk).values_list("pk"))
        if not waiting_rows(signal).filter(pk=row.pk).exists():
            raise NotNow(NO_LONGER)
        yield


def raise_finding(signal: Signal, row: Any, *, by: Any) -> Finding:
    """Make the finding that the signal describes; its source is the row."""
    _check(by)
    with _deciding(signal, row):
        draft = signal.draft(row)
        requirement = Requirement.objects.in_force().filter(code=draft.get("requirement", "")).first()
        area = EvaluationArea.objects.in_force().filter(code=draft.get("area", "")).first()
        finding = Finding(
            title=str(draft["title"])[:160],
            description=str(draft["description"]),
            unit=draft["unit"],
            severity=draft["severity"],
            requirement=requirement,
            area=area,
            source_kind=draft["source_kind"],
            source=row,
            signal_key=signal.key,
            reporter=by,
        )
        finding.add(by=by)
    return finding


def set_aside(signal: Signal, row: Any, *, by: Any, reason: str) -> SignalSetAside:
    _check(by)
    with _deciding(signal, row):
        return SignalSetAside.objects.create(key=signal.key, source=row, reason=reason, by=by)


def _check(by: Any) -> None:
    sentence = refusal(by, "capa.decide_signal")
    if sentence:
        raise Refused(sentence)
