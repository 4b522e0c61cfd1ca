"""Which body approves the formula by which units are rated."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "standards.rating_body",
    "academic_council",
    kind="text",
    label=_("Code of the body whose decision approves a rating formula; empty: the Board enters the approval"),
    clause="N2 §9.3",
)
