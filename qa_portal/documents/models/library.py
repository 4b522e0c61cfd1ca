"""Document → Version: the library of what is in force, and how it came to be (N0 §3, N1 §3, N2 §7.5). Its sheets: sheets.py."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_months
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.web.fields import CodesField
from qa_portal.web.files import private_path
from qa_portal.web.registry import registry
from qa_portal.workflow.models import NumberSeries, Record, with_writer

from ..querysets import DocumentQuerySet, VersionQuerySet
from .evidence import EvidenceUse
from .kinds import DocumentKind, Origin


def version_path(version: Any, name: str) -> str:
    return private_path("versions", name)


def initials(name: str) -> str:
    """«Темірқазық ұлттық медицина университеті» → «ТҰМУ»: how a university is named in the numbers of its documents."""
    return "".join(word[0].upper() for word in re.findall(r"[^\W\d_]{5,}", name)) or name


class Document(Record):
    """One normative document: what it is, who owns it, whom it concerns. Its text stands in versions."""

    PREPARING, IN_FORCE, DUE_FOR_REVIEW = "preparing", "in_force", "due_for_review"
    ANNULLED, ARCHIVED, CANCELLED = "annulled", "archived", "cancelled"
    STATES = {
        PREPARING: (_("Being prepared"), "draft", "pencil"),
        IN_FORCE: (_("In force"), "done", "check"),
        DUE_FOR_REVIEW: (_("Due for review"), "waiting", "clock"),
        ANNULLED: (_("Annulled"), "cancelled", "ban"),
        ARCHIVED: (_("Archived"), "cancelled", "archive"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    #: states in which its version in force counts
    LIVE = (IN_FORCE, DUE_FOR_REVIEW)
    EDITABLE = (
        "number",  # of an external act: `check_typed` guards the others
        "title",
        "title_kk",
        "title_ru",
        "title_en",
        "unit",
        "languages",
        "supports",
        "parent",
        "basis",
        "audience_units",
        "audience_roles",
        "link",
        "adopted_on",
        "issued_by",
        "edition",
        "check_edition",
        "nomenclature_index",
    )
    EDITABLE_STATES = (PREPARING, IN_FORCE, DUE_FOR_REVIEW)
    QUIET = Record.QUIET | {"title", "issued_by"}

    state = models.CharField(_("state"), max_length=24, default=PREPARING, editable=False)
    origin = models.CharField(
        _("origin"), max_length=8, choices=Origin.choices, default=Origin.INTERNAL, editable=False
    )
    code = models.SlugField(max_length=60, unique=True, null=True, blank=True, editable=False)  # of loaded data
    kind = models.ForeignKey(DocumentKind, models.PROTECT, verbose_name=_("kind"), related_name="documents")
    number = models.CharField(_("number"), max_length=80, blank=True, editable=False, db_index=True)
    title = models.CharField(_("title"), max_length=400)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("owner unit"), null=True, blank=True, related_name="documents"
    )
    languages = CodesField(_("languages"))
    supports = CodesField(
        _("standards and requirements it supports"), help_text=_("Codes of the catalogue: S1, S1.R7, S1.D2.")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("parent document"), null=True, blank=True, related_name="children"
    )
    basis = CodesField(_("documents it rests on"))  # ids of documents, external acts above all
    audience_units = CodesField(_("units that get acquainted"))  # ids; the root stands for everybody
    audience_roles = CodesField(_("offices that get acquainted"))
    # -- external acts
    issued_by = models.CharField(_("issued by"), max_length=200, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    edition = models.CharField(_("edition of the act"), max_length=120, blank=True)
    edition_on = models.DateField(_("date of the edition"), null=True, blank=True, editable=False)
    link = models.URLField(_("link"), max_length=500, blank=True)
    check_edition = models.BooleanField(_("check the edition"), default=False)
    # -- life
    current = models.ForeignKey(
        "documents.Version",
        models.PROTECT,
        verbose_name=_("version in force"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    in_force_on = models.DateField(_("in force since"), null=True, blank=True, editable=False)
    last_review = models.DateField(_("last review"), null=True, blank=True, editable=False)
    review_due = models.DateField(_("review due"), null=True, blank=True, editable=False)
    review_reason = models.CharField(_("why it is due"), max_length=300, blank=True, editable=False)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)
    annulled_on = models.DateField(_("no longer in force since"), null=True, blank=True, editable=False)
    nomenclature_index = models.CharField(_("nomenclature index"), max_length=30, blank=True)
    archived_on = models.DateField(_("archived on"), null=True, blank=True, editable=False)
    keep_until = models.DateField(
        _("kept until"), null=True, blank=True, editable=False, help_text=_("Empty: permanently.")
    )
    original_destroyed_on = models.DateField(_("paper original destroyed on"), null=True, blank=True, editable=False)
    destruction_act = models.CharField(_("act of destruction"), max_length=120, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number="") & Q(origin="internal"),
                name="one_document_a_number",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("pk")), name="document_not_its_own_parent"),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="document_by_state"),
            models.Index(fields=["unit", "-id"], name="document_of_unit"),
            models.Index(fields=["kind", "-id"], name="document_of_kind"),
            models.Index(fields=["review_due"], name="document_review_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return address("documents:document", self.pk)

    @property
    def is_internal(self) -> bool:
        return self.origin == Origin.INTERNAL

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def must_be_published(self) -> bool:
        return self.is_internal and self.kind.public == DocumentKind.Public.ALWAYS

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.ARCHIVED, self.CANCELLED)

    @property
    def approved_by(self) -> str:
        """Code of the authority that approved the version in force."""
        return self.current.authority if self.current else ""

    def before_adding(self) -> None:
        """An external act is in force from the start: others decided about it."""
        if self.is_internal:
            self.number = ""
            if not (self.audience_units or self.audience_roles):
                self.audience_units = self.audience_by_rule()
            return
        self.state = self.IN_FORCE
        self.in_force_on = self.in_force_on or self.adopted_on
        self.last_review = timezone.localdate()
        self.review_due = self.next_review(self.last_review)

    def audience_by_rule(self) -> list[str]:
        """Whom the kind names where nobody was chosen: everybody (the root of the tree) or the owner unit and below."""
        if self.kind.audience == DocumentKind.Audience.EVERYBODY:
            return [str(pk) for pk in Unit.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True)[:1]]
        if self.kind.audience == DocumentKind.Audience.UNIT and self.unit_id:
            return [str(self.unit_id)]
        return []

    def values_now(self) -> dict[str, Any]:
        """History names units and documents, not their numbers."""
        found = super().values_now()
        if self.audience_units:
            found["audience_units"] = [str(unit) for unit in Unit.objects.filter(pk__in=self.audience_units)]
        if self.basis:
            found["basis"] = [str(act) for act in Document.objects.filter(pk__in=self.basis).order_by("pk")]
        return found

    def clean_fields(self, exclude: Any = None) -> None:
        # Read in Russian, an empty Russian title shows the Kazakh one: cleaning it would write it there.
        super().clean_fields(exclude={*(exclude or ()), "title", "issued_by"})

    def check_typed(self) -> None:
        if not (self.title_kk or "").strip():
            raise ValidationError({"title_kk": _("The title in Kazakh is needed.")})
        if self.is_internal and self.pk:
            stored = Document.objects.filter(pk=self.pk).values_list("number", flat=True).first()
            if stored != self.number:
                raise ValidationError(_("The number of a document is given by the register and is not edited."))
        if self.parent is not None and self.pk and self.parent_id == self.pk:
            raise ValidationError({"parent": _("A document cannot stand under itself.")})

    def clean(self) -> None:
        if self.origin == Origin.INTERNAL and self.unit_id is None:
            raise ValidationError({"unit": _("Name the unit that owns the document.")})
        if self.kind_id and self.kind.origin != self.origin:
            raise ValidationError({"kind": _("This kind is for documents of the other origin.")})

    def next_review(self, start: datetime.date) -> datetime.date:
        """The day by which it is reviewed again, counted from the last review (N0 §3.1)."""
        return add_months(start, 12 * self.kind.review_years)

    def take_number(self, day: datetime.date) -> str:
        """The number by the pattern of its kind; asked once, inside the step that registers it."""
        mark = self.kind.mark or self.kind.code
        with translation.override("kk"):  # the same number whoever's language the last word is said in
            university = initials(registry.identity()["name"])
        tried = ""
        while True:
            number = self.kind.number_pattern.format(
                mark=mark,
                university=university,
                number=NumberSeries.next(f"D-{mark}-{day.year}"[:40]),
                year=day.year,
            )
            if not Document.objects.filter(number=number, origin=Origin.INTERNAL).exists():
                return number
            if number == tried:
                raise NotNow(_("The pattern of the number gives every document the same one: it needs {number}."))
            tried = number  # another kind, or an older register, has it: the next one


class Version(Record):
    """One text of a document with its file. Approved along the route, bound to exactly this file by its checksum."""

    DRAFT, FORM_CHECK, RETURNED = "draft", "form_check", "returned"
    IN_AGREEMENT, AGREED, APPROVING, APPROVED = "in_agreement", "agreed", "approving", "approved"
    IN_FORCE, SUPERSEDED, ANNULLED, CANCELLED = "in_force", "superseded", "annulled", "cancelled"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        FORM_CHECK: (_("Form is being checked"), "waiting", "clock"),
        RETURNED: (_("Returned"), "overdue", "corner-up-left"),
        IN_AGREEMENT: (_("In agreement"), "waiting", "clock"),
        AGREED: (_("Agreed"), "progress", "check"),
        APPROVING: (_("On its way to approval"), "waiting", "clock"),
        APPROVED: (_("Approved, not yet in force"), "progress", "calendar"),
        IN_FORCE: (_("In force"), "done", "check"),
        SUPERSEDED: (_("Superseded"), "cancelled", "history"),
        ANNULLED: (_("Annulled"), "cancelled", "ban"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    #: not yet approved: seen by those who prepare and decide
    PREPARING = (DRAFT, FORM_CHECK, RETURNED, IN_AGREEMENT, AGREED, APPROVING)
    #: once approved: everybody inside reads it, marked by its state
    ISSUED = (APPROVED, IN_FORCE, SUPERSEDED, ANNULLED)
    EDITABLE = (
        "file",
        "file_name",
        "content_type",
        "size",
        "checksum",
        "summary",
        "effective_from",
        "provisions",
        "minor_change",
        "major",
        "minor",
    )
    EDITABLE_STATES = (DRAFT, RETURNED)
    #: the file is told by its name and checksum; the way by `approvals` and the states
    QUIET = Record.QUIET | {"file", "content_type", "size", "route", "route_place", "waits_for", "agreed_checksum"}

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name=_("document"), related_name="versions", editable=False
    )
    major = models.PositiveSmallIntegerField(_("number of the version"), default=1, editable=False)
    minor = models.PositiveSmallIntegerField(_("number of the minor change"), default=0, editable=False)
    minor_change = models.BooleanField(
        _("minor change"),
        default=False,
        help_text=_("Ticked: what people must do stays the same, nobody is asked to read it anew."),
    )
    file = models.FileField(_("file (PDF or DOCX)"), upload_to=version_path, blank=True, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200, blank=True, editable=False)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    checksum = models.CharField(_("checksum (SHA-256)"), max_length=64, blank=True, editable=False)
    summary = models.TextField(_("what is new in this version"), max_length=5000, blank=True)
    effective_from = models.DateField(
        _("in force from"), null=True, blank=True, help_text=_("Empty: on the day of its approval.")
    )
    #: {provision id: section where it stands}
    provisions = models.JSONField(_("required provisions"), default=dict, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)  # ids of all who wrote it: none of them approves it
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("submitted by"), null=True, blank=True, editable=False, related_name="+"
    )
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("form checked by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    round = models.PositiveSmallIntegerField(_("round of agreement"), default=0, editable=False)
    agree_by = models.DateField(_("to be agreed by"), null=True, blank=True, editable=False)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True, editable=False)
    agreed_checksum = models.CharField(max_length=64, blank=True, editable=False)
    #: the route as it was when the version was sent on its way: codes of bodies, or "role:rector"
    route = models.JSONField(default=list, blank=True, editable=False)
    route_place = models.PositiveSmallIntegerField(default=0, editable=False)
    #: whose word it waits for now, "" when nobody's: the code at `route_place`, as a column so that lists can ask
    waits_for = models.CharField(_("waits for"), max_length=60, blank=True, editable=False, db_index=True)
    #: who said what on the way: [{"authority", "basis", "on", "by"}]
    approvals = models.JSONField(_("said on the way to approval"), default=list, blank=True, editable=False)
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    #: who said the last word: the code of a body, or "role:rector"
    authority = models.CharField(_("approved by"), max_length=60, blank=True, editable=False)
    approval_basis = models.CharField(_("basis of approval"), max_length=200, blank=True, editable=False)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("in force until"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state="in_force"),
                name="one_version_in_force",
                violation_error_message=_("Another version of this document is in force."),
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(
                    state__in=("draft", "form_check", "returned", "in_agreement", "agreed", "approving", "approved")
                ),
                name="one_version_in_preparation",
                violation_error_message=_("A new version of this document is being prepared already."),
            ),
        ]
        indexes = [
            models.Index(fields=["document", "-major", "-minor"], name="version_of_document"),
            models.Index(fields=["state", "-id"], name="version_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.label}"

    @property
    def label(self) -> str:
        return f"{self.major}.{self.minor}"

    def get_absolute_url(self) -> str:
        return address("documents:version", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Document.objects.filter(pk=self.document_id)

    def values_now(self) -> dict[str, Any]:
        """History keeps what was ticked and who approved in words."""
        words = [f"{w['authority'].removeprefix('role:')}: {w['basis'] or '—'}, {w['on']}" for w in self.approvals]
        return {
            **super().values_now(),
            "provisions": "; ".join(str(section) for section in self.provisions.values()),
            "approvals": "; ".join(words),
        }

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def before_adding(self) -> None:
        """Its number follows the last one: 1.0, then 1.1 for a minor change, 2.0 for a new text."""
        document = self.document = Document.objects.select_related("kind").get(pk=self.document_id)
        if not document.is_internal:
            raise NotNow(_("An external act has no versions here: note its new edition instead."))
        if document.state not in (Document.PREPARING, *Document.LIVE):
            raise NotNow(_("The document is no longer in force."))
        if document.versions.filter(state__in=(*self.PREPARING, self.APPROVED)).exists():
            raise NotNow(_("A new version of this document is being prepared already."))
        self.number_itself()

    def number_itself(self) -> None:
        """Major and minor after the last version that counted; a cancelled one leaves its number free."""
        last = (
            self.document.versions.exclude(pk=self.pk)
            .exclude(state=self.CANCELLED)
            .order_by("-major", "-minor")
            .first()
        )
        if last is None:
            self.major, self.minor, self.minor_change = 1, 0, False
        elif self.minor_change:
            self.major, self.minor = last.major, last.minor + 1
        else:
            self.major, self.minor = last.major + 1, 0

    @property
    def is_first(self) -> bool:
        return self.major == 1 and self.minor == 0

    @property
    def unit(self) -> Unit | None:
        return self.document.unit

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.APPROVED, self.IN_FORCE, self.SUPERSEDED, self.ANNULLED, self.CANCELLED)

    @property
    def waits_for_order(self) -> bool:
        """The next word is an office's order, not a body's decision."""
        return self.waits_for.startswith("role:")

    @property
    def is_pdf(self) -> bool:
        return self.content_type == "application/pdf"

    @property
    def is_draft(self) -> bool:
        """Its text, provisions and change sheet may still be edited."""
        return self.state in self.EDITABLE_STATES
