"""Indicators of the demo university: two sets approved one after the other, three years of values, ratings of units."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from qa_portal.bodies.authority import speaking_for
from qa_portal.dates.days import add_months
from qa_portal.people.models import Unit
from qa_portal.web.registry import key_of
from standards import computing, importing, indicator_sets
from standards.measuring import Book, Ready, Typed, enter
from standards.models import (
    Indicator,
    IndicatorSet,
    IndicatorTarget,
    Measurement,
    MeasurementImport,
    Rating,
    RatingFormula,
)
from standards.periods import Span
from standards.rated import rows_of
from standards.workflow import indicator_sets as on_set
from standards.workflow import indicators as on_indicator
from standards.workflow import measurements as on_value
from standards.workflow import rating_formulas as on_formula
from standards.workflow import ratings as on_rating

from .assessed import DAY, chance
from .papers import sheet
from .stories import Stage
from .told import Told
from .university import in_languages, read

YEARS = 3
PERIODS = {"month": 12, "quarter": 4, "term": 2, "year": 1, "academic_year": 1}
COUNCIL = "academic_council"
#: reds of so many months are signals: the demo shows a few, all of the newest period
NO_RED_MONTHS = 16
HEAD = ["code", "unit", "period", "value", "cases", "note"]


class SetsStory(Told):
    """The first set, from the portal's proposal; the second by decision c3; a third given up, a fourth begun."""

    def __init__(self, stage: Stage):
        super().__init__("indicator sets", stage)
        self.data = read("indicators")
        self.made: dict[int, IndicatorSet] = {}
        self.at(430, lambda: self.begin(1, "Университет көрсеткіштері", proposal=True))
        self.at(428, self.validate)
        self.at(427, self.set_targets)
        self.at(426, self.submit)
        self.at(424, self.approve_first)
        self.at(185, lambda: self.begin(2, "Университет көрсеткіштері, нақтыланған"))
        self.at(184, self.change_second)
        self.at(182, self.validate)
        self.at(181, self.submit)
        self.at(180, self.bring_before_council)
        self.at(150, self.own_target)
        self.at(70, lambda: self.begin(3, "Көрсеткіштердің қысқартылған жиыны"))
        self.at(66, self.cancel)
        self.at(14, lambda: self.begin(4, "Келесі жылға арналған көрсеткіштер"))
        self.at(13, self.rewrite_one)

    @property
    def newest(self) -> IndicatorSet:
        return IndicatorSet.objects.latest("version")

    def begin(self, version: int, title: str, *, proposal: bool = False) -> None:
        years_back = {1: 1, 2: 0, 3: 0, 4: -1}[version]
        made = IndicatorSet(title=title, valid_from=datetime.date(self.stage.today.year - years_back, 1, 1))
        indicator_sets.begin(made, self.cast.today("asb"), proposal=proposal)

    def validate(self) -> None:
        by = self.cast.today("quality")
        rows = Indicator.objects.filter(set=self.newest, state=Indicator.DRAFT, validation="")
        for row in rows.select_related("set").order_by("code"):
            on_indicator.validate(row, by=by, validation=self.data["validation"])

    def set_targets(self) -> None:
        """In bulk, before any value is there: a hundred steps would say no more."""
        told = {code: row[5:8] for code, row in self.data["values"].items()} | self.data["computed"]
        rows = []
        for indicator in Indicator.objects.filter(set=self.newest, code__in=told):
            target, amber, red = (Decimal(str(figure)) for figure in told[indicator.code])
            for back in range(-1, YEARS + 1):
                year = self.stage.today.year - back
                rows.append(IndicatorTarget(indicator=indicator, year=year, target=target, amber=amber, red=red))
        IndicatorTarget.objects.bulk_create(rows)

    def submit(self) -> None:
        on_set.submit(self.newest, by=self.cast.today("asb"))

    def approve_first(self) -> None:
        """Before the demo's meetings begin, the body's word is spoken by whoever kept its minutes."""
        by = speaking_for(self.cast.today("council"), COUNCIL)
        on_set.approve(self.newest, by=by, basis="Академиялық кеңестің № 2 хаттамасы")

    def change_second(self) -> None:
        by, second, row = self.cast.today("asb"), self.newest, self.data["added"]
        new = Indicator(
            set=second,
            code=row["code"],
            standard=row["area"].partition(".")[0],
            responsible=self.stage.units[row["responsible"]],
            **{name: row[name] for name in ("area", "measure", "period", "source")},
            **in_languages("name", row["name"]),
            **in_languages("text", row["text"]),
        )
        new.add(by=by)
        appeals = second.indicators.get(code="S3-APPEALS")
        appeals.source = "Апелляция комиссиясының электрондық журналы"
        appeals.save_changes(by=by)
        diplomas = second.indicators.get(code="S4-DIPLOMA")
        on_indicator.cancel(diplomas, by=by, reason="Төрт жыл қатарынан жүз пайызға жуық, бақылау қажет емес.")

    def bring_before_council(self) -> None:
        self.stage.subjects["indicators"] = (self.newest, f"{key_of(self.newest)}.approve")

    def own_target(self) -> None:
        """One school has a target of its own."""
        row = Indicator.objects.in_force().select_related("set").get(code="S9-EMPLOYED")
        on_indicator.set_target(
            row,
            by=self.cast.today("asb"),
            year=self.stage.today.year,
            unit=self.stage.units["humanities"].pk,
            target="74",
            amber="68",
            red="60",
            reason="Гуманитарлық мамандықтар нарығының ерекшелігі.",
        )

    def cancel(self) -> None:
        reason = "Қысқарту мақұлданбады, қазіргі жиын қалады."
        on_set.cancel(self.newest, by=self.cast.today("asb"), reason=reason)

    def rewrite_one(self) -> None:
        row = self.newest.indicators.get(code="S6-SUPPORT")
        row.text_kk = (
            "Қолдау қызметтерін төрт балдан жоғары бағалаған студенттердің үлесі, оқу деңгейлері бойынша бөлек."
        )
        row.save_changes(by=self.cast.today("asb"))

    def problem(self) -> str:
        reached = list(IndicatorSet.objects.order_by("version").values_list("state", flat=True))
        wanted = [IndicatorSet.SUPERSEDED, IndicatorSet.IN_FORCE, IndicatorSet.CANCELLED, IndicatorSet.DRAFT]
        return "" if reached == wanted else f"sets of indicators: {reached}"


