"""API tokens with a scope: a read token cannot write."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission

from .models import ApiToken


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


class ScopeAllowsWriting(BasePermission):
    message = _("This token may only read.")

    def has_permission(self, request, view):
        token = request.auth
        return not isinstance(token, ApiToken) or token.scope == ApiToken.Scope.WRITE or request.method in SAFE_METHODS
