"""Numbers of sign-in."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "people.second_factor_required",
    True,
    kind="bool",
    label=_("A second factor is required of the quality office, HR and administrators"),
    clause="N0 S7.K2",
)
