"""Which areas of the standards the surveys of a year ask about, of whom, by which instrument, and what is published of it.

Area × audience × instrument × period. An area whose surveys have no published release in the year is shown, and so is an
area that no instrument asks about (N0: stakeholders are heard in each area; domain.md §10).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from standards.models import EvaluationArea

from .content import written
from .models import Campaign, Questionnaire, Release

PUBLISHED, RUNNING, PLANNED, NONE = "published", "running", "planned", "none"
#: state → (words, tone of the badge)
WORDS: dict[str, tuple[Any, str]] = {
    PUBLISHED: (_("published"), "done"),
    RUNNING: (_("under way"), "progress"),
    PLANNED: (_("being prepared"), "draft"),
    NONE: (_("not asked this year"), "overdue"),
}
_ORDER = (NONE, PLANNED, RUNNING, PUBLISHED)
_PLANNED_STATES = (Campaign.DRAFT, Campaign.SUBMITTED, Campaign.READY)


@dataclass(frozen=True)
class Held:
    """One campaign of the year: its period is the term of its courses, else the year."""

    campaign: Campaign
    state: str

    @property
    def period(self) -> str:
        return str(self.campaign.term or self.campaign.year)


@dataclass(frozen=True)
class Instrument:
    """A questionnaire by its code, in the version that the year asked or would ask."""

    code: str
    questionnaire: Questionnaire
    areas: frozenset[str]
    held: tuple[Held, ...]

    @property
    def state(self) -> str:
        """The best of its campaigns."""
        return max((one.state for one in self.held), key=_ORDER.index, default=NONE)

    @property
    def audience(self) -> Any:
        return self.questionnaire.get_audience_display()


@dataclass(frozen=True)
class AreaRow:
    area: EvaluationArea
    instruments: tuple[Instrument, ...]

    @property
    def state(self) -> str:
        return max((one.state for one in self.instruments), key=_ORDER.index, default=NONE)

    @property
    def missing(self) -> bool:
        """No release of this year speaks about it."""
        return self.state != PUBLISHED


@dataclass(frozen=True)
class Matrix:
    year: int
    instruments: tuple[Instrument, ...]
    rows: tuple[AreaRow, ...]

    @property
    def missing(self) -> int:
        return sum(row.missing for row in self.rows)

    @property
    def unasked(self) -> int:
        """Areas that no instrument asks about at all."""
        return sum(not row.instruments for row in self.rows)


def matrix(year: int) -> Matrix:
    """The matrix of one year; a fixed number of queries."""
    areas = list(EvaluationArea.objects.in_force().select_related("standard").order_by("standard__number", "place"))
    instruments = tuple(_instruments(year, [area.code for area in areas]))
    rows = tuple(
        AreaRow(area, tuple(one for one in instruments if area.code in one.areas)) for area in areas
    )  # fmt: skip
    return Matrix(year, instruments, rows)


def _instruments(year: int, codes: list[str]) -> Iterable[Instrument]:
    campaigns = list(
        Campaign.objects.filter(year=year)
        .exclude(state=Campaign.CANCELLED)
        .select_related("questionnaire", "term__year")
        .defer("content", "counts")
        .order_by("opens_on", "pk")
    )
    published = set(
        Release.objects.filter(campaign__in=campaigns, state=Release.PUBLISHED).values_list("campaign_id", flat=True)
    )
    held: dict[str, list[Held]] = defaultdict(list)
    versions: dict[str, int] = {}
    for campaign in campaigns:
        held[campaign.questionnaire.code].append(Held(campaign, _state(campaign, published)))
        versions[campaign.questionnaire.code] = campaign.questionnaire_id
    rows = Questionnaire.objects.filter(state=Questionnaire.IN_USE) | Questionnaire.objects.filter(
        pk__in=versions.values()
    )
    chosen: dict[str, Questionnaire] = {}
    for questionnaire in rows.prefetch_related("sections__items__question").order_by("code", "version"):
        if versions.get(questionnaire.code, questionnaire.pk) == questionnaire.pk:
            chosen[questionnaire.code] = questionnaire
    for code, questionnaire in sorted(chosen.items()):
        yield Instrument(code, questionnaire, _areas(questionnaire, codes), tuple(held[code]))


def _state(campaign: Campaign, published: set[int]) -> str:
    if campaign.pk in published:
        return PUBLISHED
    return PLANNED if campaign.state in _PLANNED_STATES else RUNNING


def _areas(questionnaire: Questionnaire, codes: list[str]) -> frozenset[str]:
    """Areas named by the questionnaire, a section or a question; a standard's code stands for all its areas."""
    content = questionnaire.fixed or written(questionnaire, questionnaire.sections.all())
    named = set(questionnaire.areas)
    for section in content["sections"]:
        named.update(section["areas"])
        for item in section["items"]:
            named.update(item["areas"])
    return frozenset(code for code in codes if code in named or code.partition(".")[0] in named)


def lines(found: Matrix) -> Iterable[list[Any]]:
    """For the export: one line an area, instrument and period; an area without any has a line of its own."""
    for row in found.rows:
        area = [row.area.standard.code, row.area.code, row.area.text]
        if not row.instruments:
            yield [*area, "", "", "", str(_("no questionnaire asks about it")), "+"]
        for one in row.instruments:
            base = [*area, str(one.audience), one.questionnaire.name]
            missing = "+" if row.missing else ""
            if not one.held:
                yield [*base, found.year, str(WORDS[NONE][0]), missing]
            for campaign in one.held:
                yield [*base, campaign.period, str(WORDS[campaign.state][0]), missing]


HEAD = (
    (_("Standard"), 10), (_("Area"), 10), (_("What the area is about"), 60), (_("Audience"), 24), (_("Questionnaire"), 50),
    (_("Period"), 18), (_("How it stands"), 24), (_("No published release in its period"), 20),
)  # fmt: skip
