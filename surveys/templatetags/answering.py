"""Tags of the pages of answering."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from .. import answer_sheet
from ..promises import promises

register = template.Library()
register.simple_tag(promises, name="promises")


@register.simple_tag
def lay_out(sections: Any, answers: Any = None, language: str = "", errors: Any = None) -> list[answer_sheet.Page]:
    return answer_sheet.lay_out(sections, answers or {}, language or get_language(), errors or {})
