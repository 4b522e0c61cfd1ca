"""Forms of petitions: what is sent from outside, what an office types in, and the steps; the API reads the same ones."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Body, Seat
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import Role
from qa_portal.policy.registry import policy
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm, keep_to_one_line
from qa_portal.web.registry import registry
from standards.models import EvaluationArea
from standards.standard_choices import optional_standards

from .. import receipts
from ..models import Petition
from ..querysets.petitions import COMMITTEE
from ..stripping import CLEANED, Cleaned, clean, most_bytes

Kind = Petition.Kind
#: «what was done» leads to a page: of the portal or of the web
_LINK = re.compile(r"^(https?://[^\s<>\"]+|/[^/\s<>\"][^\s<>\"]*)$")


def insiders() -> Any:
    return Person.objects.filter(is_active=True, unit__isnull=False)


def may_answer(petition: Petition) -> Any:
    """Whom a petition may be given to: nobody whom it concerns; sensitive ones only those who may read them."""
    rows = insiders().exclude(pk__in=petition.concerned_ids).exclude(pk=petition.author_id)
    if petition.kind == Kind.ETHICS:
        rows = rows.filter(pk__in=Office.objects.on().filter(role=Role.COMPLIANCE).values("person"))
    elif petition.kind == Kind.ADJUSTMENT:
        chain = petition.unit.chain_ids if petition.unit else []
        named = Office.objects.on().filter(role=Role.SPECIAL_NEEDS)
        if petition.unit:
            named = named.filter(unit__in=chain)
        seats = Seat.objects.held().filter(body__kind__code=COMMITTEE, body__state="active", body__unit__in=chain)
        seats = seats.exclude(duty=Seat.Duty.ADVISER)
        rows = rows.filter(Q(pk__in=named.values("person")) | Q(pk__in=seats.order_by().values("person")))
    return rows.by_name()


def areas() -> list[tuple[str, Any]]:
    """Standards and their areas of evaluation in force."""
    rows = EvaluationArea.objects.in_force().order_by("standard__number", "place")
    return [*optional_standards(), *((row.code, f"{row.code} {row}"[:120]) for row in rows)]


class AreaField(forms.ChoiceField):
    def __init__(self, **kwargs: Any):
        super().__init__(label=_("Standard or area"), required=False, choices=areas, **kwargs)


# -- from outside ----------------------------------------------------------------------------------
class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class CleanFiles(forms.FileField):
    """A few files, each judged by its content and cleaned while it is still in memory (stripping.py)."""

    def __init__(self, **kwargs: Any):
        widget = SeveralFiles(attrs={"accept": ",".join(f".{kind}" for kind in CLEANED)})
        super().__init__(label=_("Files"), required=False, widget=widget, **kwargs)
        self.anonymous = True

    @property
    def max_size(self) -> int:
        return most_bytes()

    @property
    def accept_hint(self) -> str:
        return "PDF, DOCX, XLSX, PPTX, ODT, JPG, PNG"

    def clean(self, data: Any, initial: Any = None) -> list[Cleaned]:
        files = [file for file in (data if isinstance(data, list) else [data]) if file]
        most = policy("surveys.petition_files")
        if len(files) > most:
            raise ValidationError(_("At most %(most)s files can be sent.") % {"most": most})
        return [clean(super(CleanFiles, self).clean(file), anonymous=self.anonymous) for file in files]


class PublicForm(forms.Form):
    """What anybody may send. Without a name, name and addresses are not read at all, whatever stands in the fields."""

    BY_NAME, WITHOUT = "name", "anonymous"

    receipt = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind.choices, widget=forms.RadioSelect)
    subject = forms.CharField(label=_("About what, in one line"), max_length=200)
    text = LongText(label=_("What do you want to say?"), rows=10)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Which unit does it concern?"), required=False, empty_label=_("— none —")
    )
    area = AreaField()
    language = forms.ChoiceField(label=_("Language of the answer"), choices=settings.LANGUAGES)
    attachments = CleanFiles(
        help_text=_(
            "Notes about author, device, place and time are taken out of the files. What you wrote or photographed stays."
        )
    )
    who = forms.ChoiceField(
        label=_("Do you give your name?"),
        choices=[(BY_NAME, _("Yes, by name")), (WITHOUT, _("No, without a name"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    #: a trap: people do not see it, programs fill it
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    use_required_attribute = False

    def __init__(self, *args: Any, person: Any = None, language: str = "kk", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person  # who is signed in, if anybody
        self.fields["unit"].queryset = Unit.objects.working()
        self.fields["language"].initial = language
        self.fields["receipt"].initial = receipts.sealed(receipts.new_code())
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        if person is not None:
            self.fields["name"].initial, self.fields["email"].initial = person.get_full_name(), person.email
        keep_to_one_line(self)
        # Only said yes is by name: a file that cannot be cleaned is otherwise not taken.
        self.fields["attachments"].anonymous = self.data.get("who") != self.BY_NAME

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this field empty: only programs fill it in."))
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["anonymous"] = cleaned.get("who") != self.BY_NAME
        if cleaned["anonymous"]:
            cleaned |= {"name": "", "email": "", "phone": ""}
            for field in ("name", "email", "phone"):
                self.errors.pop(field, None)
        elif not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write your name, or choose to send it without one."))
        return cleaned

    def code(self) -> str:
        """The receipt that the form brought along, else a fresh one."""
        return receipts.unsealed(self.cleaned_data.get("receipt", "")) or receipts.new_code()


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Receipt code"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = receipts.read(self.cleaned_data["code"])
        if not code:
            raise ValidationError(_("A code has 26 letters and figures. Look at it once more."))
        return code


class WriteOnForm(StepForm):
    text = LongText(label=_("Your message"), rows=5, max_length=10000)


# -- typed in by an office -------------------------------------------------------------------------
class PetitionForm(RecordForm):
    saved = _("It is entered. Next it is registered.")
    lead: Any = _("For what is said or brought on paper. Write down a name only if the person wants it written.")
    area = AreaField()
    language = forms.ChoiceField(label=_("Language of the answer"), choices=settings.LANGUAGES)

    class Meta:
        model = Petition
        fields = [
            "kind", "way", "received_on", "subject", "text", "unit", "area", "language", "anonymous", "name", "email",
            "phone",
        ]  # fmt: skip
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    def prepare(self) -> None:
        self.fields["unit"].queryset = Unit.objects.working()
        if self.instance.pk is not None:
            for name in set(self.fields) - {*Petition.EDITABLE, "revision"}:
                del self.fields[name]
            return
        self.fields["way"].choices = [pair for pair in Petition.Way.choices if pair[0] != Petition.Way.PORTAL]
        self.initial.setdefault("received_on", timezone.localdate())

    def clean_received_on(self) -> datetime.date:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk is None and cleaned.get("anonymous"):
            cleaned |= {"name": "", "email": "", "phone": ""}
        return cleaned

    def save_new(self, by: Any) -> Any:
        # No code is handed out for what was said at a desk: its thread is opened by nobody.
        self.instance.code_hash = receipts.hash_of(receipts.new_code())
        return super().save_new(by)


# -- steps -----------------------------------------------------------------------------------------
class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class RegisterForm(StepForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, help_text=_("Correct it if it is another."))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Which unit it concerns"), required=False)
    area = AreaField()

    def prepare(self) -> None:
        self.fields["unit"].queryset = Unit.objects.working()
        self.fields["unit"].widget.attrs["data-picker"] = ""
        for name in ("kind", "unit", "area"):
            self.fields[name].initial = getattr(self.record, name)


class AssignForm(StepForm):
    owner = PersonChoice(queryset=Person.objects.none(), label=_("Who answers"))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Which unit it concerns"), required=False)

    def prepare(self) -> None:
        self.fields["owner"].queryset = may_answer(self.record)
        self.fields["unit"].queryset = Unit.objects.working()
        self.fields["unit"].widget.attrs["data-picker"] = ""
        self.fields["owner"].initial, self.fields["unit"].initial = self.record.owner_id, self.record.unit_id


class TakeToBodyForm(StepForm):
    body = forms.ModelChoiceField(Body.objects.none(), label=_("Body"))

    def prepare(self) -> None:
        self.fields["body"].queryset = Body.objects.active()
        self.fields["body"].widget.attrs["data-picker"] = ""
        code = registry.body_for(COMMITTEE, self.record.unit)
        self.fields["body"].initial = Body.objects.active().filter(code=code).first() if code else None


class AskForm(StepForm):
    text = LongText(label=_("What you ask the author"), rows=5, max_length=10000)


class _DoneForm(StepForm):
    note = LongText(label=_("What was done"), rows=5, max_length=4000)
    link = forms.CharField(
        label=_("Link to what was done"),
        max_length=300,
        help_text=_("An address that begins with https:// or a page of the portal that begins with /."),
    )

    def clean_link(self) -> str:
        link = self.cleaned_data["link"].strip()
        if link and not _LINK.match(link):
            raise ValidationError(_("An address that begins with https:// or / is expected."))
        return link


class CarryOutForm(_DoneForm):
    pass


class AnswerForm(_DoneForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Petition.Outcome.choices, widget=forms.RadioSelect)
    field_order = ["outcome", "note", "link"]

    def prepare(self) -> None:
        self.fields["link"].required = False
        self.fields["note"].label = _("Answer to the author: why, or what was done")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        done = cleaned.get("outcome") == Petition.Outcome.IMPLEMENTED
        if done and not cleaned.get("link") and "link" not in self.errors:
            self.add_error("link", _("What is carried out can be looked at: give the link."))
        return cleaned


class ExtendForm(StepForm):
    until = DateField(label=_("New deadline"))
    reason = LongText(label=_("Reason"), rows=3)

    def clean_until(self) -> datetime.date:
        day = self.cleaned_data["until"]
        if self.record.due_on and day <= self.record.due_on:
            raise ValidationError(_("The new deadline must be later than the one before."))
        if day <= timezone.localdate() or day > timezone.localdate() + datetime.timedelta(days=366):
            raise ValidationError(_("The deadline lies in the coming year."))
        return day


class RedirectForm(StepForm):
    kind = forms.ChoiceField(
        label=_("It is really"),
        choices=Kind.choices,
        help_text=_("The kind says who reads it. A report on ethics is then read by Compliance only."),
    )
    reason = LongText(label=_("Reason"), rows=3)

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        if kind == self.record.kind:
            raise ValidationError(_("It is of this kind already."))
        return kind


class ConcernedForm(StepForm):
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Whom it concerns"),
        required=False,
        help_text=_("They do not see it and do not answer it, whatever offices they hold."),
    )

    def prepare(self) -> None:
        self.fields["people"].queryset = insiders().by_name()
        self.fields["people"].widget.attrs["data-picker"] = ""
        self.fields["people"].initial = sorted(self.record.concerned_ids)


class DecidedForm(StepForm):
    """Filled by the decision of the body."""

    reason = LongText(label=_("Decision"), rows=3, max_length=4000)
