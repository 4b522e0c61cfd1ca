"""Years of mechanisms in the demo university: planned, done, checked by two quality units, acted upon."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import Body
from standards.models import AimResult, Mechanism, MechanismYear
from standards.workflow import mechanisms as on_year

from .assessed import DAY, chance
from .papers import proof
from .stories import Stage
from .told import Told
from .university import read


class YearStory(Told):
    """One mechanism in one year."""

    def __init__(self, row: dict[str, Any], back: int, stage: Stage):
        super().__init__(f"mechanism {row['mechanism']} {back}", stage)
        self.row, self.back, self.days = row, back, row["days"]
        days = self.days
        self.at(days["planned"], self.plan)
        for word, what in (("begun", self.begin), ("done", self.report), ("judged", self.judge), ("acted", self.act)):
            if word in days:
                self.at(days[word], what)
        if "judged" in days:
            for place, said in enumerate(row["says"]):
                self.at(days["judged"] - 2 - place * 3, lambda s=said: self.conclude(*s))
            for place, view in enumerate(row["views"]):
                self.at(days["judged"] - 4 - place * 3, lambda v=view: self.give_view(*v))
        if "closed" in days:
            self.at(days["closed"], self.close_check)
        if "returned" in days:
            self.at(days["returned"], self.send_back)
        if "cancelled" in days:
            self.at(days["cancelled"], self.cancel)

    def now(self) -> MechanismYear:
        return MechanismYear.objects.select_related("mechanism", "unit", "doer_unit", "doer_body").get(pk=self.year.pk)

    def officer(self, step: Any) -> Any:
        named = [self.row["closes"]] if "closes" in self.row else []
        return self.cast.who_may(step, self.now(), [*named, "asb", "sshayakhmetova", "quality"])

    def plan(self) -> None:
        row, doer = self.row, self.row["doer"]
        self.year = MechanismYear(
            mechanism=Mechanism.objects.get(code=row["mechanism"]),
            year=self.stage.today.year - self.back,
            unit=self.stage.units[row["unit"]] if "unit" in row else None,
            doer_unit=self.stage.units[doer["unit"]] if "unit" in doer else None,
            doer_body=Body.objects.get(code=doer["body"]) if "body" in doer else None,
            due=self.stage.today + (30 - (self.days.get("done", 0) if "done" in self.days else 0)) * DAY,
            planned=row["planned"],
        )
        self.year.add(by=self.cast.today(row["by"]))

    def begin(self) -> None:
        on_year.start(self.now(), by=self.cast.today(self.row["by"]))

    def report(self) -> None:
        paper = proof("Атқарылған жұмыс туралы анықтама", self.key, self.row["done"], timezone.localdate())
        on_year.report_done(self.now(), by=self.cast.today(self.row["reported"]), done=self.row["done"], **paper)

    def judge(self) -> None:
        year, weak, partly = self.now(), self.row.get("weak", {}), self.row.get("partly", ())
        inputs: dict[str, str] = {}
        for aim in year.aims:
            reached = AimResult.Reached.REACHED
            if aim.code in weak:
                reached = AimResult.Reached.WEAK
                inputs[f"note_{aim.pk}"] = weak[aim.code]
            elif aim.code in partly or chance(self.key, aim.code) < 0.15:
                reached = AimResult.Reached.PARTLY
                inputs[f"note_{aim.pk}"] = "Жоспардың бір бөлігі келесі жылға ауысты."
            inputs[f"aim_{aim.pk}"] = reached.value
        on_year.judge_aims(year, by=self.officer(on_year.judge_aims), **inputs)

    def conclude(self, name: str, speaks_for: str, effect: str, text: str) -> None:
        kind, _colon, code = speaks_for.partition(":")
        if kind == "unit":
            speaks_for = f"unit:{self.stage.units[code].pk}"
        elif kind == "body":
            speaks_for = f"body:{Body.objects.get(code=code).pk}"
        on_year.conclude(self.now(), by=self.cast.today(name), speaks_as=speaks_for, effect=effect, text=text)

    def give_view(self, name: str, body: str, effect: str, recommendation: str) -> None:
        on_year.give_view(
            self.now(),
            by=self.cast.today(name),
            body=Body.objects.get(code=body).pk,
            effect=effect,
            recommendation=recommendation,
        )

    def close_check(self) -> None:
        on_year.close_check(self.now(), by=self.officer(on_year.close_check))

    def act(self) -> None:
        on_year.act(self.now(), by=self.officer(on_year.act), acted=self.row["acted"])

    def send_back(self) -> None:
        on_year.send_back(self.now(), by=self.officer(on_year.send_back), reason=self.row["returned"])

    def cancel(self) -> None:
        on_year.cancel(self.now(), by=self.officer(on_year.cancel), reason=self.row["cancelled"])


def all_of_mechanisms(stage: Stage) -> list[Told]:
    data = read("mechanisms")
    return [YearStory(row, back, stage) for back, word in ((1, "last_year"), (0, "this_year")) for row in data[word]]
