"""One evaluation area, answered by one unit or programme in one cycle."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record, with_writer

from ..querysets.answers import AnswerQuerySet
from .catalogue import EvaluationArea
from .cycles import Assessment, Cycle


class Score(models.TextChoices):
    """The four-step scale, and the two answers that are no score and are not the same (domain.md §2)."""

    NOT_MET = "not_met", _("Not met")
    PARTLY = "partly", _("Partly")
    LARGELY = "largely", _("Largely")
    FULLY = "fully", _("Fully met")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NOT_LOOKED = "not_looked", _("Not yet looked at")


#: what enters averages; "not applicable" and "not yet looked at" do not
POINTS: dict[str, int] = {Score.NOT_MET: 0, Score.PARTLY: 1, Score.LARGELY: 2, Score.FULLY: 3}


class AreaAnswer(Record):
    """The unit's answer on one area: score, comment, strong points, what to improve, and the evidence that hangs on it.

    While it is being written it is saved as one types, without a line of history for each pause (`typing`, decision 0013);
    the line is written when it is submitted, with what differs from the submission before (`submitted`).
    """

    OPEN, SUBMITTED, RETURNED, ACCEPTED, CANCELLED = "open", "submitted", "returned", "accepted", "cancelled"
    STATES = {
        OPEN: (_("Being answered"), "progress", "pencil"),
        SUBMITTED: (_("To be verified"), "waiting", "clock"),
        RETURNED: (_("Returned"), "waiting", "corner-up-left"),
        ACCEPTED: (_("Accepted"), "done", "check"),
        CANCELLED: (_("Taken out"), "cancelled", "ban"),
    }
    SLUG = "answer"
    EDITABLE = ("score", "comment", "strong", "improve")
    EDITABLE_STATES = (OPEN, RETURNED)
    #: what one types, and what a submission freezes
    TYPED = ("score", "comment", "strong", "improve")
    #: the words among them; those that are still last time's word by word were only taken over
    WORDS = ("comment", "strong", "improve")
    QUIET = Record.QUIET | {"submitted", "points", "copied", "remark"}

    state = models.CharField(_("state"), max_length=24, default=OPEN, editable=False)
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, verbose_name=_("self-assessment"), related_name="answers", editable=False
    )
    # Carried here so that heat map and trend are read from one index.
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="answers", editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="area_answers", editable=False)
    of_programme = models.BooleanField(default=False, editable=False)
    area = models.ForeignKey(
        EvaluationArea, models.PROTECT, verbose_name=_("evaluation area"), related_name="answers", editable=False
    )
    code = models.CharField(max_length=8, editable=False)  # "S10.A3": the same over editions
    standard = models.CharField(max_length=4, editable=False)  # "S10"
    score = models.CharField(_("score"), max_length=16, choices=Score.choices, default=Score.NOT_LOOKED)
    points = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)  # of POINTS; set by save()
    comment = models.TextField(_("comment"), max_length=20000, blank=True)
    strong = models.TextField(_("strong points"), max_length=10000, blank=True)
    improve = models.TextField(_("to be improved"), max_length=10000, blank=True)
    assignee = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("who writes it"),
        null=True,
        blank=True,
        editable=False,
        related_name="area_answers",
    )
    assigned_until = models.DateField(_("written by"), null=True, blank=True, editable=False)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    #: text taken over from last year that nobody has looked through yet
    copied = models.BooleanField(_("taken over from last time"), default=False, editable=False)
    remark = models.TextField(_("remark of the quality office"), blank=True, editable=False)
    accepted_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("accepted by"), null=True, blank=True, editable=False, related_name="+"
    )
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True, editable=False)
    submitted = models.JSONField(default=dict, editable=False)  # TYPED as it stood at the last submission
    authors = models.JSONField(default=list, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "area__standard__number", "area__place"]
        verbose_name = _("answer on an evaluation area")
        verbose_name_plural = _("answers on evaluation areas")
        constraints = [models.UniqueConstraint(fields=["assessment", "code"], name="one_answer_an_area")]
        indexes = [
            # heat map: everything that an average needs, from the index alone
            models.Index(
                fields=["cycle", "of_programme", "standard", "unit", "points", "score", "state", "assessment"],
                name="answers_heat_map",
            ),
            # trend of units, and a unit's own figures
            models.Index(
                fields=["cycle", "of_programme", "unit", "points", "score", "state", "assessment"],
                name="answers_by_unit",
            ),
            models.Index(fields=["code", "unit", "cycle"], name="answers_over_years"),
            models.Index(fields=["assignee", "state"], condition=Q(assignee__isnull=False), name="answers_delegated"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.assessment}"

    def get_absolute_url(self) -> str:
        return address("standards:answer", self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.points = POINTS.get(self.score)
        super().save(*args, **kwargs)

    def lock_first(self) -> models.QuerySet | None:
        return Assessment.objects.filter(pk=self.assessment_id)

    def note_author(self, by: Any) -> None:
        """Somebody has typed: words that differ from last time's are no longer merely taken over."""
        self.authors = with_writer(self.authors, by)
        if self.copied and self.previous is not None:
            self.copied = all(getattr(self, name) == getattr(self.previous, name) for name in self.WORDS)

    def edit_refusal(self, person: Any) -> tuple[type[Exception], Any] | None:
        """It is written while its self-assessment is with the unit."""
        problem = super().edit_refusal(person)
        if (problem is None or problem[0] is not Refused) and not self.assessment.is_written:
            words = {"state": self.assessment.state_label}
            return NotNow, _("The self-assessment is not open for writing: its state is “%(state)s”.") % words
        return problem

    def typed(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.TYPED}

    @property
    def looked_at(self) -> bool:
        return self.score != Score.NOT_LOOKED

    @property
    def answered(self) -> bool:
        """A score, and words for it unless the area does not apply."""
        return self.looked_at and (bool(self.comment.strip()) or self.score == Score.NOT_APPLICABLE)

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.ACCEPTED, self.CANCELLED)
