"""What the demo university tells of its quality: reports fixed, decided and published; signals answered."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from capa import signals
from qa_portal.dates.days import add_months
from qa_portal.web.registry import key_of, registry
from standards import freezing
from standards.models import QualityReport, ReportKind
from standards.workflow import reporting as on_report

from .assessed import DAY
from .stories import Stage
from .told import Told
from .university import read


class ReportStory(Told):
    """One report: written, its figures fixed, decided about by a body's meeting, published."""

    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"report {row['kind']}", stage)
        self.row = row
        self.at(row["begun"], self.begin)
        self.at(row["begun"] - 1, self.write)
        for word, what in (("submitted", self.submit), ("published", self.publish), ("cancelled", self.cancel)):
            if word in row:
                self.at(row[word], what)

    def now(self) -> QualityReport:
        return QualityReport.objects.select_related("kind", "unit").get(pk=self.report.pk)

    def begin(self) -> None:
        row, kind = self.row, ReportKind.objects.get(code=self.row["kind"])
        year = self.stage.today.year - row["years_back"]
        # The year's last day, or the day before it is written where that comes first.
        until = min(datetime.date(year, 12, 31), timezone.localdate() - DAY)
        self.report = QualityReport(
            kind=kind,
            unit=self.stage.units[row["unit"]] if "unit" in row else None,
            year=year,
            since=add_months(until, -kind.months) + DAY,
            until=until,
            title=f"{kind.name}, {year}",
            intro=row["intro"],
            conclusion=row["conclusion"],
        )
        self.report.add(by=self.cast.today(row["by"]))

    def write(self) -> None:
        by = self.cast.today(self.row["by"])
        report = self.now()
        report.comments = self.row["comments"]
        report.save_changes(by=by)
        for text, unit, days, result in self.row["measures"]:
            due = timezone.localdate() + days * DAY
            on_report.add_measure(
                self.now(), by=by, text=text, unit=self.stage.units[unit].pk, due=due.isoformat(), result=result
            )

    def submit(self) -> None:
        """The worker's part is done here and now."""
        on_report.submit(self.now(), by=self.cast.today(self.row["by"]))
        if not freezing.fix(self.report.pk):
            raise RuntimeError(f"{self.key} was not fixed")
        self.stage.subjects[self.row["key"]] = (self.now(), f"{key_of(self.report)}.approve")

    def publish(self) -> None:
        on_report.publish(self.now(), by=self.cast.today(self.row["by"]))

    def cancel(self) -> None:
        on_report.cancel(self.now(), by=self.cast.today(self.row["by"]), reason=self.row["reason"])

    def problem(self) -> str:
        row, state = self.row, self.now().state
        expected = QualityReport.DRAFT
        for word, reached in (("submitted", QualityReport.SUBMITTED), ("published", QualityReport.PUBLISHED),
                              ("cancelled", QualityReport.CANCELLED)):  # fmt: skip
            expected = reached if word in row else expected
        return "" if state == expected else f"{self.key}: {state} instead of {expected}"


class SignalStory(Told):
    """Findings made of signals, and signals set aside."""

    def __init__(self, stage: Stage):
        super().__init__("signals", stage)
        data = read("reports")
        for row in data["findings"]:
            self.at(row["ago"], lambda r=row: self.raise_finding(r))
        for row in data["aside"]:
            self.at(row["ago"], lambda r=row: self.set_aside(r))

    def waiting(self, row: dict[str, Any]) -> tuple[Any, Any]:
        signal = registry.signals[row["signal"]]
        rows = [found for found in signals.waiting_rows(signal) if signal.draft(found)["unit"].code == row["unit"]]
        if not rows:
            raise RuntimeError(f"no signal {row['signal']} of {row['unit']} waits")
        return signal, rows[0]

    def raise_finding(self, row: dict[str, Any]) -> None:
        signal, found = self.waiting(row)
        signals.raise_finding(signal, found, by=self.cast.today(row["by"]))

    def set_aside(self, row: dict[str, Any]) -> None:
        signal, found = self.waiting(row)
        signals.set_aside(signal, found, by=self.cast.today(row["by"]), reason=row["reason"])


def all_of_reports(stage: Stage) -> list[Told]:
    return [*(ReportStory(row, stage) for row in read("reports")["reports"]), SignalStory(stage)]
