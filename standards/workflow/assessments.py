"""Steps of a self-assessment: a unit's goes head → quality office; a programme's department → dean → committee → office."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qa_portal.people.heads import deciders, deciding_unit, holders, quality_office
from qa_portal.people.models import Unit
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps

from .. import completeness
from ..forms.assessments import AreasForm, CommissionForm, ConsiderForm, NoteForm, ReopenForm, SendBackForm
from ..forms.cycles import ReasonForm
from ..models import AreaAnswer, Assessment, CommissionMember, Cycle, PlanRow
from ..permissions.cycles import (
    back_sender,
    committee_of,
    decider,
    in_quality_office,
    own_work,
    submitter,
    verifier,
    waits_for_head,
)
from ..scope import areas as areas_of_cycle
from .answers import return_all, submit_all
from .area_rows import make_answers, put_back, take_out, write_again
from .opening import those_who_lead

steps = Steps(Assessment)

SUBMITTED, AGREED, ENDORSED, VERIFIED = (
    Assessment.SUBMITTED,
    Assessment.AGREED,
    Assessment.ENDORSED,
    Assessment.VERIFIED,
)


# -- what must be there ----------------------------------------------------------------
def _complete(assessment: Assessment) -> Any | None:
    """Every area is answered, and what is called fully met is proved."""
    return completeness.problem(assessment)


def _has_commission(assessment: Assessment) -> Any | None:
    """A programme's commission is named."""
    if assessment.of_programme and not assessment.commission.exists():
        return _("Name the self-evaluation commission first.")
    return None


def _facts_entered(assessment: Assessment) -> Any | None:
    """Each row of a programme's monitoring plan has its actual value, or is dropped."""
    open_ = assessment.plan_rows.filter(state=PlanRow.PLANNED).count() if assessment.of_programme else 0
    if not open_:
        return None
    return ngettext(
        "%(n)s row of the monitoring plan has no actual value yet: enter it, or drop the row with a reason.",
        "%(n)s rows of the monitoring plan have no actual value yet: enter them, or drop the rows with a reason.",
        open_,
    ) % {"n": open_}


def _is_programme(assessment: Assessment) -> Any | None:
    """It is a programme's."""
    return None if assessment.of_programme else _("Only a programme's self-assessment goes this way.")


def _ready_to_verify(assessment: Assessment) -> Any | None:
    """All answers are accepted; a programme's has been agreed and considered by the committee."""
    if assessment.of_programme and assessment.state == SUBMITTED:
        return _("The department and the dean's office agree first.")
    if assessment.of_programme and assessment.considered_on is None:
        return _("The programme committee considers it first.")
    waiting = AreaAnswer.objects.live().filter(assessment=assessment).exclude(state=AreaAnswer.ACCEPTED).count()
    if waiting:
        return ngettext("%(n)s area is not accepted yet.", "%(n)s areas are not accepted yet.", waiting) % {
            "n": waiting
        }
    return None


def _not_considered(assessment: Assessment) -> Any | None:
    """The committee has not considered it yet."""
    return _("The programme committee has considered it already.") if assessment.considered_on else None


def _considered(assessment: Assessment) -> Any | None:
    """The committee has considered it."""
    return None if assessment.considered_on else _("The programme committee has not considered it.")


def _cycle_runs(assessment: Assessment) -> Any | None:
    """The cycle still runs."""
    if assessment.cycle.state in (Cycle.DRAFT, Cycle.OPEN):
        return None
    return _("The cycle is “%(state)s”: its self-assessments stay as they are.") % {
        "state": assessment.cycle.state_label
    }


# -- who is told ----------------------------------------------------------------------------
def _leads(assessment: Assessment) -> list[Any]:
    """Those who lead it and whoever submitted it."""
    return [assessment.submitted_by, *those_who_lead(assessment)]


def _next(assessment: Assessment) -> list[Any]:
    """Whoever has the word now: the head who agrees, those who run the committee, or the quality office."""
    if waits_for_head(assessment):
        return list(deciders(assessment.decides))
    if assessment.of_programme and assessment.considered_on is None:
        return list(registry.body_people(committee_of(assessment)))
    roles = [*QUALITY_OFFICE]
    if _is_office(assessment.unit):
        roles.append(Role.QUALITY_REPRESENTATIVE)
    return list(holders(roles))


