"""REST: rating formulas and ratings of units."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.ratings import RatingFilters, RatingFormulaFilters
from ..forms.ratings import RatingForm, RatingFormulaForm
from ..models import Rating, RatingFormula


class RatingFormulaSerializer(RecordSerializer):
    """`weights` is written as fields "weight_<code>"."""

    weights = serializers.JSONField(read_only=True)

    class Meta:
        model = RatingFormula
        fields = [
            "id", "version", "state", "title", "unit_kind", "weights", "note", "approved_on", "basis", "created_at",
            "changed_at", "steps",
        ]  # fmt: skip


class RatingSerializer(RecordSerializer):
    rows = serializers.JSONField(read_only=True)

    class Meta:
        model = Rating
        fields = ["id", "formula", "year", "state", "rows", "published_on", "created_at", "changed_at", "steps"]


@with_steps
class RatingFormulas(Adding, Editing, RecordViewSet):
    queryset = RatingFormula.objects.order_by("-version")
    serializer_class = RatingFormulaSerializer
    filterset_class = RatingFormulaFilters
    form = RatingFormulaForm
    ordering_fields = ["id", "version", "state", "approved_on"]


@with_steps
class Ratings(Adding, RecordViewSet):
    """A rating is counted when it is added, from formula and year; it is never edited."""

    queryset = Rating.objects.order_by("-year", "-pk")
    serializer_class = RatingSerializer
    filterset_class = RatingFilters
    form = RatingForm
    ordering_fields = ["id", "year", "state", "published_on"]


routes: list[tuple[str, Any, str]] = [
    ("standards/rating-formulas", RatingFormulas, "rating-formula"),
    ("standards/ratings", Ratings, "rating"),
]
