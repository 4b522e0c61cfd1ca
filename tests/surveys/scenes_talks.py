"""A focus group with residents of therapy, in each of its states."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from surveys.models import Talk
from surveys.workflow import talks as steps

GROUPS = "Резиденттер – 6\nИнтерндер – 8"


def planned(w: Any, by: str = "head", **fields: Any) -> Any:
    values = {
        "kind": "focus_group",
        "title": "Клиникадағы оқу",
        "audience": "students",
        "unit": w.department,
        "moderator": w.staff,
        "on": timezone.localdate(),
        "questions": "Не көмектеседі?\nНе кедергі?",
        **fields,
    }
    return Talk(**values).add(by=getattr(w, by))


def hold_inputs() -> dict[str, Any]:
    return {"on": timezone.localdate().isoformat(), "groups": GROUPS}


def held(w: Any, **fields: Any) -> Any:
    return steps.hold(planned(w, **fields), by=w.staff, **hold_inputs())


def quoted(w: Any, **fields: Any) -> Any:
    return steps.add_quote(held(w, **fields), by=w.staff, group="Резиденттер", text="Симулятор жетпейді.")


def concluded(w: Any, **fields: Any) -> Any:
    return steps.conclude(
        quoted(w, **fields),
        by=w.staff,
        conclusions="Симулятор аз.",
        recommendations="Екі симулятор алу.",
    )


def cancelled(w: Any) -> Any:
    return steps.cancel(planned(w), by=w.head, reason="Қатысушы жоқ")
