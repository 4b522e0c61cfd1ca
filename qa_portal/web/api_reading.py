"""Reading of plain columns without DRF's ceremony: it asks each field of each row how to be read, we ask once a list."""

from __future__ import annotations

import copy
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.fields import SkipField

#: columns whose value goes out as the database gives it
_AS_IS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


#: for each serializer how its fields are read, worked out at the first answer
_plans: dict[type, list[tuple[str, Callable[[], Callable[[Any], Any]] | None]]] = {}


class QuickReading:
    """Mixed into a ModelSerializer: what goes out is the same as DRF's own."""

    @cached_property
    def _readers(self) -> list[tuple[str, Callable[[Any], Any]]]:
        plan = _plans.get(type(self))
        if plan is None:
            columns = {column.name: column for column in self.Meta.model._meta.concrete_fields}
            plan = [(field.field_name, _reader(field, columns.get(field.source))) for field in self._readable_fields]
            _plans[type(self)] = plan
        return [(name, make() if make else _as_drf(self._own(name))) for name, make in plan]

    def _own(self, name: str) -> Any:
        """One declared field of this serializer, without working out all the others from the model."""
        if name not in self._declared_fields:
            return self.fields[name]
        field = copy.deepcopy(self._declared_fields[name])
        field.bind(name, self)
        return field

    def to_representation(self, instance: Any) -> dict[str, Any]:
        found = {}
        for name, read in self._readers:
            try:
                found[name] = read(instance)
            except SkipField:
                continue
        return found


def _reader(field: Any, column: Any) -> Callable[[], Callable[[Any], Any]] | None:
    """What makes the reader of a plain column; None where DRF's own field must read."""
    if column is None or hasattr(field, "format"):
        return None
    get = attrgetter(column.attname)
    if type(field) is serializers.DateField:
        return lambda: _day(get)
    if type(field) is serializers.DateTimeField:
        return lambda: _moment(get)
    plain = (serializers.CharField, serializers.ChoiceField, serializers.IntegerField, serializers.BooleanField)
    as_is = type(field) in plain and isinstance(column, _AS_IS)
    number = type(field) is serializers.PrimaryKeyRelatedField and field.pk_field is None
    return (lambda: get) if as_is or number else None


def _day(get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(record: Any) -> Any:
        day = get(record)
        return day if day is None else day.isoformat()

    return read


def _moment(get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """In the university's time, as DRF writes it."""
    zone = timezone.get_current_timezone()

    def read(record: Any) -> Any:
        moment = get(record)
        return moment if moment is None else moment.astimezone(zone).isoformat().replace("+00:00", "Z")

    return read


def _as_drf(field: Any) -> Callable[[Any], Any]:
    def read(record: Any) -> Any:
        value = field.get_attribute(record)
        return None if value is None else field.to_representation(value)

    return read
