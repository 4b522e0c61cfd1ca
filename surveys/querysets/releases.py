"""Who may see releases: the quality office and the Board from the first, everybody inside once they are sent.

What of a release one person may read (a course's results are not everybody's) is said by result_sight.py.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from qa_portal.documents.querysets.library import lent
from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet

SHOWN = ("sent", "considered", "published")


def insider(person: Any) -> bool:
    return person.is_authenticated and not person.standing.outsider


def keeps_results(person: Any) -> bool:
    """Reads everything inside, also before it is sent: the quality office and the Board (domain.md §3)."""
    return person.standing.quality_office or person.standing.board


class ReleaseQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ReleaseQuerySet:
        if not insider(person):
            return self.filter(lent(person, self.model)) if person.is_authenticated else self.none()
        return self if keeps_results(person) else self.filter(state__in=SHOWN)

    def shown(self) -> ReleaseQuerySet:
        return self.filter(state__in=SHOWN)

    def public(self) -> ReleaseQuerySet:
        """What everybody may read without signing in, in its public cells."""
        return self.filter(state="published")

    def overdue(self, day: Any) -> ReleaseQuerySet:
        """Not sent by the day on which the report was due."""
        return self.filter(state__in=("making", "made"), campaign__report_due__lt=day)

    def matching(self, text: str) -> ReleaseQuerySet:
        found = in_any_language(text, "campaign__name", "campaign__questionnaire__name")
        return self.filter(
            found | Q(campaign__year=int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else found
        )


class NodeQuerySet(models.QuerySet):
    def inside(self) -> NodeQuerySet:
        return self.filter(scope="inside")

    def public(self) -> NodeQuerySet:
        return self.filter(scope="public")

    def light(self) -> NodeQuerySet:
        """Without cells: the tree of groups, however many answers there are."""
        return self.defer("cells")


class RecommendationQuerySet(models.QuerySet):
    def shown(self) -> RecommendationQuerySet:
        return self.filter(release__state__in=SHOWN)


class ReceiptQuerySet(models.QuerySet):
    def waiting(self) -> ReceiptQuerySet:
        """Recipients who have not opened the report, with `sent_on`."""
        rows = self.filter(opened_on__isnull=True, release__state__in=SHOWN)
        return rows.annotate(sent_on=F("release__sent_on"))


class TeacherReplyQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> TeacherReplyQuerySet:
        """Public answers are read by everybody inside who may read the release; a withdrawn one by its author only."""
        if not insider(person):
            return self.none()
        releases = apps.get_model("surveys", "Release").objects.visible_to(person)
        rows = self.filter(node__release__in=releases.order_by().values("pk"))
        return rows if person.standing.quality_office else rows.filter(Q(state="written") | Q(teacher=person))

    def written(self) -> TeacherReplyQuerySet:
        return self.filter(state="written")

    def matching(self, text: str) -> TeacherReplyQuerySet:
        return self.filter(Q(text__icontains=text))
