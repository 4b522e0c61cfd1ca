"""Numbers of themes that a rector may change; those of the release rules stand in releases.py."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "surveys.theme_signal",
    10,
    low=5,
    high=1000,
    unit=_("texts"),
    label=_("A theme waits to become a finding when at least so many texts of one report speak of it"),
    clause="N1 §4.1.7",
)
