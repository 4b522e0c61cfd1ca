import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.web.filters import RecordFilters

from ..models import Evidence


class EvidenceFilters(RecordFilters):
    overdue = None  # type: ignore[assignment]
    speaks_after = django_filters.DateFilter(label=_("Speaks of from"), field_name="speaks_of", lookup_expr="gte")
    speaks_before = django_filters.DateFilter(label=_("Speaks of to"), field_name="speaks_of", lookup_expr="lte")

    class Meta:
        model = Evidence
        fields: list[str] = []
