"""New editions of the external acts above the demo's documents: the reviews that they open, with a verdict a document."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.documents.models import ConformityReview, Document
from qa_portal.documents.workflow import document as on_document
from qa_portal.documents.workflow import upkeep as on_upkeep
from qa_portal.people.roles import Role

from .stories import Stage
from .told import Told

DAY = datetime.timedelta(days=1)


class EditionStory(Told):
    """A new edition of an external act: the review that it opens, with a verdict a document."""

    def __init__(self, data: dict[str, Any], stage: Stage):
        super().__init__(data["act"], stage)
        self.data = data
        self.at(data["ago"], self.note)
        for row in data["verdicts"]:
            self.plan_verdict(row)
        for row in data.get("also", ()):
            self.at(data["ago"] - 2, lambda r=row: self.list_one(r))
            self.plan_verdict(row)
        if "closed" in data:
            self.at(data["closed"], self.close)

    def note(self) -> None:
        act = Document.objects.get(pk=self.stage.acts[self.key].pk)
        on_document.note_edition(
            act,
            by=self.cast.today("legal"),
            edition=self.data["edition"],
            adopted_on=timezone.localdate() - 20 * DAY,
            link=act.link,
            note=self.data["note"],
        )

    def list_one(self, row: dict[str, Any]) -> None:
        review = self.review()
        by = self.officer(on_upkeep.list_document, review)
        on_upkeep.list_document(review, by=by, document=self.stage.documents[row["document"]].pk, why=row["why"])

    def plan_verdict(self, row: dict[str, Any]) -> None:
        if "judged" in row:
            self.at(row["judged"], lambda: self.judge(row))
        if "decided" in row:
            self.at(row["decided"], lambda: self.decide(row))
        if "struck" in row:
            self.at(row["struck"], lambda: self.strike(row))

    def judge(self, row: dict[str, Any]) -> None:
        verdict = self.verdict(row)
        unit = verdict.document.unit
        names = [
            *self.cast.holding(Role.QUALITY_COORDINATOR, units=[unit.pk]),
            *self.cast.deciding(unit),
            *self.cast.deciding_above(unit),
        ]
        by = self.cast.who_may(on_upkeep.judge, verdict, names)
        on_upkeep.judge(verdict, by=by, verdict=row["verdict"], note=row["note"], **self.until(row))

    def decide(self, row: dict[str, Any]) -> None:
        verdict = self.verdict(row)
        by = self.officer(on_upkeep.decide, verdict)
        on_upkeep.decide(verdict, by=by, verdict=row["verdict"], decision=row["decision"], **self.until(row))

    def strike(self, row: dict[str, Any]) -> None:
        verdict = self.verdict(row)
        on_upkeep.strike_out(verdict, by=self.officer(on_upkeep.strike_out, verdict), reason=row["reason"])

    def close(self) -> None:
        review = self.review()
        on_upkeep.close(review, by=self.officer(on_upkeep.close, review))

    def until(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"until": self.stage.today + row["until"] * DAY} if "until" in row else {}

    def review(self) -> ConformityReview:
        return ConformityReview.objects.get(act=self.stage.acts[self.key])

    def verdict(self, row: dict[str, Any]) -> Any:
        verdicts = self.review().verdicts.select_related("review", "document__unit")
        return verdicts.get(document=self.stage.documents[row["document"]])

    def officer(self, step: Any, record: Any) -> Any:
        return self.cast.who_may(step, record, self.cast.quality_officers(self.key))
