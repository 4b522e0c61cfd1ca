"""Steps of a mechanism's year: plan, do, check, act (N1 §4)."""

from __future__ import annotations

import itertools
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models.work import seated
from qa_portal.bodies.sitting import RUNNING
from qa_portal.documents.evidence import attach_proof
from qa_portal.people.heads import deciders, quality_office
from qa_portal.people.models import Office, Person
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow
from qa_portal.workflow.steps import Steps

from ..forms.mechanisms import ActForm, ConcludeForm, JudgeForm, NoteForm, ReasonForm, ReportForm, ViewForm
from ..models import AimResult, CommitteeView, Conclusion, MechanismYear
from ..permissions.mechanism_speakers import Speaker, in_whose_name
from ..permissions.mechanisms import office_of_doer, office_of_either, office_of_quality

Y = MechanismYear
steps = Steps(MechanismYear)
NEEDED = 2


# -- who is told ---------------------------------------------------------------------------------
def doers(year: MechanismYear) -> list[Any]:
    """Head with deputies and coordinators of the unit that carries it out; chair and secretary of the body."""
    if year.doer_body_id:
        return list(seated(year.doer_body_id, *RUNNING))
    coordinators = Office.objects.on().filter(role=Role.QUALITY_COORDINATOR, unit=year.doer_unit).values("person")
    return [*deciders(year.doer_unit), *Person.objects.filter(pk__in=coordinators, is_active=True)]


def office(year: MechanismYear) -> list[Any]:
    """The quality office."""
    return list(quality_office())


# -- what must be there --------------------------------------------------------------------------
def every_aim_judged(year: MechanismYear) -> Any | None:
    """Every aim is judged."""
    judged = {row.aim_id for row in year.aim_results.all()}
    missing = [aim.code for aim in year.aims if aim.pk not in judged]
    if not missing:
        return None
    return _("These aims are not judged yet: %(codes)s.") % {"codes": ", ".join(missing)}


def two_conclusions(year: MechanismYear) -> Any | None:
    """Two different quality units by two different people; that neither is the doer was asked when each concluded."""
    rows = list(year.conclusions.all())
    units = {(row.unit_id, row.body_id) for row in rows}
    people = {row.in_name_of_id or row.by_id for row in rows}
    # Each quality unit has one conclusion, so two rows are two units; a deputy and the head deputised are one person.
    if any(_voices(one).isdisjoint(_voices(other)) for one, other in itertools.combinations(rows, NEEDED)):
        return None
    return _(
        "The check closes with conclusions of two different quality units, given by two people, neither being the doer. "
        "So far: %(units)s from %(people)s."
    ) % {"units": len(units), "people": len(people)}


def _voices(row: Conclusion) -> set[int]:
    """Who concluded, and in whose name."""
    return {pk for pk in (row.by_id, row.in_name_of_id) if pk}


def nobody_concluded(year: MechanismYear) -> Any | None:
    """Nobody has concluded yet."""
    return _("Somebody has concluded already, so the report stays.") if year.conclusions.all() else None


# -- plan, do ---------------------------------------------------------------------------------------
@steps.step(Y.PLAN, to=Y.DO, label=_("Begin"), tells=[doers], primary=True, icon="progress", office=office_of_either)
def start(year: MechanismYear, by: Any) -> None:
    """The plan stands and the work begins."""


@steps.step(
    Y.DO,
    to=Y.CHECK,
    label=_("Report as carried out"),
    form=ReportForm,
    tells=[office],
    primary=True,
    icon="check",
    office=office_of_doer,
)
def report_done(year: MechanismYear, by: Any, done: str, **proof: Any) -> None:
    """Whoever carries the mechanism out says what was done and shows it; the check begins."""
    attach_proof(year, by, **proof)
    year.done, year.done_by, year.done_on = done, by, timezone.localdate()


# -- check ---------------------------------------------------------------------------------------------
@steps.step(
    Y.CHECK,
    to=Y.DO,
    label=_("Send back"),
    form=ReasonForm,
    needs=[nobody_concluded],
    tells=[doers],
    icon="corner-up-left",
    office=office_of_quality,
)
def send_back(year: MechanismYear, by: Any, reason: str) -> None:
    """The quality office says what the report lacks."""
    year.done_by, year.done_on = None, None


@steps.step(Y.CHECK, label=_("Judge the aims"), form=JudgeForm, icon="checklist", office=office_of_either)
def judge_aims(year: MechanismYear, by: Any, results: list[tuple[Any, str, str]], note: str = "") -> None:
    """Say of each aim how far it was reached, and why; it can be corrected until the check is closed."""
    for aim, reached, why in results:
        AimResult.objects.update_or_create(year=year, aim=aim, defaults={"reached": reached, "note": why})


@steps.step(
    Y.CHECK,
    label=_("Conclude"),
    form=ConcludeForm,
    tells=[doers, office],
    icon="message",
    office=in_whose_name,
    bound=False,
)
def conclude(year: MechanismYear, by: Any, speaks_as: Speaker, effect: str, text: str, note: str = "") -> None:
    """A quality unit that is not the doer judges the effect. Each unit concludes once."""
    rows = Conclusion.objects.filter(year=year, unit=speaks_as.unit, body=speaks_as.body)
    if rows.exists():
        raise NotNow(_("This quality unit has concluded already."))
    Conclusion.objects.create(
        year=year,
        unit_id=speaks_as.unit,
        body_id=speaks_as.body,
        effect=effect,
        text=text,
        by=by,
        in_name_of_id=speaks_as.principal,
        on=timezone.localdate(),
    )


@steps.step(
    Y.CHECK,
    to=Y.ACT,
    label=_("Close the check"),
    form=NoteForm,
    needs=[every_aim_judged, two_conclusions],
    tells=[doers],
    primary=True,
    icon="eye-check",
    office=office_of_quality,
)
def close_check(year: MechanismYear, by: Any, note: str = "") -> None:
    """The aims are judged and two quality units have concluded; now it is decided what changes."""
    year.checked_on = timezone.localdate()


# -- act --------------------------------------------------------------------------------------------------
@steps.step(
    Y.ACT,
    to=Y.CLOSED,
    label=_("Say what is changed and close"),
    form=ActForm,
    tells=[doers, office],
    primary=True,
    icon="refresh",
    office=office_of_either,
)
def act(year: MechanismYear, by: Any, acted: str) -> None:
    """Say what is changed after the check. The year is closed, and the next one starts from it."""
    year.acted, year.closed_on = acted, timezone.localdate()


# -- at any time --------------------------------------------------------------------------------------------
@steps.step(
    Y.DO,
    Y.CHECK,
    Y.ACT,
    Y.CLOSED,
    label=_("Give the committee's judgement"),
    form=ViewForm,
    tells=[doers, office],
    icon="users",
    bound=False,
)
def give_view(year: MechanismYear, by: Any, body: Any, effect: str, recommendation: str = "", note: str = "") -> None:
    """A school committee judges the effect of the mechanism in its school and recommends (N1 §2.2)."""
    if CommitteeView.objects.filter(year=year, body=body).exists():
        raise NotNow(_("This committee has given its judgement already."))
    CommitteeView.objects.create(
        year=year, body=body, effect=effect, recommendation=recommendation, by=by, on=timezone.localdate()
    )


@steps.step(
    Y.PLAN,
    Y.DO,
    Y.CHECK,
    to=Y.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[doers],
    danger=True,
    icon="ban",
    office=office_of_quality,
)
def cancel(year: MechanismYear, by: Any, reason: str) -> None:
    """The quality office takes the year back with a reason."""
