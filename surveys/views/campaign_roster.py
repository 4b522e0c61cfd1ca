"""Who is asked: the list before launch, people taken from the portal or from a table, courses by the hundred."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View

from qa_portal.permissions import NotNow, Refused, refusal
from qa_portal.reports.base import safe_name
from qa_portal.reports.sheets import XLSX
from qa_portal.web.pages.reading import find
from qa_portal.web.pages.register import search_terms

from .. import course_roster, roster, roster_files, strata
from ..content import say
from ..forms.campaigns import TableForm
from ..models import Campaign
from .campaigns import CampaignPages

PER_PAGE = 50
MOST_IDS = 5000
PAGES = CampaignPages()


class RosterPage(View):
    """Base: the campaign if it is visible, and those who run it only: what stands here is personal data."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.campaign: Campaign = find(PAGES, request.user, kwargs["pk"])
        sentence = refusal(request.user, "surveys.keep_roster_campaign", self.campaign)
        if sentence:
            raise Refused(sentence)
        if not self.fits(self.campaign):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def fits(self, campaign: Campaign) -> bool:
        return not campaign.by_link

    def crumbs(self, *more: dict[str, Any]) -> list[dict[str, Any]]:
        own = {"label": self.campaign.name, "url": self.campaign.get_absolute_url()}
        return [{"label": PAGES.title, "url": PAGES.url("list")}, own, *more]

    def roster_crumb(self) -> dict[str, Any]:
        return {"label": _("Who is asked"), "url": reverse("surveys:campaign-roster", args=[self.campaign.pk])}

    @property
    def settled(self) -> str:
        """Why nothing can be changed any more; empty in a draft."""
        if self.campaign.state == Campaign.DRAFT:
            return ""
        if self.campaign.state in (Campaign.SUBMITTED, Campaign.READY):
            return _("Who is asked is settled while the survey is a draft. Send it back to change the list.")
        return _("The list became invitations in an order drawn by chance; nothing of it is kept here.")


class Roster(RosterPage):
    """/surveys/campaigns/7/roster/"""

    def get(self, request: HttpRequest, pk: int, status: int = 200, problem: Any = "") -> HttpResponse:
        campaign = self.campaign
        q = search_terms(request)
        rows = campaign.roster.taken().select_related("person").order_by("pk")
        page = Paginator(rows.matching(q) if q else rows, PER_PAGE).get_page(request.GET.get("page"))
        places = strata.Places()
        draft = campaign.state == Campaign.DRAFT
        context = {
            "title": _("Who is asked"),
            "campaign": campaign,
            "crumbs": self.crumbs(),
            "settled": self.settled,
            "problem": problem,
            "draft": draft,
            "sources": self._sources() if draft and not campaign.about_courses else [],
            "count": campaign.roster.taken().count(),
            "languages": roster.by_language(campaign),
            "trees": self._trees(),
            "k": strata.smallest_group(),
            "q": q,
            "lines": [
                {
                    "line": line,
                    "name": line.person.get_full_name() if line.person else line.name or line.email,
                    "below": "" if line.person else line.email,
                    "groups": " · ".join(
                        say(strata.words(key, line.strata[key], places))
                        for tree in campaign.trees
                        for key in tree
                        if line.strata.get(key) not in (None, "")
                    ),
                    "courses": len(line.courses),
                }
                for line in page
            ],
            "pager": {
                "number": page.number,
                "prev_url": f"?page={page.previous_page_number()}&q={q}" if page.has_previous() else "",
                "next_url": f"?page={page.next_page_number()}&q={q}" if page.has_next() else "",
            },
            "table_url": "" if campaign.about_courses else reverse("surveys:campaign-table", args=[pk]),
            "courses_url": reverse("surveys:campaign-courses", args=[pk]) if campaign.about_courses else "",
        }
        return render(request, "surveys/campaigns/roster.html", context, status=status)

    def _sources(self) -> list[dict[str, Any]]:
        return [
            {"source": source, "count": source.rows(self.campaign).count()}
            for source in roster.sources_for(self.campaign)
        ]

    def _trees(self) -> list[dict[str, Any]]:
        rows = roster.groups(self.campaign)
        return [
            {
                "title": strata.title(tree),
                "groups": [
                    {"label": say(row.label), "depth": row.depth, "count": row.count, "small": row.small}
                    for row in rows
                    if row.tree == strata.name_of(tree)
                ],
            }
            for tree in self.campaign.trees
        ]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        do = request.POST.get("do", "")
        try:
            said = self._do(request, do)
        except NotNow as refused:
            return self.get(request, pk, 409, refused.sentence)
        if said:
            messages.success(request, said)
        else:
            messages.info(request, _("Nothing was chosen, so nothing was changed."))
        return redirect(reverse("surveys:campaign-roster", args=[pk]))

    def _do(self, request: HttpRequest, do: str) -> str:
        if do == "take":
            keys = request.POST.getlist("sources")[:40]
            return roster.take_people(self.campaign, keys, request.user) if keys else ""
        if do == "drop":
            ids = chosen_ids(request, "ids")
            return roster.take_out(self.campaign, ids, request.user) if ids else ""
        if do == "empty":
            return roster.empty(self.campaign, request.user)
        raise Http404


