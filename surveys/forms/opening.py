"""Inputs of the urn's steps. Passphrases are checked here, shown nowhere, and leave the form wrapped (custody.Passphrase)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import holders
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.permissions import refusal
from qa_portal.web.forms import LongText, PersonChoice, StepForm

from .. import custody, keys
from ..models import Campaign

#: who may keep one of the two passphrases
OFFICERS = (*QUALITY_OFFICE, Role.QUALITY_REPRESENTATIVE, Role.COUNCIL_SECRETARY, Role.COMPLIANCE, Role.LEGAL)


class PassphraseField(forms.CharField):
    def __init__(self, **kwargs: Any):
        super().__init__(
            strip=False,
            max_length=200,
            widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        return custody.Passphrase(words) if words else None


class _WithPassphrases(StepForm):
    """Fields of officers stand only where the key is kept by officers, and are required there."""

    sensitive = True

    @property
    def of_officers(self) -> bool:
        return self.record is not None and self.record.key_place == Campaign.KeyPlace.OFFICERS


class RehearseForm(_WithPassphrases):
    officer_1 = PersonChoice(label=_("First officer"), queryset=None, required=False)
    first = PassphraseField(
        label=_("Passphrase of the first officer"),
        required=False,
        help_text=_(
            "Typed by this officer alone; at least 12 characters. It is stored nowhere and cannot be recovered."
        ),
    )
    first_again = PassphraseField(label=_("The same once more, as at the opening"), required=False)
    officer_2 = PersonChoice(label=_("Second officer"), queryset=None, required=False)
    second = PassphraseField(label=_("Passphrase of the second officer"), required=False)
    second_again = PassphraseField(label=_("The same once more, as at the opening"), required=False)

    def prepare(self) -> None:
        if not self.of_officers:
            self.fields.clear()
            return
        for name in ("officer_1", "officer_2"):
            self.fields[name].queryset = holders(OFFICERS).order_by("last_name", "pk")
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.of_officers or self.errors:
            return given
        if given["officer_1"] == given["officer_2"]:
            self.add_error("officer_2", _("Two different people keep the two passphrases."))
        for name in ("first", "second"):
            if len(given[name]) < custody.SHORTEST:
                self.add_error(name, _("At least %(least)s characters.") % {"least": custody.SHORTEST})
            elif given[name] != given[f"{name}_again"]:
                self.add_error(f"{name}_again", _("This is not the same passphrase."))
        if "second" not in self.errors and given["first"] == given["second"]:
            self.add_error("second", _("Two officers, two passphrases: these are the same."))
        if not self.errors:
            # Into history: who keeps the passphrases.
            given["note"] = f"{given['officer_1']} · {given['officer_2']}"
        return given


class OpenForm(_WithPassphrases):
    first = PassphraseField(label=_("Passphrase of the first officer"), required=False)
    second = PassphraseField(label=_("Passphrase of the second officer"), required=False)

    def prepare(self) -> None:
        if not self.of_officers:
            self.fields.clear()
            return
        for name, officer in zip(("first", "second"), self._officers(), strict=False):
            self.fields[name].label = _("Passphrase of %(name)s") % {"name": officer.person.get_full_name()}
            self.fields[name].required = True

    def _officers(self) -> list[Any]:
        return list(self.record.key_officers.select_related("person"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        passphrases = [given.pop(name, None) for name in ("first", "second")]
        may = self.record is not None and refusal(self.by, Campaign.right("open_urn"), self.record) is None
        # Nobody tries passphrases who may not open, nor at another time.
        if not self.of_officers or self.errors or not may or self.record.state != Campaign.CLOSED:
            return given
        try:
            given["private"] = custody.private_key(self.record, [words for words in passphrases if words])
        except custody.CannotUnlock as problem:
            self.add_error(None, str(problem))
        except (keys.KeyMissing, OSError):
            self.add_error(None, custody.trouble(self.record))
        return given


class HaltForm(StepForm):
    reason = LongText(label=_("Why"), max_length=2000)


class DestroyForm(StepForm):
    reason = LongText(label=_("Why"), max_length=2000)
