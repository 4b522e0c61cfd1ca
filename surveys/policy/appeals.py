"""Numbers of academic appeals. The source names the least number of experts; the days rest on an act that we do not have."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "surveys.appeal_days",
    3,
    low=1,
    high=60,
    unit=_("working days"),
    label=_("An appeal is in time until so long after the result is known"),
    clause="",
)
declare(
    "surveys.appeal_decide_days",
    5,
    low=1,
    high=60,
    unit=_("working days"),
    label=_("An appeal is decided within, counted from its admission"),
    clause="",
)
declare(
    "surveys.appeal_members",
    2,
    low=2,
    high=15,
    label=_("Fewest experts of a commission on an appeal"),
    clause="N1 §4.1.6",
)
declare(
    "surveys.remind_appeal_filed",
    [1, 3],
    kind="ints",
    low=0,
    high=60,
    unit=_DAYS,
    label=_("Those who keep appeals are reminded of one not admitted yet, in days after it was filed"),
    clause="",
)
declare(
    "surveys.remind_appeal_commission",
    [-2, 0, 1],
    kind="ints",
    low=-60,
    high=60,
    unit=_DAYS,
    label=_("The commission is reminded of its decision, in days after the deadline (minus: before)"),
    clause="",
)
declare(
    "surveys.remind_appeal_keepers",
    [1, 5],
    kind="ints",
    low=-60,
    high=120,
    unit=_DAYS,
    label=_("Those who keep appeals are told of an overdue one, in days after the deadline"),
    clause="",
)
