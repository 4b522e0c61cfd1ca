"""Numbers of duties that a rector may change: who is reminded when."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "duties.remind_responsible",
    [-30, -7, 1],
    kind="ints",
    low=-365,
    high=365,
    unit=_DAYS,
    label=_("Whoever answers for a duty is reminded, in days after its date (minus: before)"),
    clause="",
)
declare(
    "duties.remind_office",
    [1],
    kind="ints",
    low=1,
    high=365,
    unit=_DAYS,
    label=_("Head of the unit and quality office are told of an overdue duty, in days after its date"),
    clause="",
)
declare(
    "duties.remind_board",
    [14],
    kind="ints",
    low=1,
    high=365,
    unit=_DAYS,
    label=_("Board is told of an overdue duty, in days after its date"),
    clause="",
)
