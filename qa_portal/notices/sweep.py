"""The sweep of reminders: a window and a log, so that an outage neither loses nor repeats one.

For each open row the strongest threshold already passed is sent to everybody whom it or an unsent weaker one
addresses; the weaker ones are logged as overtaken. A batch is one transaction: killed in the middle it leaves
nothing, and the next run takes it up again. Then one letter a person a day carries whatever waits for that person.
No letter is written on a day off: what a weekend brings stands in the inbox, and the next working day's letter carries it.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from qa_portal.dates.days import is_working_day

from .models import Letter, Notice, Reminded
from .rules import Line, ReminderRule, rules
from .writing import letter

BATCH = 2000
MOST_LINES = 40  # of one letter; the rest is counted and stands in the inbox


def sweep(on: datetime.date | None = None) -> dict[str, int]:
    """Run every rule and write the day's letters. Returns {"rows": seen, "sent": …, "overtaken": …, "letters": …}."""
    day = on or timezone.localdate()
    totals = {"rows": 0, "sent": 0, "overtaken": 0, "letters": 0}
    for rule in rules():
        for key, value in sweep_rule(rule, day).items():
            totals[key] += value
    if is_working_day(day):
        totals["letters"] = write_letters(day)
    return totals


def sweep_rule(rule: ReminderRule, day: datetime.date) -> dict[str, int]:
    thresholds = sorted(rule.thresholds().items())
    totals = {"rows": 0, "sent": 0, "overtaken": 0}
    if not thresholds:
        return totals
    horizon = day - datetime.timedelta(days=thresholds[0][0])
    known = rule.prepare()
    languages = dict(get_user_model().objects.filter(is_active=True).values_list("pk", "language"))
    rows = rule.rows().filter(**{f"{rule.deadline}__lte": horizon}).order_by("pk")
    record_type = ContentType.objects.get_for_model(rows.model)
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        try:
            with transaction.atomic():
                _one_batch(rule, batch, day, thresholds, known, languages, record_type, totals)
        except IntegrityError:  # another sweep logged some of these rows at the same moment: it tells them
            continue
    return totals


def _one_batch(rule, batch, day, thresholds, known, languages, record_type, totals) -> None:  # noqa: PLR0913
    logged: dict[int, set[tuple[datetime.date, int]]] = {}
    for record_id, deadline, threshold in Reminded.objects.filter(
        rule=rule.name, record_id__gte=batch[0].pk, record_id__lte=batch[-1].pk
    ).values_list("record_id", "deadline", "threshold"):
        logged.setdefault(record_id, set()).add((deadline, threshold))
    log, notices = [], []
    for row in batch:
        totals["rows"] += 1
        deadline = getattr(row, rule.deadline)
        passed = [t for t, _who in thresholds if deadline + datetime.timedelta(days=t) <= day]
        done = {t for d, t in logged.get(row.pk, ()) if d == deadline}
        if not passed or passed[-1] in done:
            continue
        waiting = [t for t in passed if t not in done and not (done and t < max(done))]
        people = _people(rule, row, waiting, dict(thresholds), known)
        notices += _notices(rule, row, people, (day - deadline).days, known, languages, record_type)
        for threshold in waiting:
            strongest = threshold == passed[-1]
            totals["sent" if strongest else "overtaken"] += 1
            log.append(
                Reminded(
                    rule=rule.name,
                    record_id=row.pk,
                    deadline=deadline,
                    threshold=threshold,
                    outcome=Reminded.Outcome.SENT if strongest else Reminded.Outcome.OVERTAKEN,
                )
            )
    # The unique log goes first: a second sweep of the same rows fails here as a whole and sends nothing.
    Reminded.objects.bulk_create(log)
    Notice.objects.bulk_create(notices)


def _people(
    rule: ReminderRule, row: Any, waiting: list[int], audiences: dict[int, tuple[str, ...]], known: Any
) -> list[int]:
    """Everybody whom a waiting threshold addresses, each once, in order."""
    found: dict[int, None] = {}
    for threshold in waiting:
        for audience in audiences[threshold]:
            for person_id in rule.audience(known, audience, row):
                found[person_id] = None
    return list(found)


def _notices(  # noqa: PLR0913
    rule: ReminderRule,
    row: Any,
    people: list[int],
    late: int,
    known: Any,
    languages: dict[int, str],
    record_type: ContentType,
) -> list[Notice]:
    """One notice a person about one row; the line is worded once a language, or for each reader where the rule says so."""
    lines: dict[Any, Line] = {}
    found = []
    for person_id in people:
        if person_id not in languages:
            continue
        language = languages[person_id]
        key = person_id if rule.own_line else language
        if key not in lines:
            with translation.override(language):
                lines[key] = (
                    rule.own_line(known, row, person_id, late, language)
                    if rule.own_line
                    else rule.line(row, late, language)
                )
        found.append(
            Notice(
                person_id=person_id,
                kind=Notice.Kind.REMINDER,
                verb=rule.name,
                subject=lines[key].subject[:250],
                url=lines[key].url,
                record_type=record_type,
                record_id=row.pk,
            )
        )
    return found


def write_letters(day: datetime.date) -> int:
    """One reminder letter a person a day, from the reminders that no letter has carried yet."""
    person_ids = list(
        Notice.objects.filter(kind=Notice.Kind.REMINDER, letter__isnull=True)
        .exclude(person__letters__in=Letter.objects.filter(kind=Letter.Kind.REMINDERS, day=day))
        .order_by("person_id")
        .values_list("person_id", flat=True)
        .distinct()
    )
    people = get_user_model().objects.filter(is_active=True).exclude(email="")
    written = 0
    for start in range(0, len(person_ids), 500):
        for person in people.filter(pk__in=person_ids[start : start + 500]):
            written += _letter_to(person, day)
    return written


def _letter_to(person: Any, day: datetime.date) -> int:
    try:
        with transaction.atomic():
            waiting = Notice.objects.filter(person=person, kind=Notice.Kind.REMINDER, letter__isnull=True)
            count, last = waiting.aggregate(n=Count("pk"), last=Max("pk")).values()
            if not count:
                return 0
            with translation.override(person.language):
                subject = ngettext("%(n)s reminder for today", "%(n)s reminders for today", count) % {"n": count}
                left = count - MOST_LINES
                body = gettext("And %(n)s more: they stand in your inbox.") % {"n": left} if left > 0 else ""
                items = [dict(line) for line in waiting.order_by("pk").values("subject", "url")[:MOST_LINES]]
                posted = letter(person, Letter.Kind.REMINDERS, subject, body, "/notices/", items)
            posted.day = day
            posted.save()  # unique by person and day: of two sweeps one writes
            waiting.filter(pk__lte=last).update(letter=posted)
    except IntegrityError:
        return 0
    return 1
