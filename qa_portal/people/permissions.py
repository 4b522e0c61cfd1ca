"""Who keeps the directory, and what of a person not everybody reads.

The rooms below this one (policy, dates, notices) do not know who is who: the rights their admin asks stand here too.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import allow, predicate

from .roles import Role
from .rules import is_administrator, is_quality_officer


@predicate
def is_superuser(person: Any, record: Any) -> bool:
    """Whoever set the portal up and enters the first units and offices. No step asks this."""
    return person.is_superuser


@predicate
def is_hr(person: Any, record: Any) -> bool:
    return person.standing.has(Role.HR)


@predicate
def oneself(person: Any, record: Any) -> bool:
    return record is not None and record.pk == person.pk


_KEEPERS = _("Only administrators do this.")
allow("people.keep_directory", is_administrator | is_superuser, _KEEPERS)
allow("people.read_logs", is_administrator | is_superuser, _KEEPERS)
allow("policy.add_policyvalue", is_administrator | is_superuser, _KEEPERS)
allow("dates.keep_calendar", is_administrator | is_superuser, _KEEPERS)
allow(
    "people.view_email_person",
    is_quality_officer | is_administrator | is_hr | oneself,
    _("E-mail addresses are read by the quality office, HR and administrators."),
)
