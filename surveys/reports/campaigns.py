"""Paper: the protocol of a campaign. Who was asked in numbers, when, how the key was kept, how the urn was opened."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Signature
from qa_portal.reports.printed import Printed
from qa_portal.web import cells
from qa_portal.workflow.steps import steps_of

from .. import response, strata
from ..content import say
from ..models import Campaign, UrnOpening


@report
class CampaignProtocol(Printed):
    """What happened to a survey from its preparation to the opening of its urn, without any answer (N1 §4.1.7)."""

    key = "surveys.campaign"
    kind = gettext_lazy("Protocol of a survey")
    template = "surveys/campaigns/paper.html"

    def rows(self) -> Any:
        return Campaign.objects.visible_to(self.person).select_related(
            "questionnaire", "unit", "term__year", "created_by"
        )

    def number(self) -> str:
        return f"{self.record.year}-{self.record.pk}"

    def subject(self) -> str:
        return self.record.name

    def date(self) -> datetime.date:
        return timezone.localdate()

    def version(self) -> str:
        """An open survey's paper of another day may show other rates."""
        return f"{self.record.revision}.{self.record.ledger_ended_on}.{self.date() if self.record.is_open else ''}"

    def content(self) -> dict[str, Any]:
        campaign = self.record
        opened = UrnOpening.objects.filter(campaign=campaign).select_related("by").first()
        return {
            "facts": [row for row in self._facts(campaign, opened) if row[1]],
            "counts": self._counts(campaign),
            "open": campaign.is_open,
            "events": self._events(campaign),
            "promises": [
                _("Who took part was known to the portal, what they answered to nobody."),
                _("All envelopes were or will be opened at once, in no order, without names and times."),
                _("While the survey is open nobody reads a counter; the rates of large groups are cut down to 5 %."),
            ],
        }

    def _facts(self, campaign: Campaign, opened: UrnOpening | None) -> list[tuple[Any, Any]]:
        trees = "; ".join(strata.title(tree) for tree in campaign.trees)
        return [
            (_("State"), campaign.state_label),
            (_("Questionnaire"), f"{campaign.questionnaire.name} ({campaign.questionnaire.version})"),
            (_("Audience"), campaign.questionnaire.get_audience_display()),
            (_("Who is asked"), campaign.get_way_display()),
            (_("Unit"), campaign.unit.name if campaign.unit else _("the whole university")),
            (_("Term"), str(campaign.term) if campaign.term else ""),
            (_("Open for answers"), f"{cells.date(campaign.opens_on)} – {cells.date(campaign.closes_on)}"),
            (_("Reminded on"), ", ".join(str(cells.date(datetime.date.fromisoformat(day))) for day in campaign.reminded_on)),
            (_("Breakdowns declared before launch"), trees),
            (_("Where the key is kept"), campaign.get_key_place_display()),
            (_("Opening rehearsed on"), cells.date(campaign.rehearsed_on)),
            (_("Urn opened on"), cells.date(opened.on) if opened else ""),
            (_("Opened by"), opened.by.get_full_name() if opened and opened.by else ""),
            (_("Envelopes and participants"), f"{opened.envelopes} · {opened.participants}" if opened else ""),
            (_("Digest of the ballots"), opened.digest if opened else ""),
            (_("Key destroyed on"), cells.date(campaign.key_destroyed_on)),
            (_("Who took part was let go of on"), cells.date(campaign.ledger_ended_on)),
            (_("How many could answer"), campaign.population if campaign.by_link else ""),
        ]  # fmt: skip

    def _counts(self, campaign: Campaign) -> list[tuple[str, Any, Any, str]]:
        """(group, asked, answered, share): nothing exact while it is open, nothing of groups below k ever."""
        everybody = _("All who were asked")
        if campaign.is_open:
            return [(say(row.label) or everybody, "", "", f"{row.percent} %") for row in response.live_rates(campaign)]
        if not campaign.was_launched:
            return []
        found, places, k = response.response(campaign), strata.Places(), strata.smallest_group()
        rows = [(everybody, found.total)] + [
            (say(strata.labelled(tree, path, places)), count)
            for (tree, path), count in found.groups.items()
            if count.invited >= k
        ]
        return [
            (label, count.invited, count.answered, f"{round(100 * (count.rate or 0))} %") for label, count in rows
        ]  # fmt: skip

    def _events(self, campaign: Campaign) -> list[tuple[str, str, str]]:
        """Who did what on which day; days only."""
        known = steps_of(Campaign)
        return [
            (
                cells.date(timezone.localtime(entry.at).date()),
                str(known[entry.verb].label),
                entry.by.get_full_name() if entry.by else _("The portal"),
            )
            for entry in campaign.history.select_related("by").order_by("at", "pk")
            if entry.verb in known
        ]

    def signatures(self) -> list[Signature]:
        return [Signature(_("Prepared by"), self.record.created_by), Signature(_("Quality office"))]
