"""What every page needs: menu, inbox number, languages, appearance."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from .registry import registry

SHORT = {"kk": "ҚАЗ", "ru": "РУС", "en": "ENG"}


def _menu(request):
    person = request.user
    if not person.is_authenticated:
        return []
    items = []
    for item in sorted(registry.menu.values(), key=lambda entry: entry.order):
        if item.visible(person):
            url = reverse(item.url_name)
            active = request.path == url or (url != "/" and request.path.startswith(url))
            entry = {"label": item.label, "url": url, "icon": item.icon, "active": active, "count": None}
            items.append({**entry, "more": item.more})
    # Of two matching places the deeper one is where the person is.
    matching = [entry for entry in items if entry["active"]]
    for entry in matching:
        entry["active"] = entry["url"] == max(m["url"] for m in matching)
    return items


def _places(request):
    """The six to eight places in sight, and those under "More", which stands open where the person is in one of them."""
    items = _menu(request)
    more = [item for item in items if item["more"]]
    return {
        "first": [item for item in items if not item["more"]],
        "more": more,
        "open": any(item["active"] for item in more),
    }


def _languages(request):
    current = get_language()
    found = []
    for code, label in SHORT.items():
        params = request.GET.copy()
        params["lang"] = code
        url = f"{request.path}?{params.urlencode()}" if request.method == "GET" else f"/?lang={code}"
        found.append({"code": code, "label": label, "active": code == current, "url": url})
    return found


def _inbox(person):
    notices: QuerySet = person.notices
    # Counted here: a COUNT over the first hundred is a query within a query, and dearer than the numbers themselves.
    return len(notices.filter(read_at__isnull=True).order_by().values_list("pk", flat=True)[:100])


def portal(request):
    person = getattr(request, "user", None)
    signed_in = person is not None and person.is_authenticated
    draft_clear = request.session.pop("draft_clear", "") if hasattr(request, "session") and signed_in else ""
    identity = registry.identity()
    return {
        "portal": {
            "university": identity["name"],
            "short": identity["short"],
            "menu": SimpleLazyObject(lambda: _places(request)) if signed_in else {},
            "inbox_count": SimpleLazyObject(lambda: _inbox(person)) if signed_in else 0,
            "languages": _languages(request),
            "demo": settings.DEMO,
            "theme": person.theme if signed_in else "auto",
            "version": "0.1",
            "draft_clear": draft_clear,
        }
    }
