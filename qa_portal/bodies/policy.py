"""Numbers of bodies, assignments and the quality manager's tools that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")
_WORKING_DAYS = _("working days")

# -- assignments ---------------------------------------------------------------------------
declare(
    "bodies.remind_owner",
    [-7, -1, 1],
    kind="ints",
    low=-60,
    high=60,
    unit=_DAYS,
    label=_("Whoever does an assignment is reminded, in days after the deadline (minus: before)"),
    clause="N1 §2",
)
declare(
    "bodies.remind_head",
    [1],
    kind="ints",
    low=-60,
    high=90,
    unit=_DAYS,
    label=_("Head of the unit is told of an overdue assignment, in days after the deadline"),
    clause="N1 §2",
)
declare(
    "bodies.remind_secretary",
    [7],
    kind="ints",
    low=1,
    high=120,
    unit=_DAYS,
    label=_("Secretary of the body is told of an overdue assignment, in days after the deadline"),
    clause="N1 §2",
)

# -- the quality manager's requests and proposals -----------------------------------------------
declare(
    "bodies.answer_within",
    10,
    low=1,
    high=120,
    unit=_WORKING_DAYS,
    label=_("A unit answers an information request of the quality manager within"),
    clause="N1 §2",
)
declare(
    "bodies.remind_asked",
    [-3, -1, 1],
    kind="ints",
    low=-60,
    high=60,
    unit=_DAYS,
    label=_("Head of a unit asked for information is reminded, in days after the deadline (minus: before)"),
    clause="N1 §2",
)
declare(
    "bodies.remind_head_above",
    [7],
    kind="ints",
    low=1,
    high=120,
    unit=_DAYS,
    label=_("Head of the unit above is told of an unanswered request, in days after the deadline"),
    clause="N1 §2",
)
declare(
    "bodies.remind_council",
    [14],
    kind="ints",
    low=1,
    high=365,
    unit=_DAYS,
    label=_(
        "Chair and secretary of the Academic Council are told of an unanswered request, in days after the deadline"
    ),
    clause="N1 §2",
)
declare(
    "bodies.remind_addressee",
    [-3, -1, 1],
    kind="ints",
    low=-60,
    high=60,
    unit=_DAYS,
    label=_("A body or unit is reminded of the quality manager's proposal, in days after the deadline (minus: before)"),
    clause="N1 §2",
)
