"""The papers of a finding and of a CAPA plan, as an auditor reads them (N2 §10.2)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Office
from qa_portal.people.roles import Role
from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Approval, Signature
from qa_portal.reports.printed import Printed
from qa_portal.web.pages.reading import entry_lines
from qa_portal.workflow.models import Entry
from qa_portal.workflow.steps import steps_of

from .models import CapaAction, CapaPlan, Extension, Finding

#: what happens to an action of itself; the rest of its history repeats the plan's
ACTION_DECISIONS = (
    "approve",
    "send_back",
    "carry_out",
    "ask_extension",
    "grant_extension",
    "refuse_extension",
    "cancel",
)


def fact(label: Any, value: Any) -> dict[str, Any]:
    return {"label": label, "value": "—" if value in (None, "") else value}


def when(day: datetime.date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def when_and_who(day: datetime.date | None, person: Any) -> str:
    return " · ".join(part for part in (when(day), person.get_full_name() if person else "") if part)


def local_day(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localtime(moment).date() if moment else None


def evidence_titles(records: Iterable[Any], person: Any) -> dict[int, list[str]]:
    """What proves these records of one kind, as far as this person sees it: {record id: titles}."""
    records = list(records)
    if not records:
        return {}
    kind = ContentType.objects.get_for_model(records[0])
    uses = (
        EvidenceUse.objects.visible_to(person).valid().filter(record_type=kind, record_id__in=[r.pk for r in records])
    )
    titles: dict[int, list[str]] = {}
    for use in uses.select_related("evidence"):
        titles.setdefault(use.record_id, []).append(f"{use.evidence.title} ({when(use.evidence.speaks_of)})")
    return titles


def history_lines(records: Iterable[Any], verbs: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Decisions about these records in words, with the record's number."""
    # One record's step moves others of the family under its own verb: the words of all three are asked.
    words = {**steps_of(Finding), **steps_of(CapaAction), **steps_of(CapaPlan)}
    lines = []
    for record in records:
        entries = record.history.select_related("by", "in_name_of")
        chosen = list(entries.filter(verb__in=verbs) if verbs else entries)
        for entry, line in zip(chosen, entry_lines(record, chosen, {**words, **steps_of(type(record))}), strict=True):
            lines.append({**line, "number": record.number, "order": (entry.at, entry.pk)})
    return sorted(lines, key=lambda line: line["order"])


def last_entry(records: list[Any]) -> int:
    """The newest line of history of these records: changes whenever one of them does."""
    newest = 0
    for model in {type(r) for r in records}:
        ids = [r.pk for r in records if type(r) is model]
        kind = ContentType.objects.get_for_model(model)
        newest = max(
            newest, Entry.objects.filter(record_type=kind, record_id__in=ids).aggregate(last=Max("pk"))["last"] or 0
        )
    return newest


def finding_facts(finding: Finding) -> list[dict[str, Any]]:
    return [
        fact(_("No."), finding.number),
        fact(_("Unit"), finding.unit.name),
        fact(_("Severity"), finding.get_severity_display()),
        fact(_("Source"), finding.get_source_kind_display()),
        *([fact(_("Source in words"), finding.source_note)] if finding.source_note else []),
        fact(_("Found on"), when_and_who(finding.found_on, finding.reporter)),
        fact(_("State"), finding.state_label),
    ]


