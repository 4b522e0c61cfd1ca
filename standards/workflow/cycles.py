"""Steps of a self-assessment cycle: planned, opened, sent to the Academic Council, approved (domain.md §2; N0 std 10)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qa_portal.people.heads import quality_office
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps, move

from ..forms.cycles import BasisForm, DatesForm, PlanProgrammesForm, PlanUnitsForm, ReasonForm
from ..models import AreaAnswer, Assessment, Cycle
from ..permissions.cycles import cycle_body, in_quality_office
from ..scope import areas, propose
from . import assessments, plan_rows  # noqa: F401 - declares their steps
from .area_rows import take_out
from .opening import open_assessments, those_who_lead

steps = Steps(Cycle)


def live(cycle: Cycle, *states: str) -> list[Assessment]:
    """Its self-assessments, locked; those of some states only if any is named."""
    rows = Assessment.objects.live().filter(cycle=cycle).select_for_update(of=("self",))
    rows = rows.filter(state__in=states) if states else rows
    return list(rows.select_related("unit", "programme__head", "lead", "submitted_by", "cycle").order_by("pk"))


# -- what must be there ----------------------------------------------------------------
def _something_planned(cycle: Cycle) -> Any | None:
    """At least one unit or programme is planned, and each has areas to answer."""
    planned = list(Assessment.objects.filter(cycle=cycle, state=Assessment.PLANNED).select_related("unit", "programme"))
    if not planned:
        return _("Nobody is asked yet: plan which units and programmes answer which areas.")
    known = {area.code for area in areas(cycle)}
    bare = [str(a.programme or a.unit) for a in planned if not known & set(a.areas)]
    if bare:
        return _("These have no area to answer: %(units)s.") % {"units": ", ".join(bare[:5])}
    return None


def _time_to_answer(cycle: Cycle) -> Any | None:
    """The day for the answers has not passed."""
    if cycle.answer_by < timezone.localdate():
        return _("The day for the answers has passed: set new dates first.")
    return None


def _all_verified(cycle: Cycle) -> Any | None:
    """Every self-assessment that was not cancelled is verified."""
    rows = Assessment.objects.live().filter(cycle=cycle)
    waiting = rows.exclude(state=Assessment.VERIFIED).count()
    if waiting:
        return ngettext(
            "%(n)s self-assessment is not verified yet.", "%(n)s self-assessments are not verified yet.", waiting
        ) % {"n": waiting}
    return None if rows.exists() else _("All self-assessments of the cycle are cancelled: nothing is left to approve.")


# -- who is told ----------------------------------------------------------------------------
def _body(cycle: Cycle) -> list[Any]:
    """Those who run the body that approves."""
    return list(registry.body_people(cycle_body(cycle)))


def _office(cycle: Cycle) -> list[Any]:
    """The quality office."""
    return list(quality_office())


# -- planning --------------------------------------------------------------------------------
@steps.step(
    Cycle.DRAFT,
    label=_("Propose who answers"),
    icon="bulb",
    confirm=_(
        "Units get the areas of the standards for which the catalogue makes them responsible. Those planned or taken out "
        "already stay as they are."
    ),
    office=in_quality_office,
)
def propose_scope(cycle: Cycle, by: Any) -> None:
    """Plan the units that the catalogue makes responsible, each with the areas of its standards; then change it by hand."""
    there = set(Assessment.objects.filter(cycle=cycle, programme__isnull=True).values_list("unit_id", flat=True))
    for unit, codes in propose(cycle).units.items():
        if unit.pk not in there:
            Assessment(cycle=cycle, unit=unit, areas=codes, due=cycle.answer_by).add(by=by)


def _planned(cycle: Cycle, made: list[Any], by: Any) -> None:
    """In a cycle that runs they begin at once."""
    if cycle.state == Cycle.OPEN:
        open_assessments(cycle, made, by)


@steps.step(
    Cycle.DRAFT,
    Cycle.OPEN,
    label=_("Add units"),
    form=PlanUnitsForm,
    icon="plus",
    office=in_quality_office,
)
def plan_units(cycle: Cycle, by: Any, units: Any, areas: list[str]) -> None:
    """Ask more units to answer these areas; in a cycle that runs they begin at once and are told."""
    made = [Assessment(cycle=cycle, unit=unit, areas=areas, due=cycle.answer_by).add(by=by) for unit in units]
    _planned(cycle, made, by)


@steps.step(
    Cycle.DRAFT,
    Cycle.OPEN,
    label=_("Add programmes"),
    form=PlanProgrammesForm,
    icon="plus",
    office=in_quality_office,
)
def plan_programmes(cycle: Cycle, by: Any, programmes: Any, areas: list[str]) -> None:
    """Ask programmes to assess themselves; the programme head leads it unless somebody else is named."""
    made = []
    for programme in programmes:
        assessment = Assessment(
            cycle=cycle,
            unit=programme.unit,
            programme=programme,
            areas=areas,
            lead=programme.head,
            due=cycle.answer_by,
        )
        made.append(assessment.add(by=by))
    _planned(cycle, made, by)


@steps.step(
    Cycle.DRAFT,
    Cycle.OPEN,
    label=_("Change the dates"),
    form=DatesForm,
    icon="calendar",
    office=in_quality_office,
)
def move_dates(cycle: Cycle, by: Any, reason: str = "", **dates: datetime.date) -> None:
    """The phases move, and with them the deadline of every unit that had the common one."""
    before = cycle.answer_by
    for name, day in dates.items():
        setattr(cycle, name, day)
    if cycle.answer_by == before:
        return
    for assessment in live(cycle, Assessment.PLANNED, *Assessment.WRITING):
        if assessment.due == before:
            tells = [] if assessment.state == Assessment.PLANNED else those_who_lead(assessment)
            move(
                assessment,
                assessment.state,
                by=by,
                verb="move_dates",
                why=reason,
                tells=tells,
                letter="assessment_move_dates",
                due=cycle.answer_by,
            )


# -- running ------------------------------------------------------------------------------------
@steps.step(
    Cycle.DRAFT,
    to=Cycle.OPEN,
    label=_("Open the cycle"),
    needs=[_something_planned, _time_to_answer],
    primary=True,
    icon="play",
    confirm=_("Units and programmes can answer from now on, and their heads are told."),
    office=in_quality_office,
)
def launch(cycle: Cycle, by: Any) -> None:
    """The cycle runs: every unit and programme gets its areas to answer, and those who lead are told."""
    cycle.launched_on = timezone.localdate()
    open_assessments(cycle, live(cycle, Assessment.PLANNED), by)


@steps.step(
    Cycle.OPEN,
    to=Cycle.SUBMITTED,
    label=_("Send to the Academic Council"),
    needs=[_all_verified],
    tells=[_body],
    primary=True,
    icon="gavel",
    office=in_quality_office,
)
def submit(cycle: Cycle, by: Any) -> None:
    """All self-assessments are verified: the year goes to the body that approves it."""
    cycle.submitted_on = timezone.localdate()


def _move_all(cycle: Cycle, from_: str, to: str, by: Any, verb: str, why: str = "") -> None:
    for assessment in live(cycle, from_):
        people = [assessment.submitted_by, *those_who_lead(assessment)]
        move(assessment, to, by=by, verb=verb, why=why, tells=people, letter=f"assessment_{verb}")


@steps.step(
    Cycle.SUBMITTED,
    to=Cycle.APPROVED,
    label=_("Approve"),
    form=BasisForm,
    tells=[_office],
    primary=True,
    icon="check",
)
def approve(cycle: Cycle, by: Any, basis: str = "") -> None:
    """The Academic Council approves the self-assessment of the year; heads and reporters are told."""
    cycle.approved_on, cycle.basis = timezone.localdate(), basis or registry.body_name(cycle_body(cycle))[:200]
    _move_all(cycle, Assessment.VERIFIED, Assessment.APPROVED, by, "approve", cycle.basis)


@steps.step(
    Cycle.SUBMITTED,
    to=Cycle.OPEN,
    label=_("Send back"),
    form=ReasonForm,
    tells=[_office],
    icon="corner-up-left",
)
def send_back(cycle: Cycle, by: Any, reason: str) -> None:
    """The Council did not approve it, or the quality office takes it back: single self-assessments can be reopened."""
    cycle.submitted_on = None


@steps.step(
    Cycle.APPROVED,
    to=Cycle.SUBMITTED,
    label=_("Take back the approval"),
    form=ReasonForm,
    tells=[_office],
    icon="corner-up-left",
    only_if=lambda cycle: False,
)
def undo_approval(cycle: Cycle, by: Any, reason: str) -> None:
    """A body above has annulled the Council's decision: the year waits for a decision again."""
    cycle.approved_on, cycle.basis = None, ""
    _move_all(cycle, Assessment.APPROVED, Assessment.VERIFIED, by, "undo_approval", reason)


@steps.step(
    Cycle.DRAFT,
    Cycle.OPEN,
    to=Cycle.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    danger=True,
    icon="ban",
    office=in_quality_office,
)
def cancel(cycle: Cycle, by: Any, reason: str) -> None:
    """The cycle and all its self-assessments are cancelled; what was written stays to be read."""
    for assessment in live(cycle):
        tells = [] if assessment.state == Assessment.PLANNED else those_who_lead(assessment)
        move(assessment, Assessment.CANCELLED, by=by, verb="cancel", why=reason, tells=tells)
    take_out(AreaAnswer.objects.filter(cycle=cycle), by, reason)
