"""Pages of “you said — we did”: the register, whom nobody has told yet, and the public page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from capa.models import Finding
from qa_portal.permissions import NotNow, Refused, refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.forms import InputProblem
from qa_portal.web.pages import RecordPages

from .. import loop_sources, telling_back
from ..filters.loop import LoopFilters
from ..forms.loop import LoopForm, ReasonForm
from ..loops import telling_url, untold
from ..models import LoopEntry, Petition, Release
from ..result_sight import number
from ..tables.loop import LoopTable, source_words
from ..workflow import loop as steps

#: so many findings stand on the page of those that nobody was told of
MOST_WAITING = 100


class LoopPages(RecordPages):
    model = LoopEntry
    slug, plural = "loop", "loop-entries"
    title, kind = _("You said — we did"), _("Line of “you said — we did”")
    lead = _("What people said, what was done about it, and that they were told.")
    table, filters, form = LoopTable, LoopFilters, LoopForm
    added_from_register = False
    add_label = _("Tell those who said it")
    empty = _(
        "Here will stand what was done about what people said. A line is begun from a finding, a report or a petition."
    )
    clause = "N1 §4.1.7"
    related = ("release__campaign", "petition")

    def rows(self, person: Any) -> Any:
        return super().rows(person).defer("release__facts", "release__campaign__content", "petition__text")

    def heading(self, record: Any) -> tuple[str, str]:
        return "", record.said

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [
            {"label": _("Whom nobody has told yet"), "url": reverse("surveys:loop-waiting"), "icon": "bell"},
            {"label": _("Public page"), "url": reverse("public-loop"), "icon": "world"},
        ]

    def new(self, request: HttpRequest) -> LoopEntry:
        """Begun from a finding, a report or a petition that the person sees; 404 for anything else."""

        def asked(name: str) -> str:
            return request.POST.get(name) or request.GET.get(name, "")

        if asked("finding"):
            rows = untold().select_related("area", "requirement", "duplicate_of")
            finding = rows.filter(number=asked("finding"), pk__in=_seen(request.user)).first()
            if finding is not None:
                return loop_sources.from_finding(finding)
        elif asked("release"):
            releases = Release.objects.visible_to(request.user).shown().select_related("campaign__questionnaire")
            release = releases.filter(pk=number(asked("release")) or 0).first()
            if release is not None:
                return loop_sources.from_release(release)
        elif asked("petition"):
            petitions = Petition.objects.visible_to(request.user).ordinary()
            petition = petitions.filter(pk=number(asked("petition")) or 0).first()
            if petition is not None:
                return loop_sources.from_petition(petition)
        raise Http404

    # -- the record -------------------------------------------------------------------------------
    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        edit = self.url("edit", record.pk) if record.edit_refusal(request.user) is None else ""
        return [
            prose("said", _("What was said"), record.said, edit and f"{edit}#id_said_kk"),
            prose("did", _("What was done"), record.did, edit and f"{edit}#id_did_kk"),
        ]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        waiting = telling_back.waiting(record) if record.state == LoopEntry.PUBLISHED else 0
        return facts(
            fact(_("Where it was said"), source_words(record)),
            fact(_("Who said it"), record.get_audience_display()) if record.audience else None,
            fact(_("Finding"), record.finding_number) if record.finding_number else None,
            fact(_("Standards and areas"), ", ".join(record.areas)) if record.areas else None,
            fact(_("Published on"), cells.date(record.published_on)) if record.published_on else None,
            fact(_("People told"), record.told) if record.published_on else None,
            fact(_("Still to be told"), waiting) if waiting else None,
            fact(_("Whom it reaches"), self._reach(record)) if record.state == LoopEntry.DRAFT else None,
        )

    def _reach(self, record: Any) -> Any:
        if record.petition_id:
            return _("Whoever wrote the petition.")
        if telling_back.audience_stands(record):
            return _("Everybody who was asked, whether they answered or not.")
        return _("The public page only: it is no longer kept who was asked.")

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        person = request.user
        if record.release_id and Release.objects.visible_to(person).filter(pk=record.release_id).exists():
            found.append(_link(_("Report on a survey"), record.release, record.release.get_absolute_url()))
        if record.petition_id and Petition.objects.visible_to(person).filter(pk=record.petition_id).exists():
            found.append(_link(_("Petition"), record.petition, record.petition.get_absolute_url()))
        if record.finding_number:
            finding = Finding.objects.visible_to(person).filter(number=record.finding_number).first()
            if finding is not None:
                found.append(_link(_("Finding"), finding, finding.get_absolute_url()))
        if record.state == LoopEntry.PUBLISHED:
            found.append(_link(_("Open to everyone"), _("Public page"), telling_back.public_address(record)))
        return found


def _link(relation: Any, label: Any, url: str) -> dict[str, Any]:
    return {"relation": relation, "label": str(label), "url": url}


def _seen(person: Any) -> Any:
    return Finding.objects.visible_to(person).order_by().values("pk")


# -- whom nobody has told yet ----------------------------------------------------------------------------
def _may_write(request: HttpRequest) -> None:
    sentence = refusal(request.user, "surveys.add_loop", LoopEntry())
    if sentence:
        raise Refused(sentence)


class Waiting(View):
    """Settled findings made from what somebody said, of which nobody was told: tell, or set aside with a reason."""

    def get(self, request: HttpRequest) -> HttpResponse:
        _may_write(request)
        return self._page(request)

    def _page(self, request: HttpRequest, status: int = 200, form: Any = None, pk: int = 0) -> HttpResponse:
        rows = untold().filter(pk__in=_seen(request.user))
        found = list(rows[: MOST_WAITING + 1])
        aside = refusal(request.user, "surveys.set_aside_loop", LoopEntry())
        context = {
            "title": _("Whom nobody has told yet"),
            "lead": _("What people said has been settled. Tell them what came of it, or set it aside with a reason."),
            "crumbs": [{"label": _("You said — we did"), "url": reverse("surveys:loop-entries")}],
            "rows": [
                {
                    "finding": row,
                    "state": cells.state(row),
                    "url": telling_url(row),
                    "form": form if row.pk == pk else None,
                }
                for row in found[:MOST_WAITING]
            ],
            "more": len(found) > MOST_WAITING,
            "may_set_aside": not aside,
            "empty": {"text": _("Everybody who said something has been told what came of it."), "clause": "N1 §4.1.7"},
        }
        return render(request, "surveys/loop_waiting.html", context, status=status)


class SetAside(Waiting):
    """POST: nobody is told of a finding, with a reason. The line stays in the register as set aside."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        sentence = refusal(request.user, "surveys.set_aside_loop", LoopEntry())
        if sentence:
            raise Refused(sentence)
        finding = get_object_or_404(Finding.objects.visible_to(request.user), pk=pk)
        waiting = untold().select_related("area", "requirement", "duplicate_of").filter(pk=finding.pk).first()
        if waiting is None:
            raise NotNow(_("This finding does not wait: a line about it is decided, or it is not settled yet."))
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._page(request, 400, form, pk)
        try:
            with transaction.atomic():
                entry = _line_about(waiting, request.user)
                steps.set_aside(entry, by=request.user, reason=form.cleaned_data["reason"])
        except InputProblem as problem:
            return self._page(request, 400, problem.form, pk)
        messages.success(request, gettext("Set aside; the reason is kept."))
        return redirect("surveys:loop-waiting")


def _line_about(finding: Any, by: Any) -> LoopEntry:
    """The line begun already, or a new one with its first words."""
    if finding.draft:
        return LoopEntry.objects.get(pk=finding.draft)
    entry = loop_sources.from_finding(finding)
    entry.did_kk = entry.did_kk or "—"
    entry.add(by=by)
    return entry
