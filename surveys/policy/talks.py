"""Numbers of talks that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "surveys.remind_talk",
    [7, 14],
    kind="ints",
    low=1,
    high=90,
    unit=_("days"),
    label=_("Whoever leads a talk is reminded to conclude it, in days after it was held"),
    clause="portal",
)