def _is_office(unit: Unit) -> bool:
    """The quality office itself is assessed: then the quality representative verifies."""
    return quality_office().filter(unit__path__startswith=unit.path).exists()


def _office(assessment: Assessment) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def _commission(assessment: Assessment) -> list[Any]:
    """The members of the commission."""
    return [seat.person for seat in assessment.commission.select_related("person")]


# -- the way --------------------------------------------------------------------------------------
@steps.step(
    *Assessment.WRITING,
    to=SUBMITTED,
    label=_("Submit"),
    needs=[_has_commission, _complete, _facts_entered],
    tells=[_next],
    primary=True,
    icon="send",
    office=submitter,
)
def submit(assessment: Assessment, by: Any) -> None:
    """The head of the unit submits the self-assessment; a programme's is submitted by its head or the commission's chair."""
    submit_all(assessment, by)
    written = AreaAnswer.objects.live().filter(assessment=assessment).values_list("authors", flat=True)
    assessment.authors = sorted({*assessment.authors, *(pk for authors in written for pk in authors)})
    assessment.submitted_by, assessment.submitted_on = by, timezone.localdate()
    assessment.agreed_by = assessment.endorsed_by = None
    if assessment.of_programme:
        own = own_work(assessment, by) | {by.pk, *assessment.commission.values_list("person_id", flat=True)}
        assessment.decides = deciding_unit(assessment.unit, own)


def _above(unit: Unit | None) -> Unit | None:
    return unit.parent if unit is not None else None


@steps.step(
    SUBMITTED,
    to=AGREED,
    label=_("Agree for the department"),
    form=NoteForm,
    needs=[_is_programme],
    tells=[_next],
    primary=True,
    icon="check",
    office=decider,
    only_if=lambda assessment: assessment.of_programme,
)
def agree(assessment: Assessment, by: Any, note: str = "") -> None:
    """The head of the programme's department agrees with its self-assessment."""
    assessment.agreed_by = by
    own = own_work(assessment, by) | {by.pk, *assessment.commission.values_list("person_id", flat=True)}
    above = _above(assessment.decides)
    assessment.decides = deciding_unit(above, own) if above is not None else None


@steps.step(
    AGREED,
    to=ENDORSED,
    label=_("Agree for the dean's office"),
    form=NoteForm,
    needs=[_is_programme],
    tells=[_next, _office],
    primary=True,
    icon="check",
    office=decider,
    only_if=lambda assessment: assessment.of_programme,
)
def endorse(assessment: Assessment, by: Any, note: str = "") -> None:
    """The head of the unit above the department agrees; then the programme committee considers it."""
    assessment.endorsed_by, assessment.decides = by, None


@steps.step(
    ENDORSED,
    label=_("Consider in the programme committee"),
    form=ConsiderForm,
    needs=[_is_programme, _not_considered],
    tells=[_office, _leads],
    icon="gavel",
    only_if=lambda assessment: assessment.of_programme and assessment.considered_on is None,
)
def consider(assessment: Assessment, by: Any, basis: str = "") -> None:
    """The programme committee has considered the self-assessment; the quality office verifies after it."""
    assessment.considered_on = timezone.localdate()
    assessment.considered_basis = basis or registry.body_name(committee_of(assessment))[:200]


@steps.step(
    ENDORSED,
    label=_("Take back the consideration"),
    form=ReasonForm,
    needs=[_considered],
    tells=[_office, _leads],
    icon="corner-up-left",
    only_if=lambda assessment: False,
)
def undo_consideration(assessment: Assessment, by: Any, reason: str) -> None:
    """A body above has annulled the committee's decision: it considers the self-assessment anew."""
    assessment.considered_on, assessment.considered_basis = None, ""


@steps.step(
    SUBMITTED,
    ENDORSED,
    to=VERIFIED,
    label=_("Verify"),
    form=NoteForm,
    needs=[_ready_to_verify],
    tells=[_leads],
    primary=True,
    icon="eye-check",
    office=verifier,
    only_if=lambda assessment: assessment.state == ENDORSED or not assessment.of_programme,
)
def verify(assessment: Assessment, by: Any, note: str = "") -> None:
    """The quality office has accepted every area; nobody verifies their own unit or what they had a hand in."""
    assessment.verified_by, assessment.verified_on = by, timezone.localdate()


