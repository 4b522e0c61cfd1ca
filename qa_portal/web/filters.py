"""Filters: one declaration for the register's chips and the API's query parameters."""

from __future__ import annotations

import copy
from collections import OrderedDict
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .forms import DateInput


class Tick(django_filters.BooleanFilter):
    """A filter that is on or off."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, widget=forms.CheckboxInput(attrs={"value": "true"}), **kwargs)


#: the largest number that the database keeps as the number of a record
LARGEST = 2**63 - 1


class RecordNumber(django_filters.NumberFilter):
    """The number of a record. One longer than the database can hold is a wrong value, not an error of the database."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, min_value=0, **kwargs)

    def get_max_validator(self) -> MaxValueValidator:
        return MaxValueValidator(LARGEST)


class _Declared(OrderedDict):
    """The filters of a class. Each request needs its own; what they are made of is never changed and can be shared."""

    def __deepcopy__(self, memo: Any) -> OrderedDict:
        own = OrderedDict((name, copy.copy(declared)) for name, declared in self.items())
        for each in own.values():
            each.extra = dict(each.extra)
            if each.method is not None:
                each.method = each.method  # bound to this copy, not to the declaration
        return own


class RecordFilters(django_filters.FilterSet):
    """Base of a register's filters; `state` lists the states of the model with their words.

    `FIRST` names the filters in sight; the others stand behind “More filters”.
    """

    FIRST: tuple[str, ...] = ("state", "unit", "overdue")

    state = django_filters.MultipleChoiceFilter(
        label=_("State"), distinct=False, widget=forms.SelectMultiple(attrs={"data-few": ""})
    )
    overdue = Tick(label=_("Overdue only"), method="only_overdue")

    @classmethod
    def get_filters(cls) -> OrderedDict:
        return _Declared(super().get_filters())

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        model = self._meta.model
        if "state" in self.filters and model is not None:
            self.filters["state"].extra["choices"] = [(code, words[0]) for code, words in model.STATES.items()]

    @property
    def form(self) -> Any:
        form = super().form
        for field in form.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DateInput()
            elif isinstance(field, forms.ModelChoiceField):
                field.widget.attrs["data-picker"] = ""
        return form

    def only_overdue(self, rows: Any, name: str, value: bool) -> Any:
        return rows.overdue(timezone.localdate()) if value else rows
