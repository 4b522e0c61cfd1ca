"""Second factor: whoever holds a sensitive role sets one up before going on (N0 S7.K2; a policy switch)."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from qa_portal.policy.registry import policy

from .roles import SECOND_FACTOR_ROLES


class SecondFactorMiddleware:
    OPEN = ("/accounts/", "/static/", "/healthz", "/readyz", "/api/")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = request.user
        if (
            person.is_authenticated
            and not request.path.startswith(self.OPEN)
            and policy("people.second_factor_required")
            and person.standing.has(*SECOND_FACTOR_ROLES)
            and not is_mfa_enabled(person)
        ):
            messages.info(
                request, _("Your role needs a second factor at sign-in. Please set it up: it takes two minutes.")
            )
            return redirect("mfa_activate_totp")
        return self.get_response(request)
