"""REST: values of indicators, one at a time or many at once by the same rules as a table."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from qa_portal.permissions import Refused, refusal
from qa_portal.web.api import Adding, RecordSerializer, RecordViewSet, with_steps

from ..filters.measurements import MeasurementFilters
from ..forms.measurements import MeasurementForm
from ..measuring import Book, Ready, Typed, enter
from ..mistakes import Mistake, Mistakes
from ..models import Measurement

MOST_AT_ONCE, MOST_TOLD = 5000, 200
#: the columns of a table and the names of the API
NAMES = {"code": "indicator", "cases": "weight"}


class MeasurementSerializer(RecordSerializer):
    class Meta:
        model = Measurement
        fields = [
            "id", "state", "indicator", "code", "unit", "period", "since", "until", "value", "weight", "light", "origin", "note",
            "batch", "corrected_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class BulkValue(serializers.Serializer):
    indicator = serializers.CharField(help_text="Code of the indicator in force.")
    unit = serializers.CharField(required=False, allow_blank=True, help_text="Code of the unit; empty: the university.")
    period = serializers.CharField()
    value = serializers.CharField()
    weight = serializers.CharField(required=False, allow_blank=True, help_text="Number of cases.")
    note = serializers.CharField(required=False, allow_blank=True)


class BulkInput(serializers.Serializer):
    values = BulkValue(many=True)
    reason = serializers.CharField(
        required=False, allow_blank=True, help_text="With it other values that are there are replaced."
    )


class BulkAnswer(serializers.Serializer):
    added = serializers.IntegerField()
    replaced = serializers.IntegerField()
    skipped = serializers.IntegerField()


@with_steps
class Measurements(Adding, RecordViewSet):
    queryset = Measurement.objects.order_by("-until", "code", "pk")
    serializer_class = MeasurementSerializer
    filterset_class = MeasurementFilters
    form = MeasurementForm
    list_related = ("indicator__responsible", "unit")
    ordering_fields = ["id", "code", "period", "until", "value", "light", "changed_at"]

    def new(self, request: Any) -> Measurement:
        return Measurement(origin=Measurement.Origin.API)

    @extend_schema(request=BulkInput, responses=BulkAnswer)
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request: Any) -> Response:
        """Many values at once, all of them or none; each mistake is named by the number of its value."""
        sentence = refusal(request.user, "standards.add_measurement", Measurement())
        if sentence:
            raise Refused(sentence)
        values, reason = _sent(request.data)
        book = Book(request.user)
        ready: list[Ready] = []
        wrong: list[Mistake] = []
        seen: dict[Any, int] = {}
        for place, row in enumerate(values):
            found = book.judge(_typed(place, row))
            if isinstance(found, Ready):
                first = seen.setdefault(found.key, place)
                if first != place:
                    wrong.append(Mistake(place, "period", "twice", {"first": str(first)}))
                ready.append(found)
            else:
                wrong += found
        if wrong:
            raise _told(wrong)
        try:
            done = enter(ready, by=request.user, origin=Measurement.Origin.API, reason=reason)
        except Mistakes as mistakes:
            raise _told(mistakes.found) from mistakes
        return Response({"added": done.added, "replaced": done.replaced, "skipped": done.skipped})


def _sent(data: Any) -> tuple[list[Any], str]:
    values = data.get("values") if isinstance(data, dict) else None
    if not isinstance(values, list) or not values or not all(isinstance(row, dict) for row in values):
        raise ValidationError({"values": ["A list of values is expected."]})
    if len(values) > MOST_AT_ONCE:
        raise ValidationError({"values": [f"At most {MOST_AT_ONCE} values at once."]})
    reason = data.get("reason") or ""
    return values, _text(reason).strip()[:1000]


def _text(value: Any) -> str:
    """As text that can be stored and said back: without zero bytes and halves of letters."""
    return str(value).replace("\x00", "").encode(errors="replace").decode()


def _typed(place: int, row: dict[str, Any]) -> Typed:
    def plain(name: str) -> Any:
        value = row.get(name)
        return value if value is None or isinstance(value, int | float) else _text(value)

    return Typed(
        place, plain("indicator"), plain("unit"), plain("period"), plain("value"), plain("weight"), plain("note") or ""
    )


def _told(found: list[Mistake]) -> ValidationError:
    told = {
        f"values.{mistake.place}.{NAMES.get(mistake.column, mistake.column)}": [
            ErrorDetail(mistake.words, code=mistake.code)
        ]
        for mistake in found[:MOST_TOLD]
    }
    return ValidationError(told)


routes: list = [("standards/measurements", Measurements, "measurement")]
