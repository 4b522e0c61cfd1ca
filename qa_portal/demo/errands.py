"""What goes to and fro around meetings: assignments, dispatches, and the quality manager's requests and proposals."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import AgendaItem, Assignment, Body, Dispatch, InformationRequest, QualityProposal
from qa_portal.bodies.workflow import advice as on_advice
from qa_portal.bodies.workflow import assignment as on_assignment
from qa_portal.bodies.workflow import dispatch as on_dispatch
from qa_portal.bodies.workflow import items as on_item
from qa_portal.bodies.workflow import request as on_request

from .papers import proof
from .stories import Stage
from .told import Told

DAY = datetime.timedelta(days=1)
#: assignments are given so long after a meeting has begun
EVENING = datetime.timedelta(hours=3)


class Errand(Told):
    """An assignment that a decision gave: given after the meeting, then carried out, accepted, cancelled or late."""

    def __init__(self, row: dict[str, Any], item: dict[str, Any], meeting: dict[str, Any], stage: Stage):
        super().__init__(f"errand {item['key']} {row['owner']}", stage)
        self.row, self.item_key = row, item["key"]
        self.decided = meeting["ago"]
        seats = {duty: name for name, duty, *_rest in stage.seats[meeting["body"]]}
        self.chair, self.secretary = seats["chair"], seats["secretary"]
        self.assignment: Assignment = None  # type: ignore[assignment]  # `give` makes it
        self.meeting_key = f"meeting {meeting['key']}"
        self.at(self.decided, self.give)
        for word in ("done", "accepted", "cancelled"):
            if word in row:
                self.at(self.decided - row[word], getattr(self, word))

    def moment(self, ago: float) -> datetime.datetime:
        if ago == self.decided:
            evening = self.stage.afternoon(ago, self.meeting_key) + EVENING
            self.last = min(evening, self.stage.now)
            return self.last
        return super().moment(ago)

    def give(self) -> None:
        self.assignment = Assignment(
            decision=self.stage.decisions[self.item_key],
            text=self.row["text"],
            owner=self.cast.people[self.row["owner"]],
            due=self.stage.today + (self.row["days"] - self.decided) * DAY,
        )
        self.assignment.add(by=self.cast.today(self.secretary))

    def done(self) -> None:
        row, number = self.row, self.assignment.number
        paper = proof(row["text"], number, row["note"], timezone.localdate())
        on_assignment.carry_out(self.now(), by=self.cast.today(row["owner"]), note=row["note"], **paper)

    def accepted(self) -> None:
        on_assignment.accept(self.now(), by=self.cast.today(self.secretary))

    def cancelled(self) -> None:
        on_assignment.cancel(self.now(), by=self.cast.today(self.chair), reason=self.row["reason"])

    def now(self) -> Assignment:
        return Assignment.objects.select_related("decision", "owner", "unit").get(pk=self.assignment.pk)


class Paper(Told):
    """Something that goes to and fro: an item without a meeting, a dispatch, a request, a proposal of the quality manager."""

    def __init__(self, row: dict[str, Any], place: int, stage: Stage):
        super().__init__(f"{type(self).__name__} {place}", stage)
        self.row = row
        self.record: Any = None
        self.at(row["ago"], self.begin)
        for word in ("answered", "received", "accepted", "declined", "done", "withdrawn", "cancelled"):
            if word in row:
                self.at(row[word], getattr(self, word))

    def begin(self) -> None:
        by = self.cast.today(self.row["by"])
        self.record = self.made(by)
        self.record.add(by=by)

    def made(self, by: Any) -> Any:
        raise NotImplementedError

    def now(self) -> Any:
        return type(self.record).objects.get(pk=self.record.pk)

    def body(self) -> Body | None:
        return Body.objects.get(code=self.row["body"]) if "body" in self.row else None

    def unit(self) -> Any:
        return self.stage.units[self.row["unit"]] if "unit" in self.row else None

    def due(self) -> datetime.date:
        return timezone.localdate() + self.row["days"] * DAY

    def run_by(self) -> Any:
        """Who runs the body it was sent to."""
        names = {duty: name for name, duty, *_rest in self.stage.seats[self.row["body"]]}
        return self.cast.today(names["chair"])

    def by_head(self, step: Any, **inputs: Any) -> None:
        record = self.now()
        names = [*self.cast.deciding(self.unit()), *self.cast.deciding_above(self.unit())] if self.unit() else []
        by = self.cast.who_may(step, record, names) if names else self.run_by()
        step(record, by=by, **inputs)


class LooseItem(Paper):
    """Proposed without a meeting: it waits for the chair, is declined, or taken back."""

    def made(self, by: Any) -> Any:
        row = self.row
        return AgendaItem(
            body=self.body(), title=row["title"], text=row["text"], draft_decision=row["decision"], proposer=by
        )

    def declined(self) -> None:
        on_item.decline(self.now(), by=self.run_by(), reason=self.row["reason"])

    def withdrawn(self) -> None:
        on_item.withdraw(self.now(), by=self.cast.today(self.row["by"]))


class DispatchStory(Paper):
    def made(self, by: Any) -> Any:
        return Dispatch(
            body=self.body(),
            title=self.row["title"],
            note=self.row["note"],
            sent_by=by,
            sent_on=timezone.localdate(),
        )

    def received(self) -> None:
        on_dispatch.acknowledge(self.now(), by=self.cast.today("council"), entry_number=self.row["entry"])

    def cancelled(self) -> None:
        on_dispatch.cancel(self.now(), by=self.cast.today(self.row["by"]), reason=self.row["reason"])


class RequestStory(Paper):
    def made(self, by: Any) -> Any:
        return InformationRequest(
            unit=self.unit(), what=self.row["what"], why=self.row["why"], due=self.due(), asked_by=by
        )

    def answered(self) -> None:
        paper = proof("Сұратылған мәлімет", self.record.number, self.row["note"], timezone.localdate())
        self.by_head(on_request.answer, note=self.row["note"], **paper)

    def accepted(self) -> None:
        on_request.accept(self.now(), by=self.cast.today(self.row["by"]))

    def cancelled(self) -> None:
        on_request.cancel(self.now(), by=self.cast.today(self.row["by"]), reason=self.row["reason"])


class ProposalStory(Paper):
    def made(self, by: Any) -> Any:
        row = self.row
        return QualityProposal(
            body=self.body(), unit=self.unit(), title=row["title"], text=row["text"], due=self.due(), proposer=by
        )

    def accepted(self) -> None:
        self.by_head(on_advice.accept, note=self.row["note"])

    def declined(self) -> None:
        self.by_head(on_advice.decline, reason=self.row["reason"])

    def done(self) -> None:
        self.by_head(on_advice.finish, note=self.row["finish"])
