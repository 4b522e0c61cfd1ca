"""Steps of an answer on an evaluation area, and what the steps of its self-assessment do with all of them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps, move

from ..forms.answers import NoteForm, SendBackForm
from ..models import AreaAnswer, Assessment, Score
from ..permissions.answers import answer_judge
from . import answers_sharing  # noqa: F401 - declares the steps around answers

steps = Steps(AreaAnswer)
registry.words.setdefault("submit", _("Submitted"))

#: what stands in an answer before the first submission
BLANK = {"score": Score.NOT_LOOKED.value, **dict.fromkeys(AreaAnswer.WORDS, "")}


def _with_quality_office(answer: AreaAnswer) -> Any | None:
    """The self-assessment lies with the quality office."""
    assessment = answer.assessment
    awaited = Assessment.ENDORSED if assessment.programme_id is not None else Assessment.SUBMITTED
    if assessment.state == awaited:
        return None
    return _("The self-assessment is not with the quality office: its state is “%(state)s”.") % {
        "state": assessment.state_label
    }


def _writer(answer: AreaAnswer) -> list[Any]:
    """The person who was asked to write it."""
    return [answer.assignee]


@steps.step(
    AreaAnswer.SUBMITTED,
    to=AreaAnswer.ACCEPTED,
    label=_("Accept"),
    form=NoteForm,
    needs=[_with_quality_office],
    primary=True,
    bulk=True,
    icon="check",
    office=answer_judge,
)
def accept(answer: AreaAnswer, by: Any, note: str = "") -> None:
    """The quality office agrees with score, words and evidence of this area."""
    answer.accepted_by, answer.accepted_on = by, timezone.localdate()
    answer.remark = ""


@steps.step(
    AreaAnswer.SUBMITTED,
    AreaAnswer.ACCEPTED,
    to=AreaAnswer.RETURNED,
    label=_("Send back"),
    form=SendBackForm,
    needs=[_with_quality_office],
    tells=[_writer],
    bulk=True,
    icon="corner-up-left",
    office=answer_judge,
)
def send_back(answer: AreaAnswer, by: Any, reason: str) -> None:
    """Say what has to be mended; the unit writes again once the self-assessment has been returned to it."""
    answer.remark = reason
    answer.accepted_by, answer.accepted_on = None, None


# -- with all answers of a self-assessment; called inside its steps ----------------------------------
def _rows(assessment: Assessment, *states: str) -> list[AreaAnswer]:
    rows = AreaAnswer.objects.filter(assessment=assessment, state__in=states)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def submit_all(assessment: Assessment, by: Any) -> int:
    """Every answer that was being written goes along, and what was typed becomes history (decision 0013).

    The line says what differs from the submission before; what is submitted now is kept to be compared next time.
    """
    answers = _rows(assessment, *AreaAnswer.EDITABLE_STATES)
    for answer in answers:
        typed = answer.typed()
        # The kernel compares with what the row holds: that is what was submitted last, not what was typed since.
        for name, value in {**BLANK, **answer.submitted}.items():
            setattr(answer, name, value)
        move(answer, AreaAnswer.SUBMITTED, by=by, verb="submit", submitted=typed, **typed)
    return len(answers)


def return_all(assessment: Assessment, by: Any, why: str) -> int:
    """For a self-assessment sent back as a whole (by the department, the dean's office, a decision): the unit may write again.

    Answers that the quality office has accepted stay accepted; where it has sent some back, only these are written again.
    """
    if AreaAnswer.objects.filter(assessment=assessment, state=AreaAnswer.RETURNED).exists():
        return 0
    answers = _rows(assessment, AreaAnswer.SUBMITTED)
    for answer in answers:
        move(answer, AreaAnswer.RETURNED, by=by, verb="send_back", why=why, remark=why)
    return len(answers)
