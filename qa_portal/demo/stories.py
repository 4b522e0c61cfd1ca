"""The life of one finding, step by step. Each chapter waits (`yield`) for its moment, then does a real step.

A chapter is written as if today were the day of the step: play.py turns the clock. Days are counted from the day
the finding was found; `due_in_days_from_found` and the like in findings.yaml are such days.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

from django.utils import timezone

from capa.models import CapaAction, CapaPlan, Finding
from capa.workflow import action as on_action
from capa.workflow import finding as on_finding
from capa.workflow import plan as on_plan
from qa_portal.bodies.models import Decision
from qa_portal.documents.models import Document
from qa_portal.documents.models.kinds import Origin

from .cast import Cast
from .papers import proof

Moments = Iterator[datetime.datetime]
#: a unit drafts its plan within so many days, as the policy wants
SOON = 12
#: usual days from verification to the check of the effect
EFFECT_AFTER = 150


class Stage:
    """What all stories share: people, requirements, units, the calendar, and the findings told so far."""

    def __init__(
        self, cast: Cast, requirements: dict[str, Any], units: dict[str, Any], days_off: dict[datetime.date, bool]
    ):
        self.cast = cast
        self.requirements = requirements
        self.units = units
        self.days_off = days_off
        self.now = timezone.now()
        self.today = timezone.localdate()
        self.findings: dict[str, Finding] = {}
        #: external acts by their codes; documents and decisions by their keys, as they come about
        self.acts: dict[str, Document] = {act.code: act for act in Document.objects.filter(origin=Origin.EXTERNAL)}
        self.documents: dict[str, Document] = {}
        self.decisions: dict[str, Decision] = {}
        #: what else a meeting decides, by its key in meetings.yaml (`decides`): the record and the step
        self.subjects: dict[str, tuple[Any, str]] = {}
        #: reports on surveys that were sent, by the keys of asked.yaml; the last version
        self.releases: dict[str, Any] = {}
        #: code of a body → [person, duty, group, vote] of its members
        self.seats: dict[str, list[list[Any]]] = {}

    def works(self, day: datetime.date) -> bool:
        return self.days_off.get(day, day.weekday() < 5)

    def working_moment(self, ago: float, key: str) -> datetime.datetime:
        """A working hour of the working day that is, or follows, so many days before today; of its own for each key."""
        day = self.today - datetime.timedelta(days=int(ago // 1))
        while not self.works(day) and day != self.today:
            day += datetime.timedelta(days=1)
        minutes = 9 * 60 + 5 + crc32(f"{key}{ago}".encode()) % (5 * 60)
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time())) + datetime.timedelta(
            minutes=minutes
        )

    def afternoon(self, ago: float, key: str) -> datetime.datetime:
        """Three o'clock of that day, when meetings begin."""
        day = timezone.localdate(self.working_moment(ago, key))
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(15)))