class ValuesStory(Told):
    """Three years of values: tables taken in, one refused, some by hand, some late; what the portal computes itself."""

    def __init__(self, stage: Stage):
        super().__init__("values", stage)
        self.data = data = read("indicators")
        self.codes = {unit.pk: code for code, unit in stage.units.items()}
        for ago in data["imports"]:
            self.at(ago, self.hand_in)
        for word in ("by_hand", "by_system"):
            self.at(data[word]["ago"], lambda w=word: self.enter_few(w))
        self.at(data["refused"]["ago"], self.hand_in_mistakes)
        self.at(data["corrected"]["ago"], self.correct)
        self.at(data["withdrawn"]["ago"], self.withdraw)
        for ago in (165, 0.2):
            self.at(ago, lambda: computing.compute_all())

    # -- what is there to give ---------------------------------------------------------------------
    def missing(self, book: Book, *, newest: bool) -> list[tuple[Indicator, int | None, Span]]:
        """Periods of three years that are over and not given; those that come by hand or late wait."""
        there = set(Measurement.objects.order_by().values_list("code", "unit_id", "period"))
        own = [*self.data["by_hand"]["codes"], *self.data["by_system"]["codes"]]
        found = []
        for code in self.data["values"]:
            indicator = book.indicators.get(code)
            if indicator is None:
                continue
            last = book.periods.last_over(indicator.period, book.day)
            spans = [last]
            while len(spans) < YEARS * PERIODS[indicator.period]:
                spans.append(book.periods.previous(spans[-1]))
            for unit in sorted(book.reporters[indicator.pk], key=lambda pk: pk or 0):
                late = (
                    self.codes.get(unit, "") in self.data["late"].get(code, ())
                    and book.day > self.stage.today - 100 * DAY
                )
                held = code in own and not newest
                for span in spans[::-1]:
                    recent = span.until > self.stage.today - 200 * DAY
                    if (code, unit, span.label) not in there and not (recent and (late or held)):
                        found.append((indicator, unit, span))
        return found

    def value(self, indicator: Indicator, unit: int | None, span: Span) -> float:
        now, slope, spread, low, high, target, _amber, red, _cases = self.data["values"][indicator.code]
        code, back = self.codes.get(unit, ""), (self.stage.today - span.until).days / 365
        forced = self.data["red"].get(indicator.code, {}).get(code)
        if forced is not None and back < 1.2:
            return forced
        value = now - slope * back + spread * (2 * chance(code, indicator.code) - 1)
        value += 0.35 * (spread or abs(slope)) * (2 * chance(code, indicator.code, span.label) - 1)
        if span.until > add_months(self.stage.today, -NO_RED_MONTHS):
            room = abs(target - red) * 0.15
            value = max(value, red + room) if target > red else min(value, red - room)
        return round(min(max(value, low), high), indicator.decimals)

    def cases(self, indicator: Indicator, unit: int | None) -> int | None:
        if indicator.roll_up != Indicator.RollUp.WEIGHTED:
            return None
        cases = self.data["values"][indicator.code][8]
        return max(1, round(cases * (0.7 + 0.6 * chance(indicator.code, unit, "cases"))))

    # -- tables ------------------------------------------------------------------------------------------
    def table(self, name: str, rows: list[list[Any]], by: str) -> MeasurementImport:
        file = SimpleUploadedFile(name, sheet([HEAD, *rows]))
        batch = MeasurementImport(file=file, file_name=name)
        batch.add(by=self.cast.today(by))
        importing.hand_over(batch)
        batch.refresh_from_db()
        return batch

    def hand_in(self) -> None:
        rows = [
            [i.code, self.codes.get(unit, ""), span.label, self.value(i, unit, span), self.cases(i, unit), ""]
            for i, unit, span in self.missing(Book(self.cast.today("asb")), newest=False)
        ]
        if rows:
            name = f"көрсеткіштер-{timezone.localdate():%Y-%m}.xlsx"
            batch = self.table(name, rows, "asb")
            if batch.state != MeasurementImport.DONE:
                raise RuntimeError(f"{name}: {batch.mistakes[:3]}")

    def hand_in_mistakes(self) -> None:
        row = self.data["refused"]
        year = str(self.stage.today.year - 1)
        self.table(row["name"], [[str(cell).format(year=year) for cell in line] for line in row["rows"]], row["by"])

    # -- one by one ------------------------------------------------------------------------------------------
    def enter_few(self, word: str) -> None:
        row = self.data[word]
        by = self.cast.today(row["by"])
        book = Book(by, row["codes"])
        ready = []
        for place, (indicator, unit, span) in enumerate(self.missing(book, newest=True)):
            typed = Typed(
                place,
                indicator.code,
                self.codes.get(unit, ""),
                span.label,
                self.value(indicator, unit, span),
                self.cases(indicator, unit),
            )
            found = book.judge(typed)
            if not isinstance(found, Ready):
                raise RuntimeError(f"{typed}: {found}")
            ready.append(found)
        origin = Measurement.Origin.HAND if word == "by_hand" else Measurement.Origin.API
        enter(ready, by=by, origin=origin)

    def newest(self, row: dict[str, Any]) -> Measurement:
        rows = Measurement.objects.valid().filter(code=row["code"], unit__code=row["unit"])
        return rows.select_related("indicator__responsible", "unit").latest("until")

    def correct(self) -> None:
        row = self.data["corrected"]
        value = self.newest(row)
        on_value.correct(
            value,
            by=self.cast.today(row["by"]),
            value=f"{value.value + Decimal(str(row['add'])):f}",
            weight=f"{value.weight:f}",
            reason=row["reason"],
        )

    def withdraw(self) -> None:
        row = self.data["withdrawn"]
        on_value.withdraw(self.newest(row), by=self.cast.today(row["by"]), reason=row["reason"])

    def problem(self) -> str:
        states = set(MeasurementImport.objects.values_list("state", flat=True))
        return "" if states == {MeasurementImport.DONE, MeasurementImport.REFUSED} else f"imports: {sorted(states)}"


