"""Who confirms an acquaintance: the person who was asked, and nobody in their name (N0 §3.3; N4 §9.3)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import allow, is_system, predicate


@predicate
def is_asked(person: Any, acquaintance: Any) -> bool:
    return person.pk == acquaintance.person_id


_BY_ITSELF = _("The portal asks by itself, when a version is approved and when somebody new comes.")

allow("documents.add_acquaintance", is_system, _BY_ITSELF)
allow("documents.change_acquaintance", is_system, _("What was asked and confirmed is not edited."))
allow(
    "documents.confirm_acquaintance",
    is_asked,
    _("Only the person who was asked to read confirms it; nobody does so in their name, not even a deputy."),
)
