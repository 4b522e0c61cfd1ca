"""Steps of an appeal (N1 §4.1.6): admitted or not, a commission, its members' opinions, the decision; and of the report."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_working_days
from qa_portal.people.heads import quality_office
from qa_portal.people.models import Person
from qa_portal.policy.registry import policy
from qa_portal.workflow.steps import Steps

from ..appeal_commission import too_few, unfit
from ..appeal_figures import days_of, figures
from ..forms.appeals import (
    AdmitForm,
    CommissionForm,
    DecideForm,
    OpinionForm,
    ReasonForm,
    ReplaceForm,
)
from ..models import AcademicAppeal, AppealMember, AppealReport
from ..permissions.appeals import acceptor, keeper

steps = Steps(AcademicAppeal)
FILED, ADMITTED, IN_COMMISSION = AcademicAppeal.FILED, AcademicAppeal.ADMITTED, AcademicAppeal.IN_COMMISSION
DECIDED, CLOSED, REFUSED = AcademicAppeal.DECIDED, AcademicAppeal.CLOSED, AcademicAppeal.REFUSED


# -- who is told -----------------------------------------------------------------------------------
def _appellant(appeal: AcademicAppeal) -> list[Any]:
    """The appellant, where they have an account."""
    return [appeal.student]


def _commission(appeal: AcademicAppeal) -> list[Any]:
    """The members of the commission."""
    return [member.person for member in appeal.members.select_related("person")]


def _chair(appeal: AcademicAppeal) -> list[Any]:
    """The chair of the commission."""
    return [member.person for member in appeal.members.filter(chair=True).select_related("person")]


# -- admission -------------------------------------------------------------------------------------
@steps.step(
    FILED,
    to=ADMITTED,
    label=_("Admit"),
    form=AdmitForm,
    tells=[_appellant],
    primary=True,
    icon="check",
    office=keeper,
)
def admit(appeal: AcademicAppeal, by: Any, reason: str = "") -> None:
    """The appeal is taken up. From today counts the time in which it is decided; a late one needs a reason."""
    appeal.due_on = add_working_days(timezone.localdate(), policy("surveys.appeal_decide_days"))


@steps.step(
    FILED,
    to=REFUSED,
    label=_("Do not admit"),
    form=ReasonForm,
    tells=[_appellant],
    danger=True,
    icon="ban",
    office=keeper,
)
def refuse(appeal: AcademicAppeal, by: Any, reason: str) -> None:
    """The appeal is not taken up, because it came too late or is no appeal. The appellant reads the reason."""
    appeal.reason = reason


# -- commission ------------------------------------------------------------------------------------
@steps.step(
    ADMITTED,
    to=IN_COMMISSION,
    label=_("Form the commission"),
    form=CommissionForm,
    tells=[_commission, _appellant],
    primary=True,
    icon="users-group",
    office=keeper,
)
def form_commission(appeal: AcademicAppeal, by: Any, members: list[Person], chair: Person) -> None:
    """Name independent experts and their chair: nobody who teaches or taught the course, nor who gave the grade."""
    AppealMember.objects.bulk_create(
        AppealMember(appeal=appeal, person=person, chair=person == chair) for person in members
    )


@steps.step(
    IN_COMMISSION,
    to=None,
    label=_("Replace a member"),
    form=ReplaceForm,
    tells=[_commission],
    icon="user-check",
    office=keeper,
)
def replace_member(appeal: AcademicAppeal, by: Any, leaving: Person, coming: Person, reason: str) -> None:
    """Somebody cannot sit any more: another takes the seat, and gives an opinion anew."""
    appeal.members.filter(person=leaving).update(person=coming, opinion="")


@steps.step(
    IN_COMMISSION,
    to=None,
    label=_("Give an opinion"),
    form=OpinionForm,
    tells=[_chair],
    icon="message",
    bound=False,
)
def give_opinion(appeal: AcademicAppeal, by: Any, opinion: str) -> None:
    """Say what you found. Until the decision you may give it anew; the others' opinions you read after your own."""
    appeal.members.filter(person=by.pk).update(opinion=opinion)


