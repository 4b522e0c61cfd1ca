"""`/verify/<code>/`: anybody who holds a paper sees what was printed on it, and whether it still holds."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from .models import Seal
from .seals import read_code, since


@never_cache
@login_not_required
def verify(request: HttpRequest, code: str) -> HttpResponse:
    seal = Seal.objects.filter(code=read_code(code)).select_related("record_type").first()
    if seal is not None and code != seal.shown_code:
        return redirect("verify", seal.shown_code)
    language = get_language() or "kk"
    context = {"seal": seal, "code": code}
    if seal is not None:
        context |= {
            "title": seal.titles.get(language) or seal.titles["kk"],
            "fields": seal.fields.get(language) or seal.fields["kk"],
            "since": since(seal),
        }
    response = render(request, "reports/verify.html", context, status=200 if seal else 404)
    response["X-Robots-Tag"] = "noindex"
    return response
