"""What fulfils a duty: a rule names steps of records, wherever they live; new lines of history are read against them.

`fulfilled_by` of a rule is a list of ways: {"step": "documents.document.confirm_review", "where": {lookup: value},
"unless": {lookup: value}, "subject": "document.unit"}. `where` and `unless` are asked of the record as it stands,
`subject` leads from the record to what the duty is about (left out: the record itself; a duty of the university has none).
`moved`: only a line counts that led the record into another state, as the last of several approvals does.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from qa_portal.web.registry import key_of
from qa_portal.workflow.models import Entry
from qa_portal.workflow.steps import all_steps

from .models import DutyRule

PUBLISHED = "standards.report.publish"


@dataclass(frozen=True)
class Way:
    """One step that fulfils one rule."""

    rule: DutyRule
    model: type[models.Model]
    verb: str
    where: dict[str, Any] = field(default_factory=dict)
    unless: dict[str, Any] = field(default_factory=dict)
    subject: str = ""
    moved: bool = False

    @property
    def step(self) -> str:
        return f"{key_of(self.model)}.{self.verb}"

    @property
    def of_the_university(self) -> bool:
        return self.rule.scope == DutyRule.Scope.UNIVERSITY

    def counts(self, entry: Entry) -> bool:
        """Whether this line of history is the step as the rule means it."""
        return not self.moved or entry.from_state != entry.to_state

    @property
    def about_nothing(self) -> bool:
        """The duty is the university's: it does not matter which record it was. An event may be about a record."""
        return self.of_the_university and self.rule.timing != DutyRule.Timing.EVENT

    def subject_model(self) -> type[models.Model]:
        model: Any = self.model
        for name in self.subject.split(".") if self.subject else ():
            model = model._meta.get_field(name).related_model
        return model

    def subjects(self, ids: Iterable[int]) -> dict[int, int | None]:
        """{record: number of what it is about} of those records that meet the conditions. One query."""
        rows = self.model._base_manager.filter(pk__in=list(ids), **self.where)
        if self.unless:
            rows = rows.exclude(**self.unless)
        about = models.F(self.subject.replace(".", "__") or "pk")
        return dict(rows.order_by().annotate(about_id=about).values_list("pk", "about_id"))


def models_by_key() -> dict[str, type[models.Model]]:
    return {key_of(model): model for model in all_steps()}


def named_steps(rule: DutyRule) -> list[dict[str, Any]]:
    """The ways as the rule has them, with the publishing of its kind of report if it names one."""
    found = list(rule.fulfilled_by)
    if rule.report_kind:
        subject = "unit" if rule.scope != DutyRule.Scope.UNIVERSITY else ""
        found.append({"step": PUBLISHED, "where": {"kind__code": rule.report_kind}, "subject": subject})
    return found


def ways_of(rule: DutyRule, known: dict[str, type[models.Model]] | None = None) -> list[Way]:
    """The ways that the portal has today; a step that a later room brings is left out until then."""
    known = known if known is not None else models_by_key()
    found = []
    for way in named_steps(rule):
        key, _dot, verb = way["step"].rpartition(".")
        model = known.get(key)
        if model is not None and verb in all_steps()[model]:
            conditions = way.get("where", {}), way.get("unless", {})
            found.append(Way(rule, model, verb, *conditions, way.get("subject", "") or "", way.get("moved", False)))
    return found


def unknown_steps(rule: DutyRule) -> list[str]:
    """Steps that the rule names and the portal does not have."""
    there = {way.step for way in ways_of(rule)}
    return [way["step"] for way in named_steps(rule) if way["step"] not in there]


def day_of(entry: Entry) -> datetime.date:
    return timezone.localtime(entry.at).date()


def last_in_history(rule: DutyRule, subject: Any = None) -> datetime.date | None:
    """When one of the rule's steps was last taken, for this subject if the rule has one."""
    latest: datetime.date | None = None
    for way in ways_of(rule):
        rows = way.model._base_manager.filter(**way.where)
        if way.unless:
            rows = rows.exclude(**way.unless)
        if subject is not None:
            rows = rows.filter(**{way.subject.replace(".", "__") or "pk": subject.pk})
        entries = Entry.objects.filter(
            record_type=ContentType.objects.get_for_model(way.model),
            verb=way.verb,
            record_id__in=rows.order_by().values("pk"),
        )
        if way.moved:
            entries = entries.exclude(from_state=models.F("to_state"))
        entry = entries.order_by("-at").only("at").first()
        if entry is not None:
            latest = max(latest, day_of(entry)) if latest else day_of(entry)
    return latest
