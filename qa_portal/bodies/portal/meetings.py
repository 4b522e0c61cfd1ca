"""What meetings hand to shared pages: menu, desk, search, what decisions are about, what a body above may take up."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.registry import (
    CalendarSource,
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    Verb,
    calendar_of,
    decidable,
    desk,
    lends_sight,
    menu,
    panel,
    provable,
    registry,
    searchable,
    verb,
)

from ..authority import declared_for, key_about
from ..forms.meetings import year_ago
from ..models import AgendaItem, Body, Decision, Meeting, Seat
from ..querysets.meetings import DEEP, my_bodies
from ..sitting import PRESIDING, RUNNING, seats_of
from ..tables.meetings import result
from ..views.meetings import propose_button

#: past meetings leave the calendar feed after so long
KEPT_IN_CALENDAR = datetime.timedelta(days=60)

menu(MenuItem("meetings", _("Meetings"), "bodies:meetings", "calendar-event", 30))
menu(MenuItem("decisions", _("Decisions"), "bodies:decisions", "gavel", 56, more=True))

provable(Meeting)
provable(AgendaItem)


# -- a body above takes up decisions of the bodies below ------------------------------------------------
def _below(code: str) -> QuerySet[Decision]:
    """Decisions of the last year, of the bodies below this one, that stand as they were made."""
    above = Q()
    for depth in range(1, DEEP + 1):
        above |= Q(**{f"body{'__above' * depth}__code": code})
    rows = Decision.objects.filter(above, state=Decision.STANDS, decided_on__gte=year_ago())
    return rows.select_related("body", "item").order_by("-decided_on", "-pk")


def _nearest_above(decision: Decision) -> str:
    above = decision.body.above
    return above.code if above and decision.state == Decision.STANDS and decision.decided_on >= year_ago() else ""


def _of_overruling(decision: Decision, overruling: Decision) -> dict[str, Any]:
    return {"clause": overruling.item.clause, "overruling": overruling.pk}


def _of_change(decision: Decision, overruling: Decision) -> dict[str, Any]:
    return {**_of_overruling(decision, overruling), "text": overruling.text}


decidable(
    Decidable(Decision, "uphold", _("Uphold a decision"), _nearest_above, _below, inputs=_of_overruling),
)
decidable(Decidable(Decision, "change", _("Change a decision"), _nearest_above, _below, inputs=_of_change))
decidable(Decidable(Decision, "annul", _("Annul a decision"), _nearest_above, _below, inputs=_of_overruling))


# -- what bodies decide about: seen by their members, shown on its own page --------------------------------
def shown_on(model: Any) -> None:
    """Members see records of this kind that stand on their agendas, and its page lists what bodies decided."""
    lends_sight(model)(lambda person: _on_my_agendas(person, model))
    panel(model)(_decisions_about)


_SEEN = (AgendaItem.ON_AGENDA, AgendaItem.VOTING, AgendaItem.DECIDED, AgendaItem.NOTED)


def _on_my_agendas(person: Any, model: Any) -> QuerySet:
    items = AgendaItem.objects.filter(
        subject_type=ContentType.objects.get_for_model(model), state__in=_SEEN, body__in=my_bodies(person)
    )
    return items.order_by().values("subject_id")


def _decisions_about(record: Any, request: Any) -> dict[str, Any] | None:
    """Items and decisions about a record, linked for whoever sees them, and the way to put it before the body."""
    person = request.user
    about = AgendaItem.objects.filter(
        subject_type=ContentType.objects.get_for_model(record), subject_id=record.pk
    ).exclude(state__in=(AgendaItem.DECLINED, AgendaItem.WITHDRAWN))
    items = list(about.select_related("body", "decision__body").order_by("-pk"))
    seen = set(AgendaItem.objects.visible_to(person).filter(pk__in=[i.pk for i in items]).values_list("pk", flat=True))
    ways = [] if any(not item.proof_is_settled for item in items) else _ways(record, person)
    if not items and not ways:
        return None
    return {
        "title": gettext("Decisions of bodies"),
        "template": "bodies/parts/decisions_about.html",
        "rows": [_about_row(item, item.pk in seen) for item in items],
        "ways": ways,
    }


def _about_row(item: AgendaItem, seen: bool) -> dict[str, Any]:
    decided = item.state == AgendaItem.DECIDED
    shown = item.decision if decided else item
    return {
        "label": str(shown) if decided else str(item.body),
        "url": shown.get_absolute_url() if seen else "",
        "state": result(item.decision) if decided else cells.state(item),
        "then": cells.state(item.decision) if decided and item.decision.state != Decision.STANDS else "",
    }


def _ways(record: Any, person: Any) -> list[dict[str, Any]]:
    """A button where this person may propose; one for all that may be done with the record, the form asks which."""
    for declared in declared_for(record):
        code = declared.body(record)
        body = Body.objects.active().filter(code=code).first() if code else None
        if body is not None:
            button = propose_button(record, body, key_about(declared, record), person)
            return [button] if button["allowed"] else []
    return []


for _model in dict.fromkeys(declared.model for declared in registry.decidable.values()):
    shown_on(_model)


# -- desk: what waits for me --------------------------------------------------------------------------------
def _list(name: str, query: str = "") -> Any:
    return lambda: reverse(name) + query


def _to_vote(person: Any) -> Any:
    rows = AgendaItem.objects.waiting_for_vote_of(person)
    return rows.select_related("body", "meeting").order_by("meeting__closes_at", "pk")


def _to_sign(person: Any) -> Any:
    """As `parts_to_sign` says: own parts, and those of somebody who has left the university."""
    rows = Meeting.objects.filter(state=Meeting.CLOSED).exclude(
        Q(chair_signed_by=person) | Q(secretary_signed_by=person)
    )
    mine = Q(chaired_by=person, chair_signed_by__isnull=True) | Q(kept_by=person, secretary_signed_by__isnull=True)
    seats = seats_of(person)
    presided = [body for body, seat in seats.items() if seat.duty in PRESIDING]
    kept = [body for body, seat in seats.items() if seat.duty == Seat.Duty.SECRETARY]
    if presided:
        left = Q(chaired_by__isnull=True) | Q(chaired_by__is_active=False)
        mine |= Q(left, body__in=presided, chair_signed_by__isnull=True) & ~Q(kept_by=person)
    if kept:
        left = Q(kept_by__isnull=True) | Q(kept_by__is_active=False)
        mine |= Q(left, body__in=kept, secretary_signed_by__isnull=True) & ~Q(chaired_by=person)
    return rows.filter(mine).select_related("body").order_by("closed_at", "pk")


def _to_order(person: Any) -> Any:
    rows = AgendaItem.objects.filter(state=AgendaItem.PROPOSED, body__in=my_bodies(person, *RUNNING))
    return rows.select_related("body").order_by("pk")


def _item(item: AgendaItem) -> dict[str, Any]:
    return {"label": item.title, "url": item.get_absolute_url(), "meta": str(item.body), "due": None}


def _open_item(item: AgendaItem) -> dict[str, Any]:
    meeting = item.meeting
    due = None
    if meeting is not None and meeting.in_writing and meeting.closes_at:
        due = {"text": cells.date(meeting.closes_at), "date": "", "tone": "near"}
    return {**_item(item), "due": due}


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "label": str(meeting),
        "url": meeting.get_absolute_url(),
        "meta": cells.date(meeting.starts_at),
        "due": None,
    }


desk(DeskSource("vote", _("To vote on"), _to_vote, _open_item, _list("bodies:items", "?waits_for_me=true"), 5))
desk(DeskSource("sign", _("Minutes to sign"), _to_sign, _meeting, _list("bodies:meetings", "?state=closed"), 12))
desk(DeskSource("order", _("Proposed agenda items"), _to_order, _item, _list("bodies:items", "?state=proposed"), 38))

verb(
    Verb(
        _("Propose an agenda item"),
        _list("bodies:item-add"),
        "gavel",
        _("Any member may, with or without a vote"),
        15,
        lambda person: bool(seats_of(person)),
    )
)


# -- search ------------------------------------------------------------------------------------------------------
def _find_decisions(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Decision.objects.visible_to(person).matching(text).select_related("body", "item")
    return [
        {
            "label": f"№ {row.number} {row.item.title}",
            "url": row.get_absolute_url(),
            "meta": f"{row.body} · {row.result} · {row.state_label}",
        }
        for row in rows.order_by("-decided_on", "-pk")[:10]
    ]


searchable(SearchSource("decisions", _("Decisions"), _find_decisions, 20))


# -- calendar feed: meetings of the bodies where one sits ---------------------------------------------------------
def _meetings_of(person: Any) -> Any:
    rows = Meeting.objects.filter(body__in=my_bodies(person), starts_at__gte=timezone.now() - KEPT_IN_CALENDAR)
    for meeting in rows.exclude(state=Meeting.CANCELLED).select_related("body").order_by("starts_at", "pk"):
        yield {
            "uid": f"meeting-{meeting.pk}",
            "day": meeting.starts_at,
            "title": str(meeting),
            "url": meeting.get_absolute_url(),
            "note": meeting.venue or meeting.link,
        }


calendar_of(CalendarSource("meetings", _meetings_of))
