"""The urn: who rehearses and who opens it (anonymity.md). Whoever opens sees no answers by that: results are releases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.people.rules import is_quality_officer
from qa_portal.permissions import allow, is_system

from .campaigns import runs

_ITSELF = _("The portal does this itself.")
allow(
    "surveys.rehearse_campaign",
    is_quality_officer | runs,
    _("Only those who run the campaign and the quality office rehearse the opening of the urn."),
)
allow("surveys.open_urn_campaign", is_quality_officer, _("Only the quality office opens an urn."))
allow("surveys.destroy_unread_campaign", is_quality_officer, _("Only the quality office destroys an urn."))
allow("surveys.finish_opening_campaign", is_system, _ITSELF)
allow("surveys.halt_opening_campaign", is_system, _ITSELF)
allow("surveys.destroy_key_campaign", is_system, _ITSELF)
