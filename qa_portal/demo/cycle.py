"""This year's self-assessment of the demo university: planned, opened, answered, verified, step by step."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qa_portal.people.models import Unit
from qa_portal.people.roles import BOARD_ROLES, Role
from qa_portal.programmes.models import Programme
from qa_portal.web.registry import key_of
from qa_portal.workflow.writing import door
from standards.models import AreaAnswer, Assessment, Cycle, PlanRow
from standards.models.answers import POINTS, Score
from standards.workflow import answers as on_answer
from standards.workflow import answers_sharing as on_sharing
from standards.workflow import assessments as on_assessment
from standards.workflow import cycles as on_cycle
from standards.workflow import plan_rows as on_row

from .assessed import DAY, Scope, chance, prove, score_of, words_of
from .stories import Stage
from .told import Told
from .university import read

ANSWERS_IN, VERIFIED_IN, DECIDED_IN = 9, 35, 50
OFFICERS = ("asb", "sshayakhmetova", "quality")


class CycleStory(Told):
    """The cycle itself: planned from the catalogue, shortened by hand, opened."""

    def __init__(self, stage: Stage):
        super().__init__("self-assessment", stage)
        self.data = read("assessment")
        row = self.data["cycle"]
        self.cycle: Cycle = None  # type: ignore[assignment]  # `plan` makes it
        self.at(row["planned"], self.plan)
        self.at(row["planned"] - 1, self.shorten)
        self.at(row["planned"] - 2, self.plan_programmes)
        self.at(row["launched"], self.launch)

    def plan(self) -> None:
        today, row, by = self.stage.today, self.data["cycle"], self.cast.today("asb")
        scope = Scope()
        self.cycle = Cycle(
            year=today.year,
            standards=scope.standards,
            opens_on=today - row["launched"] * DAY,
            answer_by=today + ANSWERS_IN * DAY,
            verify_by=today + VERIFIED_IN * DAY,
            decide_by=today + DECIDED_IN * DAY,
            note=row["note"],
        )
        self.cycle.add(by=by)
        on_cycle.propose_scope(self.cycle, by=by)

    def shorten(self) -> None:
        """Some units are left out with a reason, departments and schools answer fewer standards than the catalogue proposes."""
        by, scope = self.cast.today("asb"), Scope()
        for assessment in self.cycle.assessments.select_related("unit", "cycle").order_by("pk"):
            reason = self.data["left_out"].get(assessment.unit.code)
            if reason:
                on_assessment.cancel(assessment, by=by, reason=reason)
            elif scope.units[assessment.unit] != assessment.areas:
                on_assessment.change_areas(assessment, by=by, areas=scope.units[assessment.unit])

    def plan_programmes(self) -> None:
        codes = list(self.data["cycle"]["programmes"])
        rows = Programme.objects.filter(code__in=codes).order_by("pk")
        on_cycle.plan_programmes(
            self.cycle,
            by=self.cast.today("asb"),
            programmes=list(rows.values_list("pk", flat=True)),
            areas=Scope().of_programmes(),
        )

    def launch(self) -> None:
        on_cycle.launch(self.cycle, by=self.cast.today("asb"))


class AnswerStory(Told):
    """What one unit or programme does in the cycle, up to where it stands today."""

    def __init__(self, code: str, row: dict[str, Any], stage: Stage):
        super().__init__(f"self-assessment {code}", stage)
        self.code, self.row = code, row
        self.launched = read("assessment")["cycle"]["launched"]

    def now(self) -> Assessment:
        raise NotImplementedError

    def leader(self) -> Any:
        raise NotImplementedError

    # -- typing ----------------------------------------------------------------------------------
    def type(self, share: float, low: tuple[str, ...] = (), *, everything: bool = False) -> None:
        """Score and words of this share of the areas, as they would be saved while one types: without history."""
        assessment, by, this_year = self.now(), self.leader(), self.stage.today.year
        answers = AreaAnswer.objects.filter(assessment=assessment, state__in=AreaAnswer.EDITABLE_STATES)
        rows, full = [], []
        for answer in answers.select_related("area__standard", "previous"):
            if not everything and chance(self.code, answer.code, "typed") >= share:
                continue
            score = Score.PARTLY if answer.code in low else score_of(self.code, answer.code, this_year, this_year)
            if score in (Score.PARTLY, Score.NOT_MET) and answer.code not in low and everything:
                score = Score.LARGELY
            for name, value in words_of(self.code, answer.area, score, this_year).items():
                setattr(answer, name, value)
            answer.score, answer.points, answer.copied = score.value, POINTS.get(score), False
            answer.authors, answer.revision = [by.pk], answer.revision + 1
            rows.append(answer)
            full += [answer] if score == Score.FULLY else []
        with door("import"):
            typed = ["score", "points", "comment", "strong", "improve", "copied", "authors", "revision"]
            AreaAnswer.objects.bulk_update(rows, typed, batch_size=100)
        if everything or share > 0.3:
            titles = read("assessment")["evidence"]
            prove(full if everything else full[::2], by, titles, timezone.localdate() - 20 * DAY, f"now {self.code}")

    def write(self) -> None:
        """The texts of the whole, and the submission."""
        assessment, by = self.now(), self.leader()
        assessment.summary = "Бағалау бөлімше мәжілісінде талқыланды, әр сала бойынша дәлелдер қаралды."
        assessment.strong = "Жауаптылар нақты, құжаттар порталда, мерзімдер сақталады."
        assessment.improve = "Кері байланыс пен ұсынымдардың орындалуын бақылау күшейтіледі."
        assessment.save_changes(by=by)

    def submit(self) -> None:
        assessment = self.now()
        on_assessment.submit(assessment, by=self.cast.who_may(on_assessment.submit, assessment, self.submitters()))

    def submitters(self) -> list[str]:
        return [self.leader().username]

    # -- judging ---------------------------------------------------------------------------------
    def judge(self, share: float = 1, returned: int = 0, reason: str = "") -> None:
        """The quality office accepts a share of the areas, and sends the first ones back if a reason is given."""
        rows = AreaAnswer.objects.filter(assessment=self.now(), state=AreaAnswer.SUBMITTED)
        answers = list(
            rows.select_related("assessment__cycle", "assessment__unit", "assessment__programme", "assignee")
        )
        for place, answer in enumerate(answers[: round(len(answers) * share)]):
            if place < returned:
                by = self.cast.who_may(on_answer.send_back, answer, OFFICERS)
                on_answer.send_back(answer, by=by, reason=reason)
            else:
                on_answer.accept(answer, by=self.cast.who_may(on_answer.accept, answer, OFFICERS))

    def verify(self) -> None:
        assessment = self.now()
        on_assessment.verify(assessment, by=self.cast.who_may(on_assessment.verify, assessment, OFFICERS))

    def problem(self) -> str:
        reached, expected = self.now().state, self.expected()
        return "" if reached == expected else f"{self.key}: {reached} instead of {expected}"

    def expected(self) -> str:
        raise NotImplementedError


class UnitAnswers(AnswerStory):
    """A unit's: typed, delegated, submitted by the head, verified area by area."""

    def __init__(self, code: str, row: dict[str, Any], stage: Stage):
        super().__init__(code, row, stage)
        self.unit: Unit = stage.units[code]
        if "submitted" in row:
            low = tuple(row.get("low", ()))
            self.at(row["submitted"] + 6, lambda: self.type(1, low, everything=True))
            self.at(row["submitted"] + 1, self.write)
            self.at(row["submitted"], self.submit)
        if "answered" in row:
            self.at(20, lambda: self.type(row["answered"] / 2))
            self.at(3, lambda: self.type(row["answered"]))
        if row.get("took_over"):
            self.at(30, self.take_over)
        if "due" in row:
            self.at(40, self.move_due)
        if "delegated" in row:
            self.at(18, self.delegate)
        if "verified" in row:
            self.at(row["verified"] + 2, self.judge)
            self.at(row["verified"], self.verify)
        if "judged" in row:
            self.at(row["judged"], lambda: self.judge(0.5, 1, "Дәлел басқа жылға қатысты, жаңасын тіркеңіз."))
        if "sent_back" in row:
            self.at(row["sent_back"] + 1, lambda: self.judge(0.8, 3, row["reason"]))
            self.at(row["sent_back"], self.send_back)

    def now(self) -> Assessment:
        rows = Assessment.objects.select_related("cycle", "unit", "programme", "lead", "submitted_by")
        return rows.get(cycle__year=self.stage.today.year, unit=self.unit, programme__isnull=True)

    def leader(self) -> Any:
        names = [*self.cast.holding(Role.UNIT_HEAD, units=[self.unit.pk]), *self.cast.deciding_above(self.unit)]
        return self.cast.today(names[0])

    def submitters(self) -> list[str]:
        return [*self.cast.deciding(self.unit), *self.cast.deciding_above(self.unit)]

    def take_over(self) -> None:
        on_sharing.take_over(self.now(), by=self.leader())

    def move_due(self) -> None:
        """Its deadline was earlier than that of the others, and has passed."""
        assessment = self.now()
        assessment.due = self.stage.today - self.row["due"] * DAY
        assessment.save_changes(by=self.cast.today("asb"), why="Аккредиттеу комиссиясы келгенге дейін керек.")

    def delegate(self) -> None:
        for place, (name, areas) in enumerate(self.row["delegated"].items()):
            on_sharing.delegate(
                self.now(),
                by=self.leader(),
                person=self.cast.people[name].pk,
                areas=areas,
                until=self.stage.today + (5 - 7 * place) * DAY,  # the second one is late
                note="Осы стандарттың салаларын жазып, дәлелдерін тіркеңіз.",
            )

    def send_back(self) -> None:
        assessment = self.now()
        by = self.cast.who_may(on_assessment.send_back, assessment, OFFICERS)
        on_assessment.send_back(assessment, by=by, note=self.row["reason"])

    def expected(self) -> str:
        row = self.row
        if "verified" in row:
            return Assessment.VERIFIED
        if "sent_back" in row:
            return Assessment.RETURNED
        return Assessment.SUBMITTED if "submitted" in row else Assessment.OPEN


