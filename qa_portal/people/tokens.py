"""Who comes into the API: tokens with a scope (a read token cannot write), and sessions that showed their second factor."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from .models import ApiToken
from .second_factor import missing


class ScopedTokenAuthentication(TokenAuthentication):
    def authenticate_credentials(self, token):
        user, found = super().authenticate_credentials(token)
        now = timezone.now()
        # Once an hour is exact enough, and spares a write on each request.
        if found.last_used is None or (now - found.last_used).total_seconds() > 3600:
            ApiToken.objects.filter(pk=found.pk).update(last_used=now)
        return user, found


class ScopedTokenScheme(OpenApiAuthenticationExtension):
    """How the schema names our tokens: `Authorization: Token …`."""

    target_class = "qa_portal.people.tokens.ScopedTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token <the token>`"}


class SessionWithSecondFactor(SessionAuthentication):
    """The cookie of the pages. What the pages refuse without the second factor, the API does not give either."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found and missing(request._request):
            raise PermissionDenied(
                _("Your account needs a second factor at sign-in: open the portal in the browser and confirm it first.")
            )
        return found


class SessionWithSecondFactorScheme(OpenApiAuthenticationExtension):
    """How the schema names it: the session's cookie."""

    target_class = "qa_portal.people.tokens.SessionWithSecondFactor"
    name = "cookieAuth"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class ScopeAllowsWriting(BasePermission):
    message = _("This token may only read.")

    def has_permission(self, request, view):
        token = request.auth
        return not isinstance(token, ApiToken) or token.scope == ApiToken.Scope.WRITE or request.method in SAFE_METHODS
