"""What actions serve besides their plans: the links of a record and of an action, as far as a person sees them."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.registry import key_of, panel, registry
from standards.models import RiskEvent, UnitRisk

from .models import ActionLink, CapaAction, Finding


def rows_of(model: Any) -> Any:
    """All records of a linkable kind, with their units and whatever their names need."""
    rows = model.objects.select_related("unit")
    return rows.with_words() if hasattr(rows, "with_words") else rows


def with_records(links: Any) -> Any:
    """Links with the records they lead to, a query a kind."""
    return links.prefetch_related(GenericPrefetch("record", [rows_of(model) for model in registry.linkable.values()]))


def served(key: str, person: Any) -> Any:
    """The record of a key ("standards.unit_risk:7"), if actions may serve it and this person sees it; else 404."""
    name, _separator, pk = key.partition(":")
    model: Any = registry.linkable.get(name)
    if model is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    record = rows_of(model).visible_to(person).filter(pk=int(pk)).first()
    if record is None:
        raise Http404
    return record


def link_to(record: Any) -> ActionLink:
    """A link not made yet."""
    kind = ContentType.objects.get_for_model(record)
    link = ActionLink(record_type=kind, record_id=record.pk)
    link.record = record
    return link


def key_for(record: Any) -> str:
    return f"{key_of(record)}:{record.pk}"


# -- panels ------------------------------------------------------------------------------------
def on_served(record: Any, request: Any) -> dict[str, Any] | None:
    """The actions that serve a record, and the way to link one more."""
    person = request.user
    links = ActionLink.objects.visible_to(person).of(record).linked().select_related("action__plan", "action__owner")
    rows = [
        {
            "link": link,
            "action": link.action,
            "state": cells.state(link.action),
            "due": cells.due(link.action.due, link.action.deadline_counts),
        }
        for link in links.order_by("action__due", "pk")
    ]
    why_not = refusal(person, "capa.add_link", link_to(record))
    live = getattr(record, "is_live", True)
    if not rows and (why_not or not live):
        return None
    add = {
        "url": f"{reverse('capa:link-add')}?to={key_for(record)}",
        "label": gettext("Link an action"),
        "allowed": True,
    }
    return {
        "title": gettext("CAPA actions that serve it"),
        "template": "capa/parts/serving.html",
        "rows": rows,
        "add": add if live and not why_not else None,
    }


registry.linkable_panels.append(on_served)


@panel(CapaAction)
def _on_action(action: CapaAction, request: Any) -> dict[str, Any] | None:
    """What the action serves besides its plan, as far as the reader sees it."""
    links = list(with_records(action.links.linked()))
    seen: dict[Any, set[int]] = {}
    for link in links:
        if link.record is not None:
            seen.setdefault(type(link.record), set()).add(link.record_id)
    visible = {
        model: set(model.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True))
        for model, ids in seen.items()
    }
    rows = [link for link in links if link.record is not None and link.record_id in visible[type(link.record)]]
    if not rows:
        return None
    return {"title": gettext("It also serves"), "template": "capa/parts/served.html", "rows": rows}


@panel(UnitRisk)
def _findings_of_risk(risk: UnitRisk, request: Any) -> dict[str, Any] | None:
    """The findings made of the risk itself or of its coming true."""
    events = list(risk.events.order_by().values_list("pk", flat=True))
    seen = Finding.objects.visible_to(request.user)
    kinds = ContentType.objects.get_for_models(UnitRisk, RiskEvent)
    found = seen.filter(source_type=kinds[UnitRisk], source_id=risk.pk)
    if events:
        found |= seen.filter(source_type=kinds[RiskEvent], source_id__in=events)
    rows = [{"finding": row, "state": cells.state(row)} for row in found.order_by("-pk")[:20]]
    if not rows:
        return None
    return {"title": gettext("Findings made of it"), "template": "capa/parts/risk_findings.html", "rows": rows}
