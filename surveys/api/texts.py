"""REST of themes. Texts themselves are not in the API: they are read in results, as far as a release shows them."""

from __future__ import annotations

from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, ThreeLanguages, with_steps

from ..filters.texts import ThemeFilters
from ..forms.texts import ThemeForm
from ..models import Theme


class ThemeSerializer(RecordSerializer):
    name, description = ThreeLanguages(), ThreeLanguages()
    areas = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Theme
        fields = ["id", "state", "code", "name", "description", "parent", "areas", "created_at", "changed_at", "steps"]


@with_steps
class Themes(Adding, Editing, RecordViewSet):
    queryset = Theme.objects.order_by("code")
    serializer_class = ThemeSerializer
    filterset_class = ThemeFilters
    form = ThemeForm
    ordering_fields = ["id", "code", "state"]


routes: list = [("surveys/themes", Themes, "theme")]