@report
class FindingPaper(Printed):
    """A finding: what was seen, against which requirement, and what came of it."""

    key = "capa.finding"
    kind = gettext_lazy("Finding")
    template = "capa/paper/finding.html"

    def rows(self) -> Any:
        related = ("unit", "requirement", "area", "reporter", "corrected_by", "duplicate_of")
        return Finding.objects.visible_to(self.person).select_related(*related)

    @cached_property
    def plans(self) -> list[CapaPlan]:
        return list(
            CapaPlan.objects.visible_to(self.person).filter(finding=self.record).with_progress().order_by("edition")
        )

    def number(self) -> str:
        return self.record.number

    def subject(self) -> str:
        return self.record.title

    def date(self) -> datetime.date:
        return self.record.found_on

    def edition(self) -> int:
        return self.record.revision

    def version(self) -> str:
        return f"{self.record.revision}.{last_entry([self.record, *self.plans])}"

    def content(self) -> dict[str, Any]:
        finding = self.record
        facts = [*finding_facts(finding)]
        if finding.duplicate_of:
            facts.append(fact(_("Duplicate of"), finding.duplicate_of.number))
        if finding.closed_on:
            facts.append(fact(_("Closed on"), when(finding.closed_on)))
        return {
            "facts": facts,
            "requirement": finding.requirement,
            "plans": self.plans,
            "evidence": evidence_titles([finding], self.person).get(finding.pk, []),
            "history": history_lines([finding]),
        }

    def signatures(self) -> list[Signature]:
        finding = self.record
        closing = finding.history.filter(to_state=Finding.CLOSED).select_related("by").first()
        return [
            Signature(_("Found by"), finding.reporter, finding.found_on),
            Signature(_("Corrected by"), finding.corrected_by, finding.corrected_on),
            Signature(
                _("Closed by"), closing.by if closing else None, finding.closed_on, post=_("Quality office (ASB)")
            ),
        ]


