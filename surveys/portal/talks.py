"""What talks hand to shared pages: desk, search, evidence, the signal of recommendations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.registry import DeskSource, SearchSource, Signal, desk, provable, searchable, signal

from ..models import Talk

provable(Talk)


def _led(person: Any) -> Any:
    """Talks that this person leads and that are not concluded."""
    return Talk.objects.filter(moderator=person).open().order_by("on", "pk")


desk(
    DeskSource(
        "talks-led",
        _("Talks that I lead"),
        _led,
        lambda row: {
            "label": row.title,
            "url": row.get_absolute_url(),
            "meta": str(row.state_label),
            "due": cells.desk_due(row.on) if row.state == Talk.PLANNED else None,
        },
        lambda: reverse("surveys:talks") + "?mine=true&state=planned&state=held",
        63,
    )
)


def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Talk.objects.visible_to(person).matching(text).order_by("-on", "-pk")[:10]
    return [{"label": row.title, "url": row.get_absolute_url(), "meta": str(row.state_label)} for row in rows]


searchable(SearchSource("talks", _("Focus groups and interviews"), _find, 48))


def _recommending() -> Any:
    """Concluded talks that recommend something."""
    rows = Talk.objects.filter(state=Talk.CONCLUDED).exclude(recommendations="")
    return rows.select_related("unit").order_by("-on", "-pk")


def _draft(talk: Talk) -> dict[str, Any]:
    about = gettext("Recommendations of a talk: %(title)s (%(kind)s)")
    return {
        "title": " ".join(talk.recommendations.split())[:160],
        "description": "\n\n".join(
            [talk.recommendations, about % {"title": talk.title, "kind": talk.get_kind_display()}]
        ),
        "requirement": "",
        "area": talk.areas[0] if len(talk.areas) == 1 else "",
        "unit": talk.unit,
        "severity": "observation",
        "source_kind": "survey",
    }


signal(Signal("surveys.talk", _("Recommendations of talks"), _recommending, _draft, once=True))
