"""How appeals of some days stand: filed, in time, admitted, upheld, by cause and kind, how long they took (domain.md §10).

Small numbers are shown as they are: only those who keep appeals and the heads read them, and they know the cases.
"""

from __future__ import annotations

import datetime
import statistics
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.gathering import shares
from qa_portal.programmes.models import Term
from qa_portal.reports.blocks import Block, Facts, Heading, Table
from qa_portal.web.registry import Figure, Formula

from .models import AcademicAppeal

Decision, Cause, Kind = AcademicAppeal.Decision, AcademicAppeal.Cause, AcademicAppeal.Kind
GRANTED = (Decision.UPHELD, Decision.PARTLY)


def days_of(term: Term) -> tuple[datetime.date, datetime.date]:
    """The days whose appeals belong to a term: until the next one begins, since results come after classes end."""
    following = Term.objects.filter(since__gt=term.since).order_by("since").values_list("since", flat=True).first()
    if following is not None:
        return term.since, following - datetime.timedelta(days=1)
    return term.since, max(term.until, timezone.localdate())


def figures(since: datetime.date, until: datetime.date, unit: Any = None) -> dict[str, Any]:
    """Of the appeals filed in these days, of one unit with all below or of the university. Plain values: they are frozen."""
    rows = AcademicAppeal.objects.filter(filed_on__range=(since, until))
    if unit is not None:
        rows = rows.filter(unit__path__startswith=unit.path)
    names = ("kind", "state", "in_time", "decision", "cause", "filed_on", "due_on", "decided_on")
    cases = list(rows.order_by("pk").values(*names))
    decided = [case for case in cases if case["decided_on"]]
    granted = [case for case in decided if case["decision"] in GRANTED]
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "filed": len(cases),
        "in_time": sum(case["in_time"] for case in cases),
        "admitted": sum(case["state"] not in (AcademicAppeal.FILED, AcademicAppeal.REFUSED) for case in cases),
        "refused": sum(case["state"] == AcademicAppeal.REFUSED for case in cases),
        "decided": len(decided),
        **{code: sum(case["decision"] == code for case in decided) for code in Decision.values},
        "upheld_share": _share(len(granted), len(decided)),
        "decided_in_time": sum(case["decided_on"] <= case["due_on"] for case in decided if case["due_on"]),
        "median_days": float(statistics.median((c["decided_on"] - c["filed_on"]).days for c in decided))
        if decided
        else None,
        "causes": {code: n for code in Cause.values if (n := sum(case["cause"] == code for case in decided))},
        "kinds": {code: _of_kind(code, cases) for code in Kind.values if any(case["kind"] == code for case in cases)},
    }


def _of_kind(code: str, cases: list[dict[str, Any]]) -> dict[str, int]:
    of_kind = [case for case in cases if case["kind"] == code]
    decided = [case for case in of_kind if case["decided_on"]]
    granted = sum(case["decision"] in GRANTED for case in decided)
    return {"filed": len(of_kind), "decided": len(decided), "granted": granted}


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


# -- in words --------------------------------------------------------------------------------------
def _said(value: float | None, unit: str = "") -> str:
    if value is None:
        return "—"
    words = number_format(value, 0 if value == int(value) else 1)
    return f"{words} {unit}".strip()


def blocks(made: dict[str, Any]) -> list[Block]:
    """The figures for page and paper, in the language of the reader."""
    lines = (
        (_("Filed"), str(made["filed"])),
        (_("Filed in time"), str(made["in_time"])),
        (_("Admitted"), str(made["admitted"])),
        (_("Not admitted"), str(made["refused"])),
        (_("Decided"), str(made["decided"])),
        (_("Upheld"), str(made["upheld"])),
        (_("Upheld in part"), str(made["partly"])),
        (_("Dismissed"), str(made["dismissed"])),
        (_("Share upheld, wholly or in part"), _said(made["upheld_share"], "%")),
        (_("Decided by the due date"), str(made["decided_in_time"])),
        (_("Days from filing to decision, median"), _said(made["median_days"])),
    )
    found: list[Block] = [Facts(lines)]
    if made["causes"]:
        causes = tuple((str(Cause(code).label), str(count)) for code, count in made["causes"].items())
        found += [Heading(_("By cause"), 3), Table((_("Cause"), _("Appeals")), causes, numeric=(1,))]
    if made["kinds"]:
        head = (_("About"), _("Filed"), _("Decided"), _("Upheld, wholly or in part"))
        kinds = tuple(
            (str(Kind(code).label), str(line["filed"]), str(line["decided"]), str(line["granted"]))
            for code, line in made["kinds"].items()
        )
        found += [Heading(_("By kind"), 3), Table(head, kinds, numeric=(1, 2, 3))]
    return found


# -- indicators --------------------------------------------------------------------------------------
def _decided(since: datetime.date, until: datetime.date) -> Any:
    return AcademicAppeal.objects.filter(decided_on__range=(since, until)).order_by()


def upheld(since: datetime.date, until: datetime.date) -> dict[int | None, Figure]:
    """Of the appeals decided in these days, those upheld wholly or in part."""
    rows = _decided(since, until).values_list("unit_id", "decision")
    return shares((unit, decision in GRANTED) for unit, decision in rows)


def in_time(since: datetime.date, until: datetime.date) -> dict[int | None, Figure]:
    """Of the appeals decided in these days, those decided by their day."""
    rows = _decided(since, until).values_list("unit_id", "decided_on", "due_on")
    return shares((unit, due is None or decided <= due) for unit, decided, due in rows)


UPHELD = Formula(
    "surveys.appeals_upheld", gettext_lazy("Academic appeals upheld, of those decided"), "percent", "down", upheld
)
IN_TIME = Formula(
    "surveys.appeals_in_time",
    gettext_lazy("Academic appeals decided in time, of those decided"),
    "percent",
    "up",
    in_time,
)
