"""Petitions: who registers, answers and decides (domain.md §10). Nobody answers what concerns them or what they wrote."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate

from ..querysets.petitions import committee_paths, needs_paths


# -- offices -------------------------------------------------------------------------------------
def barred(person: Any, petition: Any) -> bool:
    """It is about the person, about their unit (a report on ethics), or they wrote it."""
    if person.pk in petition.concerned_ids or person.pk == petition.author_id:
        return True
    if petition.kind != petition.Kind.ETHICS or petition.unit is None or petition.unit.parent_id is None:
        return False
    path, standing = petition.unit.path, person.standing
    return standing.works_in(path) or standing.leads_above(path)


def _registry_offices(person: Any, petition: Any) -> list[int | None]:
    """The offices by which a person keeps this kind of petition: None is one's own, else whose it is."""
    standing = person.standing
    if petition.kind == petition.Kind.ETHICS:
        return standing.offices(Role.COMPLIANCE)
    if petition.kind == petition.Kind.ADJUSTMENT:
        path = petition.unit.path if petition.unit else ""
        named = [
            held.principal
            for held in standing.held
            if held.role == Role.SPECIAL_NEEDS and (not path or path.startswith(held.path))
        ]
        runs = any(path.startswith(school) for school in committee_paths(person, running=True)) if path else False
        return [*named, *([None] if runs else [])]
    return standing.offices(Role.CHANCELLERY, *QUALITY_OFFICE)


def _registering(person: Any, petition: Any) -> tuple[bool, int | None]:
    offices = _registry_offices(person, petition)
    if not offices or barred(person, petition):
        return False, None
    return free_principal(person.pk, offices, {*petition.concerned_ids, petition.author_id} - {None})


def _answering(person: Any, petition: Any) -> tuple[bool, int | None]:
    """Whoever it was given to, the head of the unit (not of sensitive kinds), whoever keeps the register."""
    if barred(person, petition):
        return False, None
    offices = _registry_offices(person, petition)
    if petition.owner_id == person.pk and petition.kind != petition.Kind.ETHICS:
        offices = [None, *offices]
    if petition.unit is not None and not petition.sensitive:
        offices = [*offices, *person.standing.headships_above(petition.unit.path)]
    if not offices:
        return False, None
    return free_principal(person.pk, offices, {*petition.concerned_ids, petition.author_id} - {None})


def registrar(petition: Any, person: Any) -> int | None:
    """In whose name this person keeps it; for history."""
    return _registering(person, petition)[1] if getattr(person, "pk", None) else None


def answerer(petition: Any, person: Any) -> int | None:
    return _answering(person, petition)[1] if getattr(person, "pk", None) else None


# -- predicates ----------------------------------------------------------------------------------
@predicate
def registers(person: Any, petition: Any) -> bool:
    return _registering(person, petition)[0]


@predicate
def answers(person: Any, petition: Any) -> bool:
    return _answering(person, petition)[0]


@predicate
def wrote_it(person: Any, petition: Any) -> bool:
    return petition.author_id is not None and petition.author_id == person.pk


@predicate
def types_in(person: Any, petition: Any) -> bool:
    """Takes in what is said or brought on paper; before a kind is chosen: of some kind. Paper may be handed in anywhere."""
    standing = person.standing
    if petition is None or petition.way == petition.Way.PORTAL:
        return False
    if standing.has(Role.CHANCELLERY, *QUALITY_OFFICE):
        return True
    if petition.kind in ("", petition.Kind.ETHICS) and standing.has(Role.COMPLIANCE):
        return True
    return petition.kind in ("", petition.Kind.ADJUSTMENT) and bool(needs_paths(person))


@predicate
def sends_own(person: Any, petition: Any) -> bool:
    """Through the portal, by name."""
    return petition is not None and petition.way == petition.Way.PORTAL and petition.author_id == person.pk


@predicate
def reads_summary(person: Any, record: Any) -> bool:
    standing = person.standing
    return standing.board or standing.has(Role.CHANCELLERY, Role.QUALITY_REPRESENTATIVE, *QUALITY_OFFICE)


@predicate
def nobody(person: Any, record: Any) -> bool:
    """No person by hand."""
    return False


@predicate
def overrules_its_body(person: Any, petition: Any) -> bool:
    return bool(petition.body) and f"over:{petition.body}" in getattr(person, "decides_for", frozenset())


def its_body(petition: Any) -> str:
    return petition.body if petition is not None else ""


# -- rights ----------------------------------------------------------------------------------------
_KEEP = _(
    "Only the Chancellery and the quality office do this; with reports on ethics Compliance, with special needs the people "
    "named for them and the school committee; never somebody whom it concerns."
)
_AUTHOR = _("Only who sent the petition does this.")
_BODY = _("Only a decision of the body before which it stands does this.")
allow(
    "surveys.add_petition",
    types_in | sends_own,
    _(
        "Only the Chancellery, the quality office, Compliance and the people named for special needs enter petitions here."
    ),
)
allow("surveys.change_petition", registers, _KEEP)
for _verb in ("register", "assign", "take_to_body", "close", "reopen", "extend", "redirect", "name_concerned"):
    allow(f"surveys.{_verb}_petition", registers, _KEEP)
_ANSWER = _(
    "Only who was asked to answer it, the head of the unit and those who keep the register do this; never somebody whom it "
    "concerns."
)
for _verb in ("ask", "answer", "carry_out"):
    allow(f"surveys.{_verb}_petition", answers, _ANSWER)
for _verb in ("write_on", "withdraw"):
    allow(f"surveys.{_verb}_petition", wrote_it, _AUTHOR)
#: empty code: nobody has it by hand
for _verb in ("accept_by_decision", "decline_by_decision"):
    allow(f"surveys.{_verb}_petition", nobody, _BODY, by_decision_of=its_body)
allow(
    "surveys.undo_decision_petition",
    overrules_its_body,
    _("Only a decision of the body above does this."),
)
allow(
    "surveys.read_petition_summary",
    reads_summary,
    _("Only the Chancellery, the quality office, the quality representative and the Board read this report."),
)
