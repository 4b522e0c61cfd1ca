"""Appeals: who files, keeps and decides them (N1 §4.1.6). Nobody with a part in one decides about it, nor for such a person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.people.rules import is_quality_officer
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate

from ..querysets.appeals import KEEPERS


# -- offices -------------------------------------------------------------------------------------
def _panel(person: Any, path: str) -> list[int | None]:
    held = person.standing.held
    return [h.principal for h in held if h.role == Role.APPEAL_PANEL and path.startswith(h.path)]


def _keeping(person: Any, appeal: Any) -> tuple[bool, int | None]:
    """The appeal panel of the unit, the heads above it, the Chancellery and the quality office; nobody with a part in it."""
    standing, path = person.standing, appeal.unit.path
    offices = [*standing.offices(*KEEPERS), *_panel(person, path), *standing.headships_above(path)]
    return free_principal(person.pk, offices, appeal.party_ids) if offices else (False, None)


def keeper(appeal: Any, person: Any) -> int | None:
    """In whose name this person keeps it; for history."""
    return _keeping(person, appeal)[1] if getattr(person, "pk", None) else None


def may_enter(person: Any) -> bool:
    """Holds an office that enters appeals brought on paper."""
    return person.standing.has(*KEEPERS, Role.APPEAL_PANEL, Role.UNIT_HEAD)


def is_student(person: Any) -> bool:
    """Stands in the list of students; their account may belong to no unit."""
    try:
        return person.student is not None
    except ObjectDoesNotExist:
        return False


# -- predicates ----------------------------------------------------------------------------------
@predicate
def files_own(person: Any, appeal: Any) -> bool:
    return (
        appeal is not None and appeal.student_id == person.pk and (not person.standing.outsider or is_student(person))
    )


@predicate
def enters(person: Any, appeal: Any) -> bool:
    if not may_enter(person):
        return False
    # The unit follows from what is typed; before that the office alone counts.
    return appeal is None or appeal.unit_id is None or _keeping(person, appeal)[0]


@predicate
def appeals(person: Any, appeal: Any) -> bool:
    """The appellant."""
    return appeal.student_id is not None and appeal.student_id == person.pk


@predicate
def keeps(person: Any, appeal: Any) -> bool:
    return _keeping(person, appeal)[0]


@predicate
def sits_on_it(person: Any, appeal: Any) -> bool:
    return person.pk in appeal.member_ids and person.pk not in appeal.party_ids


@predicate
def chairs_it(person: Any, appeal: Any) -> bool:
    return appeal.member_ids.get(person.pk, False) and person.pk not in appeal.party_ids


@predicate
def writes_report(person: Any, report: Any) -> bool:
    """The panel and the heads of the unit, the quality office; before the unit is chosen whoever may be."""
    standing = person.standing
    if standing.quality_office:
        return True
    if report is None or report.unit_id is None:
        return standing.has(Role.APPEAL_PANEL, Role.UNIT_HEAD)
    path = report.unit.path
    return bool(_panel(person, path)) or standing.leads_above(path)


@predicate
def wrote_no_part(person: Any, report: Any) -> bool:
    """Not one of its authors, nor deputising only for one of them."""
    return free_principal(person.pk, person.standing.offices(*QUALITY_OFFICE), set(report.authors))[0]


def acceptor(report: Any, person: Any) -> int | None:
    if not getattr(person, "pk", None):
        return None
    return free_principal(person.pk, person.standing.offices(*QUALITY_OFFICE), set(report.authors))[1]


def report_units(person: Any) -> Any:
    """Schools and the university of which this person may write a report."""
    rows = Unit.objects.working().filter(kind__in=(Unit.Kind.SCHOOL, Unit.Kind.UNIVERSITY))
    if person.standing.quality_office:
        return rows
    paths = [h.path for h in person.standing.held if h.role in (Role.APPEAL_PANEL, Role.UNIT_HEAD)]
    return rows.filter(pk__in=[unit.pk for unit in rows if any(unit.path.startswith(path) for path in paths)])


# -- rights ----------------------------------------------------------------------------------------
_KEEP = _(
    "Only the appeal panel, the head of the unit, the Chancellery and the quality office do this; never who taught the "
    "course, who gave the grade, or the appellant."
)
_MEMBER = _("Only the members of the commission on this appeal give an opinion.")
_CHAIR = _("Only the chair of the commission on this appeal writes down its decision.")
_REPORT = _("Only the appeal panel, the head of the school and the quality office write this report.")
allow(
    "surveys.add_academic_appeal",
    files_own | enters,
    _(
        "Students file their own appeals; for others the appeal panel, the head of the unit, the Chancellery and the quality office do."
    ),
)
allow("surveys.change_academic_appeal", appeals | keeps, _KEEP)
for _verb in ("admit", "refuse", "form_commission", "replace_member", "close"):
    allow(f"surveys.{_verb}_academic_appeal", keeps, _KEEP)
allow("surveys.give_opinion_academic_appeal", sits_on_it, _MEMBER)
allow("surveys.decide_academic_appeal", chairs_it, _CHAIR)
for _verb in ("add", "change", "submit", "cancel"):
    allow(f"surveys.{_verb}_appeal_report", writes_report, _REPORT)
for _verb in ("accept", "send_back"):
    allow(
        f"surveys.{_verb}_appeal_report",
        is_quality_officer & wrote_no_part,
        _("Only the quality office does this, and nobody who wrote the report."),
    )
