"""The chapter on mechanisms in reports on quality; its figures are those of the pages (`standards/aims.py`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_portal.reports.blocks import Block, Facts, Heading, Table
from qa_portal.web.registry import ChapterScope

from ..aims import Tally, tally
from ..models import AimResult, Effect, Mechanism, MechanismYear


def years_of(scope: ChapterScope) -> Any:
    """Records of the year that the scope is about; of a unit what it carries out or what is carried out in it."""
    rows = MechanismYear.objects.all() if scope.person is None else MechanismYear.objects.visible_to(scope.person)
    rows = rows.live().filter(year=scope.year).select_related("mechanism", "unit", "doer_unit", "doer_body")
    if scope.unit is not None:
        within = scope.unit.path
        rows = rows.filter(
            Q(unit__path__startswith=within)
            | Q(doer_unit__path__startswith=within)
            | Q(doer_body__unit__path__startswith=within)
        )
    return rows.order_by("unit__path", "pk").prefetch_related(
        "aim_results__aim", "conclusions__unit", "conclusions__body"
    )


def mechanisms_of(scope: ChapterScope) -> list[Mechanism]:
    """Mechanisms in use, or used in that year; of a standard those linked to it. Each with `this_year`."""
    rows = Mechanism.objects.all() if scope.person is None else Mechanism.objects.visible_to(scope.person)
    if scope.standard:
        rows = rows.serving(scope.standard)
    found = rows.prefetch_related(Prefetch("years", years_of(scope), to_attr="this_year")).order_by("place", "pk")
    # A report about one unit says nothing of mechanisms that do not touch it.
    return [row for row in found if row.this_year or (scope.unit is None and not row.retired)]


def make(scope: ChapterScope) -> list[Block]:
    mechanisms = mechanisms_of(scope)
    years = [year for row in mechanisms for year in row.this_year]
    if not years:
        return []
    judged = Tally.of(result.reached for year in years for result in year.aim_results.all())
    planned = sum(1 for row in mechanisms if row.this_year)
    said = [found.effect for year in years for found in year.conclusions.all()]
    facts = [
        (_("Mechanisms planned for the year"), _("%(done)s of %(all)s") % {"done": planned, "all": len(mechanisms)}),
        (
            _("Years closed"),
            _("%(done)s of %(all)s")
            % {"done": sum(1 for year in years if year.state == MechanismYear.CLOSED), "all": len(years)},
        ),
        (_("Aims"), judged.words or "—"),
        (_("Conclusions of quality units"), _said(said)),
    ]
    blocks: list[Block] = [Facts(tuple((str(label), str(value)) for label, value in facts)), _table(mechanisms)]
    weak = _weak(years)
    return [*blocks, Heading(_("Weak aims"), 3), weak] if weak else blocks


def _said(effects: list[str]) -> str:
    counts = [(effect.label, effects.count(effect.value)) for effect in Effect]
    return ", ".join(f"{label}: {count}" for label, count in counts if count) or "—"


def _table(mechanisms: list[Mechanism]) -> Table:
    lines = []
    for row in mechanisms:
        for year in row.this_year:
            judgements = "; ".join(f"{c.speaker}: {c.get_effect_display()}" for c in year.conclusions.all())
            lines.append((str(row), year.where, str(year.state_label), tally(year).words or "—", judgements or "—"))
        if not row.this_year:
            lines.append((str(row), "—", str(_("not planned")), "—", "—"))
    head = (_("Mechanism"), pgettext("place", "Where"), _("State"), _("Aims"), _("Conclusions"))
    return Table(head, tuple(lines))


def _weak(years: list[MechanismYear]) -> Table | None:
    lines = tuple(
        (str(result.aim), year.where, result.note)
        for year in years
        for result in year.aim_results.all()
        if result.reached == AimResult.Reached.WEAK
    )
    return Table((_("Aim"), pgettext("place", "Where"), _("Why")), lines) if lines else None
