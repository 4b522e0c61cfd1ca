"""Who writes and publishes “you said — we did” (domain.md §10)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.rules import is_quality_officer
from qa_portal.permissions import allow, predicate

from ..querysets.loop import keeps_loop


@predicate
def keeps_it(person: Any, entry: Any) -> bool:
    """Of the quality office or of public relations."""
    return keeps_loop(person)


_KEEPERS = _("Only the quality office and public relations write and publish what was said and what was done.")
_OFFICE = _("Only the quality office decides that nobody is told.")

allow("surveys.add_loop", keeps_it, _KEEPERS)
allow("surveys.change_loop", keeps_it, _KEEPERS)
allow("surveys.publish_loop", keeps_it, _KEEPERS)
allow("surveys.withdraw_loop", keeps_it, _KEEPERS)
allow("surveys.set_aside_loop", is_quality_officer, _OFFICE)
