"""Who keeps a petition today and is told of it: the Chancellery, Compliance, the people named for special needs."""

from __future__ import annotations

from typing import Any

from qa_portal.bodies.models import Seat
from qa_portal.people.heads import holders, quality_office
from qa_portal.people.models import Office, Person
from qa_portal.people.roles import Role
from qa_portal.web.registry import registry

from .models import Petition
from .permissions.petitions import barred
from .querysets.petitions import COMMITTEE


def registrars(petition: Petition) -> list[Any]:
    """Those who register and assign it. Without a Chancellery the quality office; a report on ethics about all of
    Compliance, or where nobody holds that office, goes to the head of the university as a number, to name another.
    """
    if petition.kind == Petition.Kind.ETHICS:
        free = [person for person in holders([Role.COMPLIANCE]) if not barred(person, petition)]
        return free or list(holders([Role.RECTOR]))
    if petition.kind == Petition.Kind.ADJUSTMENT:
        return [person for person in _of_needs(petition) if not barred(person, petition)]
    found = list(holders([Role.CHANCELLERY])) or list(quality_office())
    return [person for person in found if not barred(person, petition)]


def _of_needs(petition: Petition) -> list[Any]:
    offices = Office.objects.on().filter(role=Role.SPECIAL_NEEDS)
    ids: set[int] = set()
    if petition.unit is not None:
        offices = offices.filter(unit__in=petition.unit.chain_ids)
        code = registry.body_for(COMMITTEE, petition.unit)
        running = Seat.objects.held().filter(body__code=code, duty__in=("chair", "deputy_chair", "secretary"))
        ids.update(running.values_list("person_id", flat=True))
    ids.update(offices.values_list("person_id", flat=True))
    return list(Person.objects.filter(pk__in=ids, is_active=True).order_by("pk"))


def keepers(petition: Petition) -> list[Any]:
    """Who is told what the author does: whoever answers, else those who register. Nobody at once when there is no name:
    the minute of a notice would be the minute of the author; the next day's reminder tells them (reminders/petitions.py).
    """
    if petition.anonymous:
        return []
    return [petition.owner] if petition.owner is not None else registrars(petition)
