"""My papers: what I ordered, how far it is, the file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qa_portal.web.files import send_file

from .models import Paper


def _line(paper: Paper) -> dict:
    label, tone, icon = paper.STATES[paper.state]
    return {
        "title": paper.title,
        "created": paper.created_at,
        "state": {"code": paper.state, "label": label, "tone": tone, "icon": icon},
        "progress": paper.progress,
        "running": paper.state in (Paper.QUEUED, Paper.RUNNING),
        "url": paper.get_absolute_url() if paper.state == Paper.DONE else "",
        "size": paper.size,
        "error": (
            paper.problem
            or _("The paper could not be made. Order it again; if it fails again, tell the administrator.")
        )
        if paper.state == Paper.FAILED
        else "",
        # Only while it moves: the page asks this address until the paper is done.
        "status_url": reverse("papers:status", args=[paper.pk]) if paper.state in (Paper.QUEUED, Paper.RUNNING) else "",
    }


def send_paper(paper: Paper) -> FileResponse:
    """The file, shown in the browser."""
    return send_file(paper.file, paper.file_name, paper.content_type)


def papers(request: HttpRequest) -> HttpResponse:
    page = Paginator(Paper.objects.visible_to(request.user), 50).get_page(request.GET.get("page"))
    pager = {
        "number": page.number,
        "prev_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(
        request, "pages/papers.html", {"title": _("My papers"), "papers": [_line(p) for p in page], "pager": pager}
    )


def paper(request: HttpRequest, pk: int) -> FileResponse:
    found = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    if found.state != Paper.DONE:
        raise Http404
    return send_paper(found)


def status(request: HttpRequest, pk: int) -> JsonResponse:
    found = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    return JsonResponse(
        {
            "state": found.state,
            "label": str(found.STATES[found.state][0]),
            "progress": found.progress,
            "done": found.state in (Paper.DONE, Paper.FAILED),
        }
    )
