"""Which body approves the university's indicators."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

declare(
    "standards.indicator_body",
    "academic_council",
    kind="text",
    label=_("Code of the body whose decision approves a set of indicators; empty: the Board enters the approval"),
    clause="N2 §7.1.5.2",
)
