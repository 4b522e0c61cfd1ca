"""Pages of findings, plans and actions, as declarations; and the list of waiting signals."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.permissions import Refused, refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, prose
from qa_portal.web.pages import RecordPages

from . import loops, signals
from .filters import ActionFilters, FindingFilters, PlanFilters
from .forms import ActionForm, FindingForm, PlanForm, SetAsideForm
from .models import CapaAction, CapaPlan, Finding
from .tables import ActionTable, FindingTable, PlanTable

#: columns that a list shows of a unit and of a person, in all languages
UNIT_NAMES = tuple(f"unit__{name}_{code}" for name in ("short", "name") for code, _name in settings.LANGUAGES)
PERSON_NAMES = tuple(
    f"owner__{name}{code}"
    for name in ("last_name", "first_name", "middle_name")
    for code in ("", *(f"_{code}" for code, _name in settings.LANGUAGES))
)


class FindingPages(RecordPages):
    model = Finding
    slug, plural = "finding", "findings"
    title, kind = _("Findings"), _("Finding")
    lead = _("Every signal that something is not as it should be, from first word to closed loop.")
    table, filters, form = FindingTable, FindingFilters, FindingForm
    add_label = _("Report a finding")
    empty = _(
        "Here will stand every finding: what was seen, in which unit, against which requirement, and what came of it."
    )
    clause = "N2 §10.2"
    related = ("unit", "requirement__standard", "area__standard", "reporter", "duplicate_of")
    list_related = ("unit", "requirement")
    list_columns = (*UNIT_NAMES, "requirement__code")
    list_defer = ("description", "correction", "cause")
    printed = "capa.finding"

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.title

    def new(self, request: HttpRequest) -> Finding:
        return Finding(reporter=request.user)

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("description", _("What was seen"), record.description)]
        if record.requirement:
            found.append(
                {
                    "id": "requirement",
                    "title": _("Requirement"),
                    "template": "capa/parts/requirement.html",
                    "part": record.requirement,
                }
            )
        if record.area:
            found.append(
                {
                    "id": "area",
                    "title": _("Evaluation area"),
                    "template": "capa/parts/requirement.html",
                    "part": record.area,
                }
            )
        if record.correction:
            found.append(prose("correction", _("Correction at once"), record.correction))
        if record.cause:
            found.append(prose("cause", _("Cause in words"), record.cause))
        plans = CapaPlan.objects.visible_to(request.user).filter(finding=record).with_progress()
        found.append(
            {
                "id": "plans",
                "title": _("CAPA plans"),
                "template": "capa/parts/plans.html",
                "plans": [{"plan": p, "state": cells.state(p)} for p in plans],
                "add": self._add_plan(record, request.user),
            }
        )
        return found

    def _add_plan(self, record: Finding, person: Any) -> dict[str, Any] | None:
        if not record.is_open or record.plans.live().exists():
            return None
        why_not = refusal(person, "capa.add_plan", CapaPlan(finding=record, unit=record.unit))
        return {
            "url": f"{reverse('capa:plan-add')}?finding={record.pk}",
            "label": _("Draft a CAPA plan"),
            "allowed": not why_not,
            "why_not": why_not or "",
        }

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Severity"), record.get_severity_display()),
            fact(_("Source"), record.get_source_kind_display()),
            fact(_("Source in words"), record.source_note) if record.source_note else None,
            fact(_("Who found it"), record.reporter.get_full_name()),
            fact(_("Found on"), cells.date(record.found_on)),
            fact(_("Corrected on"), cells.date(record.corrected_on)) if record.corrected_on else None,
            fact(_("Closed on"), cells.date(record.closed_on)) if record.closed_on else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if record.source is not None:
            address = getattr(record.source, "get_absolute_url", None)
            found.append(
                {"relation": _("Where it came from"), "label": str(record.source), "url": address() if address else ""}
            )
        if record.duplicate_of:
            seen = self.visible(request.user).filter(pk=record.duplicate_of_id).exists()
            # Of a finding that the reader may not open only the number is said.
            label = str(record.duplicate_of) if seen else record.duplicate_of.number
            url = record.duplicate_of.get_absolute_url() if seen else ""
            found.append({"relation": _("Duplicate of"), "label": label, "url": url})
        for other in self.visible(request.user).filter(duplicate_of=record):
            found.append({"relation": _("Reported also as"), "label": str(other), "url": other.get_absolute_url()})
        return found


class PlanPages(RecordPages):
    model = CapaPlan
    slug, plural = "plan", "plans"
    title, kind = _("CAPA plans"), _("CAPA plan")
    lead = _("What units do about findings: cause, actions, proof, effect.")
    table, filters, form = PlanTable, PlanFilters, PlanForm
    add_label, added_from_register = _("Draft a CAPA plan"), False
    empty = _("A plan is drafted from its finding: open the finding and press “Draft a CAPA plan”.")
    clause = "N0 §1; N2 §10.2"
    related = ("unit", "finding", "submitted_by", "verified_by", "checked_by", "checker")
    list_related = ("unit", "finding")
    list_columns = (*UNIT_NAMES, "finding__title")
    list_defer = ("cause", "goal", "effect_note")
    printed = "capa.plan"

    def rows(self, person: Any) -> Any:
        return super().rows(person).with_progress()

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.finding.title

    def new(self, request: HttpRequest) -> CapaPlan:
        pk = request.GET.get("finding", "")
        if not (pk.isascii() and pk.isdigit()):
            raise Http404
        finding = get_object_or_404(Finding.objects.visible_to(request.user).select_related("unit"), pk=pk)
        return CapaPlan(finding=finding, unit=finding.unit, cause=finding.cause)

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        found = [{"label": self.title, "url": self.url("list")}]
        return [*found, {"label": record.finding.number, "url": record.finding.get_absolute_url()}]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        # The actions as this plan object carries them: predicates read the same ones.
        actions = list(
            record.actions.select_related("owner", "plan", "unit", "approval_unit", "approved_by").prefetch_related(
                "proofs__evidence"
            )
        )
        may_add = record.state in (CapaPlan.DRAFT, CapaPlan.RETURNED) and not refusal(
            request.user, "capa.add_action", CapaAction(plan=record, unit=record.unit)
        )
        found = [prose("cause", _("Cause"), record.cause)]
        if record.goal:
            found.append(prose("goal", _("What will be different"), record.goal))
        found.append(
            {
                "id": "actions",
                "title": _("Actions"),
                "template": "capa/parts/actions.html",
                "rows": [
                    {"action": a, "state": cells.state(a), "due": cells.due(a.due, a.deadline_counts)} for a in actions
                ],
                "add_url": f"{reverse('capa:action-add')}?plan={record.pk}" if may_add else "",
            }
        )
        if record.effect_note:
            found.append(prose("effect", _("Conclusion about the effect"), record.effect_note))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        dates = (
            (_("Submitted on"), record.submitted_on, record.submitted_by),
            (_("Approved on"), record.approved_on, None),
            (_("Carried out on"), record.implemented_on, None),
            (_("Verified on"), record.verified_on, record.verified_by),
            (_("Effect checked on"), record.checked_on, record.checked_by),
        )
        rows = [
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Edition"), record.edition),
        ]
        rows += [fact(label, f"{cells.date(day)}{f' · {who}' if who else ''}") for label, day, who in dates if day]
        if record.endorsed_on:
            rows.append(fact(_("Academic Council"), f"{cells.date(record.endorsed_on)} · {record.endorsement}"))
        elif record.waits_for_council and record.state in CapaPlan.LIVE:
            rows.append(fact(_("Academic Council"), _("its decision is needed before the plan is verified")))
        if record.check_on and not record.checked_on:
            rows.append(fact(_("Effect is checked on"), cells.due(record.check_on, record.state == CapaPlan.VERIFIED)))
        if record.checker:
            rows.append(fact(_("Who checks the effect"), record.checker.get_full_name()))
        return [{"title": "", "rows": rows}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        seen = Finding.objects.visible_to(request.user).filter(pk=record.finding_id).exists()
        url = record.finding.get_absolute_url() if seen else ""
        found = [{"relation": _("Where it came from"), "label": str(record.finding), "url": url}]
        for other in (
            self.visible(request.user).filter(finding=record.finding_id).exclude(pk=record.pk).select_related("finding")
        ):
            relation = _("Plan before") if other.edition < record.edition else _("Next plan")
            found.append({"relation": relation, "label": other.number, "url": other.get_absolute_url()})
        return found


class ActionPages(RecordPages):
    model = CapaAction
    slug, plural = "action", "actions"
    title, kind = _("Actions"), _("Action")
    lead = _("Who does what by when. Heads approve items here, one by one or many at once.")
    table, filters, form = ActionTable, ActionFilters, ActionForm
    add_label, added_from_register = _("Add an action"), False
    empty = _("Here will stand the actions of all CAPA plans. They are added from a plan.")
    clause = "N2 §10.2"
    related = ("unit", "owner", "plan__finding", "approval_unit", "submitted_by", "approved_by", "done_by")
    list_related = ("unit", "owner", "plan")
    list_columns = (*UNIT_NAMES, "unit__path", *PERSON_NAMES, "plan__number", "plan__state")
    list_defer = ("done_note",)
    prefetch = ("extensions",)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.text

    def new(self, request: HttpRequest) -> CapaAction:
        pk = request.GET.get("plan", "")
        if not (pk.isascii() and pk.isdigit()):
            raise Http404
        plan = get_object_or_404(CapaPlan.objects.visible_to(request.user).select_related("unit", "finding"), pk=pk)
        return CapaAction(plan=plan, unit=plan.unit)

    def after_adding(self, record: Any) -> str:
        return record.plan.get_absolute_url()

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return [
            {"label": self.title, "url": self.url("list")},
            {"label": record.plan.finding.number, "url": record.plan.finding.get_absolute_url()},
            {"label": record.plan.number, "url": record.plan.get_absolute_url()},
        ]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [
            prose("text", _("What will be done"), record.text),
            prose("proof", _("What will prove it"), record.expected_proof),
        ]
        if record.done_note:
            found.append(prose("done", _("What was done"), record.done_note))
        extensions = list(record.extensions.select_related("asked_by", "decided_by"))
        if extensions:
            found.append(
                {
                    "id": "extensions",
                    "title": _("Extensions"),
                    "template": "capa/parts/extensions.html",
                    "rows": extensions,
                }
            )
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        moved = record.first_due and record.first_due != record.due
        rows = [
            fact(_("Kind"), record.get_kind_display()),
            fact(_("Who does it"), record.owner.get_full_name()),
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Deadline"), cells.due(record.due, record.deadline_counts)),
            fact(_("First deadline"), cells.date(record.first_due)) if moved else None,
            fact(_("Submitted by"), record.submitted_by.get_short_name()) if record.submitted_by else None,
            fact(_("Approved by"), record.approved_by.get_short_name()) if record.approved_by else None,
            fact(_("Carried out on"), cells.date(record.done_on)) if record.done_on else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        # An expert may have been granted the action alone: what is not theirs to see is named by number only.
        plan, finding = record.plan, record.plan.finding
        sees_plan = CapaPlan.objects.visible_to(request.user).filter(pk=plan.pk).exists()
        sees_finding = Finding.objects.visible_to(request.user).filter(pk=finding.pk).exists()
        return [
            {
                "relation": _("Part of the plan"),
                "label": plan.number,
                "url": plan.get_absolute_url() if sees_plan else "",
            },
            {
                "relation": _("Where it came from"),
                "label": str(finding) if sees_finding else finding.number,
                "url": finding.get_absolute_url() if sees_finding else "",
            },
        ]


class Front(View):
    """/capa/: loops open, overdue, closed, and how long closing takes; by unit."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "capa/front.html", loops.overview(request.user))


