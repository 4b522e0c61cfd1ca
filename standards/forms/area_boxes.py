"""Evaluation areas to tick, standard by standard: a step asks for them as one list of codes, the page shows groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class AreaBoxes(forms.CheckboxSelectMultiple):
    """Boxes in a fieldset a standard; one after another they would be a hundred lines without a heading."""

    def subwidgets(self, name: str, value: Any, attrs: Any = None) -> Iterable[dict[str, Any]]:
        chosen = {str(item) for item in value or ()}
        number = 0
        for label, codes in self.choices:
            boxes = []
            for code, words in codes:
                ident = f"{(attrs or {}).get('id', f'id_{name}')}_{number}"
                checked = SafeString(" checked") if code in chosen else ""
                boxes.append((ident, ident, name, code, checked, words))
                number += 1
            yield {"html": _group(label, boxes)}

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        html = context["widget"].get("html")
        return html if html is not None else super()._render(template_name, context, renderer)


def _group(label: Any, boxes: list[tuple[Any, ...]]) -> SafeString:
    line = '<div><label for="{}"><input type="checkbox" id="{}" name="{}" value="{}"{}><span>{}</span></label></div>'
    return format_html("<fieldset><legend>{}</legend>{}</fieldset>", label, format_html_join("", line, boxes))


class AreaChoice(forms.MultipleChoiceField):
    widget = AreaBoxes

    def offer(self, areas: Iterable[Any]) -> None:
        """What may be ticked, in the order of the catalogue."""
        groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        for area in areas:
            _label, codes = groups.setdefault(area.standard.code, (str(area.standard), []))
            codes.append((area.code, f"{area.code} {area.text}"))
        self.choices = list(groups.values())
