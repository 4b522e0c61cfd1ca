"""REST: the catalogue, to read. Lists show the edition in force unless `?edition=` names another one."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_portal.web.api import ReadOnly, ThreeLanguages

from ..models import (
    CatalogueRisk,
    DocumentGroup,
    Edition,
    EvaluationArea,
    ExpectedDocument,
    Mapping,
    Requirement,
    Responsibility,
    Stage,
    Standard,
    Task,
)

KEYS = ["id", "edition", "standard", "code"]
ABOUT = ["origin", "note"]


# -- serializers ----------------------------------------------------------------------------------------
class ChangesSerializer(serializers.Serializer):
    """Codes against the edition before."""

    added = serializers.ListField(child=serializers.CharField(), default=list)
    changed = serializers.ListField(child=serializers.CharField(), default=list)
    retired = serializers.ListField(child=serializers.CharField(), default=list)


class EditionSerializer(serializers.ModelSerializer):
    in_force = serializers.SerializerMethodField()
    changes = ChangesSerializer(read_only=True)

    class Meta:
        model = Edition
        fields = ["id", "number", "in_force", "in_force_from", "loaded_at", "changes"]

    def get_in_force(self, edition: Edition) -> bool:
        return edition.pk == self.context["view"].current_pk


class StandardSerializer(serializers.ModelSerializer):
    edition = serializers.IntegerField(source="edition.number", read_only=True)
    name, text, goal, note = ThreeLanguages(), ThreeLanguages(), ThreeLanguages(), ThreeLanguages()

    class Meta:
        model = Standard
        fields = ["id", "edition", "code", "number", "name", "text", "goal", "source", *ABOUT]


class PartSerializer(serializers.ModelSerializer):
    """`standard` and `edition` are what the filters of these names take: the code and the number."""

    edition = serializers.IntegerField(source="standard.edition.number", read_only=True)
    standard = serializers.CharField(source="standard.code", read_only=True)
    text, note = ThreeLanguages(), ThreeLanguages()


class TaskSerializer(PartSerializer):
    class Meta:
        model = Task
        fields = [*KEYS, "text", *ABOUT]


class RequirementSerializer(PartSerializer):
    class Meta:
        model = Requirement
        fields = [*KEYS, "text", *ABOUT]


class StageSerializer(PartSerializer):
    name = ThreeLanguages()

    class Meta:
        model = Stage
        fields = [*KEYS, "name", "text", *ABOUT]


class AreaSerializer(PartSerializer):
    class Meta:
        model = EvaluationArea
        fields = [*KEYS, "text", *ABOUT]


class RiskSerializer(PartSerializer):
    mitigation = ThreeLanguages()

    class Meta:
        model = CatalogueRisk
        fields = [*KEYS, "text", "mitigation", *ABOUT]


class ResponsibilitySerializer(PartSerializer):
    name = ThreeLanguages()

    class Meta:
        model = Responsibility
        fields = [*KEYS, "role", "name", "text", *ABOUT]


class ExpectedDocumentSerializer(serializers.ModelSerializer):
    name = ThreeLanguages()

    class Meta:
        model = ExpectedDocument
        fields = ["id", "name"]


class DocumentGroupSerializer(PartSerializer):
    keepers = serializers.ListField(child=serializers.CharField(), read_only=True)
    items = ExpectedDocumentSerializer(many=True, read_only=True)

    class Meta:
        model = DocumentGroup
        fields = [*KEYS, "group", "keepers", "text", "items", *ABOUT]


class _ItemName(ThreeLanguages):
    """The title of the clause, which is a column of the clause's own row."""

    def to_representation(self, mapping: Mapping) -> dict[str, str]:
        return super().to_representation(mapping.item)


