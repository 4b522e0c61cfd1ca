"""Numbers of values of indicators that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "standards.stale_days",
    30,
    low=0,
    high=365,
    unit=_DAYS,
    label=_("A value of an indicator is marked as late when its period ended so long ago"),
    clause="",
)
declare(
    "standards.compute_days",
    10,
    low=0,
    high=120,
    unit=_DAYS,
    label=_("Computed indicators are still computed anew after the end of their period for"),
    clause="",
)
declare(
    "standards.red_months",
    15,
    low=1,
    high=60,
    unit=_("months"),
    label=_("A red value of an indicator is a signal while its period ended no longer ago than"),
    clause="",
)
declare(
    "standards.remind_values",
    [1, 15, 31],
    kind="ints",
    low=0,
    high=180,
    unit=_DAYS,
    label=_(
        "Those who give the values of indicators are reminded of missing ones, in days after the end of the period"
    ),
    clause="",
)
