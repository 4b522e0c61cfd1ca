"""Second factor: who needs one, and whether the session at hand has passed it (N0 S7.K2; a policy switch).

Whoever has set one up is asked in every session, needed or not: a session that came in without it (the factor was set
up elsewhere meanwhile) may do nothing but confirm itself or leave.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.dispatch import receiver
from django.http import HttpRequest

from qa_portal.policy.registry import policy

from .roles import SECOND_FACTOR_ROLES


class Missing(Enum):
    SETUP = "the person has none and needs one"
    CONFIRMATION = "the person has one and this session has not shown it"


def needs_one(person: Any) -> bool:
    """By office, or because Django admin is open to the account."""
    if not policy("people.second_factor_required"):
        return False
    return person.is_superuser or person.is_staff or person.standing.has(*SECOND_FACTOR_ROLES)


def passed(request: HttpRequest) -> bool:
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def missing(request: HttpRequest) -> Missing | None:
    """What this session of a signed-in person still lacks."""
    if is_mfa_enabled(request.user):
        return None if passed(request) else Missing.CONFIRMATION
    return Missing.SETUP if needs_one(request.user) else None


@receiver(authenticator_added)
def _setting_up_shows_it(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Whoever has just set it up typed its code: the session is not asked for it once more."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
