"""Who sits in the demo university's bodies, with which charter, and two elections: bodies.yaml told through the kernel."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import Body, BodyKind, Candidate, Election, Seat
from qa_portal.bodies.workflow import bodies as on_seat
from qa_portal.bodies.workflow import elections as on_election
from qa_portal.dates.days import academic_year_start, add_months
from qa_portal.web.registry import registry

from .stories import Stage
from .told import Told


class Seating(Told):
    """One body: its charter and its members."""

    def __init__(self, data: dict[str, Any], stage: Stage, ago: int):
        super().__init__(f"seats {data['body']} {data.get('unit', '')}", stage)
        self.data = data
        self.at(ago, self.found)
        self.at(ago - 1, self.seat_all)
        for name, _duty, _group, _voting, *ended in data["members"]:
            for row in ended:
                self.at(row["ended"], lambda n=name, r=row: self.end(n, r["reason"]))

    def found(self) -> None:
        """A school's body is made; all of them get their charter and founding decision."""
        by = self.cast.today("asb")
        body = self.body() or self.make(by)
        today = timezone.localdate()
        body.founding_decision = f"{self.data['founding']}, {today:%d.%m.%Y}"
        body.founded_on = today
        body.seats_planned = self.data["seats"]
        if "charter" in self.data:
            body.charter = self.stage.documents[self.data["charter"]]
            body.charter.refresh_from_db()
        body.save_changes(by=by)

    def make(self, by: Any) -> Body:
        kind = BodyKind.objects.select_related("above").get(code=self.data["body"])
        unit = self.stage.units[self.data["unit"]]
        above = Body.objects.get(code=registry.body_for(kind.above.code, unit)) if kind.above else None
        body = Body(kind=kind, unit=unit, above=above, **kind.rules(), **kind.name_for(unit))
        body.add(by=by)
        return body

    def body(self) -> Body | None:
        code = "-".join(word for word in (self.data["body"], self.data.get("unit")) if word)
        return Body.objects.filter(code=code).select_related("kind", "unit").first()

    def seat_all(self) -> None:
        for name, duty, group, voting, *_ended in self.data["members"]:
            Seat(
                body=self.body(),
                person=self.cast.people[name],
                duty=duty,
                group=group,
                voting=voting,
                basis=self.data["founding"],
            ).add(by=self.cast.today("asb"))

    def end(self, name: str, reason: str) -> None:
        seat = Seat.objects.select_related("body").get(body=self.body(), person=self.cast.people[name])
        on_seat.end(seat, by=self.cast.today("asb"), on=timezone.localdate(), reason=reason)


class ElectionStory(Told):
    """Prepared, candidates put forward, voting, and the count that gives the seats."""

    def __init__(self, data: dict[str, Any], stage: Stage):
        super().__init__(f"election {data['key']}", stage)
        self.data = data
        self.election: Election = None  # type: ignore[assignment]  # the first happening makes it
        self.at(data["prepared"], self.prepare)
        for place, (name, nominator) in enumerate(data["candidates"].items(), 1):
            self.at(data["prepared"] - place / 4, lambda n=name, by=nominator: self.nominate(n, by))
        self.at(data["opens"], self.open)
        last = max(data["closes"], 0)
        for place, (name, chosen) in enumerate(data["ballots"].items()):
            ago = data["opens"] - place * (data["opens"] - last) / len(data["ballots"])
            self.at(ago - 0.1, lambda n=name, c=chosen: self.vote(n, c))
        if "counted" in data:
            self.at(data["counted"], self.count)

    def prepare(self) -> None:
        body = Body.objects.select_related("kind", "unit").get(code=self.data["body"])
        closes = timezone.localdate(self.stage.working_moment(self.data["closes"], self.key))
        start = closes + datetime.timedelta(days=5)
        year = academic_year_start(closes).year
        self.election = Election(
            body=body,
            title=self.data["title"].format(year=f"{year}/{year + 1}"),
            seats=self.data["seats"],
            electorate=self.stage.units[self.data["electorate"]],
            closes_on=closes,
            term_from=start,
            term_until=add_months(start, 12) - datetime.timedelta(days=1),
        )
        self.election.add(by=self.cast.today(self.data["by"]))

    def nominate(self, name: str, nominator: str) -> None:
        by = self.cast.today(nominator)
        on_election.nominate(self.election, by=by, person=self.cast.people[name].pk)

    def open(self) -> None:
        on_election.open(self.now(), by=self.cast.today(self.data["by"]))

    def vote(self, name: str, chosen: list[str]) -> None:
        people = [self.cast.people[who] for who in chosen]
        candidates = Candidate.objects.filter(election=self.election, person__in=people)
        on_election.vote(self.now(), by=self.cast.today(name), candidates=list(candidates.values_list("pk", flat=True)))

    def count(self) -> None:
        on_election.count(self.now(), by=self.cast.today(self.data["by"]))

    def now(self) -> Election:
        return Election.objects.select_related("body__kind", "body__unit", "electorate").get(pk=self.election.pk)