class RatingStory(Told):
    """Formulas for departments, the second in place of the first; last year's rating published, this year's counted."""

    def __init__(self, stage: Stage):
        super().__init__("ratings", stage)
        self.weights = read("indicators")["rating"]
        department, school = Unit.Kind.DEPARTMENT, Unit.Kind.SCHOOL
        self.at(390, lambda: self.begin("Кафедралар рейтингі", department, "first"))
        self.at(385, lambda: self.submit("formula-1"))
        self.at(272, lambda: self.rate(self.stage.today.year - 1))
        self.at(266, self.publish)
        self.at(110, lambda: self.begin("Кафедралар рейтингі, жаңартылған", department, "second"))
        self.at(105, lambda: self.submit("formula-2"))
        self.at(40, lambda: self.rate(self.stage.today.year))
        self.at(38, self.cancel)
        self.at(7, lambda: self.rate(self.stage.today.year))
        self.at(16, lambda: self.begin("Мектептер рейтингі", school, "schools"))

    def begin(self, title: str, kind: str, weights: str) -> None:
        formula = RatingFormula(title=title, unit_kind=kind, weights=self.weights[weights])
        formula.add(by=self.cast.today("asb"))

    def submit(self, key: str) -> None:
        formula = RatingFormula.objects.latest("version")
        on_formula.submit(formula, by=self.cast.today("asb"))
        self.stage.subjects[key] = (formula, f"{key_of(formula)}.approve")

    def rate(self, year: int) -> None:
        formula = RatingFormula.objects.get(state=RatingFormula.IN_FORCE, unit_kind=Unit.Kind.DEPARTMENT)
        Rating(formula=formula, year=year, rows=rows_of(formula, year)).add(by=self.cast.today("asb"))

    def publish(self) -> None:
        on_rating.publish(Rating.objects.latest("pk"), by=self.cast.today("sshayakhmetova"))

    def cancel(self) -> None:
        reason = "Екі кафедраның деректері толық емес, қайта саналады."
        on_rating.cancel(Rating.objects.latest("pk"), by=self.cast.today("asb"), reason=reason)


def all_of_indicators(stage: Stage) -> list[Told]:
    return [SetsStory(stage), ValuesStory(stage), RatingStory(stage)]
