"""Waiting signals: what apps declare (web.registry.Signal), less what became a finding or was set aside."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from qa_portal.permissions import Refused, refusal
from qa_portal.web.registry import Signal, registry
from standards.models import Requirement

from .models import Finding, SignalSetAside

MOST = 200


def waiting_rows(signal: Signal) -> QuerySet:
    """Rows of one signal that nobody decided about yet."""
    rows = signal.rows()
    kind = ContentType.objects.get_for_model(rows.model)
    raised = Finding.objects.filter(signal_key=signal.key, source_type=kind, source_id=OuterRef("pk"))
    aside = SignalSetAside.objects.filter(key=signal.key, source_type=kind, source_id=OuterRef("pk"))
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
    signal = registry.signals.get(key)
    return (signal, waiting_rows(signal).filter(pk=pk).first()) if signal else (None, None)


def raise_finding(signal: Signal, row: Any, *, by: Any) -> Finding:
    """Make the finding that the signal describes; its source is the row."""
    _check(by)
    draft = signal.draft(row)
    requirement = Requirement.objects.in_force().filter(code=draft["requirement"]).first()
    finding = Finding(
        title=str(draft["title"])[:160],
        description=str(draft["description"]),
        unit=draft["unit"],
        severity=draft["severity"],
        requirement=requirement,
        source_kind=draft["source_kind"],
        source=row,
        signal_key=signal.key,
        reporter=by,
    )
    finding.add(by=by)
    return finding


def set_aside(signal: Signal, row: Any, *, by: Any, reason: str) -> SignalSetAside:
    _check(by)
    return SignalSetAside.objects.create(key=signal.key, source=row, reason=reason, by=by)


def _check(by: Any) -> None:
    sentence = refusal(by, "capa.decide_signal")
    if sentence:
        raise Refused(sentence)
