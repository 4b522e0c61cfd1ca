"""Numbers of course management forms. The source says “after the term”; how many days is the university's to say."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "surveys.course_form_days",
    14,
    low=1,
    high=120,
    unit=_DAYS,
    label=_("A course management form is filled in within, counted from the end of the term"),
    clause="N1 §4.1.11",
)
declare(
    "surveys.remind_course_form_teacher",
    [-13, -3, 1, 7],
    kind="ints",
    low=-120,
    high=120,
    unit=_DAYS,
    label=_("Teachers are reminded of the form on their course, in days after the deadline (minus: before)"),
    clause="N1 §4.1.11",
)
declare(
    "surveys.remind_course_form_committee",
    [7, 21],
    kind="ints",
    low=-60,
    high=120,
    unit=_DAYS,
    label=_("The school committee is reminded of forms that it has not analysed, in days after the deadline"),
    clause="N1 §4.1.11",
)
