"""The page of a self-assessment's answers, gathered: for each area what one reads, types and may press.

A constant number of queries, however many areas there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from qa_portal.documents.models import Document, EvidenceUse
from qa_portal.documents.targets import key_for
from qa_portal.permissions import refusal
from qa_portal.web import cells

from .completeness import Progress, progress
from .consistency import Doubt, comment_changed, doubts, evidence_of, score_changed
from .expected import Shelf, shelves
from .models import AreaAnswer, Assessment
from .workflow import answers as steps


@dataclass
class Line:
    """One area on the page."""

    answer: AreaAnswer
    last: AreaAnswer | None
    uses: list[EvidenceUse]
    last_uses: list[EvidenceUse]
    documents: list[Document]
    doubts: list[Doubt]
    may_type: bool
    why_not: str
    attach: dict[str, Any]
    accept: dict[str, Any] | None
    send_back: dict[str, Any] | None
    #: what came back with an error or a refusal: the words typed, the sentence, the words that stand
    typed: dict[str, str] | None = None
    sentence: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    stands: dict[str, str] | None = None

    @property
    def words(self) -> dict[str, str]:
        """What stands in the fields."""
        return self.typed if self.typed is not None else self.answer.typed()

    @property
    def state(self) -> Any:
        return cells.state(self.answer)

    @property
    def score_changed(self) -> bool:
        return score_changed(self.answer)

    @property
    def comment_changed(self) -> bool:
        return self.last is not None and comment_changed(self.answer)


@dataclass
class Group:
    """One standard with its areas."""

    standard: Any
    progress: Progress
    shelf: Shelf | None
    lines: list[Line] = field(default_factory=list)


@dataclass
class Sheet:
    """Everything that the page shows."""

    assessment: Assessment
    groups: list[Group]
    progress: Progress
    lines: list[Line]

    @property
    def may_type(self) -> bool:
        return any(line.may_type for line in self.lines)

    @property
    def accepted(self) -> int:
        return sum(1 for line in self.lines if line.answer.state == AreaAnswer.ACCEPTED)

    @property
    def judging(self) -> bool:
        """This person verifies, and something waits for it."""
        return any(line.accept is not None and line.accept["allowed"] for line in self.lines)

    @property
    def without_doubt(self) -> list[str]:
        """Number and revision of the answers that can be accepted together."""
        found = [x.answer for x in self.lines if x.accept is not None and x.accept["allowed"] and not x.doubts]
        return [f"{answer.pk}:{answer.revision}" for answer in found]


def address_of(answer: AreaAnswer) -> str:
    """The area's place on the page."""
    return f"{reverse('standards:assessment-answers', args=[answer.assessment_id])}#{answer.code}"


def sheet(assessment: Assessment, person: Any) -> Sheet:
    rows = AreaAnswer.objects.live().filter(assessment=assessment)
    rows = rows.select_related("area__standard", "assignee", "previous__cycle", "accepted_by")
    answers = list(rows.order_by("area__standard__number", "area__place"))
    for answer in answers:
        # One object for all: rights are asked of every answer.
        answer.assessment, answer.unit = assessment, assessment.unit
    known = evidence_of([*answers, *(a.previous for a in answers if a.previous is not None)])
    found, documents = doubts(answers, known), _documents(answers, person)
    standards = {answer.standard: answer.area.standard for answer in answers}
    expected = {s.standard.code: s for s in shelves(person, list(standards.values()))} if standards else {}
    counts = progress(answers)
    groups = {code: Group(row, counts[code], expected.get(code)) for code, row in standards.items()}
    lines = [_line(answer, person, known, found[answer.pk], documents[answer.code]) for answer in answers]
    for line in lines:
        groups[line.answer.standard].lines.append(line)
    return Sheet(assessment, list(groups.values()), counts.get("", Progress(0, 0)), lines)


def _line(
    answer: AreaAnswer, person: Any, known: dict[int, list[EvidenceUse]], found: list[Doubt], documents: list[Document]
) -> Line:
    problem = answer.edit_refusal(person)
    last = answer.previous
    return Line(
        answer=answer,
        last=last if last is not None and last.looked_at else None,
        uses=known.get(answer.pk, []),
        last_uses=known.get(last.pk, []) if last is not None else [],
        documents=documents,
        doubts=found,
        may_type=problem is None,
        why_not=str(problem[1]) if problem else "",
        attach=_attach(answer, person),
        accept=_button(steps.accept, answer, person),
        send_back=_button(steps.send_back, answer, person),
    )


def _button(step: Any, answer: AreaAnswer, person: Any) -> dict[str, Any] | None:
    """A step of the quality office, shown to those whose business it is at all."""
    if not step.offered(answer) or step.who_refuses(answer, person):
        return None
    why_not = step.when_refuses(answer)
    url = reverse("standards:answer-step", args=[answer.pk, step.slug])
    return {"url": url, "label": step.label, "allowed": not why_not, "why_not": why_not or ""}


def _attach(answer: AreaAnswer, person: Any) -> dict[str, Any]:
    """To the page where evidence is attached, and back here."""
    why_not = refusal(person, "documents.add_evidence") or refusal(person, "standards.prove_answer", answer)
    query = urlencode({"to": key_for(answer), "next": address_of(answer)})
    allowed = not why_not and not answer.proof_is_settled
    return {"url": f"{reverse('documents:evidence-add')}?{query}", "allowed": allowed}


def _documents(answers: list[AreaAnswer], person: Any) -> dict[str, list[Document]]:
    """Documents in force that say that they support an area."""
    wanted = Q(pk__in=[])
    for code in {answer.standard for answer in answers}:
        wanted |= Q(supports__contains=f" {code}.A")
    found: dict[str, list[Document]] = defaultdict(list)
    rows = Document.objects.visible_to(person).live().filter(wanted)
    for document in rows.only("number", "title_kk", "title_ru", "title_en", "supports").order_by("pk"):
        for code in document.supports:
            found[code].append(document)
    return found
