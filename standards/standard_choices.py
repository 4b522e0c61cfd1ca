"""The standards in force as choices of forms and filters."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .models import Standard


def standards() -> list[tuple[str, str]]:
    """Code and name of each."""
    return [(row.code, f"{row.number}. {row.name}") for row in Standard.objects.in_force()]


def optional_standards() -> list[tuple[str, str]]:
    return [("", str(_("— none —"))), *standards()]
