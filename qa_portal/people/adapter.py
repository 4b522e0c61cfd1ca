"""Sign-in by allauth: accounts are made by the office, nobody signs up by themselves."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied

from qa_portal.web.registry import registry


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def format_email_subject(self, subject):
        return subject

    def render_mail(self, template_prefix, email, context, headers=None):
        """Letters about passwords come from the university's portal, not from a host name."""
        site = SimpleNamespace(name=registry.identity()["short"], domain=urlsplit(settings.SITE_URL).netloc)
        return super().render_mail(template_prefix, email, {**context, "current_site": site}, headers)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The university's identity provider may only open accounts that exist, matched by verified e-mail."""

    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise PermissionDenied  # accounts are matched by the office's address, not tied by hand
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        person = get_user_model().objects.filter(email__in=verified, is_active=True).first() if verified else None
        if person:
            sociallogin.connect(request, person)
