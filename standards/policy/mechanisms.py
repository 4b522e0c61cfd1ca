"""Numbers of mechanisms that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "standards.mechanism_remind_doer",
    [-14, -3, 1],
    kind="ints",
    low=-90,
    high=90,
    unit=_DAYS,
    label=_("Whoever carries out a mechanism is reminded, in days after the deadline (minus: before)"),
    clause="N1 §4",
)
declare(
    "standards.mechanism_remind_office",
    [7],
    kind="ints",
    low=1,
    high=120,
    unit=_DAYS,
    label=_("The quality office is told of a mechanism not reported as carried out, in days after the deadline"),
    clause="N1 §4",
)
