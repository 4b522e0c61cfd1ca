"""Lists of choices drawn in Python: Django includes two templates for each option, and a filter has a unit for each."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

LISTS = ("django/forms/widgets/select.html", "django/forms/widgets/select_multiple.html")


class QuickLists(TemplatesSetting):
    """Draws `<select>` as Django's own template does; everything else by templates as usual."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        if template_name not in LISTS:
            return super().render(template_name, context, request)
        widget = context["widget"]
        parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
        for group, options, _place in widget["optgroups"]:
            if group:
                parts.append(f'<optgroup label="{conditional_escape(group)}">')
            parts += [
                f'<option value="{conditional_escape(option["value"])}"{_attributes(option["attrs"])}>{conditional_escape(option["label"])}</option>'
                for option in options
            ]
            if group:
                parts.append("</optgroup>")
        parts.append("</select>")
        return mark_safe("".join(parts))


def _attributes(attrs: dict[str, Any]) -> str:
    """As Django's attrs.html: what is False is left out, True is the bare name."""
    return flatatt(attrs) if attrs else ""
