"""The kernel of steps: one verb, one function, one order, for page, API, admin and clock alike.

In one transaction: lock the row, ask who (permission), ask when (state and needs), read the inputs, run the body,
validate, save, write history, tell people. Letters leave after commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from qa_portal.notices.telling import tell
from qa_portal.permissions import NotNow, Refused, refusal
from qa_portal.policy.registry import noting_reads
from qa_portal.web.forms import InputProblem, StepForm
from qa_portal.web.registry import registry

from .models import Record
from .writing import check_door, door


def leads_to(*states: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Which states a computed target (`to=` a function) may be: the kernel holds it to them, the manual prints them."""

    def declare(choose: Callable[..., str]) -> Callable[..., str]:
        choose.states = states
        return choose

    return declare


class Step:
    """One verb on one kind of record. Calling it does it: `approve(action, by=head)`."""

    do_not_call_in_templates = True

    def __init__(
        self,
        body: Callable[..., Any],
        model: type[Record],
        from_: tuple[str, ...],
        to: str | dict[str, str] | Callable[..., str] | None,
        *,
        label: Any,
        form: type[StepForm] | None = None,
        needs: Iterable[Callable[[Any], Any | None]] = (),
        tells: Iterable[Callable[[Any], Iterable[Any]]] = (),
        primary: bool = False,
        danger: bool = False,
        bulk: bool = False,
        icon: str = "arrow-right",
        confirm: Any = "",
        then: Callable[..., None] | None = None,
        office: Callable[[Any, Any], int | None] | None = None,
        only_if: Callable[[Any], bool] | None = None,
        help: Any = "",
        bound: bool = True,
    ):
        self.body = body
        self.model = model
        self.name = body.__name__
        self.slug = self.name.replace("_", "-")
        self.__doc__ = body.__doc__
        self.from_ = from_
        self.to = to
        self.label = label
        self.form = form
        self.needs = tuple(needs)
        self.tells = tuple(tells)
        self.primary = primary
        self.danger = danger
        self.bulk = bulk
        self.icon = icon
        self.confirm = confirm
        self.then = then
        self.only_if = only_if
        self.office = office
        self.help = help
        #: False: many take it on one record at the same time (votes), so it is not bound to what the page was made from
        self.bound = bound
        self.permission = model.right(self.name)

    def __repr__(self) -> str:
        return f"<Step {self.permission}>"

    def targets(self, from_state: str) -> tuple[str, ...]:
        """The states that it may lead to from this one."""
        if isinstance(self.to, str | None):
            return (self.to or from_state,)
        return (self.to[from_state],) if isinstance(self.to, dict) else getattr(self.to, "states", ())

    # -- asking ------------------------------------------------------------------
    def who_refuses(self, record: Record, person: Any) -> Any | None:
        return refusal(person, self.permission, record)

    def when_refuses(self, record: Record) -> Any | None:
        if record.state not in self.from_:
            return _("Now it is “%(state)s”, so this cannot be done: “%(step)s”.") % {
                "state": record.state_label,
                "step": self.label,
            }
        for need in self.needs:
            sentence = need(record)
            if sentence:
                return sentence
        return None

    def refusal(self, record: Record, person: Any) -> Any | None:
        """The sentence why not, who before when; None when it can be done now."""
        return self.who_refuses(record, person) or self.when_refuses(record)

    def offered(self, record: Record) -> bool:
        """Shown as a button at all: the state is right (and `only_if` holds), even if the person or a need is not."""
        return record.state in self.from_ and (self.only_if is None or self.only_if(record))

    @property
    def needs_input(self) -> bool:
        return self.form is not None

    def make_form(self, record: Record, by: Any, *args: Any, **kwargs: Any) -> forms.Form | None:
        return self.form(*args, record=record, by=by, **kwargs) if self.form else None

    # -- doing ---------------------------------------------------------------------
    def __call__(self, record: Record, *, by: Any, **inputs: Any) -> Record:
        files = {k: v for k, v in inputs.items() if isinstance(v, File)}
        # A form reads words: True is "true" here as it is in the API's JSON.
        typed = {k: str(v).lower() if isinstance(v, bool) else v for k, v in inputs.items() if k not in files}
        return self.run(record, by, typed, files)

    def run(self, record: Record, by: Any, data: Any = None, files: Any = None) -> Record:
        """Do it. Raises Refused (who), NotNow (when), InputProblem (what was typed); then nothing is written."""
        with transaction.atomic(), door("step"), noting_reads() as reads, _acting() as act_for:
            self._lock(record)
            sentence = self.who_refuses(record, by)
            if sentence:
                raise Refused(sentence)
            sentence = self.when_refuses(record) or (_stale(record, data) if self.bound else None)
            if sentence:
                raise NotNow(sentence)
            in_name_of = self.office(record, by) if self.office else None
            act_for(in_name_of)
            cleaned = self._cleaned(record, by, data, files)
            before, from_state = record.values_now(), record.state
            self.body(record, by, **cleaned)
            record.state = self._target(record, from_state, cleaned)
            record.revision += 1
            try:
                record.full_clean()
            except ValidationError as error:
                raise NotNow(" ".join(error.messages)) from error
            record.save()
            after = record.values_now()
            why = str(cleaned.get("reason") or cleaned.get("note") or "")
            record.write_entry(
                self.name,
                by,
                from_state=from_state,
                to_state=record.state,
                why=why,
                changes=[{"field": k, "old": before[k], "new": after[k]} for k in after if before[k] != after[k]],
                policies=reads,
                in_name_of_id=in_name_of,
            )
            self._tell(record, by, why)
            if self.then is not None:
                # What follows in the family (last action carried out → plan implemented), seen with this row saved.
                self.then(record, by)
                record.refresh_from_db()
        return record

    def _lock(self, record: Record) -> None:
        parents = record.lock_first()
        if parents is not None:
            list(parents.order_by("pk").select_for_update().values_list("pk"))
        record.refresh_from_db(from_queryset=type(record)._default_manager.select_for_update(of=("self",)))

    def _cleaned(self, record: Record, by: Any, data: Any, files: Any) -> dict[str, Any]:
        if self.form is None:
            return {}
        form = self.form(data if data is not None else {}, files or {}, record=record, by=by)
        if not form.is_valid():
            raise InputProblem(form)
        return form.cleaned_data

    def _target(self, record: Record, from_state: str, cleaned: dict[str, Any]) -> str:
        if self.to is None:
            return from_state
        if isinstance(self.to, dict):
            return self.to[from_state]
        if callable(self.to):
            state = self.to(record, **cleaned)
            if state not in self.targets(from_state):
                raise RuntimeError(f"{self!r} may not lead to {state!r}: name it in leads_to()")
            return state
        return self.to

    def _tell(self, record: Record, by: Any, why: str) -> None:
        people = [person for listed in self.tells for person in listed(record) if person is not None]
        if people:
            tell(
                people,
                template=f"{record._meta.app_label}/mail/{record.slug()}_{self.name}.txt",
                record=record,
                by=by,
                context={"why": why, "step": self},
                verb=self.name,
            )


