"""Numbers of reports on surveys that a rector may change; those of the release rules stand in releases.py."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "surveys.low_top2",
    50,
    low=0,
    high=100,
    unit="%",
    label=_("A result waits to become a finding when fewer than this share chose one of the two best answers"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.low_mean",
    30,
    low=10,
    high=50,
    label=_("A result waits to become a finding when its mean is below this, in tenths (30 is 3.0 of 5)"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.remind_receipt",
    [7, 14],
    kind="ints",
    low=1,
    high=90,
    unit=_DAYS,
    label=_("A recipient who has not opened the report on a survey is reminded, in days after it was sent"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.remind_report",
    [-14, -3, 1],
    kind="ints",
    low=-90,
    high=90,
    unit=_DAYS,
    label=_("The quality office is reminded of a report on a survey, in days after the day it is due (minus: before)"),
    clause="N1 §4.1.7",
)
