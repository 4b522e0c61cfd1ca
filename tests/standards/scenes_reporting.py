"""Reports at every stage, made through the steps themselves."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.authority import speaking_for
from qa_portal.permissions import SYSTEM
from standards import freezing
from standards.models import QualityReport, ReportKind
from standards.workflow import reporting as steps

LAST = timezone.localdate().year - 1
COUNCIL = "academic_council"


def kind(w: Any, code: str = "", **fields: Any) -> ReportKind:
    """Another kind at each call unless it is named: there is one report a kind and year."""
    values = {
        "name_kk": "Сапа саясатының орындалуы",
        "name_ru": "Выполнение политики",
        "name_en": "The policy carried out",
        "standard": "S1",
        "chapters": ["findings"],
        "needs_plan": False,
        "body": COUNCIL,
        "role": "asb_officer",
        **fields,
    }
    code = code or f"policy-{ReportKind.objects.count() + 1}"
    return ReportKind.objects.get_or_create(code=code, defaults=values)[0]


def draft(w: Any, by: str = "asb", of: ReportKind | None = None, year: int = LAST, **fields: Any) -> QualityReport:
    values = {
        "kind": of or kind(w),
        "year": year,
        "since": datetime.date(year, 1, 1),
        "until": datetime.date(year, 12, 31),
        "title": f"Сапа саясаты, {year}",
        "conclusion": "Саясат орындалуда.",
        **fields,
    }
    return QualityReport(**values).add(by=getattr(w, by))


def freezing_one(w: Any, **fields: Any) -> QualityReport:
    return steps.submit(draft(w, **fields), by=w.asb)


def submitted(w: Any, **fields: Any) -> QualityReport:
    """Without the files: the clock says that they are made."""
    return steps.freeze(freezing_one(w, **fields), by=SYSTEM)


def fixed(w: Any, **fields: Any) -> QualityReport:
    """With its figures and files, as the worker makes them."""
    report = freezing_one(w, **fields)
    assert freezing.fix(report.pk)
    report.refresh_from_db()
    return report


def approved(w: Any, **fields: Any) -> QualityReport:
    return steps.approve(submitted(w, **fields), by=speaking_for(w.dean, COUNCIL), basis="№ 1")


def published(w: Any, **fields: Any) -> QualityReport:
    return steps.publish(approved(w, **fields), by=w.asb)