class Signals(View):
    """Waiting signals of all apps: ASB makes a finding or sets one aside with a reason."""

    def get(self, request: HttpRequest) -> HttpResponse:
        sentence = refusal(request.user, "capa.view_signal")
        if sentence:
            raise Refused(sentence)
        return render(
            request, "capa/signals.html", {"title": _("Signals"), "groups": signals.waiting(), "form": SetAsideForm()}
        )


class DecideSignal(View):
    """POST: a waiting signal becomes a finding (`verb` = raise) or is set aside (`set-aside`)."""

    def post(self, request: HttpRequest, key: str, pk: int, verb: str) -> HttpResponse:
        sentence = refusal(request.user, "capa.decide_signal")
        if sentence:
            raise Refused(sentence)
        if verb not in ("raise", "set-aside"):
            raise Http404
        signal, row = signals.find(key, pk)
        if signal is None or row is None:
            raise Http404
        if verb == "raise":
            finding = signals.raise_finding(signal, row, by=request.user)
            messages.success(request, gettext("The finding was made from the signal."))
            return redirect(finding)
        form = SetAsideForm(request.POST)
        if not form.is_valid():
            context = {"title": _("Signals"), "groups": signals.waiting(), "form": form}
            return render(request, "capa/signals.html", context, status=400)
        signals.set_aside(signal, row, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, gettext("The signal was set aside; the reason is kept."))
        return redirect("capa:signals")
