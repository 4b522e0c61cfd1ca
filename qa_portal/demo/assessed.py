"""What units of the demo say in self-assessments, and the cycles of earlier years: entered from the archive in one go."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any
from zlib import crc32

from django.contrib.contenttypes.models import ContentType

from qa_portal.documents.models import Evidence, EvidenceUse
from qa_portal.people.models import Unit
from qa_portal.programmes.models import Programme
from qa_portal.web.registry import key_of
from qa_portal.workflow.models import Entry
from qa_portal.workflow.writing import door
from standards.models import (
    AreaAnswer,
    Assessment,
    Cycle,
    Edition,
    EvaluationArea,
    PlanRow,
    Standard,
)
from standards.models.answers import POINTS, Score
from standards.scope import propose
from standards.workflow import cycles as on_cycle

from .stories import Stage
from .told import Told
from .university import read

DAY = datetime.timedelta(days=1)
YEAR = 365
#: the archive was copied in on this day; the last year was verified, sent to the Council and approved by it (meeting c1)
ARCHIVED, LAST_ENTERED, LAST_SENT, LAST_APPROVED = 436, 372, 346, 325
WHY = "Мұрағаттан енгізілді"
STEPS = (Score.NOT_MET, Score.PARTLY, Score.LARGELY, Score.FULLY)
DIRECTIONS = "S9"


def chance(*key: Any) -> float:
    """From 0 to 1, the same for the same key in every loading."""
    return crc32(" ".join(map(str, key)).encode()) % 10_000 / 10_000


# -- what is asked of whom ------------------------------------------------------------------------
class Scope:
    """Areas by unit: the catalogue's proposal, shortened as the quality office has done it."""

    def __init__(self) -> None:
        self.data = read("assessment")
        edition = Edition.objects.current()
        self.edition = edition
        self.standards = list(
            Standard.objects.filter(edition=edition).order_by("number").values_list("code", flat=True)
        )
        areas = EvaluationArea.objects.filter(standard__edition=edition).select_related("standard")
        self.areas = {area.code: area for area in areas.order_by("standard__number", "place")}
        asked = propose(SimpleNamespace(edition_id=edition.pk, standards=self.standards)).units
        self.units: dict[Unit, list[str]] = {
            unit: self.shortened(unit, codes) for unit, codes in asked.items() if unit.code not in self.data["left_out"]
        }

    def shortened(self, unit: Unit, codes: Sequence[str]) -> list[str]:
        kept = self.data["shortened"].get(unit.kind)
        return [code for code in codes if kept is None or code.partition(".")[0] in kept]

    def of_programmes(self) -> list[str]:
        return [code for code, area in self.areas.items() if area.standard.code == DIRECTIONS]


# -- what is said ----------------------------------------------------------------------------------
def score_of(who: str, code: str, year: int, this_year: int) -> Score:
    """Rising from year to year, lower where a unit or an area is weak."""
    if chance(who, code, "applies") < 0.03:
        return Score.NOT_APPLICABLE
    level = 2.4 - 0.28 * max(this_year - year - 1, -0.2)
    level += (
        0.7 * (chance(who, "unit") - 0.5) + 1.1 * (chance(code, "area") - 0.5) + 0.7 * (chance(who, code, year) - 0.5)
    )
    return STEPS[min(3, max(0, round(level)))]


