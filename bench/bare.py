"""The bare limits: what plain Django and plain DRF need for 50 rows of the same table. Nothing of the portal's kit."""

from __future__ import annotations

import os
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated

from capa.models import Finding
from surveys.models import Envelope

PAGE = 50


def page(request: HttpRequest) -> HttpResponse:
    """50 rows × 7 columns of a signed-in page: three queries (session, person, rows)."""
    rows = Finding.objects.select_related("unit", "requirement").order_by("-pk")[:PAGE]
    return render(request, "bare/page.html", {"title": "Findings", "rows": rows}, using="bare")


class BareSerializer(serializers.ModelSerializer):
    """The fields of the portal's own list but for the steps."""

    requirement_code = serializers.CharField(source="requirement.code", default="", read_only=True)

    class Meta:
        model = Finding
        fields = [
            "id", "number", "state", "title", "description", "severity", "unit", "requirement", "requirement_code", "area",
            "source_kind", "source_note", "reporter", "found_on", "correction", "corrected_on", "cause", "duplicate_of",
            "closed_on", "created_at", "changed_at",
        ]  # fmt: skip


class BarePages(PageNumberPagination):
    page_size = PAGE


class BareList(generics.ListAPIView):
    """DRF's own list: serializer, pages with their count."""

    queryset = Finding.objects.select_related("requirement").order_by("-pk")
    serializer_class = BareSerializer
    pagination_class = BarePages
    filter_backends: list[Any] = []
    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]


@login_not_required
def envelope(request: HttpRequest) -> HttpResponse:
    """One row as long as a sealed answer, and as little to be packed, written by whoever has the CSRF token."""
    Envelope.objects.create(survey_id=int(request.POST["survey"]), ciphertext=os.urandom(int(request.POST["bytes"])))
    return JsonResponse({"received": True})


urlpatterns = [
    path("page/", page),
    path("api/", BareList.as_view()),
    path("envelope/", envelope),
    path("findings/<int:pk>/", page, name="bare-finding"),
]
