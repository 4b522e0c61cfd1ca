"""Who may see the register of “you said — we did”. What is published everybody reads on the public page."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from qa_portal.people.querysets import in_any_language
from qa_portal.people.roles import Role
from qa_portal.workflow.models import RecordQuerySet


def keeps_loop(person: Any) -> bool:
    """Writes to those who said something: the quality office and public relations."""
    return person.is_authenticated and (person.standing.quality_office or person.standing.has(Role.PR))


class LoopQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> LoopQuerySet:
        """Those who write it; the Board reads."""
        return self if keeps_loop(person) or (person.is_authenticated and person.standing.board) else self.none()

    def published(self) -> LoopQuerySet:
        """What everybody reads, without signing in."""
        return self.filter(state="published")

    def deciding(self) -> LoopQuerySet:
        """Lines that settle a finding: published, or set aside with a reason before anybody was told."""
        return self.filter(Q(state="published") | Q(state="withdrawn", published_on__isnull=True))

    def of_standard(self, code: str) -> LoopQuerySet:
        """Lines that name the standard or one of its areas; as text, which both databases search."""
        rows = self.annotate(codes=Cast("areas", TextField()))
        return rows.filter(Q(codes__contains=f'"{code}"') | Q(codes__contains=f'"{code}.'))

    def matching(self, text: str) -> LoopQuerySet:
        return self.filter(in_any_language(text, "said", "did") | Q(finding_number__icontains=text))
