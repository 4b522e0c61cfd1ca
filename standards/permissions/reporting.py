"""Who prepares, submits, decides about and publishes reports (N0 S1.S6; domain.md §2, report kinds)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE, Role
from qa_portal.people.rules import is_administrator
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, is_system, predicate
from qa_portal.web.registry import registry


def preparing_offices(person: Any, report: Any) -> list[int | None]:
    """The offices in which somebody prepares a report: the kind's own, the quality office's, the head's of its unit."""
    standing = person.standing
    kind = report.kind if report.kind_id else None
    roles = [role for role in (kind.role if kind else "",) if role and role != Role.UNIT_HEAD]
    found = standing.offices(*QUALITY_OFFICE, *roles)
    if report.unit_id:
        found += standing.headships_above(report.unit.path)
    return found


@predicate
def prepares(person: Any, report: Any) -> bool:
    if report is None:
        return bool(person.standing.offices(*QUALITY_OFFICE)) or bool(person.standing.led_paths)
    own = bool(report.unit_id) and person.standing.coordinates(report.unit.path)
    return own or bool(preparing_offices(person, report))


@predicate
def may_begin_one(person: Any, report: Any) -> bool:
    """Before the kind is chosen: whoever prepares some kind of report."""
    if report is not None and report.kind_id:
        return prepares(person, report)
    standing = person.standing
    return standing.quality_office or bool(standing.led_paths) or bool(standing.roles & KIND_ROLES)


#: offices that the kinds of the portal name as those that prepare (data/report_kinds.yaml)
KIND_ROLES = frozenset({Role.HR, Role.CPD_INSTITUTE, Role.PR, Role.TEACHHUB_COORDINATOR, Role.LEGAL})


@predicate
def submits(person: Any, report: Any) -> bool:
    return bool(preparing_offices(person, report))


def approving_offices(person: Any, report: Any) -> list[int | None]:
    """Where no body decides: the Board, the quality representative, for a unit's report the head above it."""
    found = person.standing.offices(*BOARD_ROLES, Role.QUALITY_REPRESENTATIVE)
    if report.unit_id and report.unit.parent_id:
        found += person.standing.headships_above(report.unit.path.rsplit(".", 2)[0] + ".")
    return found


def own_work(report: Any) -> set[int]:
    return {pk for pk in (report.created_by_id, report.submitted_by_id, *report.authors) if pk}


@predicate
def approves(person: Any, report: Any) -> bool:
    return free_principal(person.pk, approving_offices(person, report), own_work(report))[0]


def approver(report: Any, person: Any) -> int | None:
    return free_principal(person.pk, approving_offices(person, report), own_work(report))[1]


def preparer(report: Any, person: Any) -> int | None:
    return free_principal(person.pk, preparing_offices(person, report), set())[1]


@predicate
def nobody(person: Any, report: Any) -> bool:
    return False


def body_of(report: Any) -> str:
    """The body that decides about it, by the kind of report; "" where an office does."""
    code = report.kind.body
    # Where that body is not founded yet, the report waits for it: nobody decides by hand meanwhile.
    return (registry.body_for(code, report.unit) or code) if code else ""


def over_body(report: Any) -> str:
    """The word by which a body above takes the approval back."""
    return f"over:{body_of(report)}" if body_of(report) else ""


_PREPARES = _("A report is prepared by the office that its kind names and by the quality office.")
_APPROVES = _(
    "The report is approved by the body that its kind names; where it names none, by the Board or the quality "
    "representative, and never by whoever wrote it."
)

allow("standards.keep_report_kinds", is_administrator, _("Only administrators do this."))
allow("standards.add_report", may_begin_one, _PREPARES)
allow("standards.change_report", prepares, _PREPARES)
for verb in ("add_measure", "drop_measure", "prove"):
    allow(f"standards.{verb}_report", prepares, _PREPARES)
allow("standards.submit_report", submits, _PREPARES)
allow("standards.freeze_report", is_system, _("The portal does this itself."))
allow("standards.halt_report", is_system, _("The portal does this itself."))
allow("standards.approve_report", approves, _APPROVES, by_decision_of=body_of)
allow("standards.send_back_report", approves, _APPROVES, by_decision_of=body_of)
allow(
    "standards.undo_approval_report", nobody, _("Only a body above takes an approval back."), by_decision_of=over_body
)
allow("standards.publish_report", submits, _PREPARES)
allow("standards.cancel_report", submits, _PREPARES)
