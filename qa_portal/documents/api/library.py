"""REST: kinds, documents, versions with their files, change sheets and approval sheets."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser

from qa_portal.web.api import (
    Adding,
    Editing,
    ReadOnly,
    RecordSerializer,
    RecordViewSet,
    ThreeLanguages,
    with_steps,
)

from ..filters.library import AgreementFilters, ChangeFilters, DocumentFilters, VersionFilters
from ..forms.writing import DocumentForm, VersionForm, WholeChangeForm
from ..models import Agreement, ChangeLine, Document, DocumentKind, Origin, Provision, Version
from ..views.versions import open_file

PARSERS = [JSONParser, MultiPartParser, FormParser]


def codes() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), read_only=True)


def parent(request: Any, name: str, model: Any, *related: str) -> Any:
    """The record that a new one belongs to; 400 when it is not named, 404 when it is not visible."""
    pk = str(request.data.get(name, "")) if hasattr(request.data, "get") else ""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise ValidationError({name: ["The number of the record is expected."]})
    return get_object_or_404(model.objects.visible_to(request.user).select_related(*related), pk=pk)


# -- kinds ----------------------------------------------------------------------------------
class ProvisionSerializer(serializers.ModelSerializer):
    text = ThreeLanguages()

    class Meta:
        model = Provision
        fields = ["id", "place", "text"]


class KindSerializer(serializers.ModelSerializer):
    name = ThreeLanguages()
    route = codes()
    provisions = serializers.SerializerMethodField()

    class Meta:
        model = DocumentKind
        fields = [
            "id", "code", "origin", "mark", "name", "level", "level_n2", "number_pattern", "route", "provisions", "public",
            "audience", "before_first_day", "review_years", "retention_years", "nomenclature_index", "change_form",
            "clause", "route_clause", "provisions_clause", "retired",
        ]  # fmt: skip

    @extend_schema_field(ProvisionSerializer(many=True))
    def get_provisions(self, kind: DocumentKind) -> list[dict[str, Any]]:
        """What such a document must contain."""
        rows = [provision for provision in kind.provisions.all() if not provision.retired]
        return list(ProvisionSerializer(rows, many=True).data)


class Kinds(ReadOnly):
    """Kinds of documents; kept in Django admin."""

    queryset = DocumentKind.objects.prefetch_related("stops", "provisions").order_by("place", "pk")
    serializer_class = KindSerializer
    filterset_fields = ["code", "origin", "level", "retired"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    ordering_fields = ["place", "code"]


# -- documents --------------------------------------------------------------------------------
class DocumentSerializer(RecordSerializer):
    title = ThreeLanguages()
    issued_by = ThreeLanguages()
    languages, supports, basis, audience_units, audience_roles = codes(), codes(), codes(), codes(), codes()
    level = serializers.CharField(source="kind.level", read_only=True)
    version = serializers.CharField(source="current.label", default="", read_only=True)

    class Meta:
        model = Document
        fields = [
            "id", "state", "origin", "number", "title", "kind", "level", "unit", "languages", "supports", "parent", "basis",
            "audience_units", "audience_roles", "issued_by", "adopted_on", "edition", "edition_on", "link", "check_edition",
            "current",
            "version", "in_force_on", "last_review", "review_due", "review_reason", "published_on", "annulled_on",
            "nomenclature_index", "archived_on", "keep_until", "original_destroyed_on", "destruction_act", "created_by",
            "created_at", "changed_at", "revision", "steps",
        ]  # fmt: skip
        read_only_fields = fields


class DocumentEdit(serializers.Serializer):
    title_kk = serializers.CharField(required=False, max_length=400)
    title_ru = serializers.CharField(required=False, max_length=400)
    title_en = serializers.CharField(required=False, max_length=400)
    unit = serializers.IntegerField(required=False, help_text="Of a document of the university.")
    languages = serializers.ListField(child=serializers.CharField(), required=False)
    supports = serializers.ListField(child=serializers.CharField(), required=False)
    parent = serializers.IntegerField(required=False)  # type: ignore[assignment]
    basis = serializers.ListField(child=serializers.IntegerField(), required=False)
    audience_units = serializers.ListField(child=serializers.IntegerField(), required=False)
    audience_roles = serializers.ListField(child=serializers.CharField(), required=False)
    number = serializers.CharField(required=False, max_length=80, help_text="Of an external act.")
    adopted_on = serializers.DateField(required=False, help_text="Of an external act.")
    issued_by_kk = serializers.CharField(required=False, max_length=200)
    issued_by_ru = serializers.CharField(required=False, max_length=200)
    issued_by_en = serializers.CharField(required=False, max_length=200)
    edition = serializers.CharField(required=False, max_length=120)
    link = serializers.URLField(required=False, max_length=500)
    check_edition = serializers.BooleanField(required=False)
    revision = serializers.IntegerField(required=False)


class DocumentInput(DocumentEdit):
    """With `origin` "external" it is an act of others, in force from the start; a `file` becomes version 1.0."""

    origin = serializers.ChoiceField(choices=Origin.choices, default=Origin.INTERNAL)
    kind = serializers.IntegerField()
    file = serializers.FileField(required=False)


@with_steps
class Documents(Adding, Editing, RecordViewSet):
    queryset = Document.objects.order_by("-pk")
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilters
    form = DocumentForm
    parser_classes = PARSERS
    list_related = ("kind", "unit", "current")
    ordering_fields = ["id", "number", "in_force_on", "review_due", "state", "published_on"]

    def get_queryset(self) -> Any:
        # Whether a version is approved already is asked of every document in preparation.
        few = Version._base_manager.only("state", "document")
        return super().get_queryset().prefetch_related(Prefetch("versions", few))

    def new(self, request: Any) -> Document:
        outside = hasattr(request.data, "get") and request.data.get("origin") == Origin.EXTERNAL
        return Document(origin=Origin.EXTERNAL if outside else Origin.INTERNAL)

    @extend_schema(request=DocumentInput, responses={201: DocumentSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().create(request, *args, **kwargs)

    @extend_schema(request=DocumentEdit, responses=DocumentSerializer)
    def partial_update(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().partial_update(request, *args, **kwargs)


# -- versions -----------------------------------------------------------------------------------
class VersionSerializer(RecordSerializer):
    number = serializers.CharField(source="label", read_only=True)
    provisions = serializers.DictField(child=serializers.CharField(), read_only=True)
    route = codes()
    approvals = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Version
        fields = [
            "id", "state", "document", "number", "major", "minor", "minor_change", "file_name", "content_type", "size",
            "checksum", "summary", "effective_from", "provisions", "submitted_by", "submitted_on", "checked_by", "round",
            "agree_by", "agreed_on", "route", "waits_for", "approvals", "approved_on", "approval_basis", "in_force_on",
            "ended_on", "created_by", "created_at", "changed_at", "revision", "steps",
        ]  # fmt: skip
        read_only_fields = fields


class VersionEdit(serializers.Serializer):
    """Sections of required provisions are sent as `provision_<number>`: the numbers stand in the kind."""

    file = serializers.FileField(required=False)
    minor_change = serializers.BooleanField(required=False)
    summary = serializers.CharField(required=False, max_length=5000)
    effective_from = serializers.DateField(required=False)
    revision = serializers.IntegerField(required=False)


class VersionInput(VersionEdit):
    document = serializers.IntegerField()


@with_steps
class Versions(Adding, Editing, RecordViewSet):
    queryset = Version.objects.order_by("-pk").prefetch_related("changes", "document__kind__provisions")
    serializer_class = VersionSerializer
    filterset_class = VersionFilters
    form = VersionForm
    parser_classes = PARSERS
    list_related = ("document__kind", "document__unit")
    ordering_fields = ["id", "state", "submitted_on", "agree_by", "approved_on", "in_force_on"]

    def new(self, request: Any) -> Version:
        return Version(document=parent(request, "document", Document, "kind", "unit"))

    @extend_schema(request=VersionInput, responses={201: VersionSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().create(request, *args, **kwargs)

    @extend_schema(request=VersionEdit, responses=VersionSerializer)
    def partial_update(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().partial_update(request, *args, **kwargs)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def file(self, request: Any, pk: Any = None) -> FileResponse:
        """The file itself; one that is not in force says so in its name."""
        return open_file(get_object_or_404(self.get_queryset().exclude(file=""), pk=pk))


# -- change sheets and approval sheets ------------------------------------------------------------
class ChangeSerializer(RecordSerializer):
    class Meta:
        model = ChangeLine
        fields = [
            "id", "state", "version", "place", "section", "sheets_replaced", "sheets_new", "sheets_annulled", "change",
            "description", "basis", "basis_number", "basis_date", "entered_by", "entered_on", "introduced_on", "created_at",
            "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = ["state", "place", "entered_by", "entered_on"]


@with_steps
class Changes(Adding, Editing, RecordViewSet):
    queryset = ChangeLine.objects.order_by("version", "place")
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilters
    form = WholeChangeForm
    list_related = ("version__document__kind", "version__document__unit")
    ordering_fields = ["id", "place", "entered_on", "introduced_on", "state"]

    def new(self, request: Any) -> ChangeLine:
        return ChangeLine(version=parent(request, "version", Version, "document__kind", "document__unit"))


class AgreementSerializer(RecordSerializer):
    party = serializers.CharField(read_only=True)

    class Meta:
        model = Agreement
        fields = [
            "id", "state", "version", "round", "party", "unit", "role", "answering_unit", "due", "checksum", "answered_by",
            "answered_at", "reason", "created_at", "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields


@with_steps
class Agreements(RecordViewSet):
    """Answers on approval sheets. They are opened by the check of the form, and answered by their steps."""

    queryset = Agreement.objects.order_by("-pk")
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilters
    list_related = ("version__document", "unit")
    ordering_fields = ["id", "due", "state", "round"]


routes = [
    ("documents/kinds", Kinds, "document-kind"),
    ("documents/documents", Documents, "document"),
    ("documents/versions", Versions, "version"),
    ("documents/changes", Changes, "change"),
    ("documents/agreements", Agreements, "agreement"),
]
