"""Numbers of the urn."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "surveys.ballot_class",
    5,
    low=5,
    high=50,
    label=_("Ballots that say the same about where they come from are at least so many; fewer say less"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.remind_sealed_urn",
    [3, 10],
    kind="ints",
    low=1,
    high=120,
    unit=_("days"),
    label=_("Quality office is reminded of an urn that is still sealed, in days after the last day for answers"),
    clause="N1 §4.1.7",
)
