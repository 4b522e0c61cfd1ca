"""Pages of campaigns, as declarations; how far a launch is; the QR code of an open link."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages

from .. import course_roster, letters, response, roster, strata
from ..content import say
from ..filters.campaigns import CampaignFilters
from ..forms.campaigns import CampaignForm, begun, blocks_of
from ..models import Campaign, Respondent
from ..tables.campaigns import CampaignTable


def may_keep_roster(person: Any, campaign: Campaign) -> bool:
    return refusal(person, "surveys.keep_roster_campaign", campaign) is None


def open_link(campaign: Campaign) -> str:
    """The address that goes into a letter of the university or onto a poster."""
    return settings.SITE_URL + reverse("answer-begin", args=[campaign.uid])


class CampaignPages(RecordPages):
    model = Campaign
    slug, plural = "campaign", "campaigns"
    title, kind = _("Surveys"), _("Survey")
    lead = _("Who is asked what, when. While a survey is open its answers are sealed, and nobody counts them.")
    table, filters, form = CampaignTable, CampaignFilters, CampaignForm
    add_label = _("Prepare a survey")
    empty = _(
        "Here will stand the surveys of each year: of students, teachers, graduates, employers and about courses."
    )
    clause = "N1 §4.1.7–10; N2 §9.1.2"
    related = ("questionnaire", "unit", "term__year", "created_by")
    list_related = ("questionnaire", "unit")
    list_defer = (
        "content", "counts", "public_key", "invitation", "invitation_kk", "invitation_ru", "invitation_en", "problem",
    )  # fmt: skip
    printed = "surveys.campaign"

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [{"label": _("What is asked about which area"), "url": reverse("surveys:coverage"), "icon": "grid"}]

    def new(self, request: HttpRequest) -> Campaign:
        def sent(name: str) -> str:
            found = request.POST.get(name) or request.GET.get(name, "")
            return found if found.isascii() and found.isdigit() and len(found) < 19 else ""

        way = request.POST.get("way") or request.GET.get("way", "")
        return begun(sent("questionnaire"), sent("unit"), way)

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if record.problem or record.state == Campaign.LAUNCHING:
            found.append(_work(record))
        if record.by_link and record.state != Campaign.CANCELLED:
            found.append(_link(record))
        found.append(_asked_whom(record, request.user))
        if record.trees:
            found.append(_breakdowns(record))
        if record.was_launched:
            found.append(_response(record))
        words = say(record.words("invitation"))
        if words:
            found.append(prose("invitation", _("Words of the invitation"), words))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        reminded = ", ".join(str(cells.date(_iso(day))) for day in record.reminded_on)
        questionnaire = record.questionnaire
        return facts(
            fact(_("Questionnaire"), cells.link(questionnaire.get_absolute_url(), questionnaire.name)),
            fact(_("Optional blocks"), _block_names(record)) if record.blocks else None,
            fact(_("Audience"), questionnaire.get_audience_display()),
            fact(_("Who is asked"), record.get_way_display()),
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name) if record.unit else _("the whole university")),
            fact(_("Term"), str(record.term)) if record.term else None,
            fact(_("Opens on"), cells.date(record.opens_on)),
            fact(_("Last day for answers"), cells.due(record.closes_on, record.is_open)),
            fact(_("Report due on"), cells.date(record.report_due)),
            fact(_("Reminded on"), reminded) if reminded else None,
            fact(_("Prepared by"), record.created_by.get_full_name() if record.created_by else ""),
            fact(_("Who took part is kept until"), cells.date(response.ledger_ends_on(record)))
            if record.was_launched and not record.ledger_ended_on
            else None,
            fact(_("Who took part was let go of on"), cells.date(record.ledger_ended_on)) if record.ledger_ended_on else None,
        )  # fmt: skip


def _iso(day: str) -> Any:
    return Campaign._meta.get_field("opens_on").to_python(day)


def _block_names(campaign: Campaign) -> str:
    names = dict(blocks_of(campaign.questionnaire))
    return "; ".join(names.get(block, block) for block in campaign.blocks)


# -- sections ---------------------------------------------------------------------------------------------------------
def _work(campaign: Campaign) -> dict[str, Any]:
    """A launch that runs, or why the last one stopped."""
    return {
        "id": "work",
        "title": _("Launch"),
        "template": "surveys/campaigns/work.html",
        "problem": campaign.problem,
        "running": campaign.state == Campaign.LAUNCHING,
        "progress": campaign.progress,
        "poll_url": reverse("surveys:campaign-status", args=[campaign.pk]),
    }


def _link(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": "link",
        "title": _("Open link"),
        "template": "surveys/campaigns/link.html",
        "address": open_link(campaign),
        "population": campaign.population,
        "open": campaign.is_open,
        "pictures": [
            {"label": kind.upper(), "url": reverse("surveys:campaign-link", args=[campaign.pk, kind])}
            for kind in ("svg", "png")
        ],
    }


def _asked_whom(campaign: Campaign, person: Any) -> dict[str, Any]:
    """How many stand in the list before launch; afterwards how many were asked. Names only for those who run it."""
    keeps = may_keep_roster(person, campaign)
    before = campaign.state in (*Campaign.EDITABLE_STATES, Campaign.SUBMITTED, Campaign.READY, Campaign.LAUNCHING)
    courses = course_roster.chosen(campaign) if before and campaign.about_courses else {}
    asked = None
    if campaign.was_launched and not campaign.by_link:
        asked = (
            response.response(campaign).total.invited
            if campaign.ledger_ended_on
            else Respondent.objects.filter(invitations__survey__campaign=campaign).distinct().count()
        )
    return {
        "id": "people",
        "title": _("Who is asked"),
        "template": "surveys/campaigns/people.html",
        "by_link": campaign.by_link,
        "before": before,
        "listed": campaign.roster.taken().count() if before else 0,
        "courses": len(courses) if before and campaign.about_courses else None,
        "surveys": campaign.surveys.count() if campaign.was_launched and campaign.about_courses else None,
        "asked": asked,
        "undelivered": letters.undelivered(campaign) if campaign.is_open and keeps else 0,
        "roster_url": reverse("surveys:campaign-roster", args=[campaign.pk])
        if before and keeps and not campaign.by_link
        else "",
        "courses_url": reverse("surveys:campaign-courses", args=[campaign.pk])
        if before and keeps and campaign.about_courses
        else "",
    }


def _breakdowns(campaign: Campaign) -> dict[str, Any]:
    draft = campaign.state in (Campaign.DRAFT, Campaign.SUBMITTED, Campaign.READY)
    rows = roster.groups(campaign) if draft else []
    return {
        "id": "breakdowns",
        "title": _("Breakdowns"),
        "template": "surveys/campaigns/breakdowns.html",
        "k": strata.smallest_group(),
        "trees": [
            {
                "title": strata.title(tree),
                "groups": [
                    {"label": say(row.label), "depth": row.depth, "count": row.count, "small": row.small}
                    for row in rows
                    if row.tree == strata.name_of(tree)
                ],
            }
            for tree in campaign.trees
        ],
    }


def _response(campaign: Campaign) -> dict[str, Any]:
    """While it is open: what was worked out last night, of large groups; afterwards the counts."""
    titles = {strata.name_of(tree): strata.title(tree) for tree in campaign.trees}
    section = {
        "id": "response",
        "title": _("Response"),
        "template": "surveys/campaigns/response.html",
        "open": campaign.is_open,
        "by_link": campaign.by_link,
        "population": campaign.population,
        "rows": [],
        "total": None,
    }
    if campaign.is_open:
        rates = response.live_rates(campaign)
        section["day"] = cells.date(_iso(campaign.counts["day"])) if campaign.counts.get("day") else ""
        section["rows"] = [
            {
                "tree": titles.get(row.tree, ""),
                "label": say(row.label) or _("All who were asked"),
                "percent": row.percent,
            }
            for row in rates
        ]
        return section
    found, k, places = response.response(campaign), strata.smallest_group(), strata.Places()
    section["total"] = found.total
    section["percent"] = round(100 * found.total.answered / found.total.invited) if found.total.invited else 0
    section["rows"] = [
        {
            "tree": titles.get(tree, ""),
            "label": say(strata.labelled(tree, path, places)),
            "percent": round(100 * count.answered / count.invited),
            "count": count,
        }
        for (tree, path), count in found.groups.items()
        if count.invited >= k
    ]
    return section


# -- beside the pages -----------------------------------------------------------------------------------------------------
class CampaignStatus(View):
    """How far a launch is, for the meter on the page."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        found = get_object_or_404(Campaign.objects.visible_to(request.user).defer("content"), pk=pk)
        return JsonResponse(
            {
                "state": found.state,
                "label": str(found.state_label),
                "progress": found.progress,
                "done": found.state not in (Campaign.LAUNCHING, Campaign.OPENING),
            }
        )


class LinkPicture(View):
    """The open link as a QR code, to be put on a poster or into a letter."""

    TYPES = {"svg": "image/svg+xml", "png": "image/png"}

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        found = get_object_or_404(Campaign.objects.visible_to(request.user).defer("content"), pk=pk)
        if not found.by_link or kind not in self.TYPES:
            raise Http404
        stream = io.BytesIO()
        segno.make(open_link(found), error="m").save(stream, kind=kind, scale=8, border=4)
        answer = HttpResponse(stream.getvalue(), content_type=self.TYPES[kind])
        answer["Content-Disposition"] = f'attachment; filename="survey-{found.pk}.{kind}"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return answer
