"""Who sees questionnaires: in use, everybody inside, who may be asked tomorrow; while written, who writes and checks."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from qa_portal.people.querysets import in_any_language
from qa_portal.web.registry import registry
from qa_portal.workflow.models import RecordQuerySet

from ..designers import COMMITTEE, committees_of, kinds_of

#: read by respondents, now or formerly
ASKED = ("in_use", "superseded")


class QuestionQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> QuestionQuerySet:
        """The bank is a tool of those who write questionnaires."""
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        writes = standing.quality_office or standing.sees_everything or bool(kinds_of(person))
        return self if writes else self.none()

    def usable(self) -> QuestionQuerySet:
        return self.exclude(state="retired")

    def matching(self, text: str) -> QuestionQuerySet:
        return self.filter(Q(code__icontains=text) | in_any_language(text, "text"))

    def with_uses(self) -> QuestionQuerySet:
        """With `uses`, in how many questionnaires in use it stands."""
        in_use = Q(items__section__questionnaire__state="in_use")
        return self.annotate(uses=Count("items__section__questionnaire", filter=in_use, distinct=True))


class QuestionnaireQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> QuestionnaireQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.quality_office or standing.sees_everything:
            return self
        if standing.outsider:
            return self.none()
        seen = Q(state__in=ASKED) | written_by(person)
        for ids in registry.lends_sight.get(self.model, ()):
            seen |= Q(pk__in=ids(person))
        return self.filter(seen)

    def written_by(self, person: Any) -> QuestionnaireQuerySet:
        """Those of the person's own kind of designers, and those that the person has begun."""
        return self.filter(written_by(person) | Q(created_by=person))

    def in_use(self) -> QuestionnaireQuerySet:
        return self.filter(state="in_use")

    def prepared(self) -> QuestionnaireQuerySet:
        return self.filter(state__in=("draft", "submitted", "returned"))

    def with_size(self) -> QuestionnaireQuerySet:
        """With `questions`, how many it asks."""
        return self.annotate(questions=Count("sections__items"))

    def matching(self, text: str) -> QuestionnaireQuerySet:
        return self.filter(Q(code__icontains=text) | in_any_language(text, "name"))


def written_by(person: Any) -> Q:
    """Those that the person writes as one of their designers."""
    mine = Q(designer__in=kinds_of(person) - {COMMITTEE})
    schools = list(committees_of(person).values())
    if schools:
        mine |= Q(designer=COMMITTEE) & (Q(unit__isnull=True) | Q(unit__in=schools))
    return mine