class RosterTable(RosterPage):
    """/surveys/campaigns/7/roster/table/: handed in, checked, then taken, all of it or nothing."""

    def fits(self, campaign: Campaign) -> bool:
        return campaign.way == Campaign.Way.ROSTER

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(request, TableForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        do = request.POST.get("do", "")
        try:
            if do == "take":
                said = roster_files.take(self.campaign, request.user)
                messages.success(request, said or _("Nobody of the table had to be added."))
                return redirect(self.roster_crumb()["url"])
            if do == "drop":
                roster_files.let_go(self.campaign, request.user)
                return redirect(request.path)
            form = TableForm(request.POST, request.FILES)
            if not form.is_valid():
                return self._show(request, form, 400)
            file = form.cleaned_data["file"]
            checked = roster_files.check(self.campaign, file, file.name, request.user)
        except NotNow as refused:
            return self._show(request, TableForm(), 409, problem=refused.sentence)
        return self._show(request, TableForm(), 400 if checked.wrong else 200, checked=checked)

    def _show(self, request: HttpRequest, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            "title": _("People from a table"),
            "campaign": self.campaign,
            "crumbs": self.crumbs(self.roster_crumb()),
            "settled": self.settled,
            "form": form,
            "columns": [str(label) for label in roster_files.COLUMNS.values()],
            "template_url": reverse("surveys:campaign-template", args=[self.campaign.pk]),
            "waiting": roster_files.waiting(self.campaign),
            "cancel_url": self.roster_crumb()["url"],
            **more,
        }
        return render(request, "surveys/campaigns/table.html", context, status=status)


class RosterTemplate(RosterPage):
    """/surveys/campaigns/7/roster/template/: an XLSX with the columns that this campaign reads."""

    def fits(self, campaign: Campaign) -> bool:
        return campaign.way == Campaign.Way.ROSTER

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        stream = io.BytesIO()
        roster_files.write_template(stream, self.campaign)
        answer = HttpResponse(stream.getvalue(), content_type=XLSX)
        name = safe_name(_("List of those asked"), "xlsx")
        answer["Content-Disposition"] = content_disposition_header(True, name) or ""
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer


class Courses(RosterPage):
    """/surveys/campaigns/7/courses/: the courses of the term with what is missing; ticked ones are asked about."""

    def fits(self, campaign: Campaign) -> bool:
        return campaign.about_courses

    def get(self, request: HttpRequest, pk: int, status: int = 200, problem: Any = "") -> HttpResponse:
        taken = course_roster.chosen(self.campaign)
        if self.campaign.state in (Campaign.DRAFT, Campaign.SUBMITTED, Campaign.READY):
            offered = course_roster.offered(self.campaign)
        else:
            offered = []
        ticked = set(chosen_ids(request, "courses")) if request.method == "POST" else set(taken)
        rows = [
            {
                "row": row,
                "url": f"c{row.course.pk}",
                "ticked": row.can_be_asked and (row.course.pk in ticked if taken or ticked else row.advised),
            }
            for row in offered
        ]
        context = {
            "title": _("Courses of the term"),
            "campaign": self.campaign,
            "crumbs": self.crumbs(self.roster_crumb()),
            "settled": self.settled,
            "problem": problem,
            "draft": self.campaign.state == Campaign.DRAFT,
            "rows": rows,
            "ready": sum(row.advised for row in offered),
            "wanting": sum(bool(row.missing) for row in offered),
            "taken": len(taken),
            "cancel_url": self.campaign.get_absolute_url(),
        }
        return render(request, "surveys/campaigns/courses.html", context, status=status)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        ids = chosen_ids(request, "courses")
        if not ids:
            return self.get(request, pk, 400, _("Choose at least one course."))
        try:
            messages.success(request, course_roster.take_courses(self.campaign, ids, request.user))
        except NotNow as refused:
            return self.get(request, pk, 409, refused.sentence)
        return redirect(self.roster_crumb()["url"])


def chosen_ids(request: HttpRequest, name: str) -> list[int]:
    """Numbers that were ticked; what is no number of a row is passed over."""
    sent = request.POST.getlist(name)[:MOST_IDS]
    return [int(pk) for pk in sent if pk.isascii() and pk.isdigit() and len(pk) < 19]
