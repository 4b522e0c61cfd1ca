"""The catalogue: edition → standard → parts, and its mapping to frameworks (N0 §2).

Each edition holds its own full copy of all rows, so that what was made against an edition keeps showing its text.
A part is the same thing over editions by its `code` ("S10.R8").
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..querysets.catalogue import EditionQuerySet, MappingQuerySet, PartQuerySet, StandardQuerySet


class Origin(models.TextChoices):
    """Whose content a part is: the source's, or the portal's where the source has none of its own (domain.md §2)."""

    SOURCE = "source", _("from the source")
    PORTAL = "portal", _("written by the portal")


class Edition(models.Model):
    """One wording of the whole catalogue, in force from a day until the next one."""

    number = models.PositiveSmallIntegerField(_("edition"), unique=True)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)
    in_force_from = models.DateField(_("in force from"))
    digest = models.CharField(max_length=64)
    changes = models.JSONField(default=dict)  # {"added": [codes], "changed": [codes], "retired": [codes]}

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("edition of the catalogue")
        verbose_name_plural = _("editions of the catalogue")

    def __str__(self) -> str:
        return str(self.number)

    def get_absolute_url(self) -> str:
        return f"{reverse('standards:standards')}?edition={self.number}"


class Framework(models.Model):
    """An external set of requirements that standards answer to: ESG, WFME, ISO 9001, national acts."""

    key = models.CharField(max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=300)
    edition = models.CharField(_("edition"), max_length=40, blank=True)
    issuer = models.CharField(_("issued by"), max_length=250, blank=True)
    note = models.TextField(_("note on the source"), blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place"]
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")

    def __str__(self) -> str:
        return self.name


class FrameworkItem(models.Model):
    """One clause or act of a framework."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="items")
    ref = models.CharField(_("reference"), max_length=20)
    name = models.CharField(_("title"), max_length=500)
    number = models.CharField(_("number"), max_length=40, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    issuer = models.CharField(_("issued by"), max_length=250, blank=True)
    note = models.TextField(_("note on the source"), blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["framework__place", "place"]
        constraints = [models.UniqueConstraint(fields=["framework", "ref"], name="one_item_a_ref")]
        verbose_name = _("clause of a framework")
        verbose_name_plural = _("clauses of frameworks")

    def __str__(self) -> str:
        return f"{self.framework.key} {self.ref}"


class Standard(models.Model):
    """One of the eleven standards, in one edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="standards")
    code = models.CharField(_("code"), max_length=4)
    number = models.PositiveSmallIntegerField(_("no."))
    name = models.CharField(_("name"), max_length=300)
    text = models.TextField(_("description"))
    goal = models.TextField(_("goal"))
    source = models.CharField(_("source"), max_length=80)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.SOURCE)
    note = models.TextField(_("note on the source"), blank=True)

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="one_standard_a_code")]
        verbose_name = _("standard")
        verbose_name_plural = _("standards")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("standards:standard", args=[self.pk])


class Part(models.Model):
    """Base of everything that a standard consists of."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="%(class)ss")
    code = models.CharField(_("code"), max_length=8)
    place = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"))
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.SOURCE)
    note = models.TextField(_("note on the source"), blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["standard__number", "place"]
        constraints = [models.UniqueConstraint(fields=["standard", "code"], name="%(class)s_once")]
        indexes = [models.Index(fields=["code"], name="%(class)s_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    def get_absolute_url(self) -> str:
        """Its place on the page of its standard; a requirement has a page of its own."""
        return f"{self.standard.get_absolute_url()}#{self.code}"


class Task(Part):
    class Meta(Part.Meta):
        verbose_name = _("task")
        verbose_name_plural = _("tasks")


class Requirement(Part):
    class Meta(Part.Meta):
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")

    def get_absolute_url(self) -> str:
        return reverse("standards:requirement", args=[self.pk])


class Stage(Part):
    name = models.CharField(_("stage"), max_length=200)

    class Meta(Part.Meta):
        verbose_name = _("implementation stage")
        verbose_name_plural = _("implementation stages")


class EvaluationArea(Part):
    class Meta(Part.Meta):
        verbose_name = _("evaluation area")
        verbose_name_plural = _("evaluation areas")


class CatalogueRisk(Part):
    """A risk of the standard (`text`) with what lessens it."""

    mitigation = models.TextField(_("what lessens it"))

    class Meta(Part.Meta):
        verbose_name = _("risk")
        verbose_name_plural = _("risks")


class Responsibility(Part):
    """Who (`name`, `role`) does what (`text`) under the standard."""

    name = models.CharField(_("unit or role"), max_length=250)
    role = models.SlugField(_("role"), max_length=40)

    class Meta(Part.Meta):
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")


class DocumentGroup(Part):
    """A group of supporting documents and who keeps their list."""

    class Group(models.TextChoices):
        STRATEGIC = "strategic", _("strategic level")
        REGULATORY = "regulatory", _("regulatory level")
        OPERATIONAL = "operational", _("operational level")
        PUBLICATIONS = "publications", _("publications and reporting")

    class Keeper(models.TextChoices):
        """Units that keep the lists of documents (N0 §2, each standard's last part)."""

        ACADEMIC_AFFAIRS = "academic_affairs", _("Academic affairs department")
        HR = "hr", _("Human resources department")
        DIGITALISATION = "digitalisation", _("Digitalisation department")
        PR = "pr", _("Public relations service")
        ASB = "asb", _("Quality office (ASB)")
        CPD_INSTITUTE = "cpd_institute", _("Institute of further education")

    group = models.CharField(_("level"), max_length=12, choices=Group.choices)
    keepers = models.JSONField(_("who keeps the list"), default=list)  # of Keeper

    class Meta(Part.Meta):
        verbose_name = _("document group")
        verbose_name_plural = _("document groups")

    @property
    def keeper_names(self) -> list[str]:
        return [str(self.Keeper(key).label) for key in self.keepers]


class ExpectedDocument(models.Model):
    """One document that the standard expects, by name; the library shows later which of them is there."""

    group = models.ForeignKey(DocumentGroup, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=500)

    class Meta:
        ordering = ["group", "place"]
        verbose_name = _("expected document")
        verbose_name_plural = _("expected documents")

    def __str__(self) -> str:
        return self.name


class Mapping(models.Model):
    """A standard, or one of its requirements, answers to a clause of a framework."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="mappings")
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, blank=True, related_name="mappings")
    item = models.ForeignKey(FrameworkItem, models.PROTECT, related_name="mappings")

    objects = MappingQuerySet.as_manager()

    class Meta:
        ordering = ["item__framework__place", "item__place"]
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")

    def __str__(self) -> str:
        return f"{self.requirement or self.standard} → {self.item}"


#: the parts in the order of N0: (kind in the file, letter of the code, model)
PARTS: tuple[tuple[str, str, Any], ...] = (
    ("tasks", "T", Task),
    ("requirements", "R", Requirement),
    ("stages", "S", Stage),
    ("areas", "A", EvaluationArea),
    ("risks", "K", CatalogueRisk),
    ("responsibilities", "F", Responsibility),
    ("documents", "D", DocumentGroup),
)
