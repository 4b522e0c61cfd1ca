"""Numbers of answers on evaluation areas that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "standards.evidence_fresh_months",
    36,
    low=1,
    high=120,
    unit=_("months"),
    label=_("Evidence of self-assessment is out of date when it speaks of a day longer ago than"),
    clause="",
)
declare(
    "standards.fully_needs_evidence",
    True,
    kind="bool",
    label=_("“Fully met” without evidence holds up the submission of a self-assessment"),
    clause="",
)
declare(
    "standards.low_score",
    1,
    low=0,
    high=2,
    unit=_("points"),
    label=_("A low score is a signal: so many points or fewer (0 not met, 1 partly, 2 largely)"),
    clause="",
)
declare(
    "standards.remind_assignee",
    [-3, -1, 1],
    kind="ints",
    low=-60,
    high=60,
    unit=_("days"),
    label=_("Whoever was asked to write areas is reminded, in days after the deadline (minus: before)"),
    clause="",
)
