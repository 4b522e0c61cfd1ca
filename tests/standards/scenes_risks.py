"""What the tests of risks live in: one risk of therapy in every state, measures, sheets, a small catalogue."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from capa.models import ActionLink
from capa.serving import link_to
from capa.workflow import link as link_steps
from standards.models import CatalogueRisk, ContextSheet, RiskEvent, RiskMeasure, UnitRisk
from standards.workflow import context_sheets as sheet_steps
from standards.workflow import risk_measures as measure_steps
from standards.workflow import risks as risk_steps


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def catalogue_risk(w: Any, code: str = "S1.K1", **fields: Any) -> CatalogueRisk:
    values = {
        "text_kk": f"Саясат ескіреді {code}",
        "text_ru": f"Политика устареет {code}",
        "text_en": f"The policy grows old {code}",
        "mitigation_kk": "Жыл сайын қарау",
        "mitigation_ru": "Пересматривать ежегодно",
        "mitigation_en": "Review it every year",
        **fields,
    }
    place = int(code.rpartition("K")[2])
    return CatalogueRisk.objects.create(standard=w.requirement.standard, code=code, place=place, **values)


# -- risks -------------------------------------------------------------------------------------
def risk(w: Any, by: str = "coordinator", **fields: Any) -> UnitRisk:
    values = {"title": "Оқытушылар жетпей қалады", "unit": w.department, "owner": w.staff, **fields}
    return UnitRisk(**values).add(by=getattr(w, by))


def rated(w: Any, likelihood: int = 4, impact: int = 4, by: str = "coordinator", **fields: Any) -> UnitRisk:
    found = risk(w, by=by, **fields)
    return risk_steps.assess(found, by=getattr(w, by), likelihood=likelihood, impact=impact, note="Үш орын бос")


def rated_twice(w: Any, likelihood: int = 2, impact: int = 3, **fields: Any) -> UnitRisk:
    found = rated(w, **fields)
    return risk_steps.assess_after(found, by=w.coordinator, likelihood_after=likelihood, impact_after=impact)


def closed(w: Any, **fields: Any) -> UnitRisk:
    return risk_steps.close(rated_twice(w, **fields), by=w.head, reason="Қауіп жойылды")


def cancelled(w: Any) -> UnitRisk:
    return risk_steps.cancel(risk(w), by=w.head, reason="Қате енгізілген")


def opportunity(w: Any) -> UnitRisk:
    return rated(w, kind=UnitRisk.Kind.OPPORTUNITY, title="Жаңа клиникалық база")


def event(w: Any, of: UnitRisk | None = None) -> RiskEvent:
    of = of or rated(w)
    risk_steps.come_true(of, by=w.staff2, on=timezone.localdate(), text="Екі оқытушы кетті")
    return of.events.first()


# -- measures ----------------------------------------------------------------------------------
def measure(w: Any, of: UnitRisk | None = None, owner: str = "staff2", by: str = "head", **fields: Any) -> RiskMeasure:
    values = {"text": "Конкурс жариялау", "owner": getattr(w, owner), "due": in_days(20), **fields}
    return RiskMeasure(risk=of or rated(w), **values).add(by=getattr(w, by))


def carried_out(w: Any, **options: Any) -> RiskMeasure:
    found = measure(w, **options)
    return measure_steps.carry_out(found, by=found.owner, done_note="Конкурс өтті")


def measure_cancelled(w: Any) -> RiskMeasure:
    return measure_steps.cancel(measure(w), by=w.head, reason="Керек емес")


# -- context sheets ----------------------------------------------------------------------------
def sheet(w: Any, by: str = "coordinator", **fields: Any) -> ContextSheet:
    values = {
        "unit": w.department,
        "year": timezone.localdate().year,
        "strengths": "Тәжірибелі ұжым\nМықты клиника",
        "threats": "Кадр ағымы",
        **fields,
    }
    return ContextSheet(**values).add(by=getattr(w, by))


def approved_sheet(w: Any, **fields: Any) -> ContextSheet:
    return sheet_steps.approve(sheet(w, **fields), by=w.head)


def cancelled_sheet(w: Any) -> ContextSheet:
    return sheet_steps.cancel(sheet(w), by=w.head, reason="Қайталанған")


# -- links of CAPA actions ---------------------------------------------------------------------
def link(w: Any, of: UnitRisk | None = None, by: str = "coordinator") -> ActionLink:
    made = link_to(of or rated(w))
    made.action = w.in_progress().actions.get()
    return made.add(by=getattr(w, by))


def taken_off(w: Any) -> ActionLink:
    return link_steps.cancel(link(w), by=w.head, reason="Басқа қауіпке қатысты")
