"""Paging and search of API lists; apart from api.py because DRF's settings name them while it is being imported."""

from __future__ import annotations

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import SearchFilter
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class Filters(DjangoFilterBackend):
    """The register's filters. Where none is asked for, their form is not even built."""

    OTHER = frozenset({"page", "page_size", "search", "ordering", "lang", "format"})

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        return (
            queryset
            if self.OTHER.issuperset(request.query_params)
            else super().filter_queryset(request, queryset, view)
        )


class TextSearch(SearchFilter):
    """`search`: the same search as the register's `q`."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        text = request.query_params.get(self.search_param, "").replace("\x00", "").strip()[:200]
        return queryset.matching(text) if text and hasattr(queryset, "matching") else queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        queryset = getattr(view, "queryset", None)
        return super().get_schema_operation_parameters(view) if hasattr(queryset, "matching") else []
