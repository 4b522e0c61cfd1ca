"""What documents hand to shared pages: the menu, and the panel "Evidence" of every record that may be proved."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web.registry import MenuItem, menu, registry

from ..models import EvidenceUse
from ..targets import key_for

menu(
    MenuItem(
        "evidence",
        _("Evidence"),
        "documents:evidence-list",
        "paperclip",
        61,
        lambda person: not person.standing.outsider,
        True,
    )
)


def evidence_panel(record: Any, request: Any) -> dict[str, Any]:
    """What proves this record, withdrawn pieces struck out, and the way to attach more."""
    why_not = refusal(request.user, "documents.add_evidence") or refusal(request.user, record.right("prove"), record)
    return {
        "title": _("Evidence"),
        "template": "documents/parts/panel.html",
        "uses": EvidenceUse.objects.of(record).select_related("evidence", "added_by"),
        "attach": {
            "label": _("Attach evidence"),
            "url": f"{reverse('documents:evidence-add')}?{urlencode({'to': key_for(record)})}",
            "allowed": not why_not,
            "why_not": why_not or "",
        },
    }


registry.provable_panels.append(evidence_panel)

registry.words["prove"] = _("Evidence attached")
