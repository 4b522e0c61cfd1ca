"""A year of duties by months and groups: one function for the page, counted by the database."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import ExtractMonth
from django.urls import reverse
from django.utils.dates import MONTHS

from qa_portal.web import cells

from .duty_words import PHASES, group_name, office_words
from .models import Duty, DutyRule

PHASE_ORDER = (Duty.Phase.OVERDUE, Duty.Phase.DUE, Duty.Phase.COMING, Duty.Phase.DONE, Duty.Phase.WAIVED)


def _counts(today: datetime.date) -> dict[str, Any]:
    open_ = Q(state=Duty.OPEN)
    return {
        "all": Count("pk"),
        Duty.Phase.OVERDUE.value: Count("pk", filter=open_ & Q(due_on__lt=today)),
        Duty.Phase.DUE.value: Count("pk", filter=open_ & Q(opens_on__lte=today, due_on__gte=today)),
        Duty.Phase.COMING.value: Count("pk", filter=open_ & Q(opens_on__gt=today)),
        Duty.Phase.DONE.value: Count("pk", filter=Q(state=Duty.DONE)),
        Duty.Phase.WAIVED.value: Count("pk", filter=Q(state=Duty.WAIVED)),
    }


def months_of(
    rows: Any, year: int, today: datetime.date, query: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The twelve months with their groups, and how many duties of the year are in which phase. Two queries."""
    found = list(
        rows.order_by()
        .annotate(month=ExtractMonth("due_on"))
        .values("month", "rule_id")
        .annotate(**_counts(today), first=Min("pk"), last_day=Max("due_on"))
    )
    rules = DutyRule.objects.select_related("unit").in_bulk({line["rule_id"] for line in found})
    months: dict[int, dict[str, list[dict[str, Any]]]] = {number: {} for number in range(1, 13)}
    totals = dict.fromkeys(PHASE_ORDER, 0)
    for line in sorted(found, key=lambda line: (line["last_day"], rules[line["rule_id"]].place)):
        rule = rules[line["rule_id"]]
        months[line["month"]].setdefault(rule.group, []).append(_line(line, rule, year, query))
        for phase in PHASE_ORDER:
            totals[phase] += line[phase]
    shown = [
        {
            "number": number,
            "name": MONTHS[number],
            "current": (year, number) == (today.year, today.month),
            "groups": [{"name": group_name(code), "lines": lines} for code, lines in groups.items()],
            "count": sum(line["all"] for lines in groups.values() for line in lines),
        }
        for number, groups in months.items()
    ]
    words = [{"phase": phase, "label": PHASES[phase][0], "count": count} for phase, count in totals.items()]
    return shown, words


def _line(line: dict[str, Any], rule: DutyRule, year: int, query: dict[str, str]) -> dict[str, Any]:
    """One rule in one month: its only duty, or how many of them are done."""
    worst = next(phase for phase in PHASE_ORDER if line[phase])
    one = line["all"] == 1
    params = {"rule": rule.pk, "year": year, "month": line["month"], **query}
    badges = [{"badge": cells.badge(*PHASES[phase]), "count": line[phase]} for phase in PHASE_ORDER if line[phase]]
    return {
        "all": line["all"],
        "name": rule.name,
        "basis": rule.basis,
        "office": office_words(rule),
        "url": reverse("standards:duty", args=[line["first"]])
        if one
        else f"{reverse('standards:duties')}?{urlencode(params)}",
        "due": cells.date(line["last_day"]),
        "one": one,
        "worst": worst,
        "badges": badges,
    }
