"""Numbers of documents that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")
_WORKING_DAYS = _("working days")

declare(
    "documents.agree_days",
    5,
    low=1,
    high=60,
    unit=_WORKING_DAYS,
    label=_("Usual time for an answer on the approval sheet"),
    clause="",
)
declare(
    "documents.acquaint_days",
    10,
    low=1,
    high=60,
    unit=_WORKING_DAYS,
    label=_("Staff get acquainted with a document within … of its approval"),
    clause="N0 §3.3; N4 §9.3",
)
declare(
    "documents.remind_reader",
    [-3, -1, 1, 5],
    kind="ints",
    low=-30,
    high=60,
    unit=_DAYS,
    label=_("Reader is reminded, in days after the deadline (minus: before)"),
    clause="N0 §3.3",
)
declare(
    "documents.remind_head_of_readers",
    [1, 7],
    kind="ints",
    low=-30,
    high=60,
    unit=_DAYS,
    label=_("Head of the unit is told who has not read, in days after the deadline"),
    clause="N0 §3.3",
)
declare(
    "documents.remind_answer",
    [-1, 1, 3],
    kind="ints",
    low=-30,
    high=60,
    unit=_DAYS,
    label=_("Whoever has to answer on an approval sheet is reminded, in days after the deadline (minus: before)"),
    clause="",
)
declare(
    "documents.remind_review",
    [-60, -14, 1, 30],
    kind="ints",
    low=-365,
    high=365,
    unit=_DAYS,
    label=_("Owner of a document is reminded of its review, in days after the deadline (minus: before)"),
    clause="N0 §3.1",
)
declare(
    "documents.due_before_days",
    30,
    low=0,
    high=365,
    unit=_DAYS,
    label=_("A document is due for review so many days before the day of its review"),
    clause="N0 §3.1",
)
declare(
    "documents.conformity_days",
    20,
    low=1,
    high=120,
    unit=_WORKING_DAYS,
    label=_("Usual time for verdicts of a conformity review"),
    clause="N0 §3.2",
)
declare(
    "documents.remind_verdict",
    [-3, 1, 7],
    kind="ints",
    low=-60,
    high=90,
    unit=_DAYS,
    label=_("Head of the owner unit is reminded of a verdict, in days after the deadline (minus: before)"),
    clause="N0 §3.2",
)
declare(
    "documents.remind_carrying_out",
    [-14, 1, 14],
    kind="ints",
    low=-180,
    high=180,
    unit=_DAYS,
    label=_(
        "Head of the owner unit is reminded of what a conformity review decided, in days after the deadline (minus: before)"
    ),
    clause="N0 §3.2",
)
declare(
    "documents.tell_asb_of_review",
    [1],
    kind="ints",
    low=0,
    high=180,
    unit=_DAYS,
    label=_("Quality office is told of an overdue verdict or of what was not carried out, in days after the deadline"),
    clause="",
)