class MappingSerializer(serializers.ModelSerializer):
    """Standard, or one of its requirements, → clause of a framework; `name` is the clause's title."""

    edition = serializers.IntegerField(source="standard.edition.number", read_only=True)
    standard = serializers.CharField(source="standard.code", read_only=True)
    requirement = serializers.SerializerMethodField()
    framework = serializers.CharField(source="item.framework.key", read_only=True)
    ref = serializers.CharField(source="item.ref", read_only=True)
    name = _ItemName()

    class Meta:
        model = Mapping
        fields = ["id", "edition", "standard", "requirement", "framework", "ref", "name"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_requirement(self, mapping: Mapping) -> str | None:
        return mapping.requirement.code if mapping.requirement else None


# -- filters ------------------------------------------------------------------------------------------------
class StandardFilters(django_filters.FilterSet):
    edition = django_filters.NumberFilter(field_name="edition__number")
    code = django_filters.CharFilter(lookup_expr="iexact")


class PartFilters(django_filters.FilterSet):
    edition = django_filters.NumberFilter(field_name="standard__edition__number")
    code = django_filters.CharFilter(lookup_expr="iexact")
    standard = django_filters.CharFilter(field_name="standard__code", lookup_expr="iexact")


class ResponsibilityFilters(PartFilters):
    role = django_filters.CharFilter()


class DocumentGroupFilters(PartFilters):
    group = django_filters.ChoiceFilter(choices=DocumentGroup.Group.choices)


class MappingFilters(django_filters.FilterSet):
    edition = django_filters.NumberFilter(field_name="standard__edition__number")
    standard = django_filters.CharFilter(field_name="standard__code", lookup_expr="iexact")
    requirement = django_filters.CharFilter(field_name="requirement__code", lookup_expr="iexact")
    code = django_filters.CharFilter(label="code of the standard or requirement", method="of_code")
    framework = django_filters.CharFilter(field_name="item__framework__key", lookup_expr="iexact")
    ref = django_filters.CharFilter(field_name="item__ref")

    def of_code(self, rows: Any, name: str, value: str) -> Any:
        path = "requirement__code__iexact" if "." in value else "standard__code__iexact"
        return rows.filter(**{path: value})


# -- views ----------------------------------------------------------------------------------------------------
class Editions(ReadOnly):
    queryset = Edition.objects.order_by("-number")
    serializer_class = EditionSerializer
    ordering_fields = ["number", "in_force_from"]

    @property
    def current_pk(self) -> int | None:
        """Asked once a request, not once a row."""
        if not hasattr(self, "_current_pk"):
            current = Edition.objects.current()
            self._current_pk = current.pk if current else None
        return self._current_pk


class _Catalogue(ReadOnly):
    """A list holds one edition; a single row is found in any, because what was made against it points there."""

    related: tuple[str, ...] = ("standard__edition",)
    ordering_fields = ["id", "code"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related(*self.related)
        named = self.action != "list" or self.request.query_params.get("edition")
        return rows if named else rows.in_force()


class Standards(_Catalogue):
    queryset = Standard.objects.all()
    serializer_class = StandardSerializer
    filterset_class = StandardFilters
    related = ("edition",)
    ordering_fields = ["id", "number"]


class Tasks(_Catalogue):
    queryset = Task.objects.all()
    serializer_class = TaskSerializer
    filterset_class = PartFilters


class Requirements(_Catalogue):
    queryset = Requirement.objects.all()
    serializer_class = RequirementSerializer
    filterset_class = PartFilters


class Stages(_Catalogue):
    queryset = Stage.objects.all()
    serializer_class = StageSerializer
    filterset_class = PartFilters


class Areas(_Catalogue):
    queryset = EvaluationArea.objects.all()
    serializer_class = AreaSerializer
    filterset_class = PartFilters


class Risks(_Catalogue):
    queryset = CatalogueRisk.objects.all()
    serializer_class = RiskSerializer
    filterset_class = PartFilters


class Responsibilities(_Catalogue):
    queryset = Responsibility.objects.all()
    serializer_class = ResponsibilitySerializer
    filterset_class = ResponsibilityFilters


class DocumentsExpected(_Catalogue):
    queryset = DocumentGroup.objects.prefetch_related("items")
    serializer_class = DocumentGroupSerializer
    filterset_class = DocumentGroupFilters


class Mappings(_Catalogue):
    # Those of the standard as a whole first: the two databases place empty values differently.
    queryset = Mapping.objects.order_by(
        "standard__number",
        F("requirement__place").asc(nulls_first=True),
        "item__framework__place",
        "item__place",
        "pk",
    )
    serializer_class = MappingSerializer
    filterset_class = MappingFilters
    related = ("standard__edition", "requirement", "item__framework")
    ordering_fields = ["id"]


routes = [
    ("standards/editions", Editions),
    ("standards/standards", Standards),
    ("standards/tasks", Tasks),
    ("standards/requirements", Requirements),
    ("standards/stages", Stages),
    ("standards/areas", Areas),
    ("standards/risks", Risks),
    ("standards/responsibilities", Responsibilities),
    ("standards/documents-expected", DocumentsExpected),
    ("standards/mappings", Mappings),
]
