"""Numbers of risks that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "standards.risk_amber",
    8,
    low=2,
    high=25,
    label=_("A risk is medium from this level on (likelihood × impact, 1 to 25)"),
    clause="N2 §6.1",
)
declare(
    "standards.risk_red",
    15,
    low=2,
    high=25,
    label=_("A risk is high from this level on (likelihood × impact, 1 to 25)"),
    clause="N2 §6.1",
)
declare(
    "standards.risk_review_months",
    12,
    low=1,
    high=60,
    unit=_("months"),
    label=_("A risk is looked at anew after, counted from the last review"),
    clause="N2 §6.1",
)
declare(
    "standards.remind_risk_owner",
    [-14, 1],
    kind="ints",
    low=-90,
    high=90,
    unit=_DAYS,
    label=_("Owner of a risk is reminded of its review, in days after the day (minus: before)"),
    clause="N2 §6.1",
)
declare(
    "standards.remind_risk_head",
    [1],
    kind="ints",
    low=-90,
    high=120,
    unit=_DAYS,
    label=_("Head of the unit is told of a review of a risk that is due, in days after the day"),
    clause="N2 §6.1",
)
declare(
    "standards.remind_risk_asb",
    [30],
    kind="ints",
    low=1,
    high=365,
    unit=_DAYS,
    label=_("Quality office is told of a review of a risk that was not done, in days after the day"),
    clause="N2 §6.1",
)
declare(
    "standards.remind_measure_owner",
    [-7, -1, 1],
    kind="ints",
    low=-60,
    high=60,
    unit=_DAYS,
    label=_("Whoever does a measure on a risk is reminded, in days after the deadline (minus: before)"),
    clause="N2 §6.1",
)
declare(
    "standards.remind_measure_head",
    [1],
    kind="ints",
    low=-60,
    high=90,
    unit=_DAYS,
    label=_("Head of the unit is told of an overdue measure on a risk, in days after the deadline"),
    clause="N2 §6.1",
)
declare(
    "standards.remind_measure_asb",
    [14],
    kind="ints",
    low=1,
    high=365,
    unit=_DAYS,
    label=_("Quality office is told of an overdue measure on a risk, in days after the deadline"),
    clause="N2 §6.1",
)
