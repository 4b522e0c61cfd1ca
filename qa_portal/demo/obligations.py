"""Duties of the demo university: made by the clock, closed by what was done, shown by papers, waived, decided, overdue."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from qa_portal.documents.models import Evidence, EvidenceUse
from qa_portal.web.registry import key_of
from qa_portal.workflow.models import Entry
from qa_portal.workflow.writing import door
from standards.duty_people import Answering
from standards.duty_subjects import subjects
from standards.models import Duty, DutyRule, DutyStart
from standards.workflow import duties as on_duty
from standards.workflow.duties_closing import watch_fulfilment
from standards.workflow.duties_making import make_duties

from .assessed import DAY, chance
from .papers import proof
from .stories import Stage
from .told import Told
from .university import read

#: days on which the clock made duties and read the history; each night in a real portal
NIGHTS = (75, 45, 15, 0.1)


class Obligations(Told):
    def __init__(self, stage: Stage):
        super().__init__("duties", stage)
        self.data = data = read("duties")
        self.at(data["counted"], self.begin)
        for ago in NIGHTS:
            self.at(ago, self.night)
        for row in data["papers"]:
            self.at(row["ago"], lambda r=row: self.show(r))
        for row in data["waived"]:
            self.at(row["ago"], lambda r=row: self.does(on_duty.waive, r, reason=r["reason"]))
        for row in data["dated"]:
            self.at(row["ago"], lambda r=row: self.set_date(r))
        self.at(data["decided"]["ago"], self.bring_before_body)
        self.at(data["reopened"]["ago"], self.reopen)
        self.at(data["rest"]["ago"], self.show_the_rest)

    # -- the clock -------------------------------------------------------------------------------
    def begin(self) -> None:
        """The office says since when duties are counted and when some were last fulfilled; then the first night."""
        DutyRule.objects.update(counted_since=self.stage.today - self.data["counted"] * DAY)
        by = self.cast.today("asb")
        for row in self.data["starts"]:
            rule = DutyRule.objects.get(code=row["rule"])
            for place, subject in enumerate([None] if rule.scope == "university" else subjects(rule.scope)):
                day = self.stage.today - (row["ago"] - place * row.get("spread", 0)) * DAY
                on_duty.type_start(DutyStart(rule=rule, subject=subject, on=day, note=row["note"]), by)
        make_duties()

    def night(self) -> None:
        make_duties()
        watch_fulfilment()

    # -- one by one ------------------------------------------------------------------------------
    def found(self, rule: str) -> Duty:
        """The open one whose window has opened and whose day has not passed, else the oldest."""
        today = timezone.localdate()
        rows = Duty.objects.open().filter(rule__code=rule).select_related("rule", "unit").order_by("due_on", "pk")
        return rows.filter(opens_on__lte=today, due_on__gte=today).first() or rows[0]

    def does(self, step: Any, row: dict[str, Any], **inputs: Any) -> None:
        step(self.found(row["rule"]), by=self.cast.today(row["by"]), **inputs)

    def show(self, row: dict[str, Any]) -> None:
        duty, today = self.found(row["rule"]), timezone.localdate()
        paper = proof(duty.rule.paper or str(duty.rule), duty.period, row["note"], today)
        on_duty.fulfil(
            duty, by=self.cast.today(row["by"]), done_on=max(today - DAY, duty.opens_on), note=row["note"], **paper
        )

    def set_date(self, row: dict[str, Any]) -> None:
        duty = self.found(row["rule"])
        day = min(self.stage.today + row["in_days"] * DAY, duty.first_due)
        if timezone.localdate() <= day != duty.due_on:
            on_duty.set_date(duty, by=self.cast.today(row["by"]), due_on=day, reason=row["reason"])

    def bring_before_body(self) -> None:
        row = self.data["decided"]
        duty = self.found(row["rule"])
        self.stage.subjects[row["key"]] = (duty, f"{key_of(duty)}.decide")

    def reopen(self) -> None:
        row = self.data["reopened"]
        duty = Duty.objects.filter(rule__code=row["rule"], state=Duty.DONE).latest("pk")
        on_duty.reopen(duty, by=self.cast.today(row["by"]), reason=row["reason"])

    # -- all the others ----------------------------------------------------------------------------
    def show_the_rest(self) -> None:
        """In bulk, for a year has hundreds: most of what fell due, and some of what is due later."""
        told, today = self.data["rest"], timezone.localdate()
        own = [row["rule"] for word in ("papers", "waived", "dated") for row in self.data[word]]
        rows = Duty.objects.open().filter(opens_on__lte=today, body="").exclude(rule__code__in=own)
        rows = rows.filter(rule__fulfilled_by=[], rule__report_kind="").exclude(rule__timing="event")
        answering = Answering()
        done: dict[DutyRule, list[Duty]] = {}
        for duty in rows.select_related("rule", "unit").order_by("pk"):
            share = told["done"] if duty.due_on < today else told["early"]
            if chance(duty.rule.code, duty.subject_id, duty.period) >= share:
                continue
            last = min(duty.due_on, today - 3 * DAY)
            days = max((last - duty.opens_on).days, 0)
            duty.done_on = last - min(days, crc32(f"{duty.rule.code} {duty.subject_id}".encode()) % 20) * DAY
            duty.done_by_id = next(iter(answering.of(duty)), None)
            duty.state, duty.revision, duty.note = Duty.DONE, duty.revision + 1, told["paper"]
            done.setdefault(duty.rule, []).append(duty)
        listed = [duty for duties in done.values() for duty in duties]
        with door("import"):
            fields = ["state", "revision", "note", "done_on", "done_by"]
            Duty.objects.bulk_update(listed, fields, batch_size=100)
            papers = Evidence.objects.bulk_create(
                Evidence(
                    title=f"{rule.paper or told['paper']}: {rule}"[:200],
                    link=f"https://docs.temirqazyq.example/duties/{rule.code}",
                    speaks_of=duties[0].done_on,
                    created_by_id=duties[0].done_by_id,
                )
                for rule, duties in done.items()
            )
        self.write(listed, papers, done)

    def write(self, listed: list[Duty], papers: list[Evidence], done: dict[DutyRule, list[Duty]]) -> None:
        asb, kind = self.cast.people["asb"], ContentType.objects.get_for_model(Duty)
        EvidenceUse.objects.bulk_create(
            EvidenceUse(evidence=paper, record_type=kind, record_id=duty.pk, added_by_id=duty.done_by_id or asb.pk)
            for paper, duties in zip(papers, done.values(), strict=True)
            for duty in duties
        )
        lines = [(kind, duty, "fulfil", Duty.OPEN, duty.done_by_id) for duty in listed]
        of_papers = ContentType.objects.get_for_model(Evidence)
        lines += [(of_papers, paper, "add", "", paper.created_by_id) for paper in papers]
        Entry.objects.bulk_create(
            Entry(record_type=k, record_id=row.pk, by_id=by, verb=verb, from_state=before, to_state=row.state)
            for k, row, verb, before, by in lines
        )

    def problem(self) -> str:
        states = set(Duty.objects.values_list("state", flat=True))
        return "" if states == set(Duty.STATES) else f"duties: only {sorted(states)}"
