"""A body speaks: its decision performs the step of what it decides, as the authority that nobody has by hand.

The person who closes the vote only carries the word: a copy of them bears the code of the body (`decides_for`), and
rights declared with `by_decision_of` ask for that code. What a body above annuls is taken back as "over:<code>".
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qa_portal.permissions import SYSTEM, NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import Decidable, key_of, registry
from qa_portal.workflow.steps import steps_of


@dataclass(frozen=True)
class Performed:
    """What the decision set going: the step, or in a sentence why it could not be taken. Both empty: words only."""

    step: str = ""
    problem: str = ""


def speaking_for(person: Any, *codes: str) -> Any:
    """The same person, carrying the word of these bodies."""
    speaker = copy.copy(person)
    speaker.decides_for = frozenset(codes)
    return speaker


def key_about(declared: Decidable, record: Any) -> str:
    """How a form names what is to be decided: "documents.version.approve:7"."""
    return f"{declared.key}:{record.pk}"


def declared_for(record: Any) -> list[Decidable]:
    return [declared for declared in registry.decidable.values() if declared.model is type(record)]


def waiting_for(code: str) -> list[tuple[Decidable, Any]]:
    """Everything that waits for a decision of this body."""
    return [(declared, record) for declared in registry.decidable.values() for record in declared.waiting(code)]


def find(key: str, code: str) -> tuple[Decidable, Any] | None:
    """What such a key names, if it waits for this body."""
    name, _separator, pk = key.rpartition(":")
    declared = registry.decidable.get(name)
    if declared is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    record = declared.waiting(code).filter(pk=int(pk)).first()
    return (declared, record) if record is not None else None


def still_waits(item: Any) -> bool:
    """Whether what the item decides still waits for this body; true for words only."""
    if not item.verb:
        return True
    return find(f"{item.verb}:{item.subject_id}", item.body.code) is not None


def perform(decision: Any, by: Any) -> Performed:
    """Take the step that the decision stands for: the declared one when it passed, else what is declared for refusal."""
    declared = registry.decidable.get(decision.item.verb)
    if declared is None:
        return Performed(problem=_lost(decision)) if decision.item.verb else Performed()
    verb = declared.verb if decision.passed else declared.otherwise
    if not verb or not (decision.passed or decision.rule.get("quorum_there", True)):
        return Performed()
    return _take(declared, verb, decision, decision, by, decision.body.code)


def perform_after_all(decision: Any, by: Any, overruling: Any) -> Performed:
    """A body above changed a refusal: the step is taken now, on its word and in the place of the body below."""
    declared = registry.decidable.get(decision.item.verb)
    if declared is None:
        return Performed()
    return _take(declared, declared.verb, decision, overruling, by, decision.body.code, overruling.body.code)


def undo(decision: Any, by: Any, overruling: Any) -> Performed:
    """Take back what the decision had performed, on the word of the body above it."""
    declared = registry.decidable.get(decision.item.verb)
    if declared is None or not decision.performed:
        return Performed()
    if not declared.undo:
        return Performed(problem=_("This step cannot be taken back in the portal."))
    return _take(declared, declared.undo, decision, overruling, by, f"over:{decision.body.code}")


def _lost(decision: Any) -> str:
    return _("What it decides is no longer known to the portal: “%(key)s”.") % {"key": decision.item.verb}


def _take(declared: Decidable, verb: str, decision: Any, word: Any, by: Any, *codes: str) -> Performed:
    """Run the step on what `decision` was about. The inputs come from `word`, the decision that speaks now."""
    subject = decision.item.subject
    if subject is None:
        return Performed(problem=_lost(decision))
    step = steps_of(type(subject)).get(verb)
    if step is None:
        return Performed(problem=_lost(decision))
    try:
        with transaction.atomic():
            inputs = {**_said_by(word), **declared.inputs(subject, word)}
            step.run(subject, speaking_for(_carrier(word, by), *codes), inputs)
    except (Refused, NotNow) as refused:
        return Performed(problem=str(refused.sentence)[:500])
    except ValidationError as invalid:  # what the step brings with it in its family: the vote is closed all the same
        return Performed(problem=" ".join(invalid.messages)[:500])
    except InputProblem as problem:
        return Performed(problem=" ".join(str(e) for errors in problem.form.errors.values() for e in errors)[:500])
    return Performed(step=f"{key_of(subject)}.{verb}")


def _said_by(word: Any) -> dict[str, str]:
    """What forms of such steps ask for, unless the app that declares the step says it better: on what it rests, and why."""
    clause = word.item.clause
    return {"basis": str(word)[:200], "reason": f"{word}: {clause}" if clause else str(word)}


def _carrier(word: Any, by: Any) -> Any:
    """Who carries the word into history: whoever closed the vote; when the clock did, who keeps the minutes or presides.

    Somebody who has left the university carries nothing while the other is there.
    """
    if by is not SYSTEM:
        return by
    people = [person for person in (word.meeting.kept_by, word.meeting.chaired_by) if person is not None]
    return next((person for person in people if person.is_active), people[0])
