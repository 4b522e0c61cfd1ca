"""Numbers of campaigns that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")
_MONTH_AND_DAY = _("month and day")

declare(
    "surveys.yearly_opens",
    [3, 1],
    kind="ints",
    low=1,
    high=31,
    unit=_MONTH_AND_DAY,
    label=_("Yearly surveys of students, teachers and doctoral students open on (month, day)"),
    clause="N1 §4.1.7–9",
)
declare(
    "surveys.yearly_closes",
    [3, 31],
    kind="ints",
    low=1,
    high=31,
    unit=_MONTH_AND_DAY,
    label=_("Last day of the yearly surveys (month, day)"),
    clause="N1 §4.1.7–9",
)
declare(
    "surveys.yearly_report",
    [5, 31],
    kind="ints",
    low=1,
    high=31,
    unit=_MONTH_AND_DAY,
    label=_("Reports on the yearly surveys are due on (month, day)"),
    clause="N1 §4.1.7–9",
)
declare(
    "surveys.course_days",
    14,
    low=1,
    high=60,
    unit=_DAYS,
    label=_("Surveys about courses open before the term's classes end by"),
    clause="N1 §4.1.10",
)
declare(
    "surveys.usual_days",
    21,
    low=1,
    high=180,
    unit=_DAYS,
    label=_("Other surveys are open for, unless typed otherwise"),
    clause="portal",
)
declare(
    "surveys.usual_report_days",
    60,
    low=1,
    high=365,
    unit=_DAYS,
    label=_("Report on a survey without a day of its own in the sources is due after its last day by"),
    clause="portal",
)
declare(
    "surveys.remind_apart",
    4,
    low=1,
    high=60,
    unit=_DAYS,
    label=_("Days between two reminders of one survey, at least"),
    clause="portal",
)
declare(
    "surveys.remind_before_close",
    2,
    low=0,
    high=30,
    unit=_DAYS,
    label=_("Last reminder of a survey goes out before its last day by"),
    clause="portal",
)
declare(
    "surveys.large_stratum",
    50,
    low=20,
    high=1000,
    unit=_("people"),
    label=_("While a survey is open its response is shown only of groups with at least"),
    clause="portal",
)
declare(
    "surveys.ledger_weeks",
    6,
    low=1,
    high=52,
    unit=_("weeks"),
    label=_("Who took part is kept after the last day of a survey for"),
    clause="portal",
)
declare(
    "surveys.remind_campaign_opens",
    [0, 3],
    kind="ints",
    low=-30,
    high=60,
    unit=_DAYS,
    label=_("Those who run a survey are told that it may be launched, in days after its first day"),
    clause="portal",
)
declare(
    "surveys.remind_campaign_report",
    [-14, 1],
    kind="ints",
    low=-90,
    high=90,
    unit=_DAYS,
    label=_("Those who run a survey are reminded of its report, in days after the day it is due"),
    clause="N1 §4.1.7–9",
)
