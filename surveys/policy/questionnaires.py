"""Numbers and words of questionnaires that a rector may change."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "surveys.questionnaire_body",
    "academic_council",
    kind="text",
    label=_("Code of the body whose decision approves the questionnaires of the yearly surveys"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.remind_check",
    [5, 10],
    kind="ints",
    low=1,
    high=90,
    unit=_("days"),
    label=_("Whoever checks a questionnaire is reminded, in days after it was submitted"),
    clause="N1 §4.1.7",
)