class ProgrammeAnswers(AnswerStory):
    """A programme's: commission, monitoring plan with facts, then department → dean's office → committee → quality office."""

    def __init__(self, code: str, row: dict[str, Any], stage: Stage):
        super().__init__(code, row, stage)
        self.at(self.launched - 2, self.name_commission)
        self.at(self.launched - 4, self.plan_rows)
        if "submitted" in row:
            self.at(row["submitted"] + 5, lambda: self.type(1, everything=True))
            self.at(row["submitted"] + 3, lambda: self.enter_facts(all_of_them=True))
            self.at(row["submitted"] + 1, self.write)
            self.at(row["submitted"], self.submit)
        else:
            self.at(8, lambda: self.type(row["answered"]))
            self.at(6, lambda: self.enter_facts(all_of_them=False))
        for word, step in (("agreed", on_assessment.agree), ("endorsed", on_assessment.endorse)):
            if word in row:
                self.at(row[word], lambda s=step: self.decide(s))
        if "endorsed" in row:
            self.at(row["endorsed"] - 0.5, self.bring_before_committee)
        if "returned" in row:
            self.at(row["returned"], lambda: self.decide(on_assessment.send_back, note=row["reason"]))
        if "verified" in row:
            self.at(row["accepted"], self.judge)
            self.at(row["verified"], self.verify)

    def now(self) -> Assessment:
        rows = Assessment.objects.select_related("cycle", "unit", "programme__head", "lead", "submitted_by", "decides")
        return rows.get(cycle__year=self.stage.today.year, programme__code=self.code)

    def leader(self) -> Any:
        return self.cast.today(self.now().programme.head.username)

    def name_commission(self) -> None:
        chair, *members = self.row["commission"]
        people = self.cast.people
        on_assessment.set_commission(
            self.now(),
            by=self.leader(),
            chair=people[chair].pk,
            members=[people[name].pk for name in members],
            note=self.row["order"],
        )

    def plan_rows(self) -> None:
        rows, by = read("assessment")["cycle"]["rows"], self.leader()
        for place, (area, indicator, source, planned, _fact, _note) in enumerate(rows):
            PlanRow(
                assessment=self.now(),
                area=area,
                indicator=indicator,
                source=source,
                due=self.stage.today + (10 * place - 9) * DAY,
                owner=by if place else self.cast.people[self.row["commission"][0]],
                planned=planned,
            ).add(by=by)

    def enter_facts(self, *, all_of_them: bool) -> None:
        by, told = self.leader(), read("assessment")["cycle"]["rows"]
        for row, (_area, _indicator, _source, _planned, fact, note) in zip(
            self.now().plan_rows.select_related("assessment__programme").order_by("pk"), told, strict=True
        ):
            if fact:
                inputs: dict[str, Any] = {"fact": fact, "fact_on": timezone.localdate(), "note": note}
                on_row.enter_fact(row, by=by, **inputs)
            elif all_of_them:
                on_row.drop(row, by=by, reason="Биыл жұмыс берушілер сауалнамасы жүргізілмеді.")
            if not all_of_them:
                return

    def decide(self, step: Any, **inputs: Any) -> None:
        assessment = self.now()
        unit = assessment.decides
        names = [*(self.cast.deciding(unit) if unit else ()), *self.cast.holding(*sorted(BOARD_ROLES))]
        step(assessment, by=self.cast.who_may(step, assessment, names), **inputs)

    def bring_before_committee(self) -> None:
        assessment = self.now()
        self.stage.subjects[f"programme-{self.code}"] = (assessment, f"{key_of(assessment)}.consider")

    def expected(self) -> str:
        row = self.row
        for word, state in (("verified", Assessment.VERIFIED), ("returned", Assessment.RETURNED),
                            ("endorsed", Assessment.ENDORSED), ("agreed", Assessment.AGREED),
                            ("submitted", Assessment.SUBMITTED)):  # fmt: skip
            if word in row:
                return state
        return Assessment.OPEN


def all_of_assessment(stage: Stage) -> list[Told]:
    """This year's cycle with everybody in it."""
    row = read("assessment")["cycle"]
    return [
        CycleStory(stage),
        *(UnitAnswers(code, told, stage) for code, told in row["units"].items()),
        *(ProgrammeAnswers(code, told, stage) for code, told in row["programmes"].items()),
    ]