@steps.step(
    SUBMITTED,
    AGREED,
    ENDORSED,
    to=Assessment.RETURNED,
    label=_("Send back"),
    form=SendBackForm,
    tells=[_leads],
    icon="corner-up-left",
    office=back_sender,
)
def send_back(assessment: Assessment, by: Any, note: str = "") -> None:
    """Areas that were sent back are written again; where none was, all that is not accepted. Then it goes the whole way."""
    return_all(assessment, by, note)
    _begin_anew(assessment)


def _begin_anew(assessment: Assessment) -> None:
    assessment.agreed_by = assessment.endorsed_by = assessment.decides = assessment.verified_by = None
    assessment.considered_on, assessment.considered_basis, assessment.verified_on = None, "", None


@steps.step(
    VERIFIED,
    to=Assessment.RETURNED,
    label=_("Reopen"),
    form=ReopenForm,
    needs=[_cycle_runs],
    tells=[_leads],
    icon="refresh",
    office=verifier,
)
def reopen(assessment: Assessment, by: Any, reason: str, areas: list[str]) -> None:
    """Before the year goes to the Council a verified self-assessment can be written again, as a whole or in some areas."""
    rows = AreaAnswer.objects.filter(assessment=assessment)
    write_again(rows.filter(code__in=areas) if areas else rows, by, reason)
    _begin_anew(assessment)


# -- what is asked, and of whom -------------------------------------------------------------------
@steps.step(
    *(state for state in Assessment.LIVE if state != Assessment.APPROVED),
    to=Assessment.CANCELLED,
    label=_("Take out with a reason"),
    form=ReasonForm,
    needs=[_cycle_runs],
    tells=[_leads],
    danger=True,
    icon="ban",
    office=in_quality_office,
)
def cancel(assessment: Assessment, by: Any, reason: str) -> None:
    """This unit or programme does not assess itself in this cycle; what was written stays to be read."""
    take_out(AreaAnswer.objects.filter(assessment=assessment), by, reason)


def _told_of_areas(assessment: Assessment) -> list[Any]:
    """Those who lead it, once the cycle runs."""
    return [] if assessment.state == Assessment.PLANNED else those_who_lead(assessment)


@steps.step(
    Assessment.PLANNED,
    *Assessment.WRITING,
    label=_("Change the areas"),
    form=AreasForm,
    needs=[_cycle_runs],
    tells=[_told_of_areas],
    icon="list",
    office=in_quality_office,
)
def change_areas(assessment: Assessment, by: Any, areas: list[str], reason: str = "") -> None:
    """Other areas are asked for: new ones are opened, those taken out are closed with what was written."""
    assessment.areas = areas
    if assessment.state == Assessment.PLANNED:
        return
    rows = AreaAnswer.objects.filter(assessment=assessment)
    take_out(rows.exclude(code__in=areas), by, reason)
    put_back(rows.filter(code__in=areas), by, reason)
    there = set(rows.values_list("code", flat=True))
    make_answers([assessment], [a for a in areas_of_cycle(assessment.cycle) if a.code not in there], by)


@steps.step(
    Assessment.PLANNED,
    *Assessment.WRITING,
    label=_("Name the commission"),
    form=CommissionForm,
    needs=[_is_programme],
    tells=[_commission],
    icon="users",
    only_if=lambda assessment: assessment.of_programme,
)
def set_commission(
    assessment: Assessment, by: Any, chair: Any, members: Any, note: str, secretary: Any = None, reason: str = ""
) -> None:
    """The programme's self-evaluation commission is named by an order: chair, secretary, members."""
    assessment.commission.all().delete()
    duties = CommissionMember.Duty
    seats = [(chair, duties.CHAIR), *([(secretary, duties.SECRETARY)] if secretary else [])]
    CommissionMember.objects.bulk_create(
        CommissionMember(assessment=assessment, person=person, duty=duty)
        for person, duty in [*seats, *((person, duties.MEMBER) for person in members)]
    )
