"""`{% chart chart %}`: a figure with its title, its picture for wide and narrow screens, and its table."""

from typing import Any

from django import template

from qa_portal.web import charting
from qa_portal.web.charts import Chart

register = template.Library()


@register.inclusion_tag("parts/charts/figure.html", name="chart")
def show_chart(chart: Chart) -> dict[str, Any]:
    known = charting.has_values(chart)
    return {
        "chart": chart,
        "known": known,
        "wide": charting.svg(chart) if known else "",
        "narrow": charting.svg(chart, charting.NARROW) if known else "",
        "table": charting.table(chart),
    }