def _all_spoke(appeal: AcademicAppeal) -> Any | None:
    """Every member has given an opinion."""
    waiting = appeal.members.filter(opinion="").select_related("person")
    names = ", ".join(member.person.get_full_name() for member in waiting)
    return _("Opinions are still missing: %(names)s.") % {"names": names} if names else None


def _is_independent(appeal: AcademicAppeal) -> Any | None:
    """The commission is large enough, and nobody in it has a part in the appeal."""
    people = _commission(appeal)
    problems = [problem for problem in [*unfit(appeal, people), too_few(len(people))] if problem]
    return _("Replace whoever may not sit. %(why)s") % {"why": " ".join(problems)} if problems else None


@steps.step(
    IN_COMMISSION,
    to=DECIDED,
    label=_("Decide"),
    form=DecideForm,
    needs=[_is_independent, _all_spoke],
    tells=[_appellant],
    primary=True,
    icon="gavel",
)
def decide(appeal: AcademicAppeal, by: Any, decision: str, cause: str, reason: str, new_grade: str = "") -> None:
    """The commission has decided: upheld, in part or not, with the cause and the reasons that the appellant reads."""
    appeal.decision, appeal.cause, appeal.reason, appeal.new_grade = decision, cause, reason, new_grade
    appeal.decided_on = timezone.localdate()


@steps.step(DECIDED, to=CLOSED, label=_("Close"), tells=[_appellant], primary=True, icon="check", office=keeper)
def close(appeal: AcademicAppeal, by: Any) -> None:
    """The appellant has been told the decision, and the new grade is entered where grades are kept."""


# -- report ----------------------------------------------------------------------------------------
reports = Steps(AppealReport)


def _quality_office(report: AppealReport) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def _authors(report: AppealReport) -> list[Any]:
    """Who wrote it."""
    return list(Person.objects.filter(pk__in=report.authors).order_by("pk"))


def _term_is_over(report: AppealReport) -> Any | None:
    """The term is over."""
    if report.term.until < timezone.localdate():
        return None
    return _("The term is not over yet: its figures would not be whole.")


def figures_now(report: AppealReport) -> dict[str, Any]:
    """As they are counted today; of the university everything, whatever unit a case stands under."""
    return figures(*days_of(report.term), report.unit if report.unit.parent_id is not None else None)


@reports.step(
    AppealReport.DRAFT,
    to=AppealReport.SUBMITTED,
    label=_("Submit"),
    needs=[_term_is_over],
    tells=[_quality_office],
    primary=True,
    icon="send",
)
def submit(report: AppealReport, by: Any) -> None:
    """The report is ready. Its figures stand from now on as they are counted today."""
    report.figures = figures_now(report)


@reports.step(
    AppealReport.SUBMITTED,
    to=AppealReport.ACCEPTED,
    label=_("Accept"),
    tells=[_authors],
    primary=True,
    icon="check",
    office=acceptor,
)
def accept(report: AppealReport, by: Any) -> None:
    """The quality office takes the report. What it calls systemic is proposed as a finding."""


@reports.step(
    AppealReport.SUBMITTED,
    to=AppealReport.DRAFT,
    label=_("Send back"),
    form=ReasonForm,
    tells=[_authors],
    icon="corner-up-left",
    office=acceptor,
)
def send_back(report: AppealReport, by: Any, reason: str) -> None:
    """Something is missing. The authors write on, and its figures are counted anew when it is submitted again."""
    report.figures = {}


@reports.step(
    AppealReport.DRAFT,
    AppealReport.SUBMITTED,
    to=AppealReport.CANCELLED,
    label=_("Cancel"),
    form=ReasonForm,
    danger=True,
    icon="ban",
)
def cancel(report: AppealReport, by: Any, reason: str) -> None:
    """It was begun by mistake. Another report on the same term may then be written."""
