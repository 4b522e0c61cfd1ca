"""The bank of questions, and questionnaires made of them: sections, items, conditions (domain.md §10)."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record, with_writer

from ..querysets.questionnaires import QuestionnaireQuerySet, QuestionQuerySet


class Audience(models.TextChoices):
    """Who is asked (domain.md §10). Special needs never become a breakdown."""

    STUDENTS = "students", _("students")
    INTERNS = "interns", _("interns")
    RESIDENTS = "residents", _("residents")
    DOCTORAL = "doctoral", _("doctoral students")
    APPLICANTS = "applicants", _("applicants")
    TEACHERS = "teachers", _("teachers")
    MENTORS = "mentors", _("mentors")
    STAFF = "staff", _("other staff")
    GRADUATES = "graduates", _("graduates")
    EMPLOYERS = "employers", _("employers")
    COURSE_PARTICIPANTS = "course_participants", _("participants of further education")
    MONITORING = "monitoring", _("participants of monitoring")
    EXPERTS = "experts", _("accreditation experts")
    IS_USERS = "is_users", _("users of information systems")
    PUBLIC = "public", _("parents and the public")


class QuestionKind(models.TextChoices):
    LIKERT = "likert", _("agreement or satisfaction, by steps")
    SINGLE = "single", _("one of several answers")
    MULTIPLE = "multiple", _("any of several answers")
    RATING = "rating", _("rating from 0 to 10")
    NUMBER = "number", _("number")
    TEXT = "text", _("free text")


class Scale(models.TextChoices):
    """Words of a five-step rating. In a bipolar one the middle is the ideal: too little … just right … too much."""

    AGREE = "agree", _("disagree … agree")
    SATISFIED = "satisfied", _("dissatisfied … satisfied")
    OFTEN = "often", _("never … always")
    BIPOLAR = "bipolar", _("too little … too much")


class Designer(models.TextChoices):
    """Who writes a questionnaire (domain.md §10)."""

    QUALITY_MANAGER = "quality_manager", _("quality manager")
    SCHOOL_COMMITTEE = "school_committee", _("school committee")
    ALUMNI_CLUB = "alumni_club", _("alumni club")
    CAREER_CENTRE = "career_centre", _("career centre")


class Checker(models.TextChoices):
    """Who looks at a questionnaire before it is used."""

    COUNCIL = "academic_council", _("Academic Council, by its decision")
    QUALITY_MANAGER = "quality_manager", _("quality manager")


class Question(Record):
    """One question of the bank. Its code never changes: trends follow it. New words after use are a new wording."""

    DRAFT, IN_USE, RETIRED = "draft", "in_use", "retired"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        IN_USE: (_("In use"), "done", "check"),
        RETIRED: (_("No longer used"), "cancelled", "ban"),
    }
    EDITABLE = (
        "text", "text_kk", "text_ru", "text_en", "hint", "hint_kk", "hint_ru", "hint_en", "kind", "scale", "reverse",
        "allow_na", "allow_refuse", "options", "low", "high", "areas", "wording",
    )  # fmt: skip
    EDITABLE_STATES = (DRAFT, IN_USE)
    #: what makes another question of it for whoever compares the years: when one of these changes, the wording is new
    ASKED = ("text_kk", "text_ru", "text_en", "kind", "scale", "reverse", "options", "low", "high")

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    wording = models.PositiveSmallIntegerField(_("wording"), default=1, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    text = models.CharField(_("question"), max_length=500)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    scale = models.CharField(_("scale"), max_length=10, choices=Scale.choices, blank=True)
    reverse = models.BooleanField(_("agreeing is bad: turned round in means"), default=False)
    allow_na = models.BooleanField(_("“not applicable” is offered"), default=True)
    allow_refuse = models.BooleanField(_("“prefer not to say” is offered"), default=False)
    options = models.JSONField(_("answers"), default=list, blank=True)  # [{"code", "kk", "ru", "en"}]
    low = models.IntegerField(_("smallest number"), null=True, blank=True)
    high = models.IntegerField(_("largest number"), null=True, blank=True)
    areas = models.JSONField(_("standards and areas"), default=list, blank=True)  # codes of the catalogue: "S3.A6"
    authors = models.JSONField(default=list, editable=False)  # ids of those who wrote its present wording

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return address("surveys:question", self.pk)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def asked_words(self) -> list[Any]:
        """All that makes it this question, for comparing."""
        return ["" if value is None else value for value in (getattr(self, name) for name in self.ASKED)]

    def was_asked(self) -> bool:
        """Stands in a questionnaire that is or was in use: its words have been read by respondents."""
        asked = (Questionnaire.IN_USE, Questionnaire.SUPERSEDED)
        return Item.objects.filter(question=self.pk, section__questionnaire__state__in=asked).exists()

    def save_changes(self, *, by: Any, why: str = "") -> list[dict[str, Any]]:
        """A plain edit. What was asked already gets the next wording when words, kind, scale or answers change."""
        with transaction.atomic():
            stored = Question.objects.select_for_update().get(pk=self.pk)
            if stored.asked_words() != self.asked_words() and self.wording == stored.wording and stored.was_asked():
                self.wording, self.authors = stored.wording + 1, []
            return super().save_changes(by=by, why=why)


class Questionnaire(Record):
    """A version of a questionnaire. What is in use does not change: the next version is a copy, and its code stays."""

    DRAFT, SUBMITTED, RETURNED, IN_USE, SUPERSEDED, CANCELLED = (
        "draft", "submitted", "returned", "in_use", "superseded", "cancelled",
    )  # fmt: skip
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        RETURNED: (_("Returned"), "waiting", "corner-up-left"),
        IN_USE: (_("In use"), "done", "check"),
        SUPERSEDED: (_("Superseded"), "cancelled", "ban"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = (
        "name", "name_kk", "name_ru", "name_en", "intro", "intro_kk", "intro_ru", "intro_en", "thanks", "thanks_kk",
        "thanks_ru", "thanks_en", "areas", "basis",
    )  # fmt: skip
    EDITABLE_STATES = (DRAFT, RETURNED)
    #: written and checked, not yet in use
    PREPARED = (DRAFT, SUBMITTED, RETURNED)
    QUIET = Record.QUIET | {"fixed"}

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    code = models.SlugField(_("code"), max_length=40)  # the instrument: "students", "course", "employers"
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    name = models.CharField(_("name"), max_length=250)
    intro = models.TextField(_("words before the questions"), max_length=3000, blank=True)
    thanks = models.TextField(_("words after sending"), max_length=1000, blank=True)
    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices)
    designer = models.CharField(_("written by"), max_length=20, choices=Designer.choices)
    checker = models.CharField(_("checked by"), max_length=20, choices=Checker.choices)
    #: asked about each course (and its teachers) of a term
    about_courses = models.BooleanField(_("about courses"), default=False)
    areas = models.JSONField(_("standards and areas"), default=list, blank=True)
    basis = models.CharField(_("legal basis"), max_length=120, blank=True)
    #: the school whose committee writes it; empty: a committee of any school
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("school"), null=True, blank=True, related_name="questionnaires"
    )
    authors = models.JSONField(default=list, editable=False)  # ids of all who wrote it: none of them checks it
    #: the content (content.py) as it was submitted: what was checked is what is asked, whatever the bank says later
    fixed = models.JSONField(default=dict, editable=False)
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True, editable=False)
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    decision = models.CharField(_("decision"), max_length=200, blank=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_questionnaire_a_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="in_use"), name="one_questionnaire_in_use"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("surveys:questionnaire", self.pk)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def lock_first(self) -> models.QuerySet:
        """All versions of the instrument: approving one supersedes another."""
        return Questionnaire.objects.filter(code=self.code)

    @property
    def is_written(self) -> bool:
        """May still be written on."""
        return self.state in self.EDITABLE_STATES


class Section(models.Model):
    """A page of a questionnaire. `block` "" is the locked core; others are optional, chosen by a campaign."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="sections")
    place = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=250)
    intro = models.CharField(_("words before the questions"), max_length=600, blank=True)
    block = models.SlugField(_("optional block"), max_length=40, blank=True)
    #: in questionnaires about courses: asked for each teacher of the course
    per_teacher = models.BooleanField(_("for each teacher"), default=False)
    areas = models.JSONField(_("standards and areas"), default=list, blank=True)

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """A question in its place, and when it is shown."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField(default=0)
    question = models.ForeignKey(Question, models.PROTECT, related_name="items")
    required = models.BooleanField(_("must be answered"), default=False)
    remark = models.BooleanField(_("a remark may be added"), default=False)
    #: {} always; else {"code": an earlier question's, "op": "in" | "not_in" | "at_least" | "at_most" | "answered", "values": […]}
    show_if = models.JSONField(_("shown if"), default=dict, blank=True)

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("question in its place")
        verbose_name_plural = _("questions in their places")

    def __str__(self) -> str:
        return str(self.question)
