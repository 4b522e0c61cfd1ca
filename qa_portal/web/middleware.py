"""Language: `?lang=`, else the person's choice, else the cookie, else Kazakh; the browser's wish is not asked.

And the one place where refusals become pages: 403 with the sentence, 409 with the sentence.
"""

from django.conf import settings
from django.utils import translation

from qa_portal.permissions import NotNow, Refused

from .errors import sentence_page

KNOWN = {code for code, _name in settings.LANGUAGES}


class LanguageMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = request.GET.get("lang")
        language = self._language(request, asked)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if asked in KNOWN and not request.path.startswith("/api/") and not request.path.endswith("/print/"):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                asked,
                max_age=365 * 86400,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def _language(self, request, asked):
        if asked in KNOWN:
            # A signed-in person's choice is kept with the person: letters follow it.
            if not request.path.startswith("/api/") and not request.path.endswith("/print/"):
                person = request.user
                if person.is_authenticated and person.language != asked:
                    person.language = asked
                    person.save(update_fields=["language"])
            return asked
        if request.path.startswith("/api/"):
            wished = request.headers.get("Accept-Language", "")[:2].lower()
            return wished if wished in KNOWN else settings.LANGUAGE_CODE
        if request.user.is_authenticated:
            return request.user.language
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        return cookie if cookie in KNOWN else settings.LANGUAGE_CODE


class RefusalMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refused):
            return sentence_page(request, 403, exception.sentence)
        if isinstance(exception, NotNow):
            return sentence_page(request, 409, exception.sentence)
        return None
