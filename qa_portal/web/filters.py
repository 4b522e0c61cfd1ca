"""Filters: one declaration for the register's chips and the API's query parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RecordFilters(django_filters.FilterSet):
    """Base of a register's filters; `state` lists the states of the model with their words."""

    state = django_filters.MultipleChoiceFilter(label=_("State"), widget=forms.SelectMultiple(attrs={"data-few": ""}))
    overdue = django_filters.BooleanFilter(
        label=_("Overdue only"), method="only_overdue", widget=forms.CheckboxInput(attrs={"value": "true"})
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        model = self._meta.model
        if "state" in self.filters and model is not None:
            self.filters["state"].extra["choices"] = [(code, words[0]) for code, words in model.STATES.items()]

    def only_overdue(self, rows: Any, name: str, value: bool) -> Any:
        return rows.overdue(timezone.localdate()) if value else rows
