"""The inbox, and the demo's mailbox."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .models import MailboxLetter


def inbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(request.user.notices.all(), 50).get_page(request.GET.get("page"))
    notices = [
        {
            "id": n.pk,
            "text": n.subject,
            "body": n.body,
            "url": n.url,
            "read": n.read_at is not None,
            "when": n.created_at,
        }
        for n in page
    ]
    pager = {
        "number": page.number,
        "prev_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "pages/notices.html", {"title": _("Notices"), "notices": notices, "pager": pager})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    request.user.notices.filter(read_at__isnull=True).update(read_at=timezone.now())
    return redirect("notices:list")


def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a notice is about, and mark it as read."""
    notice = get_object_or_404(request.user.notices, pk=pk)
    if notice.read_at is None:
        request.user.notices.filter(pk=pk).update(read_at=timezone.now())
    return redirect(notice.url)


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404


@login_not_required
def letters(request: HttpRequest) -> HttpResponse:
    _demo_only()
    rows = MailboxLetter.objects.all()
    if to := request.GET.get("to"):
        rows = rows.filter(to__iexact=to)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    pager = {
        "number": page.number,
        "prev_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "pages/letters.html", {"title": _("Letters of the demo"), "letters": page, "pager": pager})


@login_not_required
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    _demo_only()
    row = get_object_or_404(MailboxLetter, pk=pk)
    return render(request, "pages/letter.html", {"title": row.subject, "letter": row})


@login_not_required
def letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a letter alone, for the frame: nothing in it may run."""
    _demo_only()
    row = get_object_or_404(MailboxLetter, pk=pk)
    response = HttpResponse(row.html)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-top-navigation-by-user-activation"
    )
    return response
