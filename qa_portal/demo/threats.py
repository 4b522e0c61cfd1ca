"""Risks of the demo's units: started from the catalogue, rated, lessened, come true; opportunities, context sheets."""

from __future__ import annotations

from typing import Any

from capa.models import CapaAction
from capa.serving import link_to
from qa_portal.people.models import Unit
from qa_portal.people.roles import Role
from standards.models import ContextSheet, RiskMeasure, UnitRisk
from standards.risk_register import start_register
from standards.workflow import context_sheets as on_sheet
from standards.workflow import risk_measures as on_measure
from standards.workflow import risks as on_risk

from .assessed import DAY
from .papers import proof
from .stories import Stage
from .told import Told
from .university import read


class _RiskStory(Told):
    """What is done with one risk after it was entered."""

    unit: Unit
    row: dict[str, Any]

    def plan_life(self, row: dict[str, Any]) -> None:
        if "rated" in row:
            ago = row["rated"][0]
            self.at(ago, self.rate)
            self.at(ago - 0.3, self.give_owner)
            for place, measure in enumerate(row.get("measures", ())):
                self.at(max(ago - 2 - place, 0), lambda m=measure: self.add_measure(m))
                if len(measure) > 3:
                    self.at(measure[3], lambda m=measure: self.carry_out(m))
        for word, what in (
            ("reviewed", self.review),
            ("true_ago", self.come_true),
            ("closed", self.close),
            ("cancelled", self.cancel),
        ):
            if word in row:
                self.at(row[word], what)
        if "after" in row:
            self.at(row["after"][0], self.rate_after)

    def now(self) -> UnitRisk:
        raise NotImplementedError

    def those(self) -> list[str]:
        """Who answers for risks of the unit: coordinator, head, those above."""
        return [
            *self.cast.holding(Role.QUALITY_COORDINATOR, units=[self.unit.pk]),
            *self.cast.deciding_above(self.unit),
        ]

    def does(self, step: Any, **inputs: Any) -> None:
        risk = self.now()
        names = [risk.owner.username] if risk.owner else []
        step(risk, by=self.cast.who_may(step, risk, [*names, *self.those()]), **inputs)

    def rate(self) -> None:
        _ago, likelihood, impact = self.row["rated"]
        self.does(on_risk.assess, likelihood=likelihood, impact=impact, note=self.row.get("note", ""))

    def give_owner(self) -> None:
        risk = self.now()
        risk.owner = self.cast.people[self.row["owner"]]
        if not risk.existing:
            risk.existing = "Кафедра жоспарында бақылау бар." if risk.unit.kind == Unit.Kind.DEPARTMENT else ""
        risk.save_changes(by=self.cast.today(self.those()[0]))

    def rate_after(self) -> None:
        _ago, likelihood, impact = self.row["after"]
        note = "Шаралар орындалған соң қайта бағаланды."
        self.does(on_risk.assess_after, likelihood_after=likelihood, impact_after=impact, note=note)

    def review(self) -> None:
        self.does(on_risk.review, note=self.row["review_note"])

    def come_true(self) -> None:
        on = self.stage.today - (self.row["true_ago"] + 1) * DAY
        self.does(on_risk.come_true, on=on, text=self.row["true_text"])

    def close(self) -> None:
        risk = self.now()
        by = self.cast.who_may(on_risk.close, risk, [*self.cast.deciding_above(self.unit), "asb"])
        on_risk.close(risk, by=by, reason=self.row["closed_reason"])

    def cancel(self) -> None:
        self.does(on_risk.cancel, reason=self.row["reason"])

    def add_measure(self, measure: list[Any]) -> None:
        text, owner, due, *_done = measure
        RiskMeasure(risk=self.now(), text=text, owner=self.cast.people[owner], due=self.stage.today + due * DAY).add(
            by=self.cast.today(self.those()[0])
        )

    def carry_out(self, measure: list[Any]) -> None:
        text, owner, _due, ago = measure
        row = RiskMeasure.objects.select_related("risk__unit", "risk__owner", "owner").get(risk=self.now(), text=text)
        paper = proof(text, row.risk.number, "Орындалды.", self.stage.today - ago * DAY)
        on_measure.carry_out(row, by=self.cast.today(owner), done_note="Орындалды, растайтын құжат тіркелді.", **paper)


