"""Numbers of answering."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "surveys.open_link_an_hour",
    300,
    low=10,
    high=10_000,
    label=_("An open link of a survey may be begun so many times within an hour, by all visitors together"),
    clause="portal",
)
