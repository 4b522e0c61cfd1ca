"""A table of students or courses that is handed in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qa_portal.web.files import DocumentField

TABLES = ("xlsx", "csv")


class TableField(DocumentField):
    """An XLSX or CSV, judged by its content."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(f".{kind}" for kind in TABLES)

    @property
    def accept_hint(self) -> str:
        return "XLSX, CSV"

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data and PurePath(getattr(data, "name", "")).suffix.lower().lstrip(".") not in TABLES:
            raise ValidationError(_("A table is expected: XLSX or CSV."), code="kind")
        return super().clean(data, initial)


class TableForm(forms.Form):
    file = TableField(label=_("Table"))
