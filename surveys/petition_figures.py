"""How petitions stand over some days: kinds, outcomes, in time, the share carried out by standard (domain.md §10).

Health data and reports on ethics enter as bare numbers of the whole university, small ones as “fewer than”; nothing else
here counts them.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.gathering import shares
from qa_portal.reports.blocks import Block, Facts, Heading, Table, Text
from qa_portal.web.registry import Chapter, ChapterScope, Figure, Formula
from standards.models import Standard

from .models import Petition

Kind, Outcome = Petition.Kind, Petition.Outcome
#: thanks ask for nothing that could be carried out
ASKING = (Kind.SUGGESTION, Kind.COMPLAINT, Kind.COMMITTEE)
FEW = 5


@dataclass(frozen=True)
class Line:
    """Counts of one kind or of one standard."""

    received: int = 0
    answered: int = 0
    in_time: int = 0
    accepted: int = 0
    declined: int = 0
    implemented: int = 0

    @property
    def share(self) -> float | None:
        """Carried out, of those answered."""
        return 100 * self.implemented / self.answered if self.answered else None

    @property
    def timely(self) -> float | None:
        return 100 * self.in_time / self.answered if self.answered else None


@dataclass
class Summary:
    since: datetime.date
    until: datetime.date
    kinds: dict[str, Line] = field(default_factory=dict)
    standards: dict[str, Line] = field(default_factory=dict)
    #: sensitive kinds: how many came in, nothing else
    sensitive: dict[str, int] = field(default_factory=dict)


def _counts() -> dict[str, Any]:
    answered = Q(answered_on__isnull=False)
    return {
        "answered": Count("pk", filter=answered),
        "in_time": Count("pk", filter=answered & Q(answered_on__lte=F("due_on"))),
        **{name: Count("pk", filter=Q(outcome=name)) for name in Outcome.values},
    }


def summary(since: datetime.date, until: datetime.date, rows: Any = None) -> Summary:
    """Of the petitions that came in these days. `rows` narrows them to a unit or a standard; then no sensitive ones."""
    of_all = rows is None
    rows = Petition.objects.all() if of_all else rows
    rows = rows.filter(received_on__range=(since, until)).exclude(state=Petition.WITHDRAWN).order_by()
    made = Summary(since, until)
    ordinary = rows.ordinary()
    for row in ordinary.values("kind").annotate(received=Count("pk"), **_counts()).order_by("kind"):
        kind = row.pop("kind")
        made.kinds[kind] = Line(**row)
    by_area: dict[str, Line] = {}
    asking = ordinary.filter(kind__in=ASKING).exclude(area="")
    for row in asking.values("area").annotate(received=Count("pk"), **_counts()).order_by("area"):
        code = row.pop("area").partition(".")[0]
        before = by_area.get(code, Line())
        by_area[code] = Line(**{name: getattr(before, name) + value for name, value in row.items()})
    made.standards = dict(sorted(by_area.items(), key=lambda pair: (len(pair[0]), pair[0])))
    if of_all:
        found = rows.filter(kind__in=Petition.SENSITIVE).values("kind").annotate(n=Count("pk"))
        made.sensitive = dict(found.order_by("kind").values_list("kind", "n"))
    return made


# -- in words --------------------------------------------------------------------------------------
def percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f} %"


def few(count: int) -> str:
    """A small number of a sensitive kind is not said: it would point at somebody."""
    return str(count) if count == 0 or count >= FEW else _("fewer than %(n)s") % {"n": FEW}


HEAD = (
    gettext_lazy("Received"), gettext_lazy("Answered"), gettext_lazy("Of these in time"), gettext_lazy("Accepted"),
    gettext_lazy("Declined"), gettext_lazy("Carried out"), gettext_lazy("Share carried out"),
)  # fmt: skip


def cells(line: Line, *, asks: bool = True) -> tuple[str, ...]:
    return (
        str(line.received),
        str(line.answered),
        percent(line.timely),
        str(line.accepted),
        str(line.declined),
        str(line.implemented),
        percent(line.share) if asks else "—",
    )


def lines(made: Summary) -> list[tuple[str, str, tuple[str, ...]]]:
    """Every row with its group: for the table of the page, the paper and the sheet alike."""
    names = {row.code: str(row) for row in Standard.objects.in_force()}
    found = [
        (_("By kind"), str(Kind(kind).label), cells(line, asks=kind in ASKING)) for kind, line in made.kinds.items()
    ]
    found += [(_("By standard"), names.get(code, code), cells(line)) for code, line in made.standards.items()]
    empty = ("",) * (len(HEAD) - 1)
    found += [
        (_("Read by few"), str(Kind(kind).label), (few(made.sensitive.get(kind, 0)), *empty))
        for kind in Petition.SENSITIVE
        if made.sensitive
    ]
    return found


def blocks(made: Summary) -> list[Block]:
    if not made.kinds and not made.sensitive:
        return []
    numeric = tuple(range(1, len(HEAD) + 1))
    found: list[Block] = []
    rows = lines(made)
    for title in dict.fromkeys(group for group, _name, _cells in rows):
        part = [(name, *values) for group, name, values in rows if group == title]
        if title == _("Read by few"):
            found += [Heading(title, 3), Facts(tuple((row[0], row[1]) for row in part))]
            continue
        head = (title, *map(str, HEAD))
        found += [Heading(title, 3), Table(head, tuple(part), numeric=numeric)]
    note = _(
        "Petitions that came in these days, without withdrawn ones. Of adjustments and reports on ethics the number only."
    )
    return [*found, Text(note, quiet=True)]


# -- sockets ---------------------------------------------------------------------------------------
def implemented(since: datetime.date, until: datetime.date) -> dict[int | None, Figure]:
    """Of the suggestions, complaints and requests answered in these days, those carried out."""
    rows = Petition.objects.filter(kind__in=ASKING, answered_on__range=(since, until)).order_by()
    return shares((unit, outcome == Outcome.IMPLEMENTED) for unit, outcome in rows.values_list("unit_id", "outcome"))


def make_chapter(scope: ChapterScope) -> list[Block]:
    """Counts only, so that they are the same for every reader; of the whole university the sensitive kinds too."""
    if scope.unit is None and not scope.standard:
        return blocks(summary(scope.since, scope.until))
    rows = Petition.objects.ordinary()
    if scope.unit is not None:
        rows = rows.filter(unit__path__startswith=scope.unit.path)
    if scope.standard:
        rows = rows.filter(Q(area=scope.standard) | Q(area__startswith=f"{scope.standard}."))
    return blocks(summary(scope.since, scope.until, rows))


FORMULA = Formula(
    "surveys.petitions_implemented",
    gettext_lazy("Petitions carried out, of those answered"),
    "percent",
    "up",
    implemented,
)
CHAPTER = Chapter("petitions", gettext_lazy("Petitions"), 85, make_chapter)
