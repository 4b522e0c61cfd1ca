"""Numbers and words of the self-assessment cycle that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "standards.cycle_body",
    "academic_council",
    kind="text",
    label=_("Code of the body that approves the self-assessment of a year"),
    clause="N0 S10",
)
declare(
    "standards.programme_committee",
    "bbbk",
    kind="text",
    label=_("Code, of a body or of a kind, of the committee that considers the self-assessment of a programme"),
    clause="N0 S9",
)
declare(
    "standards.programme_standard",
    "S9",
    kind="text",
    label=_("Code of the standard whose areas a programme answers unless others are chosen"),
    clause="N0 S9",
)
declare(
    "standards.remind_answers",
    [-14, -3, 1],
    kind="ints",
    low=-90,
    high=90,
    unit=_DAYS,
    label=_("Whoever leads a self-assessment is reminded, in days after the deadline (minus: before)"),
    clause="",
)
declare(
    "standards.remind_answers_office",
    [3],
    kind="ints",
    low=1,
    high=120,
    unit=_DAYS,
    label=_("The quality office is told of a late self-assessment, in days after the deadline"),
    clause="",
)
declare(
    "standards.remind_plan_row",
    [-7, 1],
    kind="ints",
    low=-90,
    high=90,
    unit=_DAYS,
    label=_("Whoever answers for a row of a monitoring plan is reminded, in days after its date (minus: before)"),
    clause="N0 S9",
)
