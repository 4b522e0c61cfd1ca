"""What petitions hand to shared pages: menu, desk, search, what bodies decide, signals, figures, the public link."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.people.models import Unit
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.web import cells
from qa_portal.web.registry import (
    CalendarSource,
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    Signal,
    Verb,
    calendar_of,
    chapter,
    decidable,
    desk,
    formula,
    menu,
    registry,
    searchable,
    signal,
    verb,
)

from ..models import Petition
from ..petition_figures import CHAPTER, FORMULA
from ..querysets.petitions import committee_paths, needs_paths

registry.words.update(receive=_("Received"))


def keeps(person: Any) -> bool:
    """Holds an office that keeps petitions of some kind."""
    standing = person.standing
    if standing.has(Role.CHANCELLERY, Role.COMPLIANCE, *QUALITY_OFFICE) or needs_paths(person):
        return True
    return bool(committee_paths(person, running=True))


menu(
    MenuItem(
        "petitions",
        _("Petitions"),
        "surveys:petitions",
        "messages",
        44,
        lambda person: not person.standing.outsider,
        more=True,
    )
)


# -- what a body decides -----------------------------------------------------------------------------
def _before(code: str) -> Any:
    return Petition.objects.ordinary().filter(body=code, state=Petition.IN_WORK).select_related("unit")


def _body(petition: Petition) -> str:
    return petition.body if petition.state == Petition.IN_WORK and not petition.sensitive else ""


shown_on(Petition)
decidable(
    Decidable(
        Petition,
        "accept_by_decision",
        _("Petition"),
        _body,
        _before,
        undo="undo_decision",
        otherwise="decline_by_decision",
    )
)


# -- desk ----------------------------------------------------------------------------------------------
def _item(petition: Petition) -> dict[str, Any]:
    return {
        "label": petition.subject,
        "url": petition.get_absolute_url(),
        "meta": f"{petition.number} · {petition.get_kind_display()}",
        "due": cells.desk_due(petition.due_on),
    }


def _kept_by(person: Any) -> Any:
    """What this person registers and assigns: of the kinds that their offices keep, not their own."""
    if not keeps(person):
        return Petition.objects.none()
    standing = person.standing
    kinds = Q(pk__in=[])
    if standing.has(Role.CHANCELLERY, *QUALITY_OFFICE):
        kinds |= ~Q(kind__in=Petition.SENSITIVE)
    if standing.has(Role.COMPLIANCE):
        kinds |= Q(kind=Petition.Kind.ETHICS)
    if needs_paths(person) or committee_paths(person, running=True):
        kinds |= Q(kind=Petition.Kind.ADJUSTMENT)
    rows = Petition.objects.visible_to(person).filter(kinds)
    return rows.exclude(author=person) if person.pk else rows.none()


def _to_register(person: Any) -> Any:
    return _kept_by(person).filter(state=Petition.RECEIVED).order_by("received_on", "pk")


def _to_assign(person: Any) -> Any:
    rows = _kept_by(person).filter(state__in=Petition.RUNNING, owner__isnull=True, body="")
    return rows.order_by("due_on", "pk")


def _to_answer(person: Any) -> Any:
    rows = Petition.objects.visible_to(person).filter(owner=person, state=Petition.IN_WORK, body="")
    return rows.order_by("due_on", "pk")


def _to_close(person: Any) -> Any:
    return _kept_by(person).filter(state=Petition.ANSWERED).order_by("answered_on", "pk")


def _list(query: str = "") -> Any:
    return lambda: reverse("surveys:petitions") + query


desk(DeskSource("petitions", _("Petitions to answer"), _to_answer, _item, _list("?owned=true&state=in_work"), 14))
desk(DeskSource("petitions-register", _("Petitions to register"), _to_register, _item, _list("?state=received"), 16))
desk(
    DeskSource(
        "petitions-assign", _("Petitions to give to somebody"), _to_assign, _item, _list("?state=registered"), 17
    )
)
desk(DeskSource("petitions-close", _("Answered petitions to close"), _to_close, _item, _list("?state=answered"), 68))


def _dates(person: Any) -> Any:
    """Deadlines of what one answers: the number alone, because a feed is read by other programs."""
    for petition in _to_answer(person).exclude(due_on=None):
        yield {
            "uid": f"petition-{petition.pk}",
            "day": petition.due_on,
            "title": gettext("Petition %(number)s") % {"number": petition.number},
            "url": petition.get_absolute_url(),
            "note": petition.number,
        }


calendar_of(CalendarSource("petitions", _dates))
verb(
    Verb(_("Write to the university"), lambda: reverse("public-petitions"), "send", _("By name or without"), 60),
    Verb(_("My petitions"), _list("?mine=true"), "messages", _("What you sent by name, and the answers"), 61),
)


# -- search ----------------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Petition.objects.visible_to(person).matching(text).select_related("unit").order_by("-pk")[:10]
    return [
        {"label": f"{r.number} · {r.subject}", "url": r.get_absolute_url(), "meta": str(r.state_label)} for r in rows
    ]


searchable(SearchSource("petitions", _("Petitions"), _find, 24))


# -- signals ---------------------------------------------------------------------------------------------
def _accepted() -> Any:
    """Accepted complaints and suggestions; never health data nor reports on ethics."""
    kinds = (Petition.Kind.COMPLAINT, Petition.Kind.SUGGESTION)
    rows = Petition.objects.filter(
        kind__in=kinds, outcome=Petition.Outcome.ACCEPTED, state__in=(Petition.ANSWERED, Petition.CLOSED)
    )
    return rows.select_related("unit").order_by("answered_on", "pk")


def _draft(petition: Petition) -> dict[str, Any]:
    """What was accepted, in the university's own words: not what the author wrote, nor who wrote it."""
    where = gettext("Petition %(number)s (%(kind)s), accepted on %(day)s.") % {
        "number": petition.number,
        "kind": petition.get_kind_display(),
        "day": cells.date(petition.answered_on),
    }
    complaint = petition.kind == Petition.Kind.COMPLAINT
    return {
        "title": gettext("Accepted: %(subject)s") % {"subject": petition.subject},
        "description": f"{petition.outcome_note}\n\n{where}",
        "requirement": "",
        "area": petition.area if "." in petition.area else "",
        "unit": petition.unit or Unit.objects.filter(parent__isnull=True).order_by("pk").first(),
        "severity": "minor" if complaint else "observation",
        "source_kind": "petition",
    }


signal(Signal("surveys.petition_accepted", _("Accepted petitions"), _accepted, _draft, once=True))

# -- figures, reports, the public page ----------------------------------------------------------------
formula(FORMULA)
chapter(CHAPTER)
registry.public_links.append(
    lambda: {
        "title": gettext("Write to the university"),
        "text": gettext("Suggestions, complaints, thanks, requests: by name, or without one and with a receipt code."),
        "url": reverse("public-petitions"),
        "icon": "messages",
    }
)
