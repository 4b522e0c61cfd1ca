"""Second factor: a session goes on only after it was set up, where needed, and shown (second_factor.py)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from .second_factor import Missing, missing


class SecondFactorMiddleware:
    #: /api/ refuses by itself: tokens need no second factor, sessions do (tokens.py)
    #: /answer/ and petitions need no session and believe one only when it has passed (surveys/views/answering.py)
    OPEN = ("/static/", "/healthz", "/readyz", "/api/", "/answer/", "/public/petitions/")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated or request.path.startswith(self.OPEN):
            return self.get_response(request)
        lacks = missing(request)
        if lacks is Missing.CONFIRMATION and request.path not in self._to_confirm():
            # Not even the other pages of the account: with the password alone one could switch the factor off there.
            following = request.get_full_path() if request.method == "GET" else "/"
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': following})}")
        if lacks is Missing.SETUP and not request.path.startswith("/accounts/"):
            messages.info(
                request, _("Your role needs a second factor at sign-in. Please set it up: it takes two minutes.")
            )
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _to_confirm(self):
        return (reverse("mfa_reauthenticate"), reverse("account_logout"))
