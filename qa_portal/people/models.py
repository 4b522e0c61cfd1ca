"""People, units, offices, deputies, grants. Who may do what is read from these rows (rules.py), never from flags."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin
from knox.models import AbstractAuthToken
from modeltranslation.utils import get_language, resolution_order

from .querysets import DatedQuerySet, PersonQuerySet, UnitQuerySet
from .roles import Role
from .standing import Standing


class Unit(models.Model):
    """A part of the university. Units form a tree; `path` is the chain of ids from the root, so a subtree is a prefix."""

    class Kind(models.TextChoices):
        UNIVERSITY = "university", _("university")
        SCHOOL = "school", _("school, faculty")
        DEPARTMENT = "department", _("department")
        OFFICE = "office", _("service")
        INSTITUTE = "institute", _("institute")
        CLINIC = "clinic", _("clinical base")

    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=250)
    short = models.CharField(_("short name"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("part of"), null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=120, editable=False, default="", db_index=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.short_name()

    def short_name(self) -> str:
        """The short name, else the full one; read from the columns, because lists ask for it row by row."""
        for name in ("short", "name"):
            for code in resolution_order(get_language()):
                found = getattr(self, f"{name}_{code}")
                if found:
                    return found
        return ""

    def get_absolute_url(self) -> str:
        return reverse("people:unit", args=[self.pk])

    def clean(self) -> None:
        if self.parent and self.pk and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("A unit cannot be part of itself or of a unit below it.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        before = self.path
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else ''}{self.pk}."
        if path != before:
            self.path = path
            type(self).objects.filter(pk=self.pk).update(path=path)
            for child in self.children.all() if before else ():
                child.save()

    def within(self, other: Unit) -> bool:
        """This unit is `other` or stands below it."""
        return self.path.startswith(other.path)

    @property
    def chain_ids(self) -> list[int]:
        """Ids from the root down to this unit."""
        return [int(part) for part in self.path.split(".") if part]


class PersonManager(UserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class Person(GuardianUserMixin, AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. Rights come from offices; `is_staff` only opens the door of Django admin."""

    class Letters(models.TextChoices):
        ALL = "all", _("every letter at once")
        REMINDERS = "reminders", _("only the daily reminder letter")

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the device is set")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")
        CONTRAST = "contrast", _("high contrast, larger")

    username = models.CharField(
        _("username"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This username is taken.")},
    )
    email = models.EmailField(_("e-mail"), blank=True)
    last_name = models.CharField(_("family name"), max_length=80)
    first_name = models.CharField(_("given name"), max_length=80, blank=True)
    middle_name = models.CharField(_("patronymic"), max_length=80, blank=True)
    post = models.CharField(_("post"), max_length=160, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="people")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="kk")
    theme = models.CharField(_("appearance"), max_length=8, choices=Theme.choices, default=Theme.AUTO)
    letters_wanted = models.CharField(_("letters"), max_length=10, choices=Letters.choices, default=Letters.ALL)
    is_staff = models.BooleanField(_("may enter Django admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(_("entered"), default=timezone.now)
    first_day = models.DateField(
        _("first working day"),
        null=True,
        blank=True,
        help_text=_("Deadlines of a newcomer are counted from it; may lie in the future."),
    )

    objects = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        ordering = ["last_name", "first_name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="one_person_an_email"),
        ]

    def __str__(self) -> str:
        return self.get_short_name()

    def get_full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.middle_name) if part) or self.username

    def get_short_name(self) -> str:
        """Family name and initials: «Сейітова Ә. Қ.»."""
        initials = "".join(f"\N{NO-BREAK SPACE}{part[0]}." for part in (self.first_name, self.middle_name) if part)
        return (self.last_name + initials) if self.last_name else self.username

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.pk])

    @property
    def wants_letters(self) -> bool:
        return self.letters_wanted == self.Letters.ALL

    @cached_property
    def standing(self) -> Standing:
        """The offices held today, by oneself or as a deputy; read once per person object."""
        return Standing.of(self)


class Dated(models.Model):
    """Something that holds from a day to a day, both included; no end means until further notice."""

    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="%(class)s_dates_in_order"
            )
        ]

    def holds_on(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or self.until >= day)


class Office(Dated):
    """A person holds a role in a unit (and for what stands below it)."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="offices")
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="offices")

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["unit__path", "role", "-since"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        indexes = [models.Index(fields=["person", "role"], name="office_of_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}, {self.unit}"

    def clean(self) -> None:
        if not self.unit_id or self.role != Role.UNIT_HEAD:
            return
        same = Office.objects.filter(unit=self.unit, role=Role.UNIT_HEAD).exclude(pk=self.pk)
        same = same.filter(Q(until__isnull=True) | Q(until__gte=self.since))
        if self.until:
            same = same.filter(since__lte=self.until)
        if same.exists():
            raise ValidationError(_("This unit has a head for these dates already: end that office first."))


class Deputy(Dated):
    """Somebody stands in for somebody for a stated period, in all offices of theirs."""

    principal = models.ForeignKey(Person, models.PROTECT, verbose_name=_("in whose name"), related_name="deputies")
    deputy = models.ForeignKey(Person, models.PROTECT, verbose_name=_("deputy"), related_name="deputises")
    reason = models.CharField(_("reason"), max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")

    def __str__(self) -> str:
        return f"{self.deputy} ⇢ {self.principal}"

    def clean(self) -> None:
        if self.principal_id and self.principal_id == self.deputy_id:
            raise ValidationError(_("A person cannot deputise for themselves."))
        if self.until is None:
            raise ValidationError({"until": _("A deputy stands in for a stated period: give the last day.")})


class Grant(Dated):
    """A right that no role gives, on one object, with an end: an external expert reads one dossier.

    grants.py writes and removes the guardian row; predicates ask the dates here, so the right ends on its day
    even if no nightly job runs.
    """

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="grants")
    right = models.CharField(_("right"), max_length=60, default="view")
    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    given_by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("given by"), related_name="+")
    why = models.CharField(_("reason"), max_length=300)
    ended_early = models.DateTimeField(null=True, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        indexes = [models.Index(fields=["person", "record_type", "right"], name="grants_of_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.right} {self.record}"


class ApiToken(AbstractAuthToken):
    """A hashed API token with a scope: `read` tokens cannot write."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices, default=Scope.READ)
    last_used = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.user}: {self.token_key}…"
