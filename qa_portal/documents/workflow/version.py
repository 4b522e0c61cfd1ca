"""Steps of a version: draft → form checked → agreement → approved along the route → in force → superseded."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import quality_office
from qa_portal.permissions import NotNow
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps, leads_to

from ..forms.library import ApproveForm, CheckFormForm, ReasonForm
from ..models import Version
from ..permissions.library import form_checker, order_giver, returner
from . import family

steps = Steps(Version)


# -- what must be there ----------------------------------------------------------------
def _has_file(version: Version) -> Any | None:
    """Its file is there."""
    return None if version.file else _("Attach the file first: PDF or DOCX.")


def _provisions_ticked(version: Version) -> Any | None:
    """Each required provision is ticked with the section where it stands."""
    wanted = [p for p in version.document.kind.provisions.all() if not p.retired]
    missing = [p for p in wanted if not str(version.provisions.get(str(p.pk), "")).strip()]
    if missing:
        return _("Say in which section this stands: “%(provision)s”.") % {"provision": missing[0]}
    return None


def _changes_entered(version: Version) -> Any | None:
    """From the second version on, the change sheet says what is new."""
    if version.is_first or any(line.state == "written" for line in version.changes.all()):
        return None
    return _("Enter in the change sheet what this version changes.")


def _sheet_not_empty(version: Version) -> Any | None:
    """The approval sheet is complete."""
    return None if version.agreed_checksum else _("The approval sheet is not complete yet.")


def _day_has_come(version: Version) -> Any | None:
    """The day from which it is in force has come."""
    if version.effective_from and version.effective_from > timezone.localdate():
        return _("It comes into force on %(date)s.") % {"date": date_format(version.effective_from, "DATE_FORMAT")}
    return None


# -- who is told ----------------------------------------------------------------------------
def _office(version: Version) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def _authors(version: Version) -> list[Any]:
    """Those who wrote the text."""
    return family.authors(version)


def _asked(version: Version) -> list[Any]:
    """The legal office and the heads of the units concerned, with today's deputies."""
    return family.those_asked(version)


def _next_in_line(version: Version) -> list[Any]:
    """Chair and secretary of the body, or the holders of the office, whose word comes next."""
    return family.next_in_line(version)


# -- steps ---------------------------------------------------------------------------------------
@steps.step(
    Version.DRAFT,
    Version.RETURNED,
    to=Version.FORM_CHECK,
    label=_("Submit for a check of the form"),
    needs=[_has_file, _provisions_ticked, _changes_entered],
    tells=[_office],
    primary=True,
    icon="send",
)
def submit(version: Version, by: Any) -> None:
    """Hand the text to the quality office, which checks its form and asks those concerned to agree."""
    version.submitted_by = by
    version.submitted_on = timezone.localdate()
    version.agreed_checksum = ""
    version.agreed_on = None


@leads_to(Version.IN_AGREEMENT, Version.AGREED)
def _after_check(version: Version, **inputs: Any) -> str:
    waiting = version.agreements.filter(round=version.round, state="waiting").exists()
    return Version.IN_AGREEMENT if waiting else Version.AGREED


@steps.step(
    Version.FORM_CHECK,
    to=_after_check,
    label=_("The form is right: ask for agreement"),
    form=CheckFormForm,
    tells=[_asked],
    primary=True,
    icon="check",
    office=form_checker,
    help=_("The legal office and the units concerned answer side by side, by the day you name."),
)
def check_form(version: Version, by: Any, agree_by: datetime.date, units: Any = (), note: str = "") -> None:
    """The form is right: the legal office and the units concerned are asked to agree by a day."""
    version.checked_by = by
    version.round += 1
    version.agree_by = agree_by
    family.open_sheet(version, by, list(units), agree_by)
    if not version.agreements.filter(round=version.round, state="waiting").exists():
        version.agreed_on = timezone.localdate()
        version.agreed_checksum = version.checksum


@steps.step(
    Version.FORM_CHECK,
    Version.IN_AGREEMENT,
    Version.AGREED,
    Version.APPROVING,
    to=Version.RETURNED,
    label=_("Send back"),
    form=ReasonForm,
    tells=[_authors],
    icon="corner-up-left",
    office=returner,
)
def send_back(version: Version, by: Any, reason: str) -> None:
    """Return the text to its authors with a remark; it is agreed and approved anew when it has been corrected."""
    _to_the_authors(version, by, reason)


@steps.step(
    Version.FORM_CHECK,
    Version.IN_AGREEMENT,
    Version.AGREED,
    Version.APPROVING,
    to=Version.RETURNED,
    label=_("Take back to correct"),
    form=ReasonForm,
    tells=[_office],
    icon="pencil",
)
def take_back(version: Version, by: Any, reason: str) -> None:
    """The authors take the text back to correct it; what was agreed so far is asked anew if the file changes."""
    _to_the_authors(version, by, reason)


