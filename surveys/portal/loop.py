"""What “you said — we did” hands to shared pages: menu, desk, search, panels, the public figure and the public page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capa.models import Finding
from qa_portal.web import cells
from qa_portal.web.registry import DeskSource, MenuItem, SearchSource, desk, menu, panel, registry, searchable

from ..loops import Followed, answered_share, followed, followed_petition, telling_url, untold
from ..models import Campaign, LoopEntry, Petition, Release
from ..querysets.loop import keeps_loop

menu(MenuItem("loop", _("You said — we did"), "surveys:loop-entries", "repeat", 60, keeps_loop, more=True))


# -- desk ------------------------------------------------------------------------------------------------
def _to_tell(person: Any) -> Any:
    """Settled findings of which those who said it were not told (domain.md §10)."""
    return untold() if person.standing.quality_office else Finding.objects.none()


def _item(finding: Any) -> dict[str, Any]:
    return {
        "label": finding.title,
        "url": telling_url(finding),
        "meta": f"{finding.number} · {finding.state_label}",
        "due": None,
    }


def _to_publish(person: Any) -> Any:
    """Lines begun without a finding and not published yet; those about a finding stand among what is to be told."""
    return LoopEntry.objects.visible_to(person).filter(state=LoopEntry.DRAFT, finding_number="").order_by("pk")


def _line_item(entry: LoopEntry) -> dict[str, Any]:
    return {"label": entry.said, "url": entry.get_absolute_url(), "meta": str(entry.state_label), "due": None}


desk(
    DeskSource(
        "loop-tell", _("Tell those who said it"), _to_tell, _item, lambda: reverse("surveys:loop-waiting"), 64
    )  # fmt: skip
)
desk(
    DeskSource(
        "loop-publish",
        _("“You said — we did” to publish"),
        _to_publish,
        _line_item,
        lambda: reverse("surveys:loop-entries") + "?state=draft",
        65,
    )
)


def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = LoopEntry.objects.visible_to(person).matching(text).order_by("-pk")[:10]
    return [{"label": row.said, "url": row.get_absolute_url(), "meta": str(row.state_label)} for row in rows]


searchable(SearchSource("loop", _("You said — we did"), _find, 27))


# -- panels ------------------------------------------------------------------------------------------------
def _shown(found: Followed, add_url: str) -> dict[str, Any] | None:
    if not found and not add_url:
        return None
    lines = [{"line": line, "badge": cells.badge(line.word, line.tone)} for line in found.lines]
    return {
        "title": gettext("What followed"),
        "template": "surveys/loop_followed.html",
        "lines": lines,
        "entries": found.entries,
        "add_url": add_url,
    }


@panel(Release)
def _of_release(release: Release, request: Any) -> dict[str, Any] | None:
    """What came of each recommendation and low result of a report that was sent."""
    if not release.is_shown:
        return None
    may = keeps_loop(request.user)
    url = f"{reverse('surveys:loop-add')}?release={release.pk}" if may else ""
    return _shown(followed(release, request.user), url)


@panel(Campaign)
def _of_campaign(campaign: Campaign, request: Any) -> dict[str, Any] | None:
    """The same on the campaign's page: of its last report that was sent."""
    rows = Release.objects.visible_to(request.user).shown().filter(campaign=campaign).defer("facts")
    release = rows.order_by("-version").first()
    return _shown(followed(release, request.user), "") if release is not None else None


@panel(Petition)
def _of_petition(petition: Petition, request: Any) -> dict[str, Any] | None:
    """What came of a petition, without health data and reports on ethics."""
    settled = petition.state in (Petition.ANSWERED, Petition.CLOSED) and not petition.sensitive
    may = settled and keeps_loop(request.user)
    url = f"{reverse('surveys:loop-add')}?petition={petition.pk}" if may else ""
    return _shown(followed_petition(petition, request.user), url)


# -- figures and the public page -------------------------------------------------------------------------
def _figures(person: Any) -> list[dict[str, Any]]:
    """How many wait to be told, for the quality office."""
    if not person.standing.quality_office:
        return []
    waiting = untold().order_by().count()
    return [
        {
            "label": gettext("Findings of which nobody was told"),
            "value": waiting,
            "url": reverse("surveys:loop-waiting"),
            "tone": "waiting" if waiting else "",
        }
    ]


def _public_figures() -> list[dict[str, Any]]:
    """The share of what published reports ask for that has its public answer."""
    done, asked = answered_share()
    if not asked:
        return []
    value = gettext("%(done)s of %(asked)s") % {"done": done, "asked": asked}
    return [{"label": gettext("Signals of surveys answered publicly"), "value": value}]


registry.figures.append(_figures)
registry.public_figures.append(_public_figures)
registry.public_links.append(
    lambda: {
        "title": gettext("You said — we did"),
        "text": gettext("What was done about what people told the university."),
        "url": reverse("public-loop"),
        "icon": "repeat",
    }
)