@report
class PlanPaper(Printed):
    """A CAPA plan: from the finding through cause, actions and proof to the effect."""

    key = "capa.plan"
    kind = gettext_lazy("CAPA plan")
    template = "capa/paper/plan.html"
    landscape = True

    def rows(self) -> Any:
        related = ("unit", "finding__unit", "finding__requirement", "finding__reporter", "submitted_by", "verified_by")
        return CapaPlan.objects.visible_to(self.person).select_related(*related, "checked_by", "checker", "created_by")

    @cached_property
    def actions(self) -> list[CapaAction]:
        related = ("owner", "unit", "approved_by", "approval_unit", "plan")
        return list(self.record.actions.select_related(*related).order_by("place"))

    @cached_property
    def finding_seen(self) -> bool:
        """A right to one plan (an external expert's, say) is not one to all that the finding says."""
        return Finding.objects.visible_to(self.person).filter(pk=self.record.finding_id).exists()

    def number(self) -> str:
        return self.record.number

    def subject(self) -> str:
        return self.record.finding.title

    def date(self) -> datetime.date:
        plan = self.record
        return plan.approved_on or plan.submitted_on or timezone.localtime(plan.created_at).date()

    def edition(self) -> int:
        return self.record.edition

    def version(self) -> str:
        return f"{self.record.revision}.{last_entry([self.record, self.record.finding, *self.actions])}"

    # -- what stands in it -------------------------------------------------------------
    def content(self) -> dict[str, Any]:
        plan = self.record
        finding = plan.finding
        seen = finding_facts(finding) if self.finding_seen else [fact(_("No."), finding.number)]
        return {
            "finding_seen": self.finding_seen,
            "finding_facts": seen,
            "plan_facts": self._plan_facts(),
            "requirement": finding.requirement if self.finding_seen else None,
            "actions": self._action_rows(),
            "extensions": self._extension_rows(),
            "effect_facts": self._effect_facts(),
            "history": sorted(
                [*history_lines([plan]), *history_lines(self.actions, ACTION_DECISIONS)], key=lambda line: line["order"]
            ),
        }

    def _plan_facts(self) -> list[dict[str, Any]]:
        plan = self.record
        return [
            fact(_("No."), plan.number),
            fact(_("Edition"), plan.edition),
            fact(_("Unit"), plan.unit.name),
            fact(_("State"), plan.state_label),
            fact(_("Submitted on"), when_and_who(plan.submitted_on, plan.submitted_by)),
            fact(_("Approved on"), when(plan.approved_on)),
            fact(_("Carried out on"), when(plan.implemented_on)),
            fact(_("Last deadline"), when(plan.deadline())),
        ]

    def _action_rows(self) -> list[dict[str, Any]]:
        proofs = evidence_titles(self.actions, self.person)
        return [
            {
                "place": action.place,
                "kind": action.get_kind_display(),
                "text": action.text,
                "owner": action.owner.get_short_name(),
                "post": action.owner.post,
                "unit": str(action.unit),
                "due": action.due,
                "first_due": action.first_due if action.first_due != action.due else None,
                "expected_proof": action.expected_proof,
                "state": action.state_label,
                "done_on": action.done_on,
                "done_note": action.done_note,
                "evidence": proofs.get(action.pk, []),
            }
            for action in self.actions
        ]

    def _extension_rows(self) -> list[dict[str, Any]]:
        rows = Extension.objects.filter(action__plan=self.record).select_related("action", "asked_by", "decided_by")
        return [
            {
                "place": row.action.place,
                "from_due": row.from_due,
                "until": row.until,
                "reason": row.reason,
                "asked_by": row.asked_by,
                "asked_at": row.asked_at,
                "state": row.get_state_display(),
                "decided_by": row.decided_by,
                "decided_at": row.decided_at,
                "note": row.note,
            }
            for row in rows.order_by("pk")
        ]

    def _effect_facts(self) -> list[dict[str, Any]]:
        plan = self.record
        effect = {True: _("Yes, effective"), False: _("No, not effective"), None: ""}[plan.effective]
        return [
            fact(_("Verified on"), when_and_who(plan.verified_on, plan.verified_by)),
            fact(_("Effect is checked on"), when_and_who(plan.check_on, plan.checker)),
            fact(_("Effect checked on"), when_and_who(plan.checked_on, plan.checked_by)),
            fact(_("Has the cause gone?"), effect),
            fact(_("Conclusion about the effect"), plan.effect_note),
        ]

    # -- who approved ----------------------------------------------------------------------
    @cached_property
    def approvers(self) -> list[Signature]:
        """Who approved items of the plan, the last one first; a deputy with the name of the person deputised."""
        entries = Entry.objects.filter(
            record_type=ContentType.objects.get_for_model(CapaAction),
            record_id__in=[action.pk for action in self.actions],
            to_state=CapaAction.APPROVED,
        ).select_related("by", "in_name_of")
        found: dict[int, Signature] = {}
        for entry in entries:
            if entry.by_id and entry.by_id not in found:
                note = _("in the name of %(person)s") % {"person": entry.in_name_of} if entry.in_name_of else ""
                found[entry.by_id] = Signature(_("Approved by"), entry.by, local_day(entry.at), note)
        return list(found.values())

    def approval(self) -> Approval:
        """Filled once the whole plan is approved; before that the lines wait for whoever decides."""
        if self.record.approved_on and self.approvers:
            last = self.approvers[0]
            return Approval(person=last.person, day=self.record.approved_on, note=last.note)
        waiting = next((a for a in self.actions if a.state == CapaAction.SUBMITTED), None)
        if waiting is None:
            return Approval()
        office = (
            Office.objects.on()
            .filter(role=Role.UNIT_HEAD, unit=waiting.approval_unit_id)
            .select_related("person")
            .first()
        )
        return Approval(person=office.person) if office else Approval(post=_("Member of the Board"))

    def signatures(self) -> list[Signature]:
        plan = self.record
        return [
            Signature(
                _("Prepared by"), plan.submitted_by or plan.created_by, plan.submitted_on or local_day(plan.created_at)
            ),
            *(self.approvers or [Signature(_("Approved by"))]),
            Signature(_("Verified by"), plan.verified_by, plan.verified_on, post=_("Quality office (ASB)")),
            Signature(_("Effect checked by"), plan.checked_by or plan.checker, plan.checked_on),
        ]
