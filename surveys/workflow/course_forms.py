"""Steps of a course management form (N1 §4.1.11): filled in, analysed with a recommendation, answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Seat
from qa_portal.people.heads import deciders
from qa_portal.people.models import Person, Unit
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps

from ..forms.course_forms import AnalyseForm, AnswerForm, ReasonForm
from ..models import CourseForm
from ..permissions.course_forms import analyst
from ..querysets.petitions import COMMITTEE

steps = Steps(CourseForm)
OPEN, SUBMITTED, ANALYSED = CourseForm.OPEN, CourseForm.SUBMITTED, CourseForm.ANALYSED
ANSWERED, NOT_NEEDED = CourseForm.ANSWERED, CourseForm.NOT_NEEDED


# -- who is told -----------------------------------------------------------------------------------
def _teacher(form: CourseForm) -> list[Any]:
    """The teacher."""
    return [form.teacher]


def _committee(form: CourseForm) -> list[Any]:
    """Who runs the committee of the school; where there is none, the head of the school."""
    code = registry.body_for(COMMITTEE, form.unit)
    if code:
        seats = Seat.objects.held().filter(body__code=code, duty__in=("chair", "deputy_chair", "secretary"))
        ids = seats.order_by().values("person")
        return list(Person.objects.filter(pk__in=ids, is_active=True).exclude(pk=form.teacher_id).order_by("pk"))
    above = Unit.objects.filter(pk__in=form.unit.chain_ids, kind=Unit.Kind.SCHOOL).order_by("-path").first()
    return list(deciders(above or form.unit))


# -- steps -----------------------------------------------------------------------------------------
def _filled_in(form: CourseForm) -> Any | None:
    """Everything is filled in."""
    wanted = ("strengths", "weaknesses", "outcomes", "improvements")
    missing = [str(CourseForm._meta.get_field(name).verbose_name) for name in wanted if not getattr(form, name).strip()]
    if form.outcomes_share is None:
        missing.append(str(CourseForm._meta.get_field("outcomes_share").verbose_name))
    return _("Still to be filled in: %(fields)s.") % {"fields": ", ".join(missing)} if missing else None


@steps.step(
    OPEN,
    to=SUBMITTED,
    label=_("Submit"),
    needs=[_filled_in],
    tells=[_committee],
    primary=True,
    icon="send",
)
def submit(form: CourseForm, by: Any) -> None:
    """You have looked back at the course. The committee of the school reads it next."""


@steps.step(
    SUBMITTED,
    to=OPEN,
    label=_("Send back"),
    form=ReasonForm,
    tells=[_teacher],
    icon="corner-up-left",
    office=analyst,
)
def send_back(form: CourseForm, by: Any, reason: str) -> None:
    """Something is missing: the teacher fills it in and submits again."""


@steps.step(
    SUBMITTED,
    to=ANALYSED,
    label=_("Analyse"),
    form=AnalyseForm,
    tells=[_teacher],
    primary=True,
    icon="search",
    office=analyst,
)
def analyse(form: CourseForm, by: Any, analysis: str, recommendation: str) -> None:
    """Say what the form shows and what you recommend to this teacher. The teacher answers it."""
    form.analysis, form.recommendation, form.analysed_by = analysis, recommendation, by


@steps.step(
    ANALYSED,
    to=ANSWERED,
    label=_("Answer"),
    form=AnswerForm,
    tells=[_committee],
    primary=True,
    icon="message",
)
def answer(form: CourseForm, by: Any, answer: str) -> None:
    """Say what you will do. You see the recommendation and your answer again at the next form on this discipline."""
    form.answer = answer


@steps.step(
    OPEN,
    to=NOT_NEEDED,
    label=_("Not needed"),
    form=ReasonForm,
    tells=[_teacher],
    bulk=True,
    danger=True,
    icon="ban",
    office=analyst,
)
def not_needed(form: CourseForm, by: Any, reason: str) -> None:
    """No form is asked for on this course, for instance because it was not held. The reason stays in the history."""


@steps.step(
    NOT_NEEDED,
    to=OPEN,
    label=_("Needed after all"),
    tells=[_teacher],
    icon="reopen",
    office=analyst,
)
def ask_again(form: CourseForm, by: Any) -> None:
    """The form is asked for again; its due date stays."""
