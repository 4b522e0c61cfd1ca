"""Questionnaires and the bank of questions in the demo: next versions in every state, a question entered, another retired."""

from __future__ import annotations

from typing import Any

from surveys.models import Question, QuestionKind, Questionnaire, Scale
from surveys.workflow import questionnaires as on_questionnaire

from .stories import Stage
from .told import Told
from .university import in_languages, read


class NextVersion(Told):
    """The next version of an instrument, as far as its row tells."""

    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"questionnaire {row['code']}", stage)
        self.row = row
        self.at(row["ago"], self.begin)
        steps = on_questionnaire
        for word, what in (
            ("submitted", lambda: steps.submit(self.now(), by=self.by())),
            ("approved", lambda: steps.approve(self.now(), by=self.cast.today(row["approver"]))),
            ("returned", lambda: steps.send_back(self.now(), by=self.cast.today(row["officer"]), reason=row["reason"])),
            ("cancelled", lambda: steps.cancel(self.now(), by=self.by(), reason=row["reason"])),
        ):
            if word in row:
                self.at(row[word], what)

    def by(self) -> Any:
        return self.cast.today(self.row["by"])

    def now(self) -> Questionnaire:
        return Questionnaire.objects.filter(code=self.row["code"]).latest("version")

    def begin(self) -> None:
        former = Questionnaire.objects.get(code=self.row["code"], state=Questionnaire.IN_USE)
        on_questionnaire.next_version(former, by=self.by())


class OwnQuestion(Told):
    """A question that the office entered by itself."""

    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"question {row['code']}", stage)
        self.row = row
        self.at(row["ago"], self.enter)
        if "retired" in row:
            self.at(row["retired"], self.retire)

    def enter(self) -> None:
        by = self.cast.today("asb")
        question = Question(
            code=self.row["code"], kind=QuestionKind.LIKERT, scale=Scale.AGREE, **in_languages("text", self.row)
        )
        question.note_author(by)
        question.add(by=by)

    def retire(self) -> None:
        question = Question.objects.get(code=self.row["code"])
        on_questionnaire.retire(question, by=self.cast.today("asb"), reason="Сауалнамалардың ешқайсысына сай келмейді.")


def all_of_the_bank(stage: Stage) -> list[Told]:
    data = read("asked")
    return [
        *(NextVersion(row, stage) for row in data["versions"]),
        *(OwnQuestion(row, stage) for row in data["questions"]),
    ]
