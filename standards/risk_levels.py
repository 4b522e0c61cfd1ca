"""How great a risk is: degrees in words, the level, its light by policy; one truth for page, matrix, export and report."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qa_portal.policy.registry import policy
from qa_portal.web import cells

GREEN, AMBER, RED = "green", "amber", "red"
LIGHTS = (RED, AMBER, GREEN)
DEGREES = (1, 2, 3, 4, 5)
LIKELIHOOD = {
    1: pgettext_lazy("likelihood", "hardly ever"),
    2: pgettext_lazy("likelihood", "seldom"),
    3: pgettext_lazy("likelihood", "possible"),
    4: pgettext_lazy("likelihood", "likely"),
    5: pgettext_lazy("likelihood", "almost certain"),
}
IMPACT = {
    1: pgettext_lazy("impact", "hardly felt"),
    2: pgettext_lazy("impact", "small"),
    3: pgettext_lazy("impact", "felt"),
    4: pgettext_lazy("impact", "serious"),
    5: pgettext_lazy("impact", "very serious"),
}
WORDS = {
    RED: pgettext_lazy("level of a risk", "High"),
    AMBER: pgettext_lazy("level of a risk", "Medium"),
    GREEN: pgettext_lazy("level of a risk", "Low"),
}
TONES = {RED: ("overdue", "alert-triangle"), AMBER: ("waiting", "alert"), GREEN: ("done", "check")}
#: never by colour alone: a pattern of the cell, too
NOT_RATED = gettext_lazy("not rated")
OPPORTUNITY = "opportunity"


def bounds() -> tuple[int, int]:
    """From which level on a risk is amber, and from which red."""
    return policy("standards.risk_amber"), policy("standards.risk_red")


def light_of(level: int | None) -> str:
    """The light of a level; "" for one that is not rated."""
    if level is None:
        return ""
    amber, red = bounds()
    return RED if level >= red else AMBER if level >= amber else GREEN


def light(risk: Any) -> str:
    """The light of a risk as it stands now. An opportunity has none: what is great there is good."""
    return "" if risk.kind == OPPORTUNITY else light_of(risk.level)


def is_red(risk: Any) -> bool:
    return light(risk) == RED


def choices(words: dict[int, Any]) -> list[tuple[int, str]]:
    return [(degree, f"{degree} — {word}") for degree, word in words.items()]


def said(level: int | None, kind: str = "") -> str:
    """ "16 · High"; for an opportunity the number alone."""
    if level is None:
        return str(NOT_RATED)
    return str(level) if kind == OPPORTUNITY else f"{level} · {WORDS[light_of(level)]}"


def badge(level: int | None, kind: str = "") -> SafeString:
    """The level as a small badge with figure, word and icon."""
    if level is None:
        return cells.badge(NOT_RATED, "draft", "question")
    if kind == OPPORTUNITY:
        return cells.badge(level, "progress", "star")
    tone, icon = TONES[light_of(level)]
    return cells.badge(said(level), tone, icon)


def factors(likelihood: int | None, impact: int | None) -> SafeString | str:
    """ "4 × 4", read aloud in words."""
    if not (likelihood and impact):
        return "—"
    spoken = _("likelihood %(likelihood)s, impact %(impact)s") % {"likelihood": likelihood, "impact": impact}
    return mark_safe(
        f'<span class="nowrap" aria-hidden="true">{likelihood} × {impact}</span><span class="sr-only">{spoken}</span>'
    )
