"""Steps of a self-assessment around its answers: areas given to people and taken back, last time's text taken over."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.permissions import NotNow
from qa_portal.workflow.models import with_writer
from qa_portal.workflow.steps import Steps, move

from ..forms.answers import DelegateForm, ReclaimForm
from ..models import AreaAnswer, Assessment, Score

steps = Steps(Assessment)


def _chosen(assessment: Assessment, areas: list[str]) -> list[AreaAnswer]:
    """The answers that may still be written and are meant by these codes of areas or of whole standards."""
    rows = AreaAnswer.objects.filter(assessment=assessment, state__in=AreaAnswer.EDITABLE_STATES)
    rows = rows.select_for_update(of=("self",)).order_by("area__standard__number", "area__place")
    return [answer for answer in rows if answer.code in areas or answer.standard in areas]


def _asked(assessment: Assessment) -> list[Any]:
    """The person who is asked to write."""
    return assessment.given["people"]


def _released(assessment: Assessment) -> list[Any]:
    """Those from whom areas are taken back."""
    return assessment.given["people"]


@steps.step(
    *Assessment.WRITING,
    to=None,
    label=_("Give areas to a person"),
    form=DelegateForm,
    tells=[_asked],
    icon="user-plus",
)
def delegate(
    assessment: Assessment, by: Any, person: Any, areas: list[str], until: datetime.date, note: str = ""
) -> None:
    """Ask somebody to write some areas or whole standards by a day: they see the self-assessment and type in these areas only."""
    answers = _chosen(assessment, areas)
    for answer in answers:
        move(answer, answer.state, by=by, verb="delegate", why=note, assignee=person, assigned_until=until)
    # What the letter says.
    assessment.given = {"people": [person], "codes": [a.code for a in answers], "until": until}


@steps.step(
    *Assessment.WRITING,
    to=None,
    label=_("Take areas back"),
    form=ReclaimForm,
    tells=[_released],
    icon="undo",
)
def reclaim(assessment: Assessment, by: Any, areas: list[str], note: str = "") -> None:
    """Areas that were given to somebody come back; what was typed stays."""
    answers = [answer for answer in _chosen(assessment, areas) if answer.assignee_id is not None]
    people = {answer.assignee_id: answer.assignee for answer in answers}
    for answer in answers:
        move(answer, answer.state, by=by, verb="reclaim", why=note, assignee=None, assigned_until=None)
    assessment.given = {"people": list(people.values()), "codes": [a.code for a in answers], "until": None}


def _has_last_time(assessment: Assessment) -> Any | None:
    """There is a self-assessment of last time."""
    return None if assessment.previous_id else _("There is no self-assessment of last time to take over from.")


@steps.step(
    Assessment.OPEN,
    to=None,
    label=_("Take over last time's text"),
    needs=[_has_last_time],
    icon="copy",
    confirm=_(
        "Comments, strong points, what is to be improved and the evidence of last time are copied into areas where "
        "nothing has been written yet. Scores are not copied: each area is looked at anew."
    ),
)
def take_over(assessment: Assessment, by: Any) -> None:
    """Text and evidence of last time come into the areas in which nothing stands yet; scores are given anew."""
    rows = AreaAnswer.objects.filter(
        assessment=assessment, state=AreaAnswer.OPEN, score=Score.NOT_LOOKED, previous__isnull=False,
        **dict.fromkeys(AreaAnswer.WORDS, ""),
    )  # fmt: skip
    empty = list(rows.select_for_update(of=("self",)).select_related("previous"))
    taken = [answer for answer in empty if any(getattr(answer.previous, name) for name in AreaAnswer.WORDS)]
    for answer in taken:
        for name in AreaAnswer.WORDS:
            setattr(answer, name, getattr(answer.previous, name))
        answer.copied, answer.revision = True, answer.revision + 1
        answer.authors = with_writer(answer.authors, by)
    # Typing is no history (decision 0013), and neither is a copy of it: the line stands on the self-assessment.
    AreaAnswer.objects.bulk_update(taken, [*AreaAnswer.WORDS, "copied", "revision", "authors"])
    proofs = _take_over_evidence(empty, by)
    if not taken and not proofs:
        raise NotNow(_("Nothing is left to take over: every area has text already, or had none last time."))


def _take_over_evidence(answers: list[AreaAnswer], by: Any) -> int:
    """What proved last time's answer and still holds proves this one too; how many pieces."""
    kind = ContentType.objects.get_for_model(AreaAnswer)
    new = {answer.previous_id: answer.pk for answer in answers}
    uses = EvidenceUse.objects.valid().filter(record_type=kind, record_id__in=[*new, *new.values()])
    found = list(uses.order_by("pk").values_list("evidence_id", "record_id"))
    there = set(found)
    wanted = [(evidence, new[record]) for evidence, record in found if record in new]
    made = [
        EvidenceUse(evidence_id=evidence, record_type=kind, record_id=record, added_by=by)
        for evidence, record in wanted
        if (evidence, record) not in there
    ]
    EvidenceUse.objects.bulk_create(made)
    return len(made)
