"""What mechanisms hand to shared pages: menu, desk, search, panels, signals, the chapter of reports."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web import cells
from qa_portal.web.registry import (
    Chapter,
    DeskSource,
    MenuItem,
    SearchSource,
    Signal,
    chapter,
    desk,
    menu,
    panel,
    provable,
    searchable,
    signal,
)

from ..filters.mechanisms import acting_for
from ..models import AimResult, CommitteeView, Effect, Mechanism, MechanismYear, Standard
from ..permissions.mechanism_speakers import committees_run
from ..querysets.mechanisms import JUDGED
from ..reports.mechanism_chapter import make


def _insider(person: Any) -> bool:
    return not person.standing.outsider


menu(MenuItem("mechanisms", _("Mechanisms"), "standards:mechanisms", "refresh", 43, _insider, True))
provable(MechanismYear)
chapter(Chapter("mechanisms", _("Quality assurance mechanisms"), 60, make))


# -- desk: what waits for me ------------------------------------------------------------------
_RELATED = ("mechanism", "unit", "doer_unit", "doer_body")


def _list(query: str) -> Any:
    return lambda: reverse("standards:mechanism-years") + query


def _item(year: MechanismYear) -> dict[str, Any]:
    return {
        "label": year.mechanism.name,
        "url": year.get_absolute_url(),
        "meta": f"{year.mechanism.code} · {year.year} · {year.where} · {year.state_label}",
        "due": cells.desk_due(year.due) if year.deadline_counts else None,
    }


def _mine(person: Any) -> Any:
    """Years that my unit or body carries out: to begin, to report, to say what is changed."""
    units, bodies = acting_for(person)
    if not (units or bodies):
        return MechanismYear.objects.none()
    rows = MechanismYear.objects.carried_out_by(units, bodies)
    rows = rows.filter(state__in=(MechanismYear.PLAN, MechanismYear.DO, MechanismYear.ACT))
    return rows.select_related(*_RELATED).order_by("due", "pk")


def _to_check(person: Any) -> Any:
    """For the quality office: years reported as carried out, to conclude, to judge, to close."""
    if not person.standing.quality_office:
        return MechanismYear.objects.none()
    rows = MechanismYear.objects.filter(state=MechanismYear.CHECK).exclude(done_by=person)
    return rows.select_related(*_RELATED).order_by("done_on", "pk")


def _for_committee(person: Any) -> Any:
    """For chair and secretary of a school committee: years whose effect it has not judged yet (N1 §2.2)."""
    committees = committees_run(person)
    if not committees:
        return MechanismYear.objects.none()
    wanted: Any = Q(pk__in=[])
    for body, path in committees.items():
        said = CommitteeView.objects.filter(year=OuterRef("pk"), body=body)
        here = Q(unit__isnull=True) | Q(unit__path__startswith=path)
        # "Not its own" is asked of empty values too: a year of a unit has no body.
        not_own = Q(doer_body__isnull=True) | ~Q(doer_body=body)
        wanted |= here & not_own & ~Exists(said)
    rows = MechanismYear.objects.filter(state__in=(MechanismYear.CHECK, MechanismYear.ACT)).filter(wanted)
    return rows.exclude(done_by=person).select_related(*_RELATED).order_by("done_on", "pk")


desk(
    DeskSource(
        "mechanisms-mine",
        _("Mechanisms that you carry out"),
        _mine,
        _item,
        _list("?mine=true&state=plan&state=do&state=act"),
        31,
    )
)
desk(DeskSource("mechanisms-to-check", _("Mechanisms to be checked"), _to_check, _item, _list("?state=check"), 32))
desk(
    DeskSource(
        "mechanisms-of-school",
        _("Mechanisms that your committee judges"),
        _for_committee,
        _item,
        _list("?state=check&state=act"),
        33,
    )
)


# -- search ------------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Mechanism.objects.visible_to(person).in_use().matching(text)[:10]
    return [{"label": row.name, "url": row.get_absolute_url(), "meta": row.code} for row in rows]


searchable(SearchSource("mechanisms", _("Mechanisms"), _find, 22))


# -- on the page of a standard -----------------------------------------------------------------------
@panel(Standard)
def _on_standard(standard: Standard, request: Any) -> dict[str, Any] | None:
    """The mechanisms that serve it."""
    rows = list(Mechanism.objects.visible_to(request.user).in_use().serving(standard.code))
    if not rows:
        return None
    return {"title": _now("Mechanisms"), "template": "standards/mechanisms/of_standard.html", "rows": rows}


# -- signals -------------------------------------------------------------------------------------------
def _unit_of(year: MechanismYear) -> Unit:
    """Where a finding belongs: the unit that carried it out, that of the body, the place, else the university."""
    body = year.doer_body
    found = year.doer_unit or (body.unit if body else None) or year.unit
    return found or Unit.objects.filter(parent__isnull=True).order_by("pk").get()


def _weak() -> Any:
    """Weak aims of years whose check is closed: until then the judgement may be corrected."""
    rows = AimResult.objects.filter(reached=AimResult.Reached.WEAK, year__state__in=JUDGED)
    related = ("aim", "year__mechanism", "year__unit", "year__doer_unit", "year__doer_body__unit")
    return rows.select_related(*related).order_by("-year__year", "pk")


def _weak_draft(row: AimResult) -> dict[str, Any]:
    year = row.year
    where = {
        "mechanism": year.mechanism,
        "year": year.year,
        "place": year.where,
        "aim": row.aim.text,
        "note": row.note or "—",
    }
    return {
        "title": _now("Weak aim %(code)s: %(aim)s") % {"code": row.aim.code, "aim": Truncator(row.aim.text).chars(100)},
        "description": _now(
            "In %(year)s this aim of the mechanism “%(mechanism)s” (%(place)s) was judged weak: %(aim)s\n\nWhy: %(note)s"
        )
        % where,
        "requirement": "",
        "unit": _unit_of(year),
        "severity": "minor",
        "source_kind": "mechanism",
    }


def _not_effective() -> Any:
    rows = CommitteeView.objects.filter(effect=Effect.NOT).exclude(year__state=MechanismYear.CANCELLED)
    related = ("body", "year__mechanism", "year__unit", "year__doer_unit", "year__doer_body__unit")
    return rows.select_related(*related).order_by("-on", "pk")


def _not_effective_draft(view: CommitteeView) -> dict[str, Any]:
    year = view.year
    return {
        "title": _now("Not effective in the school: %(mechanism)s") % {"mechanism": year.mechanism},
        "description": _now(
            "%(body)s judged the mechanism “%(mechanism)s” of %(year)s as not effective.\n\nIt recommends: %(text)s"
        )
        % {"body": view.body, "mechanism": year.mechanism, "year": year.year, "text": view.recommendation or "—"},
        "requirement": "",
        "unit": _unit_of(year),
        "severity": "minor",
        "source_kind": "mechanism",
    }


signal(Signal("mechanisms.weak", _("Weak aims of mechanisms"), _weak, _weak_draft))
signal(
    Signal("mechanisms.not_effective", _("Mechanisms not effective in a school"), _not_effective, _not_effective_draft)
)
