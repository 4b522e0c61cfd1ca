"""Who holds focus groups, interviews and round tables: quality office, school committees, heads for their units (§10)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import allow, predicate

from ..querysets.petitions import committee_paths


def keeper_paths(person: Any) -> list[str]:
    """Units for which a person holds talks: those led, and the schools in whose committee the person sits."""
    return [*person.standing.led_paths, *committee_paths(person)]


@predicate
def keeps(person: Any, talk: Any) -> bool:
    """For its unit; on a page still empty, for any unit."""
    if person.standing.quality_office:
        return True
    if talk is None or talk.unit_id is None:
        return bool(keeper_paths(person))
    return any(talk.unit.path.startswith(path) for path in keeper_paths(person))


@predicate
def leads_it(person: Any, talk: Any) -> bool:
    return talk is not None and talk.moderator_id == person.pk


_KEEPERS = _("Talks are held by the quality office, by the committee of a school and by heads for their own units.")
_WRITERS = _(
    "Only whoever leads this talk, the quality office, the school's committee and the head of the unit write about it."
)
allow("surveys.add_talk", keeps, _KEEPERS)
allow("surveys.cancel_talk", keeps, _KEEPERS)
for verb in ("change", "hold", "add_quote", "edit_quote", "remove_quote", "conclude", "prove"):
    allow(f"surveys.{verb}_talk", keeps | leads_it, _WRITERS)
