"""REST: one's own notices. They are written by steps and reminders; here they are read and marked as read."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from .models import Notice


class NoticeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Notice
        fields = ["id", "kind", "verb", "subject", "body", "url", "created_at", "read_at"]
        read_only_fields = fields


class NoticeFilters(django_filters.FilterSet):
    unread = django_filters.BooleanFilter(label=_("Not read yet"), field_name="read_at", lookup_expr="isnull")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Notice.Kind.choices)

    class Meta:
        model = Notice
        fields: list[str] = []


class Notices(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Notice.objects.order_by("-pk")
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilters
    ordering_fields = ["id", "created_at", "read_at"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.filter(person=self.request.user)

    @extend_schema(request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Any, pk: Any = None) -> Response:
        """Mark one notice as read; a second time changes nothing."""
        notice = self.get_object()
        if notice.read_at is None:
            notice.read_at = timezone.now()
            notice.save(update_fields=["read_at"])
        return Response(self.get_serializer(notice).data)


routes = [("notices/notices", Notices)]
