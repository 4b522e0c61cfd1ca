"""Who may sit in a commission on an appeal: independent experts, none with a part in it (N1 §4.1.6)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from qa_portal.people.models import Person
from qa_portal.policy.registry import policy
from qa_portal.programmes.models import Course

from .models import AcademicAppeal


def ever_taught(appeal: AcademicAppeal) -> set[int]:
    """Who teaches the course or has taught its discipline in any term."""
    if appeal.course is None:
        return set()
    through = Course.teachers.through.objects.filter(course__discipline=appeal.course.discipline_id)
    return set(through.order_by().values_list("person_id", flat=True))


def unfit(appeal: AcademicAppeal, people: Iterable[Person]) -> list[str]:
    """A sentence for each who may not sit, with who and why."""
    taught = ever_taught(appeal)
    found = []
    for person in sorted(people, key=lambda person: person.pk):
        name = {"name": person.get_full_name()}
        if not person.is_active:
            found.append(_("%(name)s no longer works here.") % name)
        elif person.pk == appeal.student_id:
            found.append(_("%(name)s is the appellant.") % name)
        elif person.pk == appeal.graded_by_id:
            found.append(_("%(name)s gave the grade.") % name)
        elif person.pk in taught:
            found.append(_("%(name)s teaches the course or has taught it.") % name)
    return found


def too_few(count: int) -> str | None:
    fewest = policy("surveys.appeal_members")
    if count >= fewest:
        return None
    return _("A commission has at least %(fewest)s independent experts.") % {"fewest": fewest}
