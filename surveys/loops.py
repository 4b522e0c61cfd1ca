"""What followed from what people said: one place for the panels of reports and petitions, the desk and the public figure.

A finding remembers the row it was made of (`Finding.source`): a recommendation or a group of a report, a theme, a
petition, a talk, the report of the appeals commission. Everything here is read from that; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from capa.models import CapaPlan, Finding, SignalSetAside

from .models import AppealReport, LoopEntry, Petition, Recommendation, Release, ReleaseNode, Talk, Theme
from .result_sight import is_single
from .result_words import group_label

#: rows from which a finding is somebody's voice
VOICES = (Recommendation, ReleaseNode, Theme, Petition, Talk, AppealReport)
OF_RELEASES = (Recommendation, ReleaseNode)
SETTLED = (Finding.CLOSED, Finding.CANCELLED)
#: a plan that somebody approved: the work itself has begun
AT_WORK = (CapaPlan.IN_PROGRESS, CapaPlan.IMPLEMENTED, CapaPlan.VERIFIED)


@dataclass(frozen=True)
class Line:
    """One thing that was said, and how it stands in words that everybody may read."""

    said: str
    word: str
    tone: str
    #: the finding, for whoever may see it
    number: str = ""
    url: str = ""
    did: str = ""


@dataclass(frozen=True)
class Followed:
    lines: list[Line] = field(default_factory=list)
    #: published lines that hang on no single recommendation
    entries: list[LoopEntry] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lines or self.entries)


def kind_of(model: Any) -> ContentType:
    return ContentType.objects.get_for_model(model)


# -- in public words --------------------------------------------------------------------------------------
def standing_of(finding: Finding) -> tuple[str, str]:
    """How a finding stands, as those who said it are told; a duplicate stands as its original does."""
    whole = finding.duplicate_of or finding
    if whole.state == Finding.CLOSED:
        return _("done"), "done"
    if whole.state == Finding.CANCELLED:
        return _("not taken up"), "cancelled"
    if any(plan.state in CapaPlan.LIVE for plan in whole.plans.all()):
        return _("being worked on"), "progress"
    return _("taken up"), "waiting"


def _findings(condition: Q) -> list[Finding]:
    rows = Finding.objects.filter(condition).select_related("duplicate_of")
    return list(rows.prefetch_related("plans", "duplicate_of__plans").order_by("pk"))


class _Sight:
    """Which of some findings a person may open: one query."""

    def __init__(self, findings: list[Finding], person: Any):
        numbers = [finding.pk for finding in findings]
        seen = Finding.objects.visible_to(person).filter(pk__in=numbers).order_by() if numbers else ()
        self.seen = {finding.pk for finding in seen}

    def line(self, said: str, finding: Finding, entry: LoopEntry | None) -> Line:
        word, tone = standing_of(finding)
        may = finding.pk in self.seen
        return Line(
            said,
            word,
            tone,
            finding.number if may else "",
            finding.get_absolute_url() if may else "",
            entry.did if entry else "",
        )


# -- of a report ----------------------------------------------------------------------------------------------
def followed(release: Release, person: Any) -> Followed:
    """Recommendations and low results of a report, the themes it names, and what came of each.

    A corrected version repeats the recommendations of the one before: what came of those came of these.
    """
    versions = Release.objects.filter(campaign=release.campaign_id, version__lte=release.version).order_by()
    rows = list(Recommendation.objects.filter(release__in=versions).select_related("theme").order_by("place", "pk"))
    nodes = ReleaseNode.objects.filter(release__in=versions).order_by()
    themes = {row.theme_id for row in rows if row.release_id == release.pk and row.theme_id}
    since = release.sent_on or release.created_at.date()
    findings = _findings(
        Q(source_type=kind_of(Recommendation), source_id__in=[row.pk for row in rows])
        | Q(source_type=kind_of(ReleaseNode), source_id__in=nodes.values("pk"))
        | Q(source_type=kind_of(Theme), source_id__in=themes, found_on__gte=since)
    )
    entries = list(LoopEntry.objects.published().filter(release__in=versions).order_by("published_on", "pk"))
    told = {entry.finding_number: entry for entry in entries if entry.finding_number}
    sight = _Sight(findings, person)
    of = {(finding.source_type_id, finding.source_id): finding for finding in findings}
    lines = [*_recommended(release, rows, of, told, sight)]
    lines += _low(findings, told, sight)
    lines += [
        sight.line(str(row.theme), finding, told.get(finding.number))
        for row in {row.theme_id: row for row in rows if row.theme_id in themes}.values()
        if (finding := of.get((kind_of(Theme).pk, row.theme_id))) is not None
    ]
    shown = {finding.number for finding in findings}
    return Followed(lines, [entry for entry in entries if entry.finding_number not in shown])


def _recommended(
    release: Release, rows: list[Recommendation], of: dict[Any, Finding], told: dict[str, LoopEntry], sight: _Sight
) -> Iterable[Line]:
    kind = kind_of(Recommendation).pk
    known: dict[str, Finding] = {}
    for row in rows:
        finding = of.get((kind, row.pk))
        if finding is not None:
            known[row.text] = finding
    waiting = [row.pk for row in rows if row.release_id == release.pk and row.text not in known]
    aside = set()
    if waiting:
        put = SignalSetAside.objects.filter(key="surveys.recommendation", source_type=kind, source_id__in=waiting)
        aside = set(put.values_list("source_id", flat=True))
    for row in rows:
        if row.release_id != release.pk:
            continue
        found = known.get(row.text)
        if found is not None:
            yield sight.line(row.text, found, told.get(found.number))
        elif row.pk in aside:
            yield Line(row.text, _("not taken up"), "cancelled")
        else:
            yield Line(row.text, _("waits to be taken up"), "draft")


def _low(findings: list[Finding], told: dict[str, LoopEntry], sight: _Sight) -> list[Line]:
    """Low results that became findings. Of a single course or teacher only whoever may open the finding reads it."""
    kind = kind_of(ReleaseNode).pk
    mine = [finding for finding in findings if finding.source_type_id == kind]
    nodes = ReleaseNode.objects.light().in_bulk([finding.source_id for finding in mine]) if mine else {}
    lines = []
    for finding in mine:
        node = nodes.get(finding.source_id or 0)
        if node is None or (is_single(node) and finding.pk not in sight.seen):
            continue
        said = _("Low results: %(group)s") % {"group": group_label(node)}
        lines.append(sight.line(said, finding, told.get(finding.number)))
    return lines


# -- of a petition ----------------------------------------------------------------------------------------------
def followed_petition(petition: Petition, person: Any) -> Followed:
    """The findings made from a petition and what is said of it publicly. Nothing of health data and reports on ethics."""
    if petition.sensitive:
        return Followed()
    findings = _findings(Q(source_type=kind_of(Petition), source_id=petition.pk))
    entries = list(LoopEntry.objects.published().filter(petition=petition).order_by("published_on", "pk"))
    told = {entry.finding_number: entry for entry in entries if entry.finding_number}
    sight = _Sight(findings, person)
    lines = [sight.line(petition.subject, finding, told.get(finding.number)) for finding in findings]
    shown = {finding.number for finding in findings}
    return Followed(lines, [entry for entry in entries if entry.finding_number not in shown])


# -- whom nobody has told yet --------------------------------------------------------------------------------------
def from_voices() -> QuerySet[Finding]:
    """Findings made from what somebody said."""
    kinds = [kind_of(model).pk for model in VOICES]
    closed_off = Petition.objects.filter(kind__in=Petition.SENSITIVE).order_by().values("pk")
    rows: QuerySet[Finding] = Finding.objects.filter(source_type__in=kinds)
    return rows.exclude(source_type=kind_of(Petition), source_id__in=closed_off)


def untold() -> QuerySet[Finding]:
    """Settled findings of which those who said it were not told: no line about it is published or set aside.

    `draft` is the number of a line that is being written. A duplicate waits until its original is settled.
    """
    settled = Q(state=Finding.CLOSED) | Q(state=Finding.CANCELLED, duplicate_of__isnull=True)
    settled |= Q(state=Finding.CANCELLED, duplicate_of__state__in=SETTLED)
    about = LoopEntry.objects.filter(finding_number=OuterRef("number")).order_by()
    rows = from_voices().filter(settled).filter(~Exists(about.deciding()))
    draft = about.filter(state=LoopEntry.DRAFT).values("pk")[:1]
    return rows.annotate(draft=Subquery(draft)).select_related("unit").order_by("closed_on", "pk")


def telling_url(finding: Any) -> str:
    """Where a line about a finding is written: the one begun, or a new one."""
    if finding.draft:
        return reverse("surveys:loop", args=[finding.draft])
    return f"{reverse('surveys:loop-add')}?finding={finding.number}"


# -- in figures ----------------------------------------------------------------------------------------------------
def answered_share() -> tuple[int, int]:
    """Of what published reports ask for — recommendations, and low results that were taken up — how many are answered."""
    reports = Release.objects.public().order_by().values("pk")
    rows = Recommendation.objects.filter(release__in=reports).order_by()
    nodes = ReleaseNode.objects.filter(release__in=reports).order_by()
    told = LoopEntry.objects.published().exclude(finding_number="").order_by().values("finding_number")
    about = Finding.objects.order_by()
    of_rows = about.filter(source_type=kind_of(Recommendation), source_id__in=rows.values("pk"))
    of_nodes = about.filter(source_type=kind_of(ReleaseNode), source_id__in=nodes.values("pk"))
    asked = rows.count() + of_nodes.values("source_id").distinct().count()
    done = sum(
        found.filter(number__in=told).values("source_id").distinct().count() for found in (of_rows, of_nodes)
    )  # fmt: skip
    return done, asked
