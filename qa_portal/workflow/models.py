"""Record: what quality work leaves behind. Entry: one line of its history."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import SYSTEM, NotNow, Refused, refusal

from .writing import check_door, door


def plain(value: Any) -> Any:
    """A value as history keeps it: JSON, people and records by number and name."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime.datetime | datetime.date | decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value)}
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [plain(item) for item in value]
    return str(value)


def with_writer(people: list[int], by: Any) -> list[int]:
    """The ids of all who wrote a text with one more; the clock writes nothing of its own."""
    return sorted({*people, by.pk}) if getattr(by, "pk", None) else people


class Entry(models.Model):
    """Who did what to a record, when, from which state to which, and why. Never changed, never deleted."""

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    in_name_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    why = models.TextField(blank=True)
    changes = models.JSONField(default=list)  # [{"field": name, "old": …, "new": …}]
    policies = models.JSONField(default=dict)  # {key: {"value": …, "version": row or 0}} read by the decision

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        indexes = [models.Index(fields=["record_type", "record_id", "-at"], name="entry_of_record")]

    def __str__(self) -> str:
        return f"{self.verb} {self.from_state}→{self.to_state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise RuntimeError("history is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RuntimeError("history is not deleted")


class RecordQuerySet(models.QuerySet):
    """Every list starts from `visible_to`; every mass write must come through the door."""

    def visible_to(self, person: Any) -> RecordQuerySet:
        raise NotImplementedError(f"{self.model.__name__} must say who sees it")

    def update(self, **kwargs: Any) -> int:
        check_door(f"{self.model.__name__}.update")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise RuntimeError("records are cancelled, not deleted")

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        check_door(f"{self.model.__name__}.bulk_create")
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Any, *args: Any, **kwargs: Any) -> int:
        check_door(f"{self.model.__name__}.bulk_update")
        return super().bulk_update(objs, *args, **kwargs)


