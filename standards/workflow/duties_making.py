"""The clock makes duties: of each rule the occurrences that are not there yet, up to the end of next year.

Run twice or missed for weeks, it makes the same rows: it asks the rows that are there, never the day of its last run.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from qa_portal.dates.days import add_working_days
from qa_portal.documents.models import Document
from qa_portal.people.models import Unit
from qa_portal.permissions import SYSTEM
from qa_portal.programmes.models import Term
from qa_portal.web.registry import registry
from qa_portal.workflow.models import Entry
from qa_portal.workflow.steps import move
from qa_portal.workflow.writing import door

from ..duty_events import read_by_all_who_stayed, read_by_nobody
from ..duty_subjects import subjects, unit_of
from ..fulfilment import last_in_history
from ..models import Duty, DutyRule, DutyStart
from ..occurrences import (
    Occurrence,
    TermDays,
    after,
    after_event,
    by_calendar,
    horizon,
    of_term,
    of_year,
    unknown_start,
)
from .duties_closing import read_again

registry.words.update(fall_away=gettext_lazy("No longer needed"))

Timing, Scope = DutyRule.Timing, DutyRule.Scope
#: events older than that are not looked for: a job that stood still so long is somebody's first care
LOOK_BACK = datetime.timedelta(days=366)
Key = tuple[int | None, int | None]


@dataclass(frozen=True)
class About:
    """What an occurrence is about, and the unit in which it falls due."""

    key: Key = (None, None)
    unit: Unit | None = None
    subject: Any = None


def make_duties(today: datetime.date | None = None) -> int:
    """Make what is missing of every rule; let go what is no longer needed. Returns how many were made."""
    day = today or timezone.localdate()
    known = _Known(day)
    made = 0
    for rule in DutyRule.objects.select_related("unit"):
        try:
            with transaction.atomic(), door("import"):
                made += _make(rule, known)
        except IntegrityError:  # another run made them at the same moment
            continue
    return made


class _Known:
    """What all rules of a run ask for: the day, the terms, the subjects of each scope."""

    def __init__(self, day: datetime.date) -> None:
        self.day = day
        self.root = Unit.objects.filter(parent=None).order_by("pk").first()
        self.terms = term_days()
        self._scopes: dict[str, list[About]] = {}
        self._bodies: dict[tuple[str, int | None], str] = {}

    def body(self, rule: DutyRule, unit: Unit | None) -> str:
        """The body that decides in a unit; empty while the portal has none of the kind: then a paper shows it."""
        unit = unit or self.root
        if not rule.body or unit is None:
            return ""
        key = (rule.body, unit.pk)
        if key not in self._bodies:
            self._bodies[key] = registry.body_for(rule.body, unit)
        return self._bodies[key]

    def abouts(self, rule: DutyRule) -> list[About]:
        if rule.scope == Scope.UNIVERSITY:
            return [About(unit=rule.unit)]
        if rule.scope not in self._scopes:
            self._scopes[rule.scope] = [about(subject) for subject in subjects(rule.scope)]
        return self._scopes[rule.scope]


def term_days() -> list[TermDays]:
    number = {Term.Season.AUTUMN: 1, Term.Season.SPRING: 2}
    return [
        TermDays(f"{term.year.name}-{number[Term.Season(term.season)]}", term.since, term.until)
        for term in Term.objects.select_related("year").order_by("since")
    ]


def about(subject: Any) -> About:
    kind = ContentType.objects.get_for_model(subject)
    return About((kind.pk, subject.pk), unit_of(subject), subject)


# -- one rule ------------------------------------------------------------------------------------------
def _make(rule: DutyRule, known: _Known) -> int:
    rows: dict[Key, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(rule=rule).select_related("rule", "unit"):
        rows[(duty.subject_type_id, duty.subject_id)].append(duty)
    abouts = known.abouts(rule)
    _let_go(rule, rows, abouts, known.day)
    if rule.retired:
        return 0
    if rule.timing == Timing.EVENT:
        wanted = _by_events(rule, rows, abouts, known)
    elif rule.timing == Timing.FROM_LAST:
        wanted = _from_last(rule, rows, abouts, known.day)
    else:
        wanted = _by_calendar(rule, rows, abouts, known)
    _follow(rule, rows, abouts, known)
    made = _write(rule, wanted, known)
    if rule.timing == Timing.EVENT and made:
        # Some may be fulfilled already: what was done between the event and now was read before the duty was there.
        read_again(rule, at__date__gte=min(duty.opens_on for duty in made))
    return len(made)


def _by_calendar(rule: DutyRule, rows: dict[Key, list[Duty]], abouts: list[About], known: _Known) -> Any:
    """From the last one there on; a subject that came later counts from today, the rule itself from its first day.

    Terms are entered in any order, so of them what is missing is looked for from the first one there.
    """
    until = horizon(known.day)
    for one in abouts:
        there = rows.get(one.key, ())
        if there and rule.timing == Timing.TERM:
            since = min(day for duty in there for day in (duty.first_due, timezone.localdate(duty.created_at)))
        elif there:
            since = max(duty.first_due for duty in there) + datetime.timedelta(days=1)
        else:
            since = known.day if rows else rule.counted_since
        keys = {duty.period for duty in there}
        for occurrence in by_calendar(rule, since, until, known.terms):
            if occurrence.period not in keys:
                yield one, occurrence


def _from_last(rule: DutyRule, rows: dict[Key, list[Duty]], abouts: list[About], day: datetime.date) -> Any:
    """One at a time: the next comes when the one before is done."""
    starts = {(s.subject_type_id, s.subject_id): s.on for s in DutyStart.objects.filter(rule=rule)}
    for one in abouts:
        there = rows.get(one.key, [])
        if any(duty.state == Duty.OPEN for duty in there):
            continue
        base = _base(rule, one, there, starts.get(one.key))
        occurrence = after(rule, base) if base else unknown_start(day)
        yield one, _unused(occurrence, {duty.period for duty in there})


def _base(rule: DutyRule, one: About, there: list[Duty], start: datetime.date | None) -> datetime.date | None:
    """The last fulfilment that is known: a duty done, what the office typed, history, the document itself."""
    days = [duty.done_on or duty.due_on for duty in there]
    if start is not None:
        days.append(start)
    if not days:
        found = last_in_history(rule, one.subject)
        if found is None and isinstance(one.subject, Document):
            found = one.subject.last_review or one.subject.in_force_on
        days = [found] if found else []
    return max(days) if days else None


def _unused(occurrence: Occurrence, keys: set[str]) -> Occurrence:
    """A second one counted from the same day (reopened and done again) bears a number."""
    period, number = occurrence.period, 1
    while period in keys:
        number += 1
        period = f"{occurrence.period} #{number}"
    return Occurrence(period, occurrence.opens_on, occurrence.due_on)


def _by_events(rule: DutyRule, rows: dict[Key, list[Duty]], abouts: list[About], known: _Known) -> Any:
    happened = registry.events.get(rule.event)
    if happened is None:
        return
    since = max(rule.counted_since, known.day - LOOK_BACK)
    used = {(key, duty.period) for key, found in rows.items() for duty in found}
    for day, subject, *due in happened(since):
        occurrence = after_event(rule, day, add_working_days, *due)
        for one in [about(subject)] if subject is not None else abouts:
            if (one.key, occurrence.period) not in used:
                used.add((one.key, occurrence.period))
                yield one, occurrence


def _falls_due_in(rule: DutyRule, one: About, known: _Known) -> Unit | None:
    if one.unit is None and one.subject is not None:
        return rule.unit or known.root  # about a record of no unit: read by those who see the whole university
    return one.unit


def _write(rule: DutyRule, wanted: Any, known: _Known) -> list[Duty]:
    new = []
    for one, occurrence in wanted:
        unit = _falls_due_in(rule, one, known)
        new.append(
            Duty(
                rule=rule,
                subject_type_id=one.key[0],
                subject_id=one.key[1],
                unit=unit,
                period=occurrence.period,
                opens_on=occurrence.opens_on,
                due_on=occurrence.due_on,
                first_due=occurrence.due_on,
                body=known.body(rule, unit),
            )
        )
    Duty.objects.bulk_create(new, batch_size=500)
    kind = ContentType.objects.get_for_model(Duty)
    Entry.objects.bulk_create(
        [Entry(record_type=kind, record_id=duty.pk, verb="add", to_state=Duty.OPEN, why=rule.basis) for duty in new],
        batch_size=500,
    )
    return new


# -- what changed meanwhile -----------------------------------------------------------------------------
def _let_go(rule: DutyRule, rows: dict[Key, list[Duty]], abouts: list[About], day: datetime.date) -> None:
    """Open ones of a rule that is no longer used, if they have not begun; those whose subject is no longer there."""
    there = {one.key for one in abouts}
    for key, found in rows.items():
        gone = rule.timing != Timing.EVENT and key not in there
        for duty in found:
            if duty.state != Duty.OPEN:
                continue
            if gone:
                _change(duty, Duty.WAIVED, "fall_away", gettext("What it is about is no longer in use."))
            elif rule.retired and duty.opens_on > day:
                _change(duty, Duty.WAIVED, "fall_away", gettext("The rule is no longer used."))
    if rule.timing == Timing.EVENT:
        _let_go_readers(rule, [duty for found in rows.values() for duty in found if duty.state == Duty.OPEN])


def _let_go_readers(rule: DutyRule, open_ones: list[Duty]) -> None:
    """People who were asked to read have left: nobody is asked any more, or all who stayed have read."""
    ids = {duty.subject_id for duty in open_ones if duty.subject_id}
    nobody, all_read = read_by_nobody(rule.event, ids), read_by_all_who_stayed(rule.event, ids)
    for duty in open_ones:
        if duty.subject_id in nobody:
            _change(duty, Duty.WAIVED, "fall_away", gettext("Nobody is asked to read it any more."))
        elif duty.subject_id in all_read and duty.entry is None:  # opened again by hand: it stays so
            read_again(rule, at__date__gte=duty.opens_on)


def _change(duty: Duty, state: str, verb: str, why: str = "", **fields: Any) -> None:
    """Locked and read anew first: somebody may have closed it meanwhile."""
    duty.refresh_from_db(from_queryset=Duty.objects.select_for_update(of=("self",)))
    if duty.state == Duty.OPEN:
        move(duty, state, by=SYSTEM, verb=verb, why=why, **fields)


def _follow(rule: DutyRule, rows: dict[Key, list[Duty]], abouts: list[About], known: _Known) -> None:
    """What the office changed in the rule or in a term: what has not begun follows; a date set by hand stays.

    What moved to another unit (a programme, a document) takes its open duties along.
    """
    units = {one.key: _falls_due_in(rule, one, known) for one in abouts}
    for duty in (duty for found in rows.values() for duty in found if duty.state == Duty.OPEN):
        unit = units.get((duty.subject_type_id, duty.subject_id), duty.unit)
        _settle(duty, unit=unit, body=known.body(rule, unit))
        if duty.opens_on <= known.day or duty.moved:
            continue
        one = _as_of_now(rule, duty, known.terms)
        if one is not None and (one.opens_on, one.due_on) != (duty.opens_on, duty.due_on):
            _change(duty, Duty.OPEN, "recount", opens_on=one.opens_on, due_on=one.due_on, first_due=one.due_on)


def _settle(duty: Duty, **fields: Any) -> None:
    """Where it falls due and who decides follow the rule without a line of history: the rule says so."""
    if any(getattr(duty, name) != value for name, value in fields.items()):
        Duty.objects.filter(pk=duty.pk).update(**fields)
        for name, value in fields.items():
            setattr(duty, name, value)


def _as_of_now(rule: DutyRule, duty: Duty, terms: list[TermDays]) -> Occurrence | None:
    """The occurrence of the same period by the rule as it is now."""
    if rule.timing == Timing.YEARLY:
        one = of_year(rule, int(duty.period.rpartition("/")[2]))
        return one if one.period == duty.period else None
    if rule.timing == Timing.TERM:
        return next((of_term(rule, term) for term in terms if term.key == duty.period), None)
    if rule.timing == Timing.FROM_LAST and duty.base:
        return after(rule, duty.base)
    return None
