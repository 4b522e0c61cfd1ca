"""What releases hand to shared pages: menu, desk, search, signals, what the Council decides, the chapter, figures."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.people.models import Unit
from qa_portal.web import cells
from qa_portal.web.registry import (
    Chapter,
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    Signal,
    chapter,
    decidable,
    desk,
    menu,
    panel,
    provable,
    registry,
    searchable,
    signal,
)

from ..content import say
from ..models import Campaign, Checker, Recommendation, Release, ReleaseNode
from ..permissions.releases import COUNCIL
from ..querysets.releases import insider
from ..release_chapter import blocks
from ..release_figures import low_groups, low_lines, low_questions
from ..result_words import group_label
from ..results import parts_of

menu(MenuItem("survey-results", _("Survey results"), "surveys:releases", "chart", 59, insider, more=True))
provable(Release)
shown_on(Release)


# -- what the Council decides -----------------------------------------------------------------------
def _waits(release: Release) -> bool:
    return release.state == Release.SENT and release.campaign.questionnaire.checker == Checker.COUNCIL


def _waiting(code: str) -> Any:
    rows = Release.objects.filter(state=Release.SENT, campaign__questionnaire__checker=Checker.COUNCIL)
    rows = rows.select_related("campaign__questionnaire").defer("facts")
    return rows.order_by("pk") if code == COUNCIL else rows.none()


decidable(
    Decidable(
        Release,
        "consider",
        _("Report on a survey"),
        lambda release: COUNCIL if _waits(release) else "",
        _waiting,
        undo="undo_consideration",
    )
)


# -- desk and search ---------------------------------------------------------------------------------
def _rows(*states: str) -> Any:
    return Release.objects.filter(state__in=states).select_related("campaign__questionnaire").defer("facts")


def _to_write(person: Any) -> Any:
    """Reports whose figures are made and whose conclusions are to be written."""
    rows = _rows(Release.MADE).order_by("campaign__report_due", "pk")
    return rows if person.standing.quality_office else rows.none()


def _to_publish(person: Any) -> Any:
    """Reports that may be published now: considered, or not for the Council."""
    if not person.standing.quality_office:
        return Release.objects.none()
    rows = _rows(Release.SENT, Release.CONSIDERED)
    return rows.exclude(state=Release.SENT, campaign__questionnaire__checker=Checker.COUNCIL).order_by("pk")


def _to_receive(person: Any) -> Any:
    rows = _rows(*Release.SHOWN).filter(receipts__person=person, receipts__opened_on__isnull=True)
    return rows.order_by("-sent_on", "pk")


def _item(release: Release, due: Any = None) -> dict[str, Any]:
    return {
        "label": str(release.campaign),
        "url": release.get_absolute_url(),
        "meta": str(release.state_label),
        "due": cells.desk_due(due),
    }


def _list(query: str) -> Any:
    return lambda: reverse("surveys:releases") + query


desk(
    DeskSource(
        "releases-write",
        _("Reports on surveys to write"),
        _to_write,
        lambda release: _item(release, release.campaign.report_due),
        _list("?state=made"),
        61,
    )
)
desk(
    DeskSource(
        "releases-publish",
        _("Reports on surveys to publish"),
        _to_publish,
        _item,
        _list("?state=sent&state=considered"),
        62,
    )
)
desk(
    DeskSource(
        "releases-receive",
        _("Reports on surveys sent to me"),
        _to_receive,
        _item,
        _list("?not_received=true"),
        30,
    )
)


def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Release.objects.visible_to(person).matching(text).select_related("campaign").defer("facts")
    return [
        {"label": str(row), "url": row.get_absolute_url(), "meta": str(row.state_label)}
        for row in rows.order_by("-pk")[:10]
    ]


searchable(SearchSource("releases", _("Survey results"), _find, 26))


@panel(Campaign)
def _of_campaign(campaign: Any, request: Any) -> dict[str, Any] | None:
    """The versions of the campaign's report."""
    rows = Release.objects.visible_to(request.user).filter(campaign=campaign).defer("facts").order_by("version")
    lines = [
        {
            "label": gettext("version %(n)s") % {"n": row.version},
            "url": row.get_absolute_url(),
            "state": cells.state(row),
        }
        for row in rows
    ]
    if not lines:
        return None
    return {"title": gettext("Reports on the survey"), "template": "surveys/releases/of_campaign.html", "rows": lines}


# -- signals -------------------------------------------------------------------------------------------
def _university() -> Unit | None:
    return Unit.objects.filter(kind=Unit.Kind.UNIVERSITY).order_by("pk").first()


def _low() -> Any:
    return low_groups(timezone.localdate().year)


def _low_draft(node: ReleaseNode) -> dict[str, Any]:
    """One finding a group: all its low results together, so that one cause is looked for and not seven."""
    questions = low_questions(node)
    codes = {code for question, _cell in questions for code in question.areas}
    name = group_label(node)
    return {
        "title": gettext("Low survey results: %(group)s, %(survey)s")
        % {"group": name, "survey": node.release.campaign},
        "description": low_lines(node),
        "requirement": "",
        "area": min(codes) if len(codes) == 1 else "",
        "unit": node.unit or node.release.campaign.unit or _university(),
        "severity": "minor" if len(questions) > 1 else "observation",
        "source_kind": "survey",
    }


def _recommended() -> Any:
    """Every recommendation of a report that was sent waits to become a finding, or to be set aside with a reason."""
    rows = Recommendation.objects.shown().select_related("unit", "theme", "release__campaign__unit")
    return rows.order_by("-release", "place", "pk")


def _recommended_draft(row: Recommendation) -> dict[str, Any]:
    words = {question.code: say(question.text) for part in parts_of(row.release) for question in part.questions}
    grounds = [words.get(row.question, ""), str(row.theme) if row.theme else ""]
    about = gettext("Recommendation of the report on the survey “%(survey)s”.") % {"survey": row.release.campaign}
    return {
        "title": " ".join(row.text.split())[:160],
        "description": "\n\n".join(part for part in (row.text, *grounds, about) if part),
        "requirement": "",
        "area": row.area,
        "unit": row.unit or row.release.campaign.unit or _university(),
        "severity": "observation",
        "source_kind": "survey",
    }


signal(Signal("surveys.low", _("Low survey results"), _low, _low_draft, once=True))
signal(
    Signal("surveys.recommendation", _("Recommendations of reports on surveys"), _recommended, _recommended_draft, True)
)

# -- reports and figures ---------------------------------------------------------------------------------
chapter(Chapter("surveys", _("Surveys and feedback"), 70, blocks))


def _figures(person: Any) -> list[dict[str, Any]]:
    """How many reports are past the day on which they were due, for the quality office."""
    if not person.standing.quality_office:
        return []
    late = Release.objects.overdue(timezone.localdate()).count()
    return [
        {
            "label": gettext("Reports on surveys past their day"),
            "value": late,
            "url": reverse("surveys:releases") + "?overdue=true",
            "tone": "overdue" if late else "",
        }
    ]


registry.figures.append(_figures)
registry.public_links.append(
    lambda: {
        "title": gettext("Survey results"),
        "text": gettext("What those who were asked have answered, and what the university concludes from it."),
        "url": reverse("public-surveys"),
        "icon": "chart",
    }
)
