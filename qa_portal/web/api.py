"""REST kit: records with their steps, paged, filtered, searched, sorted; refusals in one order and one shape.

401 no token · 404 not visible · 403 who · 409 when · 400 input; PUT and DELETE answer 405.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.http import QueryDict
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from qa_portal.permissions import Refused, refusal

from .api_reading import QuickReading
from .forms import InputProblem, keep_secret
from .registry import steps_of

LANGUAGES = ("kk", "ru", "en")


class ThreeLanguages(serializers.Field):
    """A text in three languages: {"kk", "ru", "en"}; reads the columns `<source>_kk` and so on."""

    def __init__(self, **kwargs: Any):
        kwargs["source"] = "*"
        kwargs["read_only"] = True
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> dict[str, str]:
        name = self.field_name
        return {code: getattr(value, f"{name}_{code}") or "" for code in LANGUAGES}


ThreeLanguages = extend_schema_field(
    {"type": "object", "properties": {code: {"type": "string"} for code in LANGUAGES}, "required": list(LANGUAGES)}
)(ThreeLanguages)


class StepSerializer(serializers.Serializer):
    name = serializers.CharField()
    allowed = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)


class EntrySerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    by = serializers.SerializerMethodField()
    verb = serializers.CharField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    why = serializers.CharField()
    changes = serializers.JSONField()

    def get_by(self, entry: Any) -> str:
        return entry.by.get_full_name() if entry.by else ""


class RecordSerializer(QuickReading, serializers.ModelSerializer):
    """Base: `id`, `state`, `steps` with allowed and why not."""

    steps = serializers.SerializerMethodField()

    @cached_property
    def _said(self) -> dict[Any, str]:
        """Sentences of this answer in its language: the same few stand in every row."""
        return {}

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, record: Any) -> list[dict[str, Any]]:
        person, said = self.context["request"].user, self._said
        found = []
        for step in steps_of(type(record)).values():
            if record.state in step.from_:  # also where a page offers it by other means than its button
                why_not = step.refusal(record, person)
                words = "" if why_not is None else str(why_not)
            else:
                # Wrong person or wrong state: the sentence hangs on the step and the state alone.
                why_not = step.who_refuses(record, person)
                key = (step.name, record.state if why_not is None else "")
                if key not in said:
                    said[key] = str(why_not or step.when_refuses(record))
                why_not, words = True, said[key]
            found.append({"name": step.name, "allowed": why_not is None, "why_not": words})
        return found


class ReadOnly(viewsets.ReadOnlyModelViewSet):
    """A list and its items; `visible_to` is the gate."""

    queryset: Any
    #: named by each view; unnamed, what the serializer shows (never "__all__": sorting by a hidden column tells of it)
    ordering_fields: Any = None

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.visible_to(self.request.user)


class RecordViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Records with their steps. Adding and editing go through the app's own form: one truth for page and API.

    Subclasses set `queryset`, `serializer_class`, `filterset_class`, `form`; `list_related` spares queries.
    """

    queryset: Any
    form: type[Any] | None = None
    list_related: tuple[str, ...] = ()
    #: of the related rows, what a list reads; empty: all
    list_columns: tuple[str, ...] = ()
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        rows = self.queryset.visible_to(self.request.user)
        rows = rows.select_related(*self.list_related) if self.list_related else rows
        if self.action == "list" and self.list_columns:
            rows = rows.only(*(column.name for column in rows.model._meta.concrete_fields), *self.list_columns)
        return rows

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        self.bring(page if page is not None else [])
        return page

    def bring(self, page: list[Any]) -> None:
        """What the steps of a whole page ask for, fetched at once."""

    def answer(self, record: Any, code: int = 200) -> Response:
        fresh = self.get_queryset().filter(pk=record.pk).first() or record
        return Response(self.get_serializer(fresh).data, status=code)

    def new(self, request: Any) -> Any:
        """The unsaved record that a POST fills."""
        return self.queryset.model()

    @extend_schema(responses=EntrySerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def history(self, request: Any, pk: Any = None) -> Response:
        entries = self.get_object().history.select_related("by")
        return Response(EntrySerializer(entries, many=True).data)

    def run_step(self, request: Any, name: str) -> Response:
        record = self.get_object()
        step = steps_of(self.queryset.model)[name]
        keep_secret(request._request, step.form)
        step.run(record, request.user, form_data(request.data), request.FILES)
        return self.answer(record)


class Adding:
    """POST: the same form as the page's."""

    def add_refusal(self, record: Any, request: Any) -> Any | None:
        """Why this person may not add `record`; asks more where a new record hangs on another one."""
        return refusal(request.user, record.right("add"), record)

    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        record = self.new(request)
        sentence = self.add_refusal(record, request)
        if sentence:
            raise Refused(sentence)
        form = self.form(form_data(request.data), request.FILES, instance=record, by=request.user)
        if not form.is_valid():
            raise InputProblem(form)
        with transaction.atomic():
            made = form.save_new(request.user)
        return self.answer(made, status.HTTP_201_CREATED)


class Editing:
    """PATCH: what is not sent stays as it is."""

    def partial_update(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        record = self.get_object()
        problem = record.edit_refusal(request.user)
        if problem:
            raise problem[0](problem[1])
        blank = self.form(instance=record, by=request.user)
        data = QueryDict(mutable=True)
        for name, field in blank.fields.items():
            value = blank.get_initial_for_field(field, name)
            values = value if isinstance(value, list | tuple) else [value]
            for item in values:
                if item is not None and item != "":
                    data.appendlist(name, item.pk if isinstance(item, models.Model) else item)
        sent = form_data(request.data)
        for name in sent:
            data.setlist(name, sent.getlist(name))
        form = self.form(data, request.FILES, instance=record, by=request.user)
        if not form.is_valid():
            raise InputProblem(form)
        form.instance.save_changes(by=request.user)
        return self.answer(form.instance)


def form_data(data: Any) -> QueryDict:
    """JSON or form data as a form reads it."""
    if isinstance(data, QueryDict):
        return data
    if not isinstance(data, dict):
        raise exceptions.ValidationError({"non_field_errors": ["An object is expected."]})
    query = QueryDict(mutable=True)
    for name, value in data.items():
        values = value if isinstance(value, list) else [value]
        query.setlist(
            str(name),
            ["" if item is None else str(item).lower() if isinstance(item, bool) else str(item) for item in values],
        )
    return query


def with_steps(viewset: type[RecordViewSet]) -> type[RecordViewSet]:
    """Give the viewset one POST route per step of its model: adding a step needs no API code."""
    for step in steps_of(viewset.queryset.model).values():
        setattr(viewset, f"step_{step.name}", _route(viewset, step))
    return viewset


def _route(viewset: type[RecordViewSet], step: Any) -> Any:
    name = step.name

    def take(self: Any, request: Any, pk: Any = None) -> Response:
        return self.run_step(request, name)

    take.__name__ = f"step_{name}"
    take.__doc__ = (step.__doc__ or "").strip()
    documented = extend_schema(
        request=_input_schema(viewset, step), responses=viewset.serializer_class, description=take.__doc__
    )(take)
    return action(detail=True, methods=["post"], url_path=step.slug, url_name=step.slug)(documented)


def _input_schema(viewset: type[RecordViewSet], step: Any) -> Any:
    """The inputs of a step as a serializer for the schema, read from its form."""
    if step.form is None:
        return None
    fields: dict[str, Any] = {}
    for name, field in step.form.base_fields.items():
        kinds = {c.__name__ for c in type(field).__mro__}
        kind: Any = serializers.CharField
        if "ModelMultipleChoiceField" in kinds:
            fields[name] = serializers.ListField(child=serializers.IntegerField(), required=field.required)
            continue
        if "ModelChoiceField" in kinds:
            kind = serializers.IntegerField
        elif "DateField" in kinds:
            kind = serializers.DateField
        elif "BooleanField" in kinds:
            kind = serializers.BooleanField
        elif "FileField" in kinds:
            kind = serializers.FileField
        fields[name] = kind(required=field.required)
    model = viewset.queryset.model.__name__
    return type(f"{model}{step.name.title().replace('_', '')}Input", (serializers.Serializer,), fields)