class Story:
    """One entry of findings.yaml, told through the kernel."""

    def __init__(self, data: dict[str, Any], stage: Stage):
        self.data = data
        self.stage = stage
        self.cast = stage.cast
        self.key = data["key"]
        self.length = data["found_days_ago"]
        self.found_on = stage.today - datetime.timedelta(days=self.length)
        self.owners = list(dict.fromkeys(a["owner"] for a in data["actions"]))
        self.first_due = min((a["due_in_days_from_found"] for a in data["actions"]), default=0)
        self.last = stage.now - datetime.timedelta(days=1000)
        self.check_on = stage.today  # `verify` sets it
        self.finding: Finding = None  # type: ignore[assignment]  # the first chapter makes it
        self.plan: CapaPlan = None  # type: ignore[assignment]  # `draft` makes it

    def told(self) -> Moments:
        yield from self.report()
        if self.data["correction"]:
            yield from self.correct()
        for chapter in CHAPTERS[self.data["state"]]:
            yield from chapter(self)

    # -- time ----------------------------------------------------------------------------------
    def on(self, day: int) -> datetime.datetime:
        """A working hour of the working day that is or follows `day`, after what happened before and never in the future."""
        date = self.found_on + datetime.timedelta(days=day)
        while not self.stage.works(date) and date < self.stage.today:
            date += datetime.timedelta(days=1)
        minutes = 9 * 60 + 10 + crc32(f"{self.key}{day}".encode()) % (8 * 60)
        moment = timezone.make_aware(datetime.datetime.combine(date, datetime.time())) + datetime.timedelta(
            minutes=minutes
        )
        self.last = min(max(moment, self.last + datetime.timedelta(minutes=11)), self.stage.now)
        return self.last

    def a_little_later(self) -> datetime.datetime:
        self.last = min(self.last + datetime.timedelta(minutes=6), self.stage.now)
        return self.last

    def day(self) -> int:
        """How many days the story has lasted."""
        return (timezone.localdate() - self.found_on).days

    def date(self, day: int) -> datetime.date:
        return self.found_on + datetime.timedelta(days=day)

    # -- chapters of the finding -----------------------------------------------------------------
    def report(self) -> Moments:
        yield self.on(0)
        self.finding = Finding(
            title=self.data["title"],
            description=self.data["description"],
            severity=self.data["severity"],
            unit=self.stage.units[self.data["unit"]],
            requirement=self.stage.requirements[self.data["requirement"]],
            source_kind=self.data["source"],
            reporter=self.cast.today(self.data["reporter"]),
            found_on=self.found_on,
        )
        self.finding.add(by=self.cast.today(self.data["reporter"]))
        self.stage.findings[self.key] = self.finding

    def correct(self) -> Moments:
        yield self.on(1)
        by = self.cast.who_may(on_finding.correct, self.finding, self.cast.drafters(self.finding.unit, self.owners))
        # With a plan the cause is written there.
        cause = "" if self.data["actions"] else self.data["cause"] or ""
        on_finding.correct(self.finding, by=by, correction=self.data["correction"], cause=cause)

    def close(self) -> Moments:
        yield self.on(self.day() + 4)
        on_finding.close(self.finding, by=self.officer(on_finding.close, self.finding))

    def cancel(self) -> Moments:
        yield self.on(min(self.day() + 3, self.length - 1))
        reason = self.data["cancel_reason"]
        if self.data.get("duplicate_of"):
            step = on_finding.link_duplicate
            original = self.stage.findings[self.data["duplicate_of"]]
            step(self.finding, by=self.officer(step, self.finding), original=original, reason=reason)
        else:
            step = on_finding.cancel
            step(self.finding, by=self.officer(step, self.finding), reason=reason)

    # -- chapters of the plan ----------------------------------------------------------------------
    def draft(self) -> Moments:
        """A plan that still waits was written lately; any other in the first days."""
        early = max(2, min(self.first_due // 4, SOON))
        waiting = self.data["state"] in WAITING
        yield self.on(max(early, self.length - WAITING[self.data["state"]]) if waiting else early)
        by = self.cast.who_may(on_plan.submit, self.finding, self.cast.drafters(self.finding.unit, self.owners))
        self.plan = CapaPlan(finding=self.finding, unit=self.finding.unit, cause=self.data["cause"])
        self.plan.add(by=by)
        yield from self.write_actions(self.data["actions"], by.username)

    def write_actions(self, rows: list[dict[str, Any]], by: str) -> Moments:
        for row in rows:
            yield self.a_little_later()
            CapaAction(
                plan=self.plan,
                unit=self.plan.unit,
                kind=row["kind"],
                text=row["text"],
                owner=self.cast.people[row["owner"]],
                due=self.date(row["due_in_days_from_found"]),
                expected_proof=row["expected_proof"],
            ).add(by=self.cast.today(by))

    def submit(self) -> Moments:
        yield self.on(self.day() + 2)
        on_plan.submit(self.plan, by=self.cast.today(self.plan.created_by.username))
        if self.data.get("returned_first"):
            yield from self.mend(self.data["returned_first"])

    def mend(self, remark: dict[str, str]) -> Moments:
        """The head sends the whole plan back; its drafter mends what was remarked and submits again."""
        yield self.on(self.day() + 2)
        deciding = self.cast.deciding(self.item(1).approval_unit)
        on_plan.send_back(
            self.plan, by=self.cast.who_may(on_plan.send_back, self.plan, deciding), reason=remark["reason"]
        )
        yield self.on(self.day() + 3)
        drafter = self.cast.today(self.plan.created_by.username)
        item = self.item(1)
        item.expected_proof = remark["expected_proof"]
        item.save_changes(by=drafter)
        yield self.a_little_later()
        on_plan.submit(self.plan, by=self.cast.today(drafter.username))

    def approve(self) -> Moments:
        """In one go where one head decides about all; item by item where a head's own work goes to the head above."""
        yield self.on(self.day() + 2)
        units = {item.approval_unit for item in self.items()}
        if len(units) == 1:
            step = on_plan.approve
            step(self.plan, by=self.cast.who_may(step, self.plan, self.cast.deciding(units.pop())))
            return
        for item in self.items():
            yield self.a_little_later()
            self.decide_item(item, "")

    def approve_some(self) -> Moments:
        """The head agrees to some items and sends the others back: the plan is returned."""
        yield self.on(self.day() + 2)
        for item, row in zip(self.items(), self.data["actions"], strict=True):
            yield self.a_little_later()
            self.decide_item(item, self.data["return_reason"] if row.get("returned") else "")

    def decide_item(self, item: CapaAction, reason: str) -> None:
        step = on_action.send_back if reason else on_action.approve
        by = self.cast.who_may(step, item, self.cast.deciding(item.approval_unit))
        step(item, by=by, **({"reason": reason} if reason else {}))

    def work(self) -> Moments:
        """Everybody does their part in the order of the days, and asks for more time where the story says so."""
        begun = self.day() + 2
        parts: list[tuple[int, int, Callable[[], None]]] = []
        for place, row in enumerate(self.data["actions"], 1):
            due, more = row["due_in_days_from_found"], row.get("extension")
            if more:
                asked = max(begun, min(due - 6, self.length - 4))
                parts.append((asked, place, lambda p=place, r=row: self.ask_extension(p, r)))
                if more.get("decision"):
                    parts.append((asked + 2, place, lambda p=place, r=row: self.decide_extension(p, r)))
            if row.get("cancelled"):
                parts.append((begun + 6, place, lambda p=place, r=row: self.cancel_item(p, r)))
            if row["done_note"]:
                latest = due + (more["days"] if more else 0)
                done = max(begun, min(latest - crc32(row["text"].encode()) % 4, self.length - 1))
                parts.append((done, place, lambda p=place, r=row: self.carry_out(p, r)))
        for day, _place, do in sorted(parts, key=lambda part: part[:2]):
            yield self.on(day)
            do()
        if self.data.get("sent_back"):
            yield from self.do_again(self.data["sent_back"])

    def do_again(self, reason: str) -> Moments:
        """The quality office is not convinced by the evidence: the doers finish and bring better."""
        yield self.on(self.day() + 3)
        self.plan.refresh_from_db()
        on_plan.send_back(self.plan, by=self.officer(on_plan.send_back, self.plan), reason=reason)
        for place, row in enumerate(self.data["actions"], 1):
            yield self.on(self.day() + 2)
            self.carry_out(place, row)

    def carry_out(self, place: int, row: dict[str, Any]) -> None:
        item = self.item(place)
        paper = proof(row["expected_proof"], item.number, row["done_note"], timezone.localdate())
        on_action.carry_out(item, by=self.cast.today(row["owner"]), note=row["done_note"], **paper)

    def cancel_item(self, place: int, row: dict[str, Any]) -> None:
        item = self.item(place)
        on_action.cancel(item, by=self.officer(on_action.cancel, item), reason=row["cancelled"])

    def ask_extension(self, place: int, row: dict[str, Any]) -> None:
        item, more = self.item(place), row["extension"]
        until = item.due + datetime.timedelta(days=more["days"])
        on_action.ask_extension(item, by=self.cast.today(row["owner"]), until=until, reason=more["reason"])

    def decide_extension(self, place: int, row: dict[str, Any]) -> None:
        item, more = self.item(place), row["extension"]
        granted = more["decision"] == "granted"
        step = on_action.grant_extension if granted else on_action.refuse_extension
        by = self.cast.who_may(step, item, self.cast.deciding_above(item.approval_unit or item.unit))
        step(item, by=by, **{"note" if granted else "reason": more.get("note", "")})

    def verify(self) -> Moments:
        yield self.on(self.day() + 4)
        self.plan.refresh_from_db()
        by = self.officer(on_plan.verify, self.plan)
        named = self.data.get("check")
        checker = self.cast.today(named["by"]) if named else self.cast.checker(self.plan, by, self.key)
        self.check_on = self.check_day()
        on_plan.verify(self.plan, by=by, check_on=self.check_on, checker=checker)

    def check_day(self) -> datetime.date:
        if self.data.get("check"):
            return self.stage.today + datetime.timedelta(days=self.data["check"]["in_days"])
        if self.data["state"] == "plan_reopened":
            return self.date(self.length - 11)  # looked at lately, so that its next plan is still a draft
        return self.date(min(self.day() + self.data.get("effect_after_days", EFFECT_AFTER), self.length - 12))

    def check(self) -> Moments:
        yield self.on((self.check_on - self.found_on).days)
        by = self.cast.today(self.plan.checker.username)
        effective = self.data["state"] == "plan_closed"
        on_plan.check_effect(self.plan, by=by, effective=effective, note=self.data["effect_note"])

    def reopen(self) -> Moments:
        yield self.on(self.day() + 3)
        by = self.cast.who_may(on_plan.reopen, self.plan, self.cast.drafters(self.finding.unit, self.owners))
        on_plan.reopen(self.plan, by=by)
        self.plan = self.finding.plans.latest("edition")
        yield from self.write_actions(self.data["next_actions"], by.username)

    def cancel_plan(self) -> Moments:
        """What the plan was for has gone, and with it the finding."""
        yield self.on(self.first_due - 10)
        on_plan.cancel(self.plan, by=self.officer(on_plan.cancel, self.plan), reason=self.data["cancel_reason"])
        yield self.on(self.day() + 1)
        on_finding.cancel(
            self.finding, by=self.officer(on_finding.cancel, self.finding), reason=self.data["cancel_reason"]
        )

    # -- small questions -----------------------------------------------------------------------------
    def officer(self, step: Any, record: Any) -> Any:
        return self.cast.who_may(step, record, self.cast.quality_officers(self.key))

    def items(self) -> list[CapaAction]:
        return list(self.plan.actions.select_related("plan", "approval_unit", "unit", "owner"))

    def item(self, place: int) -> CapaAction:
        return self.plan.actions.select_related("plan", "approval_unit", "unit", "owner").get(place=place)

    def problem(self) -> str:
        """What is not as the data promised; empty when the story ended where it should."""
        self.finding.refresh_from_db()
        newest = self.finding.plans.order_by("-edition").first()
        reached = (self.finding.state, newest.state if newest else None)
        expected = ENDS[self.data["state"]]
        return "" if reached == expected else f"{self.key}: {reached} instead of {expected}"


_CARRIED_OUT = (Story.draft, Story.submit, Story.approve, Story.work)
_CHECKED = (*_CARRIED_OUT, Story.verify, Story.check)
#: state in findings.yaml → what happens after the report and the correction
CHAPTERS: dict[str, tuple[Callable[[Story], Moments], ...]] = {
    "open": (),
    "open_corrected": (),
    "closed_without_plan": (Story.close,),
    "cancelled": (Story.cancel,),
    "plan_draft": (Story.draft,),
    "plan_submitted": (Story.draft, Story.submit),
    "plan_partly_returned": (Story.draft, Story.submit, Story.approve_some),
    "plan_in_progress": _CARRIED_OUT,
    "plan_overdue": _CARRIED_OUT,
    "plan_implemented": _CARRIED_OUT,
    "plan_verified": (*_CARRIED_OUT, Story.verify),
    "plan_closed": _CHECKED,
    "plan_not_effective": _CHECKED,
    "plan_reopened": (*_CHECKED, Story.reopen),
    "plan_cancelled": (Story.draft, Story.submit, Story.approve, Story.cancel_plan),
}
#: plans that wait for somebody were drafted so many days before the loading
WAITING = {"plan_draft": 8, "plan_submitted": 6, "plan_partly_returned": 10}
#: state in findings.yaml → states of the finding and of its newest plan
ENDS: dict[str, tuple[str, str | None]] = {
    "open": (Finding.OPEN, None),
    "open_corrected": (Finding.OPEN, None),
    "closed_without_plan": (Finding.CLOSED, None),
    "cancelled": (Finding.CANCELLED, None),
    "plan_draft": (Finding.OPEN, CapaPlan.DRAFT),
    "plan_submitted": (Finding.OPEN, CapaPlan.SUBMITTED),
    "plan_partly_returned": (Finding.OPEN, CapaPlan.RETURNED),
    "plan_in_progress": (Finding.OPEN, CapaPlan.IN_PROGRESS),
    "plan_overdue": (Finding.OPEN, CapaPlan.IN_PROGRESS),
    "plan_implemented": (Finding.OPEN, CapaPlan.IMPLEMENTED),
    "plan_verified": (Finding.OPEN, CapaPlan.VERIFIED),
    "plan_closed": (Finding.CLOSED, CapaPlan.CLOSED),
    "plan_not_effective": (Finding.OPEN, CapaPlan.NOT_EFFECTIVE),
    "plan_reopened": (Finding.OPEN, CapaPlan.DRAFT),
    "plan_cancelled": (Finding.CANCELLED, CapaPlan.CANCELLED),
}
