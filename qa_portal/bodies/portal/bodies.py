"""What bodies hand to shared pages and to the rooms below: menu, desk, search, panels, names of bodies by code."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import holders
from qa_portal.people.models import Person, Unit
from qa_portal.people.roles import Role
from qa_portal.web import cells
from qa_portal.web.registry import DeskSource, MenuItem, SearchSource, desk, menu, panel, registry, searchable

from ..models import Body, BodyKind, Election, Seat
from ..sitting import RUNNING
from ..tables.bodies import vote_word

menu(
    MenuItem(
        "bodies", _("Bodies"), "bodies:bodies", "users-group", 57, lambda person: not person.standing.outsider, True
    )
)

ROLE = "role:"


# -- asked from below by code ------------------------------------------------------------------
def body_name(code: str) -> str:
    """The body with this code, else the kind, else the office; the code itself when nothing is called so."""
    if code.startswith(ROLE):
        role = code.removeprefix(ROLE)
        return str(Role(role).label) if role in Role.values else code
    found = Body.objects.filter(code=code).first() or BodyKind.objects.filter(code=code).first()
    return str(found) if found else code


def body_for(code: str, unit: Any) -> str:
    """The body that decides for a unit: the one with exactly this code, else that kind's body of the unit or nearest above.

    Empty when there is none; an office ("role:rector") stands for itself.
    """
    if code.startswith(ROLE) or Body.objects.active().filter(code=code).exists():
        return code
    if unit is None:
        return ""
    found = Body.objects.active().filter(kind__code=code, unit__in=unit.chain_ids).values_list("unit", "code")
    by_unit = dict(found.order_by("-pk"))
    return next((by_unit[pk] for pk in reversed(unit.chain_ids) if pk in by_unit), "")


def body_people(code: str) -> list[Any]:
    """Who is told of what concerns a body: chair, deputy chair, secretary; without them the secretary of the Council."""
    if code.startswith(ROLE):
        return list(holders([code.removeprefix(ROLE)]))
    seats = Seat.objects.held().filter(body__code=code, duty__in=RUNNING, person__is_active=True)
    people = [seat.person for seat in seats.select_related("person")]
    return people or list(holders([Role.COUNCIL_SECRETARY]))


registry.body_name = body_name
registry.body_for = body_for
registry.body_people = body_people


# -- desk and search ---------------------------------------------------------------------------------
def _to_vote(person: Any) -> Any:
    return Election.objects.waiting_for_vote_of(person).select_related("body").order_by("closes_on", "pk")


def _election_item(election: Election) -> dict[str, Any]:
    words = cells.due_words(election.closes_on)
    day = cells.date(election.closes_on)
    return {
        "label": election.title,
        "url": election.get_absolute_url(),
        "meta": str(election.body),
        "due": {
            "text": words or day,
            "date": day if words else "",
            "tone": cells.due_tone(election.closes_on),
        },
    }


desk(
    DeskSource(
        "elections",
        _("Elections in which you may vote"),
        _to_vote,
        _election_item,
        lambda: reverse("bodies:elections") + "?waits_for_me=true",
        15,
    )
)


def _find_bodies(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Body.objects.visible_to(person).matching(text).select_related("unit", "kind").order_by("kind__place", "pk")
    return [{"label": str(row), "url": row.get_absolute_url(), "meta": str(row.unit)} for row in rows[:10]]


searchable(SearchSource("bodies", _("Bodies"), _find_bodies, 55))


# -- panels of the directory ------------------------------------------------------------------------------
@panel(Person)
def seats_of_person(person: Any, request: Any) -> dict[str, Any] | None:
    """Where a person sits today."""
    seats = Seat.objects.visible_to(request.user).held().filter(person=person).select_related("body")
    rows = [
        {
            "label": str(seat.body),
            "url": seat.body.get_absolute_url(),
            "words": f"{seat.get_duty_display()}, {vote_word(seat)}",
        }
        for seat in seats
    ]
    return {"title": _("Seats in bodies"), "template": "bodies/body_panel.html", "rows": rows} if rows else None


@panel(Unit)
def bodies_of_unit(unit: Any, request: Any) -> dict[str, Any] | None:
    """The bodies of a unit."""
    found = Body.objects.visible_to(request.user).active().filter(unit=unit).select_related("kind")
    rows = [{"label": str(body), "url": body.get_absolute_url(), "words": str(body.kind)} for body in found]
    return {"title": _("Collegial bodies"), "template": "bodies/body_panel.html", "rows": rows} if rows else None
