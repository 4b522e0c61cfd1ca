"""Who reviews texts and keeps the codebook: the quality office alone (anonymity.md, rule 6)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.people.rules import is_quality_officer
from qa_portal.permissions import allow

_CODEBOOK = _("The codebook of themes is kept by the quality office.")

allow(
    "surveys.review_texts",
    is_quality_officer,
    _("Texts of answers are read and reviewed by the quality office only. Others read what a report shows of them."),
)
for verb in ("add", "change", "retire", "take_back"):
    allow(f"surveys.{verb}_theme", is_quality_officer, _CODEBOOK)
