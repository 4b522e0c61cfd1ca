"""What the urn hands to shared pages: key and urn on the campaign's page, urns that wait to be opened on the desk."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.cells import fact
from qa_portal.web.registry import DeskSource, desk, panel

from .. import custody
from ..models import Campaign, UrnOpening

#: states in which the key must be there
NEEDED = (Campaign.LAUNCHING, Campaign.OPEN, Campaign.CLOSED, Campaign.OPENING)

_WHERE = {
    Campaign.KeyPlace.DIRECTORY: gettext_lazy(
        "The key lies in a directory of the server, outside the database and its backups. Whoever runs the server could "
        "read it there."
    ),
    Campaign.KeyPlace.OFFICERS: gettext_lazy(
        "The key lies locked in a directory of the server, outside the database and its backups. It takes the passphrases of "
        "both officers to unlock it; nobody can recover them."
    ),
}


@panel(Campaign)
def urn_of_campaign(campaign: Campaign, request: Any) -> dict[str, Any] | None:
    """Where the key is, whether it is there, what the opening found."""
    if not campaign.public_key and campaign.state != Campaign.READY:
        return None
    opened = UrnOpening.objects.filter(campaign=campaign).select_related("by").first()
    return {
        "title": _("Key and urn"),
        "template": "surveys/opening_panel.html",
        "warning": _warning(campaign),
        "rows": [*_of_key(campaign), *(_of_opening(opened) if opened else [])],
        "words": "" if campaign.key_destroyed_on else _WHERE[Campaign.KeyPlace(campaign.key_place)],
    }


def _warning(campaign: Campaign) -> str:
    rehearsed = campaign.state == Campaign.READY and bool(campaign.public_key)
    missing = custody.trouble(campaign) if campaign.state in NEEDED or rehearsed else ""
    if missing and campaign.state == Campaign.OPEN:
        return gettext("%(problem)s Tell the administrator now: while people still answer, their answers are lost.") % {
            "problem": missing
        }
    return missing


def _of_key(campaign: Campaign) -> list[dict[str, Any]]:
    rows = [fact(_("Where the key is kept"), campaign.get_key_place_display())]
    if campaign.key_place == Campaign.KeyPlace.OFFICERS:
        officers = campaign.key_officers.select_related("person")
        rows.append(fact(_("Officers"), ", ".join(one.person.get_full_name() for one in officers)))
    rows.append(fact(_("Opening rehearsed on"), cells.date(campaign.rehearsed_on)))
    if campaign.public_key:
        rows.append(fact(_("Public key"), custody.fingerprint(campaign)))
    if campaign.key_destroyed_on:
        rows.append(fact(_("Key destroyed on"), cells.date(campaign.key_destroyed_on)))
    return rows


def _of_opening(opened: UrnOpening) -> list[dict[str, Any]]:
    return [
        fact(_("Urn opened on"), cells.date(opened.on)),
        fact(_("Opened by"), opened.by.get_full_name() if opened.by else gettext("The portal")),
        fact(_("Envelopes and participants"), f"{opened.envelopes} · {opened.participants}"),
        fact(_("Digest of the ballots"), f"{opened.digest[:16]}…"),
    ]


# -- desk ----------------------------------------------------------------------------------------------------------
def _sealed(person: Any) -> Any:
    """Closed campaigns, for the quality office."""
    rows = Campaign.objects.filter(state=Campaign.CLOSED) if person.standing.quality_office else Campaign.objects.none()
    return rows.order_by("closes_on", "pk")


desk(
    DeskSource(
        "sealed-urns",
        _("Urns to open"),
        _sealed,
        lambda row: {
            "label": str(row),
            "url": row.get_absolute_url(),
            "meta": gettext("sealed since %(day)s") % {"day": cells.date(row.closes_on)},
            "due": None,
        },
        lambda: f"{reverse('surveys:campaigns')}?state=closed",
        33,
    )
)
