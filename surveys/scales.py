"""The words of a five-step rating, from 1 to 5, in the language of the moment (gettext)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import Scale

WORDS: dict[str, tuple[Any, Any, Any, Any, Any]] = {
    Scale.AGREE: (
        _("Strongly disagree"),
        _("Disagree"),
        _("Neither agree nor disagree"),
        _("Agree"),
        _("Strongly agree"),
    ),
    Scale.SATISFIED: (
        _("Very dissatisfied"),
        _("Dissatisfied"),
        _("Neither satisfied nor dissatisfied"),
        _("Satisfied"),
        _("Very satisfied"),
    ),
    Scale.OFTEN: (_("Never"), _("Rarely"), _("Sometimes"), _("Often"), _("Always")),
    Scale.BIPOLAR: (
        _("Far too little"),
        _("Rather too little"),
        _("Just right"),
        _("Rather too much"),
        _("Far too much"),
    ),
}
#: what stands apart from a scale and never enters a mean (content.NA, content.REFUSED)
APART_WORDS = {"na": _("Not applicable"), "refused": _("Prefer not to say")}


def words_of(scale: str) -> tuple[Any, ...]:
    """The five words of a scale; of an unknown one those of agreement."""
    return WORDS.get(scale) or WORDS[Scale.AGREE]
