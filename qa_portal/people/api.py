"""REST: units, people, offices. Read-only; the office keeps them in admin or by import."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_portal.permissions import refusal
from qa_portal.web.api import ReadOnly, ThreeLanguages

from .filters import OfficeFilters, PersonFilters, UnitFilters
from .models import Office, Person, Unit
from .roles import Role


class PersonName(serializers.Serializer):
    """A person where only the name is wanted."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class UnitSerializer(serializers.ModelSerializer):
    name = ThreeLanguages()
    short = ThreeLanguages()
    head = serializers.SerializerMethodField()

    class Meta:
        model = Unit
        fields = ["id", "code", "kind", "name", "short", "parent", "closed_on", "head"]

    @extend_schema_field(PersonName(allow_null=True))
    def get_head(self, unit: Unit) -> dict[str, Any] | None:
        """Who heads the unit today; the university is headed by its rector."""
        held = unit.heads_today  # type: ignore[attr-defined]
        office = next((o for o in held if o.role == Role.UNIT_HEAD), None) or next(iter(held), None)
        return {"id": office.person_id, "name": office.person.get_full_name()} if office else None


class PersonSerializer(serializers.ModelSerializer):
    last_name = ThreeLanguages()
    first_name = ThreeLanguages()
    middle_name = ThreeLanguages()
    post = ThreeLanguages()
    roles = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = ["id", "last_name", "first_name", "middle_name", "post", "unit", "roles", "email"]

    def get_roles(self, person: Person) -> list[str]:
        """Roles held today, each once."""
        return list(dict.fromkeys(office.role for office in person.offices_today))  # type: ignore[attr-defined]

    def get_email(self, person: Person) -> str | None:
        """Read by the quality office, HR and administrators; others get null, except for their own."""
        return None if refusal(self.context["request"].user, "people.view_email_person", person) else person.email


class OfficeSerializer(serializers.ModelSerializer):
    person_name = serializers.CharField(source="person.get_full_name", read_only=True)

    class Meta:
        model = Office
        fields = ["id", "person", "person_name", "role", "unit", "since", "until"]


class Units(ReadOnly):
    queryset = Unit.objects.order_by("path")
    serializer_class = UnitSerializer
    filterset_class = UnitFilters
    ordering_fields = ["id", "code", "path", "name_kk", "name_ru", "name_en"]

    def get_queryset(self) -> Any:
        heads = (
            Office.objects.visible_to(self.request.user)
            .on()
            .filter(role__in=(Role.UNIT_HEAD, Role.RECTOR))
            .select_related("person")
        )
        return super().get_queryset().prefetch_related(Prefetch("offices", heads, to_attr="heads_today"))


class People(ReadOnly):
    queryset = Person.objects.order_by("last_name_kk", "first_name_kk", "pk")
    serializer_class = PersonSerializer
    filterset_class = PersonFilters
    ordering_fields = ["id", "last_name_kk", "last_name_ru", "last_name_en"]

    def get_queryset(self) -> Any:
        offices = Office.objects.visible_to(self.request.user).on()
        return super().get_queryset().prefetch_related(Prefetch("offices", offices, to_attr="offices_today"))


class Offices(ReadOnly):
    queryset = Office.objects.select_related("person").order_by("pk")
    serializer_class = OfficeSerializer
    filterset_class = OfficeFilters
    ordering_fields = ["id", "since", "until", "role"]


routes = [("people/units", Units), ("people/people", People), ("people/offices", Offices)]
