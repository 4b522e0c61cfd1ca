"""Filters of the paper of a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def told(words: Mapping[str, str], key: str) -> str:
    """What is said about an item, whichever teacher it is asked about."""
    return words.get(key.partition("@")[0], "")


@register.filter
def offers(line: Any, code: str) -> bool:
    """Whether a line has this answer apart from its scale."""
    return any(choice.value == code for choice in line.apart)
