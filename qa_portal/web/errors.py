"""Pages for what goes wrong: each says what happened, that nothing was lost, and what to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def sentence_page(request, status: int, sentence, heading="") -> HttpResponse:
    return render(request, f"{status}.html", {"sentence": sentence, "heading": heading}, status=status)


def csrf_failure(request, reason="") -> HttpResponse:
    return sentence_page(
        request,
        403,
        _(
            "The page was open for too long, or in another window somebody signed in or out. "
            "Nothing was saved and what you typed is kept in this browser: go back, reload the page and send it again."
        ),
        _("The page has gone stale"),
    )


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return sentence_page(request, 403, _("You may not open this page."))
