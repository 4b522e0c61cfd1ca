"""`manage.py procedures`: the procedure manual, printed from the steps and rights that run. An auditor reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_portal.permissions import Right, rights
from qa_portal.workflow.models import Record
from qa_portal.workflow.steps import Step, all_steps


class Command(BaseCommand):
    help = "Prints the procedure manual (Markdown): each step, from where to where, who may, what must be there, who is told."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--lang", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["lang"]):
            for line in manual():
                self.stdout.write(line)


def manual() -> Iterator[str]:
    """The lines of the manual in the language that is active."""
    declared = rights()
    yield "# " + _("Procedure manual")
    yield ""
    yield _("Printed from the steps and rights that the portal runs. What is not written here cannot be done.")
    named: set[str] = set()
    steps_by_model = all_steps()
    # In the order in which an app writes them down: finding, plan, action.
    for model in (m for m in apps.get_models() if issubclass(m, Record) and m in steps_by_model):
        yield from _record(model, declared)
        named |= {model.right("add"), model.right("change")}
        for step in steps_by_model[model].values():
            yield from _step(step, declared)
            named.add(step.permission)
    yield from _others(declared[name] for name in sorted(set(declared) - named))


def _record(model: type[Record], declared: dict[str, Right]) -> Iterator[str]:
    yield ""
    yield f"## {capfirst(str(model._meta.verbose_name))}"
    yield ""
    yield _says(model)
    yield ""
    yield _fact(_("States"), ", ".join(f"{label} (`{code}`)" for code, (label, _tone, _icon) in model.STATES.items()))
    for verb, words in (("add", _("Who enters one")), ("change", _("Who edits one"))):
        right = declared.get(model.right(verb))
        if right:
            yield _fact(words, f"{right.why_not} (`{right.name}`)")
    if model.EDITABLE:
        yield _fact(
            _("May be edited"), ", ".join(str(model._meta.get_field(name).verbose_name) for name in model.EDITABLE)
        )
        yield _fact(_("while it is"), _states(model, model.EDITABLE_STATES))


def _step(step: Step, declared: dict[str, Right]) -> Iterator[str]:
    right = declared[step.permission]
    yield ""
    yield f"### {step.label} (`{step.slug}`)"
    yield ""
    yield _says(step)
    yield ""
    for state in step.from_:
        yield _fact(_states(step.model, [state]), "→ " + _states(step.model, step.targets(state), _(" or ")))
    yield _fact(_("Who"), f"{right.why_not} (`{right.name}`)")
    if right.by_decision_of:
        body = right.by_decision_of
        yield _fact(_("Only by decision of"), _("the body whose turn it is") if callable(body) else body)
    for words, questions in ((_("What must be there"), step.needs), (_("Who is told"), step.tells)):
        if questions:
            yield _fact(words, " ".join(_says(question) for question in questions))
    if step.form is not None:
        yield _fact(_("What is asked"), ", ".join(_inputs(step.form)))
    if step.then is not None:
        yield _fact(_("What follows"), _says(step.then))


def _inputs(form: type[Any]) -> Iterator[str]:
    order = [*(form.field_order or []), *form.base_fields]
    for field in (form.base_fields[name] for name in dict.fromkeys(order)):
        yield str(field.label) if field.required else f"{field.label} (" + _("if wanted") + ")"


def _others(left: Iterable[Right]) -> Iterator[str]:
    yield ""
    yield "## " + _("Other rights")
    yield ""
    for right in left:
        yield f"- `{right.name}`: {right.why_not}"


def _fact(name: str, text: str) -> str:
    return f"- **{name}**: {text}"


def _states(model: type[Record], codes: Iterable[str], between: str = ", ") -> str:
    return between.join(str(model.STATES[code][0]) for code in codes)


def _says(thing: Any) -> str:
    """What the docstring of a record, step or function says, else its name in words."""
    text = docstring(thing)
    return _(text) if text else capfirst(thing.__name__.strip("_").replace("_", " ")) + "."


def docstring(thing: Any) -> str:
    """Its first paragraph, on one line."""
    return " ".join((thing.__doc__ or "").split("\n\n")[0].split())


def texts() -> set[str]:
    """Every docstring that the manual prints: what translators are given besides the marked texts."""
    found: set[str] = set()
    for model, steps in all_steps().items():
        things: list[type[Record] | Step | Callable[..., Any]] = [model]
        for step in steps.values():
            things += [step, *step.needs, *step.tells, *([step.then] if step.then else [])]
        found |= {docstring(thing) for thing in things}
    return found - {""}
