"""Kinds of documents as data: numbering, route of approval, required provisions, audience, publication, review, retention."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import KindQuerySet


class Origin(models.TextChoices):
    INTERNAL = "internal", _("internal")
    EXTERNAL = "external", _("external")


class Level(models.TextChoices):
    """The four levels of N0; those of N2 stand beside them in `level_n2`."""

    STRATEGIC = "strategic", _("strategic")
    REGULATORY = "regulatory", _("regulatory")
    OPERATIONAL = "operational", _("operational")
    MONITORING = "monitoring", _("monitoring")


class DocumentKind(models.Model):
    """What the office lays down once for all documents of a kind (N1 §3.1, N2 §7.5). Kept in Django admin."""

    class Public(models.TextChoices):
        ALWAYS = "always", _("always published")
        CHOICE = "choice", _("published by choice")
        NEVER = "never", _("never published")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("everybody")
        UNIT = "unit", _("the unit that owns it and those below")
        CHOSEN = "chosen", _("chosen for each document")

    class ChangeForm(models.TextChoices):
        SECTIONS = "sections", _("by section and clause")
        SHEETS = "sheets", _("by numbers of sheets")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin.choices, default=Origin.INTERNAL)
    mark = models.CharField(_("letters in the number"), max_length=8, blank=True)
    name = models.CharField(_("name"), max_length=160)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    level_n2 = models.PositiveSmallIntegerField(_("level by N2"), null=True, blank=True)
    number_pattern = models.CharField(
        _("pattern of the number"),
        max_length=80,
        default="{mark}-{university}-{number:02d}/{year}",
        help_text=_("Of these parts: {mark}, {university}, {number:02d}, {year}."),
    )
    public = models.CharField(_("publication"), max_length=8, choices=Public.choices, default=Public.CHOICE)
    audience = models.CharField(
        _("who gets acquainted"), max_length=10, choices=Audience.choices, default=Audience.UNIT
    )
    before_first_day = models.BooleanField(
        _("read before the first working day"), default=False, help_text=_("By a newcomer: the quality policy.")
    )
    review_years = models.PositiveSmallIntegerField(_("reviewed at least every … years"), default=3)
    retention_years = models.PositiveSmallIntegerField(
        _("kept … years"), null=True, blank=True, help_text=_("After it ceased to be in force; empty: permanently.")
    )
    nomenclature_index = models.CharField(_("nomenclature index"), max_length=30, blank=True)
    change_form = models.CharField(
        _("form of the change sheet"), max_length=8, choices=ChangeForm.choices, default=ChangeForm.SECTIONS
    )
    clause = models.CharField(_("source clause"), max_length=200, blank=True)
    route_clause = models.CharField(_("source clause of the route"), max_length=200, blank=True)
    provisions_clause = models.CharField(_("source clause of the provisions"), max_length=200, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(_("no longer used"), default=False)

    objects = KindQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("kind of document")
        verbose_name_plural = _("kinds of documents")
        constraints = [
            models.UniqueConstraint(fields=["mark"], condition=~models.Q(mark=""), name="one_kind_a_mark"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        parts = {"mark": "X", "university": "U", "year": 2026}
        try:
            first, second = (self.number_pattern.format(number=number, **parts) for number in (1, 2))
        except (KeyError, IndexError, ValueError) as error:
            raise ValidationError(
                {"number_pattern": _("Only these parts: {mark}, {university}, {number:02d}, {year}.")}
            ) from error
        if first == second and self.origin == Origin.INTERNAL:
            raise ValidationError(
                {"number_pattern": _("The pattern of the number gives every document the same one: it needs {number}.")}
            )

    def route(self) -> list[str]:
        """Codes of the authorities in order: of a body's kind, or "role:rector" for an order of that office."""
        return [stop.authority for stop in self.stops.all()]


class RouteStop(models.Model):
    """One place on the way to approval; the last one approves, those before it consider."""

    kind = models.ForeignKey(DocumentKind, models.CASCADE, related_name="stops")
    place = models.PositiveSmallIntegerField(_("place"))
    authority = models.CharField(
        _("authority"),
        max_length=60,
        validators=[RegexValidator(r"^(role:)?[a-z0-9_-]+$")],
        help_text=_("Code of a body's kind, or “role:rector” where an order approves."),
    )

    class Meta:
        ordering = ["kind", "place"]
        verbose_name = _("place on the route")
        verbose_name_plural = _("route of approval")
        constraints = [models.UniqueConstraint(fields=["kind", "place"], name="one_stop_a_place")]

    def __str__(self) -> str:
        return f"{self.place}. {self.authority}"


class Provision(models.Model):
    """Something that a document of the kind must contain; ticked with the section where it stands."""

    kind = models.ForeignKey(DocumentKind, models.CASCADE, related_name="provisions")
    place = models.PositiveSmallIntegerField(_("place"))
    text = models.CharField(_("text"), max_length=400)
    retired = models.BooleanField(_("no longer required"), default=False)

    class Meta:
        ordering = ["kind", "place"]
        verbose_name = _("required provision")
        verbose_name_plural = _("required provisions")
        constraints = [models.UniqueConstraint(fields=["kind", "place"], name="one_provision_a_place")]

    def __str__(self) -> str:
        return str(self.text)
