"""What new evidence is attached to: the record that `to` names ("capa.action:7"), in addresses and in the API."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from qa_portal.permissions import refusal
from qa_portal.web.registry import key_of, registry


def key_for(record: Any) -> str:
    return f"{key_of(record)}:{record.pk}"


def proved_record(key: str, person: Any) -> Any | None:
    """The record of that key, if this person sees it."""
    name, _separator, pk = key.partition(":")
    model = registry.provable.get(name)
    if model is None or person is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return model.objects.visible_to(person).filter(pk=int(pk)).first()  # type: ignore[attr-defined]


def target(person: Any, data: Any) -> Any | None:
    """The record that `data["to"]` names, None when it names none; 404 when this person does not see it."""
    to = data.get("to") if hasattr(data, "get") else None
    if not to:
        return None
    record = proved_record(str(to), person)
    if record is None:
        raise Http404
    return record


def prove_refusal(person: Any, data: Any) -> Any | None:
    """Why this person may not attach evidence to that record."""
    record = target(person, data)
    return refusal(person, record.right("prove"), record) if record is not None else None