def words_of(who: str, area: Any, score: Score, year: int) -> dict[str, str]:
    """Comment, strong points and what is to be improved, as the score has it."""
    data = read("assessment")
    said, turn = data["words"][area.standard.code], crc32(f"{who}{area.code}{year}".encode())
    if score == Score.NOT_APPLICABLE:
        return {"comment": data["not_applicable"], "strong": "", "improve": ""}
    fact, gap = said["facts"][turn % 2], said["gaps"][turn // 2 % 2]
    comments = {
        Score.FULLY: fact,
        Score.LARGELY: f"{fact} {gap}",
        Score.PARTLY: f"{gap} {fact}",
        Score.NOT_MET: " ".join(said["gaps"]),
    }
    strong = data["strong"][turn % 3] if score == Score.FULLY and turn % 2 else ""
    improve = said["improve"] if score != Score.FULLY and (score != Score.LARGELY or turn % 3 == 0) else ""
    return {"comment": comments[score], "strong": strong, "improve": improve}


def add_lines(records: Iterable[Any], by: Any, verb: str = "add", why: str = WHY) -> None:
    """One line of history a record that was entered in bulk."""
    rows = list(records)
    if not rows:
        return
    kind = ContentType.objects.get_for_model(rows[0])
    Entry.objects.bulk_create(
        [
            Entry(
                record_type=kind, record_id=row.pk, by=by, verb=verb, to_state=row.state, why=why if not place else ""
            )
            for place, row in enumerate(rows)
        ],
        batch_size=500,
    )


def prove(answers: Sequence[AreaAnswer], by: Any, titles: Sequence[str], speaks_of: datetime.date, key: str) -> None:
    """Two pieces of evidence of a unit prove these answers by turns: links into its own files."""
    if not answers:
        return
    turn = crc32(key.encode())
    with door("import"):
        pieces = Evidence.objects.bulk_create(
            Evidence(
                title=titles[(turn + place) % len(titles)],
                link=f"https://docs.temirqazyq.example/{speaks_of.year}/{turn:08x}-{place}",
                speaks_of=speaks_of - place * 40 * DAY,
                created_by=by,
            )
            for place in range(2)
        )
    add_lines(pieces, by, why="")
    kind = ContentType.objects.get_for_model(AreaAnswer)
    EvidenceUse.objects.bulk_create(
        EvidenceUse(evidence=pieces[place % 2], record_type=kind, record_id=answer.pk, added_by=by)
        for place, answer in enumerate(answers)
    )


# -- earlier years -------------------------------------------------------------------------------------
class Archive(Told):
    """Three years copied from the archive as they were approved; the last one verified here and approved by the Council."""

    def __init__(self, stage: Stage):
        super().__init__("self-assessment archive", stage)
        self.scope: Scope = None  # type: ignore[assignment]  # the first happening reads it
        self.before: dict[tuple[str, str], AreaAnswer] = {}
        self.assessed: dict[str, Assessment] = {}
        self.last_cycle: Cycle = None  # type: ignore[assignment]  # `enter_last` makes it
        self.at(ARCHIVED, self.enter_archive)
        self.at(LAST_ENTERED, self.enter_last)
        self.at(LAST_SENT, self.send_last)

    def enter_archive(self) -> None:
        self.scope = Scope()
        for back in (3, 2, 1):
            self.enter(self.stage.today.year - 1 - back, LAST_APPROVED + YEAR * back, Cycle.APPROVED)

    def enter_last(self) -> None:
        self.last_cycle = self.enter(self.stage.today.year - 1, LAST_APPROVED, Cycle.OPEN)

    def send_last(self) -> None:
        on_cycle.submit(self.last_cycle, by=self.cast.today("asb"))
        self.stage.subjects["cycle-last"] = (self.last_cycle, f"{key_of(self.last_cycle)}.approve")

    def enter(self, year: int, decided_ago: int, state: str) -> Cycle:
        by, decided = self.cast.today("asb"), self.stage.today - decided_ago * DAY
        approved = state == Cycle.APPROVED
        with door("import"):
            cycle = Cycle.objects.bulk_create(
                [
                    Cycle(
                        year=year,
                        edition=self.scope.edition,
                        standards=self.scope.standards,
                        state=state,
                        opens_on=decided - 110 * DAY,
                        answer_by=decided - 60 * DAY,
                        verify_by=decided - 30 * DAY,
                        decide_by=decided + 5 * DAY,
                        launched_on=decided - 110 * DAY,
                        submitted_on=decided - 21 * DAY if approved else None,
                        approved_on=decided if approved else None,
                        basis=f"Академиялық кеңестің {decided:%d.%m.%Y} шешімі" if approved else "",
                        created_by=by,
                    )
                ]
            )[0]
            made = Assessment.objects.bulk_create(self.assessments(cycle, decided, approved))
        add_lines([cycle], by)
        add_lines(made, by)
        self.answer(cycle, made, decided, with_proof=not approved)
        return cycle

    def assessments(self, cycle: Cycle, decided: datetime.date, approved: bool) -> list[Assessment]:
        common = {
            "cycle": cycle,
            "state": Assessment.APPROVED if approved else Assessment.VERIFIED,
            "due": cycle.answer_by,
            "submitted_on": decided - 62 * DAY,
            "verified_on": decided - 32 * DAY,
            "verified_by": self.cast.people["asb"],
            "created_by": self.cast.people["asb"],
        }
        rows = []
        for unit, codes in self.scope.units.items():
            head = self.cast.people[next(iter(self.cast.deciding_above(unit)))]
            rows.append(Assessment(unit=unit, areas=codes, submitted_by=head, authors=[head.pk], **common))
        for programme in Programme.objects.filter(code__in=self.scope.data["programmes_last"]).select_related(
            "unit", "head"
        ):
            rows.append(
                Assessment(
                    unit=programme.unit,
                    programme=programme,
                    areas=self.scope.of_programmes(),
                    lead=programme.head,
                    submitted_by=programme.head,
                    authors=[programme.head_id],
                    considered_on=decided - 45 * DAY,
                    considered_basis="БББК шешімі",
                    **common,
                )
            )
        for row in rows:
            who = row.programme.code if row.programme else row.unit.code
            row.previous = self.assessed.get(who)
            self.assessed[who] = row
            if row.unit.code == "asb":
                row.verified_by = self.cast.people["quality"]
        return rows

    def answer(self, cycle: Cycle, made: list[Assessment], decided: datetime.date, *, with_proof: bool) -> None:
        """All answers of a year, accepted; only the last year has its evidence in the portal."""
        answers, this_year = [], self.stage.today.year
        for assessment in made:
            who = assessment.programme.code if assessment.programme else assessment.unit.code
            low = self.scope.data["low_last"].get(who, {}) if with_proof else {}
            for code in assessment.areas:
                area = self.scope.areas[code]
                score = score_of(who, code, cycle.year, this_year)
                if with_proof and score in (Score.PARTLY, Score.NOT_MET):
                    score = Score.LARGELY
                score = Score(low.get(code, score))
                typed = {"score": score.value, **words_of(who, area, score, cycle.year)}
                answers.append(
                    AreaAnswer(
                        assessment=assessment,
                        cycle=cycle,
                        unit_id=assessment.unit_id,
                        of_programme=assessment.of_programme,
                        area=area,
                        code=code,
                        standard=area.standard.code,
                        state=AreaAnswer.ACCEPTED,
                        points=POINTS.get(score),
                        previous=self.before.get((who, code)),
                        accepted_by=assessment.verified_by,
                        accepted_on=decided - 33 * DAY,
                        submitted=typed,
                        authors=assessment.authors,
                        created_by=assessment.created_by,
                        **typed,
                    )
                )
        with door("import"):
            AreaAnswer.objects.bulk_create(answers, batch_size=500)
        add_lines(answers, self.cast.people["asb"])
        full: dict[int, list[AreaAnswer]] = {}
        for answer in answers:
            self.before[(self.who(answer), answer.code)] = answer
            if answer.score == Score.FULLY:
                full.setdefault(answer.assessment_id, []).append(answer)
        if with_proof:
            self.prove_all(made, full, decided)
            self.plan_rows(made, decided)

    @staticmethod
    def who(answer: AreaAnswer) -> str:
        programme = answer.assessment.programme
        return programme.code if programme else answer.assessment.unit.code

    def prove_all(self, made: list[Assessment], full: dict[int, list[AreaAnswer]], decided: datetime.date) -> None:
        titles = self.scope.data["evidence"]
        for place, assessment in enumerate(made):
            # One unit in six shows what is long out of date.
            speaks_of = decided - (1200 if place % 6 == 5 else 90 + 5 * place) * DAY
            prove(full.get(assessment.pk, []), assessment.submitted_by, titles, speaks_of, f"last {assessment.pk}")

    def plan_rows(self, made: list[Assessment], decided: datetime.date) -> None:
        rows = [
            PlanRow(
                state=PlanRow.DONE,
                assessment=assessment,
                area=area,
                indicator=indicator,
                source=source,
                due=decided - 80 * DAY,
                owner=assessment.lead,
                planned=planned,
                fact=fact or planned,
                fact_on=decided - 85 * DAY,
                note=note,
                created_by=assessment.lead,
            )
            for assessment in made
            if assessment.of_programme
            for area, indicator, source, planned, fact, note in self.scope.data["cycle"]["rows"]
        ]
        with door("import"):
            PlanRow.objects.bulk_create(rows)
        add_lines(rows, self.cast.people["asb"])

    def problem(self) -> str:
        state = Cycle.objects.get(pk=self.last_cycle.pk).state
        return "" if state == Cycle.APPROVED else f"last cycle: {state}"