class CatalogueRiskStory(_RiskStory):
    def __init__(self, unit: Unit, code: str, row: dict[str, Any], stage: Stage):
        super().__init__(f"risk {unit.code} {code}", stage)
        self.unit, self.code, self.row = unit, code, row
        self.plan_life(row)

    def now(self) -> UnitRisk:
        return UnitRisk.objects.select_related("unit", "owner").get(unit=self.unit, catalogue_code=self.code)


class OwnRiskStory(_RiskStory):
    """A risk, an opportunity or a potential nonconformity that a unit saw itself."""

    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"risk {row['title']}", stage)
        self.unit, self.row = stage.units[row["unit"]], row
        self.at(row["ago"], self.enter)
        self.plan_life(row)

    def enter(self) -> None:
        row = self.row
        UnitRisk(
            unit=self.unit,
            **{name: row[name] for name in ("kind", "title", "standard", "text", "consequence")},
        ).add(by=self.cast.today(row["by"]))

    def now(self) -> UnitRisk:
        return UnitRisk.objects.select_related("unit", "owner").get(unit=self.unit, title=self.row["title"])


class RegisterStory(Told):
    """A unit begins with the risks of the catalogue."""

    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"risks of {row['unit']}", stage)
        self.unit, self.row = stage.units[row["unit"]], row
        self.at(row["started"], self.start)

    def start(self) -> None:
        by = self.cast.today(self.cast.deciding_above(self.unit)[0])
        start_register(self.unit, by=by, standards=self.row["standards"])


class SheetStory(Told):
    """The yearly context sheet of the university or of a unit."""

    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"sheet {row['unit']} {row['began']}", stage)
        self.row = row
        self.at(row["began"], self.begin)
        if "approved" in row:
            self.at(row["approved"][0], self.approve)
        if "cancelled" in row:
            self.at(row["cancelled"][0], self.cancel)

    def begin(self) -> None:
        row = self.row
        self.sheet = ContextSheet(
            unit=self.stage.units[row["unit"]],
            year=self.stage.today.year - bool(row.get("last_year")),
            **{name: row.get(name, "") for name in (*ContextSheet.FACTORS, *ContextSheet.SWOT)},
        )
        self.sheet.add(by=self.cast.today(row["by"]))

    def approve(self) -> None:
        on_sheet.approve(self.sheet, by=self.cast.today(self.row["approved"][1]))

    def cancel(self) -> None:
        on_sheet.cancel(self.sheet, by=self.cast.today(self.row["by"]), reason=self.row["cancelled"][1])


class LinkStory(Told):
    """CAPA actions of a unit that serve one of its risks too."""

    def __init__(self, rows: list[list[str]], stage: Stage):
        super().__init__("actions that serve risks", stage)
        for place, row in enumerate(rows):
            self.at(1 - place / 10, lambda r=row: self.link(r))

    def link(self, row: list[str]) -> None:
        unit, code = row
        risk = UnitRisk.objects.select_related("unit", "owner").get(unit__code=unit, catalogue_code=code)
        action = CapaAction.objects.filter(unit__code=unit, state=CapaAction.IN_PROGRESS).order_by("pk").first()
        if action is not None:
            link = link_to(risk)
            link.action = action
            link.add(by=self.cast.today("asb"))


def all_of_risks(stage: Stage) -> list[Told]:
    data = read("risks")
    return [
        *(RegisterStory(row, stage) for row in data["registers"]),
        *(
            CatalogueRiskStory(stage.units[row["unit"]], code, told, stage)
            for row in data["registers"]
            for code, told in row["risks"].items()
        ),
        *(OwnRiskStory(row, stage) for row in data["own"]),
        *(SheetStory(row, stage) for row in data["sheets"]),
        LinkStory(data["links"], stage),
    ]
