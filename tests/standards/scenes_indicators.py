"""Sets of indicators at every stage, made through the steps themselves; the asb officer writes, asb2 checks."""

from __future__ import annotations

import datetime
from typing import Any

from rest_framework.test import APIClient

from qa_portal.bodies.authority import speaking_for
from qa_portal.workflow.writing import door
from standards import indicator_sets
from standards.models import Indicator, IndicatorSet
from standards.workflow import indicator_sets as set_steps
from standards.workflow import indicators as steps

BODY = "academic_council"
YEAR = 2026
TYPED = "Жоғалмайтын мәтін"


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def clear() -> None:
    """What other scenes have left is out of the way: one set is in force, one is prepared at a time."""
    with door("import"):
        for model in (IndicatorSet, Indicator):
            model.objects.filter(state="in_force").update(state="superseded")
            model.objects.filter(state__in=("draft", "submitted")).update(state="cancelled")


def draft(w: Any, by: str = "asb", proposal: bool = False, following: bool = False, **fields: Any) -> IndicatorSet:
    """An empty set, unless it is the one `following` the set in force."""
    if not following:
        clear()
    values = {"title": "Көрсеткіштер 2026", "valid_from": datetime.date(2026, 1, 1), **fields}
    return indicator_sets.begin(IndicatorSet(**values), getattr(w, by), proposal=proposal)


def indicator(
    w: Any, of: IndicatorSet | None = None, code: str = "S1-ONE", by: str = "asb", **fields: Any
) -> Indicator:
    values = {
        "name_kk": "Үлес",
        "name_ru": "Доля",
        "name_en": "Share",
        "text_kk": "Бірінің екіншісіне қатынасы",
        "standard": "S1",
        "area": "S1.A1",
        "measure": Indicator.Measure.PERCENT,
        "source": "Портал",
        "period": "year",
        "responsible": w.asb_unit,
        **fields,
    }
    return Indicator(set=of or draft(w), code=code, **values).add(by=getattr(w, by))


def validated(w: Any, row: Indicator | None = None) -> Indicator:
    row = row or indicator(w)
    return steps.validate(fresh(row), by=w.asb2, validation="Үш кафедрада қолмен саналды")


def ready(w: Any, *codes: str, of: IndicatorSet | None = None) -> IndicatorSet:
    """A draft with everything that submitting asks for."""
    of = of or draft(w)
    for code in codes or ("S1-ONE",):
        validated(w, indicator(w, of, code))
    return fresh(of)


def submitted(w: Any, *codes: str, of: IndicatorSet | None = None) -> IndicatorSet:
    return set_steps.submit(ready(w, *codes, of=of), by=w.asb)


def by_council(w: Any, code: str = BODY) -> Any:
    """A person carrying the word of the body."""
    return speaking_for(w.council, code)


def in_force(w: Any, *codes: str, of: IndicatorSet | None = None) -> IndicatorSet:
    record = submitted(w, *codes, of=of)
    return fresh(set_steps.approve(record, by=by_council(w), basis="Хаттама № 3"))


def next_draft(w: Any) -> IndicatorSet:
    """The set after the one in force: a copy of it."""
    in_force(w)
    return draft(w, following=True, title="Көрсеткіштер 2027")


def superseded(w: Any) -> IndicatorSet:
    following = next_draft(w)
    set_steps.submit(following, by=w.asb)
    set_steps.approve(following, by=by_council(w), basis="Хаттама № 4")
    return fresh(following.based_on)


def cancelled(w: Any) -> IndicatorSet:
    record = ready(w)
    return set_steps.cancel(record, by=w.asb, reason="Қайта жасалады")


def one_of(record: IndicatorSet) -> Indicator:
    return record.indicators.order_by("code").first()


def with_target(w: Any, row: Indicator | None = None, **figures: Any) -> Indicator:
    row = row or indicator(w)
    values = {"year": YEAR, "target": "90", "amber": "80", "red": "60", "reason": "Жоспар", **figures}
    return steps.set_target(fresh(row), by=w.asb, **values)


def rest(world, username):
    client = APIClient()
    client.force_authenticate(getattr(world, username))
    return client


def form_data(world, **changes):
    return {
        "code": "S1-NEW",
        "name_kk": TYPED,
        "text_kk": "Анықтама",
        "standard": "S1",
        "measure": "percent",
        "decimals": "1",
        "direction": "up",
        "source": "Портал",
        "period": "year",
        "responsible": world.asb_unit.pk,
        "roll_up": "none",
        **changes,
    }
