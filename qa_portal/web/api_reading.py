"""Reading of plain columns without DRF's ceremony: it asks each field of each row how to be read, we ask once a list."""

from __future__ import annotations

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


class QuickReading:
    """Mixed into a ModelSerializer: what goes out is the same as DRF's own."""

    @cached_property
    def _readers(self) -> list[tuple[str, Callable[[Any], Any]]]:
        columns = {column.name: column for column in self.Meta.model._meta.concrete_fields}
        return [(field.field_name, _reader(field, columns.get(field.source))) for field in self._readable_fields]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        found = {}
        for name, read in self._readers:
            try:
                found[name] = read(instance)
            except SkipField:
                continue
        return found


def _reader(field: Any, column: Any) -> Callable[[Any], Any]:
    if column is None or hasattr(field, "format"):
        return _as_drf(field)
    if type(field) is serializers.PrimaryKeyRelatedField and field.pk_field is None:
        return attrgetter(column.attname)
    if type(field) is serializers.DateField:
        return _day(attrgetter(column.attname))
    if type(field) is serializers.DateTimeField:
        return _moment(attrgetter(column.attname))
    plain = (serializers.CharField, serializers.ChoiceField, serializers.IntegerField, serializers.BooleanField)
    return attrgetter(column.attname) if type(field) in plain and isinstance(column, _AS_IS) else _as_drf(field)


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
