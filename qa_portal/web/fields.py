"""Fields of models that several rooms use."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class CodesField(models.TextField):
    """A few short codes in one column, kept as " S1 S1.R7 " and read as a list; asked with `holding()`.

    One truth for page, history and search, where a table of its own would need a join and would escape history.
    """

    # Read by the type checker's Django plugin: lists go in and come out.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[str]:
        return value.split() if value else []

    def to_python(self, value: Any) -> list[str]:
        if value is None:
            return []
        return value.split() if isinstance(value, str) else [str(item) for item in value]

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        codes = list(dict.fromkeys(str(item) for item in value or ()))
        return f" {' '.join(codes)} " if codes else ""

    def value_to_string(self, obj: Any) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def holding(field: str, code: Any) -> Q:
    """Rows whose codes hold this one."""
    return Q(**{f"{field}__contains": f" {code} "})
