"""Course management forms: the teacher fills and answers, the school committee analyses (N1 §4.1.11). Nobody their own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import QUALITY_OFFICE
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate

from ..querysets.course_forms import school_of
from ..querysets.petitions import committee_paths


def _analysing(person: Any, form: Any) -> tuple[bool, int | None]:
    """A member of the school's committee; of a school without one its head. Never the teacher, nor for the teacher."""
    path, has_committee = school_of(person, form.unit.path)
    if has_committee:
        return path in committee_paths(person) and person.pk != form.teacher_id, None
    offices = person.standing.headships_above(path)
    return free_principal(person.pk, offices, {form.teacher_id}) if offices else (False, None)


def analyst(form: Any, person: Any) -> int | None:
    """In whose name this person analyses it; for history."""
    return _analysing(person, form)[1] if getattr(person, "pk", None) else None


@predicate
def nobody(person: Any, form: Any) -> bool:
    return False


@predicate
def teaches_it(person: Any, form: Any) -> bool:
    return form.teacher_id == person.pk


@predicate
def analyses(person: Any, form: Any) -> bool:
    return _analysing(person, form)[0]


@predicate
def of_the_office(person: Any, form: Any) -> bool:
    """The quality office, not about a form of one's own."""
    offices = person.standing.offices(*QUALITY_OFFICE)
    return bool(offices) and free_principal(person.pk, offices, {form.teacher_id})[0]


@predicate
def reads_terms(person: Any, record: Any) -> bool:
    standing = person.standing
    return standing.quality_office or bool(standing.led_paths) or bool(committee_paths(person))


_TEACHER = _("Only the teacher of the course does this.")
_COMMITTEE = _("Only the committee of the school does this, where there is none its head; never the teacher.")
allow("surveys.add_course_form", nobody, _("The portal makes the forms when a term is over."))
for _verb in ("change", "submit", "answer"):
    allow(f"surveys.{_verb}_course_form", teaches_it, _TEACHER)
for _verb in ("analyse", "send_back"):
    allow(f"surveys.{_verb}_course_form", analyses, _COMMITTEE)
for _verb in ("not_needed", "ask_again"):
    allow(
        f"surveys.{_verb}_course_form",
        analyses | of_the_office,
        _(
            "Only the committee of the school, where there is none its head, and the quality office do this; never the teacher."
        ),
    )
allow(
    "surveys.read_course_form_terms",
    reads_terms,
    _("Only school committees, heads of units and the quality office read this page."),
)
