"""Meetings of the demo university's bodies: meetings.yaml told through the kernel, from the plan to the signed minutes."""

from __future__ import annotations

import datetime
from typing import Any

from capa.models import CapaPlan
from qa_portal.bodies.models import AgendaItem, Body, Decision, Meeting, Seat, Vote
from qa_portal.bodies.workflow import items as on_item
from qa_portal.bodies.workflow import meetings as on_meeting
from qa_portal.web.registry import key_of

from .errands import DispatchStory, Errand, LooseItem, ProposalStory, RequestStory
from .stories import Stage
from .told import Told

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
#: days before a meeting on which it is planned, its items are proposed, put on the agenda, its members invited
PLANNED, PROPOSED, ORDERED, INVITED = 21, 12, 9, 8
#: a meeting that goes on today began so long ago
BEGAN = datetime.timedelta(minutes=45)
OWN_TEXT = "Құжатты дайындауға қатысқан"


class Sitting(Told):
    """One meeting, or one vote in writing, from the plan to the signed minutes."""

    def __init__(self, data: dict[str, Any], stage: Stage):
        super().__init__(f"meeting {data['key']}", stage)
        self.data = data
        self.ago = data["ago"]
        self.meeting: Meeting = None  # type: ignore[assignment]  # `plan` makes it
        self.items: dict[str, AgendaItem] = {}
        self.body: Body = None  # type: ignore[assignment]  # `plan` asks for it
        self.at(data.get("planned", self.ago + PLANNED), self.plan)
        proposed = max(min(self.ago + PROPOSED, self.planned_ago() - 1), 1)
        ordered = min(self.ago + ORDERED, proposed - 1)
        for place, row in enumerate(data["items"]):
            self.at(proposed - place / 10, lambda r=row: self.propose(r))
            if not row.get("waits"):
                self.at(ordered - place / 100, lambda r=row: self.put_on_agenda(r))
        if "planned" not in data:
            self.at(min(self.ago + INVITED, ordered - 0.5), self.invite)
        self.plan_session()

    def planned_ago(self) -> float:
        return self.data.get("planned", self.ago + PLANNED)

    def plan_session(self) -> None:
        data = self.data
        if data.get("cancelled"):
            self.at(self.ago + 1, self.cancel)
        elif "writing" in data:
            self.at(self.ago, self.vote_in_writing)
            self.at(self.ago - data["writing"] + 1, self.count_in_writing)
            self.plan_signing(self.ago - data["writing"])
        elif self.ago >= 0:
            self.at(self.ago, self.begin)
            for place, row in enumerate(data["items"], 1):
                self.at(self.ago - place / 1000, lambda r=row: self.deal_with(r))
            if not data.get("in_session"):
                self.at(self.ago - 0.1, self.close)
                self.plan_signing(self.ago)

    def plan_signing(self, ago: float) -> None:
        for place, name in enumerate(self.data.get("signed", self.officers()), 1):
            self.at(ago - place, lambda n=name: on_meeting.sign(self.now(), by=self.cast.today(n)))

    def moment(self, ago: float) -> datetime.datetime:
        """A meeting begins at three, its items follow one another; what is around it has the hours of Told."""
        if not (self.ago - 0.2 < ago <= self.ago) or self.ago < 0 or "writing" in self.data or "cancelled" in self.data:
            return super().moment(ago)
        minutes = round((self.ago - ago) * 20_000) if ago > self.ago - 0.1 else 110
        self.last = min(max(self.begins() + datetime.timedelta(minutes=minutes), self.last), self.stage.now)
        return self.last

    def begins(self) -> datetime.datetime:
        if self.data.get("in_session"):
            return self.stage.now - BEGAN
        return self.stage.afternoon(self.ago, self.key)

    # -- before ------------------------------------------------------------------------------------
    def officers(self) -> list[str]:
        return [name for name in self.named("chair", "secretary") if name]

    def named(self, *duties: str) -> list[str]:
        rows = {row[1]: row[0] for row in self.stage.seats[self.data["body"]]}
        return [rows.get(duty, "") for duty in duties]

    def secretary(self) -> Any:
        return self.cast.today(self.named("secretary")[0])

    def chair(self) -> Any:
        return self.cast.today(self.named("chair")[0])

    def plan(self) -> None:
        self.body = Body.objects.select_related("kind", "unit").get(code=self.data["body"])
        begins, days = self.begins(), self.data.get("writing")
        self.meeting = Meeting(
            body=self.body,
            starts_at=begins - 6 * HOUR if days else begins,
            venue=self.data.get("venue", ""),
            in_writing=bool(days),
            closes_at=begins + days * DAY + 3 * HOUR if days else None,
        )
        self.meeting.add(by=self.secretary())

    def propose(self, row: dict[str, Any]) -> None:
        by = self.cast.today(row["by"])
        item = AgendaItem(
            body=self.body,
            title=row["title"],
            text=row["text"],
            draft_decision=row["decision"],
            proposer=by,
            clause=row.get("clause", ""),
        )
        item.subject, item.verb = self.subject(row)
        item.add(by=by)
        self.items[row["key"]] = item

    def subject(self, row: dict[str, Any]) -> tuple[Any, str]:
        """What the item decides, and the step that its decision performs."""
        if "version" in row:
            version = self.stage.documents[row["version"]].versions.order_by("-pk").first()
            return version, f"{key_of(version)}.approve"
        if "plan" in row:
            plan = CapaPlan.objects.filter(finding=self.stage.findings[row["plan"]]).latest("edition")
            return plan, f"{key_of(plan)}.endorse"
        if "overrules" in row:
            decision = self.stage.decisions[row["overrules"]]
            return decision, f"{key_of(decision)}.{row['verb']}"
        if "decides" in row:
            return self.stage.subjects[row["decides"]]
        return None, ""

    def put_on_agenda(self, row: dict[str, Any]) -> None:
        on_item.put_on_agenda(self.item(row), by=self.chair(), meeting=self.meeting.pk)

    def invite(self) -> None:
        on_meeting.invite(self.now(), by=self.secretary())

    def cancel(self) -> None:
        on_meeting.cancel(self.now(), by=self.chair(), reason=self.data["cancelled"])

    # -- the session ----------------------------------------------------------------------------------
    def begin(self) -> None:
        absent = {self.cast.people[name].pk for name in self.data.get("absent", ())}
        seats = Seat.objects.held().filter(body=self.body).exclude(person__in=absent).order_by("pk")
        on_meeting.begin(
            self.now(),
            by=self.secretary(),
            present=list(seats.values_list("pk", flat=True)),
            chaired_by=self.chair().pk,
            kept_by=self.secretary().pk,
        )

    def deal_with(self, row: dict[str, Any]) -> None:
        if "noted" in row:
            on_item.take_note(self.item(row), by=self.secretary(), note=row["noted"])
            return
        on_item.open_vote(self.item(row), by=self.secretary())
        self.vote(row)
        if "voted" not in row:
            self.count(row)

    def vote(self, row: dict[str, Any]) -> None:
        """Each member for oneself; of some the secretary records what they said."""
        item = self.item(row)
        own, recorded = item.own_people(), self.data.get("recorded", ())
        for there in item.yet_to_vote():
            person = there.seat.person
            name = person.username
            if "voted" in row and name not in row["voted"]:
                continue
            choice, reason = row.get("votes", {}).get(name, Vote.Choice.FOR), row.get("aside", {}).get(name, "")
            if reason or person.pk in own:
                choice, reason = Vote.Choice.ASIDE, reason or OWN_TEXT
            if name in recorded:
                words = {"seat": there.seat_id, "choice": choice, "reason": reason}
                on_item.record_vote(self.item(row), by=self.secretary(), **words)
            else:
                on_item.vote(self.item(row), by=self.cast.today(name), choice=choice, reason=reason)

    def count(self, row: dict[str, Any]) -> None:
        item = self.item(row)
        on_item.close_vote(item, by=self.secretary())
        decision = Decision.objects.select_related("body").get(item=item)
        if decision.not_performed:
            raise RuntimeError(f"{row['key']}: {decision.not_performed}")
        self.stage.decisions[row["key"]] = decision

    def vote_in_writing(self) -> None:
        for row in self.data["items"]:
            on_item.open_vote(self.item(row), by=self.secretary())
            self.vote(row)

    def count_in_writing(self) -> None:
        for row in self.data["items"]:
            self.count(row)
        self.close()

    def close(self) -> None:
        on_meeting.close(self.now(), by=self.chair())

    # -- small questions ---------------------------------------------------------------------------------
    def now(self) -> Meeting:
        return Meeting.objects.select_related("body").get(pk=self.meeting.pk)

    def item(self, row: dict[str, Any]) -> AgendaItem:
        return AgendaItem.objects.select_related("body", "meeting__body").get(pk=self.items[row["key"]].pk)

    def problem(self) -> str:
        if self.data.get("cancelled"):
            expected = Meeting.CANCELLED
        elif self.ago < 0:
            expected = Meeting.PLANNED if "planned" in self.data else Meeting.INVITED
        elif self.data.get("in_session"):
            expected = Meeting.IN_SESSION
        else:
            expected = Meeting.CLOSED if "signed" in self.data else Meeting.SIGNED
        state = self.now().state
        return "" if state == expected else f"{self.key}: {state} instead of {expected}"


def all_of_meetings(data: dict[str, Any], stage: Stage) -> list[Told]:
    """Every story of meetings.yaml."""
    stories: list[Told] = []
    for meeting in data["meetings"]:
        stories.append(Sitting(meeting, stage))
        for item in meeting["items"]:
            stories += [Errand(row, item, meeting, stage) for row in item.get("assignments", ())]
    kinds = {"loose": LooseItem, "dispatches": DispatchStory, "requests": RequestStory, "proposals": ProposalStory}
    for name, kind in kinds.items():
        stories += [kind(row, place, stage) for place, row in enumerate(data[name])]
    return stories