class Record(models.Model):
    """Base of all records of quality.

    `state` moves by steps only. `revision` grows with each write: a form made from an older one is told so.
    """

    # state code → (label, tone of the badge, icon); subclasses fill it.
    STATES: ClassVar[dict[str, tuple[Any, str, str]]] = {}
    #: fields that a plain edit may change, and the states in which it may
    EDITABLE: ClassVar[tuple[str, ...]] = ()
    EDITABLE_STATES: ClassVar[tuple[str, ...]] = ()
    #: kept out of the change list of history
    QUIET: ClassVar[frozenset[str]] = frozenset(
        {"id", "state", "revision", "created_at", "changed_at", "created_by", "authors"}
    )

    state = models.CharField(_("state"), max_length=24, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("entered by"),
        related_name="+",
        editable=False,
        null=True,
    )
    history = GenericRelation(Entry, "record_id", "record_type")

    class Meta:
        abstract = True

    # -- facts ---------------------------------------------------------------
    @classmethod
    def right(cls, verb: str) -> str:
        """The name of a right on this kind of record: `capa.approve_action`."""
        return f"{cls._meta.app_label}.{verb}_{cls.slug()}"

    @classmethod
    def slug(cls) -> str:
        return getattr(cls, "SLUG", "") or str(cls._meta.model_name)

    @property
    def state_label(self) -> Any:
        return self.STATES[self.state][0]

    @property
    def state_tone(self) -> str:
        return self.STATES[self.state][1]

    def lock_first(self) -> models.QuerySet | None:
        """The row that is locked before this one, so that steps of one family wait for each other in one order."""
        return None

    def edit_refusal(self, person: Any) -> tuple[type[Exception], Any] | None:
        """Why this person may not edit the row as it stands: first who, then when."""
        sentence = refusal(person, self.right("change"), self)
        if sentence:
            return Refused, sentence
        if self.state not in self.EDITABLE_STATES:
            return NotNow, _("It can no longer be edited: its state is “%(state)s”.") % {"state": self.state_label}
        return None

    # -- writing --------------------------------------------------------------
    def save(self, *args: Any, **kwargs: Any) -> None:
        check_door(f"{type(self).__name__}.save")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RuntimeError("records are cancelled, not deleted")

    def values_now(self) -> dict[str, Any]:
        return {
            f.name: plain(f.value_from_object(self)) for f in self._meta.concrete_fields if f.name not in self.QUIET
        }

    def write_entry(self, verb: str, by: Any, **fields: Any) -> Entry:
        person = None if by is SYSTEM else by
        return Entry.objects.create(
            record_type=ContentType.objects.get_for_model(self), record_id=self.pk, by=person, verb=verb, **fields
        )

    def add(self, *, by: Any, why: str = "") -> Record:
        """First save of a new record: asks `add_<record>`, validates, writes history."""
        sentence = refusal(by, self.right("add"), self)
        if sentence:
            raise Refused(sentence)
        self.created_by = None if by is SYSTEM else by
        with transaction.atomic(), door("edit"):
            # What it belongs to is locked first, so that nothing is added to a plan that is just being submitted.
            parents = self.lock_first()
            if parents is not None:
                list(parents.order_by("pk").select_for_update().values_list("pk"))
            self.note_author(by)
            self.before_adding()
            self.check_typed()
            self.full_clean()
            self.save()
            self.write_entry("add", by, to_state=self.state, why=why)
        return self

    def before_adding(self) -> None:
        """Numbers and other things a new row gets inside its transaction; may raise NotNow."""

    def note_author(self, by: Any) -> None:
        """Called when somebody writes the record; kinds that are approved remember who wrote them."""

    def check_typed(self) -> None:
        """What is asked of typed values when added or edited, and not when a step moves the row later."""

    def save_changes(self, *, by: Any, why: str = "") -> list[dict[str, Any]]:
        """A plain edit: judged on the row as stored, validated, its differences written into history.

        Returns the changes. Raises Refused, NotNow (also when somebody else changed the row meanwhile) or
        ValidationError; nothing is written then.
        """
        return self._save_edit(by, why=why, typing=False)

    def save_typing(self, *, by: Any) -> list[dict[str, Any]]:
        """The same edit while somebody is still writing: judged alike, but without a line of history for each pause.

        Only for kinds whose submission freezes the words and writes what differs from the submission before
        (decision 0013): what was submitted is history, what is being typed is not.
        """
        return self._save_edit(by, why="", typing=True)

    def _save_edit(self, by: Any, *, why: str, typing: bool) -> list[dict[str, Any]]:
        model = type(self)
        with transaction.atomic(), door("edit"):
            parents = self.lock_first()
            if parents is not None:
                list(parents.order_by("pk").select_for_update().values_list("pk"))
            stored = model._default_manager.select_for_update(of=("self",)).get(pk=self.pk)
            self._check_edit(stored, by)
            old, new = stored.values_now(), self.values_now()
            changes = [{"field": k, "old": old[k], "new": new[k]} for k in new if old[k] != new[k]]
            if not changes:
                return []
            forbidden = [c["field"] for c in changes if c["field"] not in self.EDITABLE]
            if forbidden:
                raise ValidationError(
                    _("These fields cannot be edited: %(fields)s.") % {"fields": ", ".join(forbidden)}
                )
            self.note_author(by)
            self.check_typed()
            self.full_clean()
            self.revision = stored.revision + 1
            self.save()
            if not typing:
                self.write_entry("edit", by, from_state=self.state, to_state=self.state, changes=changes, why=why)
        return changes

    def _check_edit(self, stored: Record, by: Any) -> None:
        """Who, when, and whether somebody else wrote meanwhile."""
        problem = stored.edit_refusal(by)
        if problem:
            raise problem[0](problem[1])
        if stored.revision != self.revision:
            raise NotNow(
                _(
                    "Somebody changed this record while you were writing. Your text is kept: look at the record and save again."
                )
            )
        if stored.state != self.state:
            raise ValidationError(_("The state changes by a step only."))


class NumberSeries(models.Model):
    """The last number given in a series such as "F-2026"; locked while the next one is taken."""

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"

    @classmethod
    def next(cls, name: str) -> int:
        with transaction.atomic():
            cls.objects.get_or_create(name=name)
            row = cls.objects.select_for_update().get(name=name)
            row.last += 1
            row.save()
            return row.last
