"""Numbers of findings and CAPA that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "capa.remind_doer",
    [-7, -1, 1],
    kind="ints",
    low=-60,
    high=60,
    unit=_DAYS,
    label=_("Doer is reminded, in days after the deadline (minus: before)"),
    clause="domain.md §4; N2 §10.2",
)
declare(
    "capa.remind_head",
    [1],
    kind="ints",
    low=-60,
    high=90,
    unit=_DAYS,
    label=_("Head of the unit is told of an overdue action, in days after the deadline"),
    clause="domain.md §4",
)
declare(
    "capa.remind_asb",
    [7],
    kind="ints",
    low=1,
    high=120,
    unit=_DAYS,
    label=_("Quality office is told of an overdue action, in days after the deadline"),
    clause="domain.md §4",
)
declare(
    "capa.remind_board",
    [14],
    kind="ints",
    low=1,
    high=365,
    unit=_DAYS,
    label=_("Board is told of an overdue action, in days after the deadline"),
    clause="domain.md §4",
)
declare(
    "capa.effect_check_after",
    60,
    low=0,
    high=730,
    unit=_DAYS,
    label=_("Effect is checked so many days after verification, unless another date is planned"),
    clause="domain.md §4; N2 §10.2",
)
declare(
    "capa.plan_within",
    14,
    low=1,
    high=120,
    unit=_DAYS,
    label=_("A unit drafts its CAPA plan within"),
    clause="portal",
)
declare(
    "capa.remind_checker",
    [-7, 0],
    kind="ints",
    low=-60,
    high=60,
    unit=_DAYS,
    label=_("Whoever checks the effect is reminded, in days after the planned date (minus: before)"),
    clause="domain.md §4",
)
declare(
    "capa.remind_asb_of_check",
    [7],
    kind="ints",
    low=1,
    high=120,
    unit=_DAYS,
    label=_("Quality office is told of an effect not checked, in days after the planned date"),
    clause="portal",
)
declare(
    "capa.signal_rests",
    365,
    low=1,
    high=3650,
    unit=_DAYS,
    label=_("A signal that was set aside rests for"),
    clause="portal",
)
declare(
    "capa.mend_within",
    7,
    low=0,
    high=90,
    unit=_DAYS,
    label=_("Work that was sent back after its deadline is to be finished within"),
    clause="portal",
)
