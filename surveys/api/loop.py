"""REST: lines of “you said — we did”, read and published."""

from __future__ import annotations

from qa_portal.web.api import RecordSerializer, RecordViewSet, ThreeLanguages, with_steps

from ..filters.loop import LoopFilters
from ..forms.loop import LoopForm
from ..models import LoopEntry


class LoopSerializer(RecordSerializer):
    said = ThreeLanguages()
    did = ThreeLanguages()

    class Meta:
        model = LoopEntry
        fields = [
            "id", "state", "origin", "audience", "release", "petition", "finding_number", "said", "did", "areas",
            "published_on", "told", "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class LoopEntries(RecordViewSet):
    queryset = LoopEntry.objects.order_by("-pk").prefetch_related("release__campaign__releases")
    serializer_class = LoopSerializer
    filterset_class = LoopFilters
    form = LoopForm
    ordering_fields = ["id", "state", "published_on", "told"]


routes: list = [("surveys/loop-entries", LoopEntries, "loop")]
