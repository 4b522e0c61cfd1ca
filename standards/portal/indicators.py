"""What sets and indicators hand to shared pages: menu, desk, search, what a body decides, the panel of a standard."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.permissions import refusal
from qa_portal.web.registry import (
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    decidable,
    desk,
    menu,
    panel,
    provable,
    searchable,
)

from ..models import Indicator, IndicatorSet, Standard
from ..permissions.indicators import body_of_sets, preparing_offices

MOST_SHOWN = 10

menu(
    MenuItem(
        "indicators",
        _("Indicators"),
        "standards:indicators",
        "chart-line",
        45,
        lambda person: not person.standing.outsider,
        True,
    )
)
provable(IndicatorSet)
provable(Indicator)


# -- what a body decides -----------------------------------------------------------------------
def _waiting(code: str) -> Any:
    rows = IndicatorSet.objects.filter(state=IndicatorSet.SUBMITTED)
    return rows if code and code == body_of_sets() else rows.none()


shown_on(IndicatorSet)
decidable(
    Decidable(
        IndicatorSet,
        "approve",
        _("Approve a set of indicators"),
        lambda record: body_of_sets() if record.state == IndicatorSet.SUBMITTED else "",
        _waiting,
        undo="undo_approval",
        otherwise="send_back",
    )
)


# -- desk: what waits for me ---------------------------------------------------------------------
def _prepares(person: Any) -> bool:
    return bool(preparing_offices(person))


def _to_finish(person: Any) -> Any:
    """Drafts, each with how many of its indicators are not validated yet."""
    unchecked = Q(indicators__state=Indicator.DRAFT, indicators__validation="")
    rows = IndicatorSet.objects.filter(state=IndicatorSet.DRAFT).annotate(unchecked=Count("indicators", unchecked))
    return rows.order_by("pk") if _prepares(person) else rows.none()


def _set_item(row: Any) -> dict[str, Any]:
    n = row.unchecked
    words = ngettext("%(n)s indicator is not validated", "%(n)s indicators are not validated", n) % {"n": n}
    return {"label": str(row), "url": row.get_absolute_url(), "meta": words, "due": None}


def _to_validate(person: Any) -> Any:
    """Definitions by others: one's own are checked by somebody else."""
    rows = Indicator.objects.filter(state=Indicator.DRAFT, validation="", set__state=IndicatorSet.DRAFT)
    if not _prepares(person):
        return rows.none()
    written = rows.only("created_by", "authors")
    own = [row.pk for row in written if refusal(person, "standards.validate_indicator", row) is not None]
    return rows.exclude(pk__in=own).select_related("responsible").order_by("code")


def _for_the_body(person: Any) -> Any:
    """Submitted sets that stand on nobody's agenda by themselves: the office brings them before the body."""
    rows = IndicatorSet.objects.filter(state=IndicatorSet.SUBMITTED).order_by("pk")
    return rows if _prepares(person) else rows.none()


desk(
    DeskSource(
        "indicator-sets",
        _("Sets of indicators to finish"),
        _to_finish,
        _set_item,
        lambda: reverse("standards:indicator-sets") + "?state=draft",
        61,
    )
)
desk(
    DeskSource(
        "indicators-to-validate",
        _("Indicators to validate"),
        _to_validate,
        lambda row: {
            "label": row.name,
            "url": row.get_absolute_url(),
            "meta": f"{row.code} · {row.responsible}",
            "due": None,
        },
        lambda: reverse("standards:indicators") + "?not_validated=true",
        62,
    )
)
desk(
    DeskSource(
        "indicator-sets-submitted",
        _("Sets of indicators to put before the body"),
        _for_the_body,
        lambda row: {"label": str(row), "url": row.get_absolute_url(), "meta": str(row.state_label), "due": None},
        lambda: reverse("standards:indicator-sets") + "?state=submitted",
        63,
    )
)


# -- search ----------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    """Indicators in force, and those of the set that is being prepared for whoever sees it."""
    rows = Indicator.objects.visible_to(person).filter(state__in=(Indicator.IN_FORCE, Indicator.DRAFT)).matching(text)
    return [
        {"label": str(row), "url": row.get_absolute_url(), "meta": f"{row.area or row.standard} · {row.state_label}"}
        for row in rows.order_by("-state", "code")[:10]
    ]


searchable(SearchSource("indicators", _("Indicators"), _find, 24))


# -- on the page of a standard ---------------------------------------------------------------------------
@panel(Standard)
def _on_standard(standard: Standard, request: Any) -> dict[str, Any] | None:
    """The indicators in force of this standard, by its code in all editions."""
    seen = Indicator.objects.visible_to(request.user).in_force().filter(standard=standard.code)
    # One row more than is shown tells whether there are more.
    rows = list(seen.order_by("code")[: MOST_SHOWN + 1])
    if not rows:
        return None
    return {
        "title": gettext("Indicators"),
        "template": "standards/indicators/of_standard.html",
        "rows": [
            {"label": row.name, "url": row.get_absolute_url(), "meta": f"{row.code} · {row.get_period_display()}"}
            for row in rows[:MOST_SHOWN]
        ],
        "all_url": f"{reverse('standards:indicators')}?standard={standard.code}" if len(rows) > MOST_SHOWN else "",
    }
