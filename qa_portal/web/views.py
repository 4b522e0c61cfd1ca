"""Pages that belong to no app: home, search, components, health."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from .charts import BAR, Chart, Point, Series
from .pages import search_terms
from .registry import registry

log = structlog.get_logger(__name__)
SHOWN = 6
#: invented, for /parts/
SPECIMENS = (
    Chart(
        "Уақтылы жабылған шаралар",
        (
            Series(
                "Барлық бөлімшелер",
                (
                    Point("2022", 61, "red"),
                    Point("2023", 78, "amber"),
                    Point("2024", None),
                    Point("2025", 84, "amber"),
                    Point("2026", 93, "green"),
                ),
            ),
            Series("Мақсат", tuple(Point(str(year), 90) for year in range(2022, 2027)), target=True),
        ),
        measure="%",
        low=0,
        high=100,
    ),
    Chart(
        "Орташа баға",
        (
            Series("2025", (Point("Қалыпты физиология кафедрасы", 1.8), Point("Академиялық сапа бөлімі", 2.4))),
            Series("2026", (Point("Қалыпты физиология кафедрасы", 2.15), Point("Академиялық сапа бөлімі", 2.4))),
        ),
        kind=BAR,
        decimals=1,
        low=0,
        high=3,
    ),
)


def _waits(person: Any) -> list[dict[str, Any]]:
    """What waits for a person, each kind with its first rows and its count."""
    groups = []
    for source in sorted(registry.desk.values(), key=lambda s: s.order):
        rows = list(source.rows(person)[: SHOWN + 1])
        if rows:
            count = len(rows) if len(rows) <= SHOWN else source.rows(person).count()
            items = [source.item(row) for row in rows[:SHOWN]]
            groups.append(
                {"key": source.key, "title": source.title, "items": items, "count": count, "url": source.url()}
            )
    return groups


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        figures = [figure for source in registry.public_figures for figure in source()]
        return render(
            request,
            "pages/public_home.html",
            {"public_links": [link() for link in registry.public_links], "figures": figures},
        )
    person = request.user
    verbs = [v for v in sorted(registry.verbs, key=lambda v: v.order) if v.visible(person)]
    return render(
        request,
        "pages/home.html",
        {
            "title": _("My page"),
            "lead": person.get_full_name(),
            "waits": _waits(person),
            "verbs": [{"label": v.label, "url": v.url(), "icon": v.icon, "text": v.text} for v in verbs[:7]],
            "figures": [figure for source in registry.figures for figure in source(person)],
            "news": [
                {
                    "text": n.subject,
                    "url": reverse("notices:follow", args=[n.pk]),
                    "read": n.read_at is not None,
                    "when": n.created_at,
                }
                for n in person.notices.all()[:6]
            ],
        },
    )


def search(request: HttpRequest) -> HttpResponse:
    q = search_terms(request)
    groups = []
    if len(q) >= 2:
        for source in sorted(registry.search.values(), key=lambda s: s.order):
            results = list(source.find(request.user, q))
            if results:
                groups.append({"title": source.title, "results": results})
    return render(request, "pages/search.html", {"title": _("Search"), "q": q, "groups": groups})


@login_not_required
def parts(request: HttpRequest) -> HttpResponse:
    """Every component on one page; in the demo only."""
    if not settings.DEMO:
        raise Http404
    return render(request, "pages/parts.html", {"charts": SPECIMENS})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def _database_answers() -> bool:
    """It answers, and it can compare Cyrillic letters (PostgreSQL with lc_ctype C cannot)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('САПА')")
        return cursor.fetchone()[0] == "сапа"


def _cache_answers() -> bool:
    cache.set("readyz", "1", 5)
    return cache.get("readyz") == "1"


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Database and cache answer; 503 names the one that does not."""
    checks = {}
    for name, answers in (("database", _database_answers), ("cache", _cache_answers)):
        try:
            checks[name] = answers()
        except Exception:  # whatever its driver raises: it does not answer
            log.exception("not ready", what=name)
            checks[name] = False
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)
