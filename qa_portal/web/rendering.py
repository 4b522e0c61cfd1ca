"""Plain controls drawn in Python: Django includes two templates for each option, and a filter has one for each unit."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_WIDGETS = "django/forms/widgets/"
LISTS = frozenset(f"{_WIDGETS}{name}.html" for name in ("select", "select_multiple"))
INPUTS = frozenset(f"{_WIDGETS}{name}.html" for name in ("text", "number", "email", "date", "checkbox", "hidden"))


class QuickControls(TemplatesSetting):
    """Draws `<select>` and `<input>` as Django's own templates do; everything else by templates as usual."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        if template_name in LISTS:
            return _list(context["widget"])
        if template_name in INPUTS:
            return _input(context["widget"])
        return mark_safe(super().render(template_name, context, request))


def _input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    return mark_safe(
        f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}{_attributes(widget["attrs"])}>'
    )


def _list(widget: dict[str, Any]) -> SafeString:
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