#: in whose name the running step is taken, for what it brings with it in the family
_acting_for: ContextVar[int | None] = ContextVar("acting_for", default=None)


@contextmanager
def _acting() -> Iterator[Callable[[int | None], object]]:
    """Inside, the step at hand says in whose name it is taken; afterwards the one around it, or nobody's, holds again."""
    token = _acting_for.set(None)
    try:
        yield _acting_for.set
    finally:
        _acting_for.reset(token)


def _stale(record: Record, data: Any) -> Any | None:
    """A decision is bound to what was read: a page made from an older revision is told so."""
    read = str(data.get("revision") or "") if data else ""
    if read.isascii() and read.isdigit() and int(read) != record.revision:
        return _("The record has changed since you opened it. Look at it once more and decide again.")
    return None


registry.words.update(add=_("Entered"), edit=_("Edited"))

_steps: dict[type[models.Model], dict[str, Step]] = {}


class Steps:
    """The steps of one kind of record: `steps = Steps(CapaAction)`, then `@steps.step(...)` on each function."""

    def __init__(self, model: type[Record]):
        self.model = model
        _steps.setdefault(model, {})

    def step(self, *from_: str, to: Any = None, **options: Any) -> Callable[[Callable[..., Any]], Step]:
        def declare(body: Callable[..., Any]) -> Step:
            step = Step(body, self.model, from_, to, **options)
            _steps[self.model][step.name] = step
            registry.words.setdefault(step.name, step.label)
            return step

        return declare


def steps_of(model: type[models.Model]) -> dict[str, Step]:
    return _steps.get(model, {})


def all_steps() -> dict[type[models.Model], dict[str, Step]]:
    return _steps


def move(
    record: Record,
    to_state: str,
    *,
    by: Any,
    verb: str,
    why: str = "",
    tells: Iterable[Any] = (),
    letter: str = "",
    **fields: Any,
) -> None:
    """What a step brings with it in another record of the family (last action carried out → plan implemented).

    Callable only from inside a step: who was asked there. Writes history under the step's verb. `letter` names the
    template (`finding_closed`), without it that of the verb.
    """
    check_door(f"{type(record).__name__} → {to_state}")
    before, from_state = record.values_now(), record.state
    for name, value in fields.items():
        setattr(record, name, value)
    record.state = to_state
    record.revision += 1
    record.full_clean()
    record.save()
    after = record.values_now()
    record.write_entry(
        verb,
        by,
        from_state=from_state,
        to_state=to_state,
        why=why,
        changes=[{"field": k, "old": before[k], "new": after[k]} for k in after if before[k] != after[k]],
        in_name_of_id=_acting_for.get(),
    )
    people = [p for p in tells if p is not None]
    if people:
        tell(
            people,
            template=f"{record._meta.app_label}/mail/{letter or f'{record.slug()}_{verb}'}.txt",
            record=record,
            by=by,
            context={"why": why},
            verb=verb,
        )
