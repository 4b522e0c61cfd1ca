"""The clock closes duties: new lines of history are read, and what a step fulfilled is closed with the step named.

A mark says how far the history was read. Some lines before it are read again each time, because a line that was begun
earlier may be committed later; a line that has closed a duty of a rule never closes another one of it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import SYSTEM
from qa_portal.web.registry import registry
from qa_portal.workflow.models import Entry
from qa_portal.workflow.steps import all_steps, move
from qa_portal.workflow.writing import door

from ..fulfilment import Way, day_of, models_by_key, ways_of
from ..models import Duty, DutyMark, DutyRule
from ..occurrences import after, answered

registry.words.update(close_by_record=_("Fulfilled in the portal"), recount=_("Dates counted anew"))

MARK = "duties"
#: so many lines before the mark are read again
AGAIN = 500
PIECE = 1000

Key = tuple[int, int | None, int | None]


def watch_fulfilment() -> int:
    """Read what was done since the last time, and close the duties that it fulfils. Returns how many."""
    mark, _made = DutyMark.objects.get_or_create(name=MARK)
    newest = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    ways = _ways()
    closed = 0
    if ways and newest > mark.entry:
        types = {model: ContentType.objects.get_for_model(model) for model, _verb in ways}
        rows = Entry.objects.filter(
            pk__gt=max(mark.entry - AGAIN, 0),
            pk__lte=newest,
            record_type__in=list(types.values()),
            verb__in=sorted({verb for _model, verb in ways}),
        ).order_by("pk")
        last = 0
        while piece := list(rows.filter(pk__gt=last).select_related("by")[:PIECE]):
            last = piece[-1].pk
            closed += _read(piece, ways, {content.pk: model for model, content in types.items()})
    # Not over a mark that `read_again` has set back meanwhile.
    DutyMark.objects.filter(pk=mark.pk, entry=mark.entry, entry__lt=newest).update(entry=newest)
    return closed


def read_again(rule: DutyRule, **which: Any) -> None:
    """Set the mark back to the first of these lines of the rule's steps: a duty was made, or can be closed, only now."""
    ways = ways_of(rule)
    lines = Entry.objects.filter(
        record_type__in=[ContentType.objects.get_for_model(way.model) for way in ways],
        verb__in={way.verb for way in ways},
        **which,
    )
    first = lines.aggregate(first=Min("pk"))["first"] if ways else None
    if first is not None:
        DutyMark.objects.filter(name=MARK, entry__gte=first).update(entry=first - 1)


def _ways() -> dict[tuple[Any, str], list[Way]]:
    known = models_by_key()
    found: dict[tuple[Any, str], list[Way]] = defaultdict(list)
    for rule in DutyRule.objects.in_use():
        for way in ways_of(rule, known):
            found[(way.model, way.verb)].append(way)
    return found


def _read(piece: list[Entry], ways: dict[tuple[Any, str], list[Way]], models: dict[int, Any]) -> int:
    used = set(Duty.objects.filter(entry__in=[entry.pk for entry in piece]).values_list("rule_id", "entry"))
    open_rows = _open_rows({way.rule.pk for listed in ways.values() for way in listed})
    if not open_rows:
        return 0
    closed = 0
    for way, entries in _by_way(piece, ways, models):
        about = way.subjects({entry.record_id for entry in entries})
        subject_type = None if way.about_nothing else ContentType.objects.get_for_model(way.subject_model()).pk
        for entry in entries:
            if entry.record_id not in about or (way.rule.pk, entry.pk) in used or not way.counts(entry):
                continue
            keys: list[Key] = [(way.rule.pk, subject_type, None if way.about_nothing else about[entry.record_id])]
            if way.of_the_university and not way.about_nothing:
                keys.append((way.rule.pk, None, None))  # the event itself was about nothing
            for key in keys:
                for duty in answered(way.rule, open_rows.get(key, ()), day_of(entry)):
                    open_rows[key].remove(duty)
                    closed += close(duty.pk, entry, way)
    return closed


def _by_way(piece: list[Entry], ways: dict[tuple[Any, str], list[Way]], models: dict[int, Any]) -> Any:
    entries: dict[tuple[Any, str], list[Entry]] = defaultdict(list)
    for entry in piece:
        entries[(models[entry.record_type_id], entry.verb)].append(entry)
    for key, found in entries.items():
        for way in ways.get(key, ()):
            yield way, found


def _open_rows(rules: set[int]) -> dict[Key, list[Duty]]:
    found: dict[Key, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.open().filter(rule__in=rules).order_by("due_on"):
        found[(duty.rule_id, duty.subject_type_id, duty.subject_id)].append(duty)
    return found


def close(pk: int, entry: Entry, way: Way) -> bool:
    """Close one duty by what a line of history tells: its record, its day, its author. False when it was closed already."""
    with transaction.atomic(), door("step"):
        duty = Duty.objects.select_for_update(of=("self",)).select_related("rule").get(pk=pk)
        taken = Duty.objects.filter(rule=duty.rule_id, entry=entry.pk, subject_id=duty.subject_id)
        if duty.state != Duty.OPEN or (way.rule.timing != DutyRule.Timing.EVENT and taken.exists()):
            return False
        label = all_steps()[way.model][way.verb].label
        move(
            duty,
            Duty.DONE,
            by=SYSTEM,
            verb="close_by_record",
            why=f"{label}: {entry.record}",
            done_on=day_of(entry),
            done_by=entry.by,
            means_type=entry.record_type,
            means_id=entry.record_id,
            entry=entry.pk,
        )
        let_follow(duty, SYSTEM)
    return True


def let_follow(duty: Duty, by: Any) -> None:
    """Counted from the last fulfilment: one that is there already is counted anew from this one. Inside a step only."""
    if duty.rule.timing != DutyRule.Timing.FROM_LAST or duty.done_on is None:
        return
    later = Duty.objects.open().filter(rule=duty.rule_id, subject_type=duty.subject_type_id, subject_id=duty.subject_id)
    for row in later.exclude(pk=duty.pk).select_related("rule"):
        count_from(row, duty.done_on, by)


def count_from(duty: Duty, base: datetime.date, by: Any) -> None:
    """The same duty, counted from another fulfilment. Inside a step only."""
    one = after(duty.rule, base)
    same = Duty.objects.filter(
        rule=duty.rule_id, subject_type=duty.subject_type_id, subject_id=duty.subject_id, period=one.period
    )
    if duty.period == one.period or same.exists():
        return
    move(
        duty,
        Duty.OPEN,
        by=by,
        verb="recount",
        period=one.period,
        opens_on=one.opens_on,
        due_on=one.due_on,
        first_due=one.due_on,
    )
