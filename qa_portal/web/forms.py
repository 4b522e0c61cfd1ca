"""Forms of records: choices start from what the person may see; a hidden revision and a one-time key guard against loss."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

#: the most text that a field takes; a longer paste gets a sentence, not an error page
LONG_TEXT = 20000


class InputProblem(Exception):
    """What was typed does not do. `form` carries the errors and what was typed."""

    def __init__(self, form: forms.BaseForm):
        super().__init__(form.errors.as_text())
        self.form = form


#: the tab stays: it comes along with what is pasted from a table. NUL has its own sentence in Django.
_ONE_LINE = RegexValidator(
    r"[\x01-\x08\x0a-\x1f\x7f\x85\u2028\u2029]",
    _("One line of plain text is expected, without line breaks and other control characters."),
    inverse_match=True,
)


def keep_to_one_line(form: forms.BaseForm) -> None:
    """Fields of one line go into subjects of letters, headings and files: a line break there breaks them."""
    for field in form.fields.values():
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea):
            field.validators.append(_ONE_LINE)


#: no database has a row of a longer number, and SQLite breaks on one in a list
MOST_FIGURES = 18


def _no_such_row(field: forms.ModelMultipleChoiceField) -> Any:
    """The field's own `clean`, asked only for numbers that a row may have; others are «not one of the choices»."""
    clean = field.clean

    def checked(value: Any) -> Any:
        for pk in value if isinstance(value, list | tuple) else ():
            if isinstance(pk, int | str) and len(str(pk)) > MOST_FIGURES:
                raise ValidationError(
                    field.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": str(pk)[:20]}
                )
        return clean(value)

    return checked


def keep_to_possible_rows(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.clean = _no_such_row(field)  # type: ignore[method-assign]


class StepForm(forms.Form):
    """A step's few inputs, the same on the page and in the API. Knows the record and the person."""

    #: what is typed here stands in no report about an error (passphrases)
    sensitive = False

    def __init__(self, *args: Any, record: Any = None, by: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.record = record
        self.by = by
        self.prepare()
        keep_to_one_line(self)
        keep_to_possible_rows(self)

    def prepare(self) -> None:
        """Subclasses narrow choices and set first values from the record."""


def keep_secret(request: Any, form: Any) -> None:
    """Errors in this request are reported without what was typed into such a form."""
    if getattr(form, "sensitive", False):
        request.sensitive_post_parameters = list(form.base_fields)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%d", **kwargs)


class LongText(forms.CharField):
    """Text of several lines, with a limit that is said."""

    def __init__(self, *, rows: int = 4, **kwargs: Any):
        kwargs.setdefault("max_length", LONG_TEXT)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)


class DateField(forms.DateField):
    widget = DateInput


class PersonChoice(forms.ModelChoiceField):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.empty_label = _("— choose —") if self.required else _("— none —")
        self.widget.attrs["data-picker"] = ""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_full_name()} — {obj.post}" if obj.post else obj.get_full_name()


class RecordForm(forms.ModelForm):
    """Base of add and edit forms. `by` is the person; `record` in the API means the same."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by = by
        if self.instance.pk:
            self.fields["revision"].initial = self.instance.revision
            del self.fields["submission"]
        else:
            self.fields["submission"].initial = uuid.uuid4()
            del self.fields["revision"]
        for name, form_field in self.fields.items():
            if isinstance(form_field, forms.ModelChoiceField):
                form_field.widget.attrs.setdefault("data-picker", "")
                form_field.empty_label = _("— choose —") if form_field.required else _("— none —")
            elif isinstance(form_field, forms.DateField):
                form_field.widget = DateInput()
            elif isinstance(form_field, forms.CharField) and isinstance(form_field.widget, forms.Textarea):
                form_field.max_length = form_field.max_length or LONG_TEXT
                form_field.validators.append(forms.fields.validators.MaxLengthValidator(form_field.max_length))
                form_field.widget.attrs.setdefault("rows", 4)
            del name
        self.prepare()
        keep_to_one_line(self)
        keep_to_possible_rows(self)

    def prepare(self) -> None:
        """Subclasses narrow the choices to what `self.by` may see."""

    def save_new(self, by: Any) -> Any:
        """Make the record of a form that was found good; a form that may make something else says what."""
        return self.instance.add(by=by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and cleaned.get("revision"):
            # save_changes compares it with the row as stored
            self.instance.revision = cleaned["revision"]
        return cleaned
