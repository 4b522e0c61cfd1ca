"""What is asked of bodies, seats and elections when they are typed: remits, charter, who has no vote, dates (N1 §2)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Office, Unit
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow

SCHOOL_COMMITTEE = "school_committee"
#: the settings of a body by which its votes are counted
RULE = ("passing", "base", "quorum", "aside_counts", "remote_base")


# -- bodies ------------------------------------------------------------------------------------
def of_body(body: Any) -> None:
    _line_above(body)
    _charter(body)
    _remit(body)
    _rule(body)


def free_code(model: Any, code: str) -> str:
    """The code itself, or with the next number where an earlier body of the same kind and unit has it."""
    taken = set(model.objects.filter(code__startswith=code).values_list("code", flat=True))
    return next(name for name in (code, *(f"{code}-{n}" for n in range(2, 1000))) if name not in taken)


def _line_above(body: Any) -> None:
    if body.above is None:
        return
    if body.above.pk == body.pk or (body.pk and body.code in body.above.chain_above()):
        raise ValidationError({"above": _("A body cannot stand above itself.")})


def _charter(body: Any) -> None:
    """A live internal document; asked when it is named, not when it is annulled later and something else is edited."""
    if body.charter is None:
        return
    before = type(body).objects.filter(pk=body.pk).values_list("charter", flat=True).first() if body.pk else None
    if before != body.charter_id and not (body.charter.is_internal and body.charter.is_live):
        raise ValidationError({"charter": _("The charter must be an internal document that is in force.")})


def scope_of(body: Any) -> Unit | None:
    """Within what no other body has the same matters: its school, for a body of a department that department.

    None for a body of the university as a whole: those are not compared.
    """
    if body.kind.of == "university":
        return None
    return nearest_school(body.unit) or body.unit if body.kind.of == "school" else body.unit


def nearest_school(unit: Unit) -> Unit | None:
    """The unit itself if it is a school, else the nearest school above."""
    if unit.kind == Unit.Kind.SCHOOL:
        return unit
    schools = Unit.objects.filter(pk__in=unit.chain_ids, kind=Unit.Kind.SCHOOL)
    return max(schools, key=lambda school: len(school.chain_ids), default=None)


def _remit(body: Any) -> None:
    """Within one school, and likewise within one department, no two bodies have the same remit (N1 §2.2)."""
    scope = scope_of(body)
    if scope is None or not body.matters:
        return
    # Two bodies entered at the same moment wait for each other.
    list(Unit.objects.select_for_update().filter(pk=scope.pk).values_list("pk"))
    others = type(body).objects.active().filter(kind__of=body.kind.of, unit__path__startswith=scope.path)
    for other in others.exclude(pk=body.pk).select_related("kind", "unit"):
        shared = [code for code in body.matters if code in other.matters]
        if shared and scope_of(other) == scope:
            names = apps.get_model("bodies", "Matter").objects.filter(code__in=shared)
            raise ValidationError({"matters": _overlap(body, other, ", ".join(str(name) for name in names) or shared)})


def _rule(body: Any) -> None:
    """By which rule votes are counted is known before they are cast."""
    stored = type(body).objects.filter(pk=body.pk).values(*RULE).first() if body.pk else None
    changed = [name for name in RULE if stored is not None and stored[name] != getattr(body, name)]
    if changed and body.items.filter(state="voting").exists():
        raise ValidationError({changed[0]: _("Voting is open in this body: the rule is changed when it is closed.")})


def _overlap(body: Any, other: Any, matters: Any) -> Any:
    words = {"other": other, "matters": matters}
    if body.kind.of == "school":
        return (
            _(
                "“%(other)s” deals with this already: %(matters)s. Within one school no two bodies have the same matter "
                "in their remit (N1 §2.2)."
            )
            % words
        )
    return (
        _(
            "“%(other)s” deals with this already: %(matters)s. Within one department no two bodies have the same matter "
            "in their remit."
        )
        % words
    )


def body_works(pk: int, model: Any) -> None:
    if model.objects.filter(pk=pk, state=model.DISSOLVED).exists():
        raise NotNow(_("This body is dissolved: nothing is added to it any more."))


# -- meetings -------------------------------------------------------------------------------------
def of_meeting(meeting: Any) -> None:
    """Asked when it is typed: rules of the body that change later do not stop a vote that runs."""
    stored = type(meeting).objects.filter(pk=meeting.pk).first() if meeting.pk else None
    if stored is None or stored.in_writing != meeting.in_writing:
        _way_of_voting(meeting, stored)
    if stored is not None and stored.opened_at is not None and _days(stored) != _days(meeting):
        raise ValidationError({"closes_at": _("The vote has begun: its days stay as they were announced.")})


def _way_of_voting(meeting: Any, stored: Any) -> None:
    if stored is not None and stored.state != type(meeting).PLANNED:
        raise ValidationError(
            {"in_writing": _("The members are invited already: cancel it with a reason and call another one.")}
        )
    if meeting.in_writing and meeting.body_id and not meeting.body.remote_allowed:
        raise ValidationError({"in_writing": _("By its rules this body does not vote in writing.")})


def _days(meeting: Any) -> list[Any]:
    """To the minute, as forms show them."""
    moments = (meeting.starts_at, meeting.closes_at)
    return [moment.replace(second=0, microsecond=0) if moment else None for moment in moments]


# -- seats -----------------------------------------------------------------------------------------
def of_seat(seat: Any) -> None:
    if seat.until and seat.since and seat.until < seat.since:
        raise ValidationError({"until": _("The seat ends before it begins.")})
    sentence = vote_refusal(seat.person, seat.body, seat.duty) if seat.voting else None
    if sentence:
        raise ValidationError({"voting": sentence})


def vote_refusal(person: Any, body: Any, duty: str = "member") -> Any | None:
    """Why this person may not have a vote in this body; None when they may."""
    offices = Office.objects.on().filter(person=person)
    if offices.filter(role=Role.QUALITY_MANAGER).exists():
        return _("The quality manager sits in bodies without a vote (N1 §2.3).")
    if body.kind.code != SCHOOL_COMMITTEE:
        return None
    if duty == "adviser":
        return _("Advisers sit in the school committee without a vote (N1 §2.2).")
    school = nearest_school(body.unit) or body.unit
    if offices.filter(role=Role.UNIT_HEAD, unit=school).exists():
        return _("The head of the school sits in its committee without a vote (N1 §2.2).")
    return None


def with_a_vote(body: Any, seats: list[Any]) -> set[int]:
    """The seats whose holders vote today: offices are asked now, for they may have been given after the seat."""
    voting = [seat for seat in seats if seat.voting]
    people = [seat.person_id for seat in voting]
    managers = set(
        Office.objects.on().filter(role=Role.QUALITY_MANAGER, person__in=people).values_list("person_id", flat=True)
    )
    free = [seat for seat in voting if seat.person_id not in managers]
    if body.kind.code == SCHOOL_COMMITTEE:
        free = [seat for seat in free if vote_refusal(seat.person, body, seat.duty) is None]
    return {seat.pk for seat in free}


# -- elections -------------------------------------------------------------------------------------
def of_election(election: Any) -> None:
    if election.closes_on and election.closes_on < timezone.localdate():
        raise ValidationError({"closes_on": _("The date is in the past. Choose today or a later day.")})
    if election.term_until and election.term_from and election.term_until <= election.term_from:
        raise ValidationError({"term_until": _("The term ends before it begins.")})
