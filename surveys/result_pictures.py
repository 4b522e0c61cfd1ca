"""Pictures of results, drawn once a process: a release never changes, so neither does what is drawn of it.

Kept are figures that were released and their words, by the chart itself: nothing of who looks at them.
"""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qa_portal.web.charts import Chart
from qa_portal.web.templatetags.charts import show_chart

#: some 20 kB each
KEPT = 400


def picture(chart: Chart) -> SafeString:
    """The figure with its table, for a page."""
    return _drawn(chart, get_language() or "")


@lru_cache(maxsize=KEPT)
def _drawn(chart: Chart, language: str) -> SafeString:
    return mark_safe(render_to_string("parts/charts/figure.html", show_chart(chart)))