def _to_the_authors(version: Version, by: Any, reason: str) -> None:
    family.void_sheet(version, by, reason)
    version.waits_for, version.route, version.route_place, version.approvals = "", [], 0, []
    version.agreed_checksum, version.agreed_on = "", None


@steps.step(
    Version.AGREED,
    to=Version.APPROVING,
    label=_("Send to approval"),
    needs=[_sheet_not_empty],
    tells=[_next_in_line],
    primary=True,
    icon="send",
    help=_("It goes along the route of its kind: the bodies and offices in their order."),
)
def send_to_approval(version: Version, by: Any) -> None:
    """Send the agreed text along the route of its kind: each body decides, or the office gives its order."""
    version.route = family.find_route(version)
    version.route_place = 0
    version.approvals = []
    version.waits_for = version.route[0]


@leads_to(Version.APPROVING, Version.APPROVED, Version.IN_FORCE)
def _after_word(version: Version, **inputs: Any) -> str:
    if version.waits_for:
        return Version.APPROVING
    return Version.IN_FORCE if version.in_force_on else Version.APPROVED


@steps.step(
    Version.APPROVING,
    to=_after_word,
    label=_("Approve"),
    form=ApproveForm,
    tells=[_authors, _next_in_line],
    primary=True,
    icon="check",
    office=order_giver,
    then=family.after_word,
    help=_("The last word on the route brings it into force on its day; those concerned are asked to read it."),
)
def approve(
    version: Version,
    by: Any,
    order_number: str = "",
    order_date: datetime.date | None = None,
    basis: str = "",
    note: str = "",
) -> None:
    """The body or office next on the route approves exactly the file that was agreed; the last word brings it into force."""
    family.check_stored_file(version)
    today = timezone.localdate()
    if order_date is not None:
        basis = str(_("order No. %(number)s of %(date)s")) % {
            "number": order_number,
            "date": date_format(order_date, "SHORT_DATE_FORMAT"),
        }
    word = {"authority": version.waits_for, "basis": basis, "on": today.isoformat(), "by": by.pk}
    version.approvals = [*version.approvals, word]
    version.route_place += 1
    version.waits_for = version.route[version.route_place] if version.route_place < len(version.route) else ""
    if version.waits_for:
        return
    version.approved_on = today
    version.authority = word["authority"]
    version.approval_basis = (basis or registry.body_name(word["authority"]))[:200]
    if version.effective_from is None or version.effective_from <= today:
        version.in_force_on = today
        family.supersede(version, by)


@steps.step(
    Version.APPROVED,
    to=Version.IN_FORCE,
    label=_("Come into force"),
    needs=[_day_has_come],
    tells=[_authors],
    icon="calendar",
    only_if=lambda version: False,
    then=family.put_in_force,
)
def come_into_force(version: Version, by: Any) -> None:
    """The day has come: this version takes the place of the one before."""
    version.in_force_on = timezone.localdate()
    family.supersede(version, by)


@leads_to(Version.RETURNED, Version.ANNULLED)
def _after_undo(version: Version, **inputs: Any) -> str:
    """Back to its authors, unless they are at work on the next version already."""
    others = version.document.versions.exclude(pk=version.pk)
    busy = others.filter(state__in=(*Version.PREPARING, Version.APPROVED)).exists()
    return Version.ANNULLED if busy else Version.RETURNED


@steps.step(
    Version.APPROVING,
    Version.APPROVED,
    Version.IN_FORCE,
    to=_after_undo,
    label=_("Undo the approval"),
    form=ReasonForm,
    tells=[_authors, _office],
    danger=True,
    icon="corner-up-left",
    only_if=lambda version: False,
    then=family.restore_previous,
)
def undo_approval(version: Version, by: Any, reason: str) -> None:
    """A body above has annulled the decision that approved it: the version before is in force again, both stay in history."""
    if not version.approvals:
        raise NotNow(_("No decision on this version has been taken yet."))
    _to_the_authors(version, by, reason)
    version.approved_on = version.in_force_on = None
    version.approval_basis = version.authority = ""


@steps.step(
    Version.DRAFT,
    Version.FORM_CHECK,
    Version.RETURNED,
    Version.IN_AGREEMENT,
    Version.AGREED,
    Version.APPROVING,
    to=Version.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_authors, _office],
    danger=True,
    icon="ban",
)
def cancel(version: Version, by: Any, reason: str) -> None:
    """Give this version up before it was approved; the reason stays."""
    family.void_sheet(version, by, reason)
    version.waits_for = ""
