"""Instruments that come with the portal, from surveys/data/instruments/*.yaml: questions of the bank, questionnaires.

What is missing is made, what is there stays as the office has it. A question belongs to the bank from the first load on:
its words are changed there and are then a new wording. A questionnaire of a code that is there already, in whatever
version, is left alone: the next version is the office's own work.

Loaded questionnaires are in use at once: they came with the portal, and the first campaign need not wait for twelve
approvals. No decision and no day of approval is set down for them. Whoever wants another one writes version 2, and that
one goes to its checker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from qa_portal.permissions import SYSTEM
from qa_portal.workflow.writing import door
from standards.registers.reading import LANGUAGES, LoadingError, Outcome, checked, texts

from .content import written
from .models import Item, Question, QuestionKind, Questionnaire, Section

FOLDER = Path(__file__).parent / "data" / "instruments"
_loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: of a question, what a load tells of where the office has changed it
_TOLD = ("text_kk", "text_ru", "text_en", "kind", "scale", "reverse", "options")


def instruments(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The files, in the order of their names."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        row = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader)  # noqa: S506 - a safe loader, in C where there is one
        if row["code"] != path.stem:
            raise LoadingError(f"{path.name}: the code is “{row['code']}”")
        found.append(row)
    return found


def load(outcome: Outcome, folder: Path = FOLDER) -> None:
    """All of it or nothing; a second time changes nothing."""
    rows = instruments(folder)
    # The plain columns beside those of the three languages hold Kazakh, whatever language the caller speaks.
    with translation.override("kk"), transaction.atomic(), door("import"):
        bank = _load_bank(rows, outcome)
        for row in rows:
            _load_questionnaire(row, bank, outcome)


# -- the bank -----------------------------------------------------------------------------------------------------
def question(row: dict[str, Any], areas: list[str]) -> Question:
    """A question as its file has it, not saved. “Not applicable” is offered with ratings by steps, unless the file says no."""
    return Question(
        code=row["code"],
        state=Question.IN_USE,
        kind=row["kind"],
        scale=row.get("scale", ""),
        reverse=row.get("reverse", False),
        allow_na=row.get("na", row["kind"] == QuestionKind.LIKERT),
        allow_refuse=row.get("refuse", False),
        options=[{name: option[name] for name in ("code", *LANGUAGES)} for option in row.get("options", ())],
        low=row.get("low"),
        high=row.get("high"),
        areas=row.get("areas", areas),
        **texts(row, "text", "hint"),
    )


def _load_bank(rows: list[dict[str, Any]], outcome: Outcome) -> dict[str, Question]:
    kept = {row.code: row for row in Question.objects.all()}
    wanted: dict[str, Question] = {}
    for row in rows:
        for section in row["sections"]:
            for item in section["items"]:
                if item["code"] in wanted:
                    raise LoadingError(f"{row['code']}: {item['code']}: a question of this code is there already")
                wanted[item["code"]] = question(item, section["areas"])
    new = [one for code, one in wanted.items() if code not in kept]
    for one in new:
        try:
            one.clean_fields()
        except ValidationError as error:
            raise LoadingError(f"{one.code}: {'; '.join(error.messages)}") from error
    for one in Question.objects.bulk_create(new, batch_size=200):
        one.write_entry("add", SYSTEM, to_state=one.state)
        outcome.made.append(one.code)
    for code in wanted.keys() & kept.keys():
        outcome.compare(code, kept[code], {name: getattr(wanted[code], name) for name in _TOLD})
    return kept | {one.code: one for one in new}


# -- questionnaires -----------------------------------------------------------------------------------------------
def _load_questionnaire(row: dict[str, Any], bank: dict[str, Question], outcome: Outcome) -> None:
    code = row["code"]
    first = Questionnaire.objects.filter(code=code).order_by("version").first()
    if first is not None:
        kept, wanted = _codes(first.fixed), _codes(row)
        if kept and kept != wanted:
            told = ", ".join(sorted(set(wanted) ^ set(kept))) or "the order"
            outcome.differs.append(f"{code}: questions of version {first.version}: {told}")
        return
    made = Questionnaire(
        code=code,
        state=Questionnaire.IN_USE,
        **{name: row[name] for name in ("audience", "designer", "checker", "about_courses", "areas", "basis")},
        **texts(row, "name", "intro", "thanks"),
    )
    checked(code, made).save()
    for place, section in enumerate(row["sections"], 1):
        _make_section(made, place, section, bank)
    made.fixed = written(made)
    made.save(update_fields=["fixed"])
    made.write_entry("add", SYSTEM, to_state=made.state, why=made.basis)
    outcome.made.append(code)


def _make_section(of: Questionnaire, place: int, row: dict[str, Any], bank: dict[str, Question]) -> None:
    section = Section(
        questionnaire=of,
        place=place,
        block=row.get("block", ""),
        per_teacher=row.get("per_teacher", False),
        areas=row["areas"],
        **texts(row, "name", "intro"),
    )
    checked(f"{of.code} {place}", section).save()
    Item.objects.bulk_create(
        Item(
            section=section,
            place=number,
            question=bank[item["code"]],
            required=item.get("required", False),
            remark=item.get("remark", False),
            show_if=item.get("show_if", {}),
        )
        for number, item in enumerate(row["items"], 1)
    )


def _codes(content: dict[str, Any]) -> list[str]:
    """The codes of the questions in their order, of a file or of a frozen content."""
    return [item["code"] for section in content.get("sections", ()) for item in section["items"]]
