"""A line of “you said — we did” begun from a finding, a report or a petition: where it was said, by whom, first words.

The first words are a help to whoever writes; they stand in the language at hand and are read over before anybody is told.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from capa.models import CapaPlan, Finding

from .models import AppealReport, LoopEntry, Petition, Recommendation, Release, ReleaseNode, Talk, Theme

Origin = LoopEntry.Origin


def from_finding(finding: Finding) -> LoopEntry:
    """A line about a settled finding: said where its source says, done by its plan or at once."""
    row: Any = finding.source
    entry = _of_source(row)
    entry.finding_number = finding.number
    code = finding.area.code if finding.area else finding.requirement.code if finding.requirement else ""
    codes = {*entry.areas, *([code] if finding.area else [code.partition(".")[0]] if code else [])}
    entry.areas = sorted(code for code in codes if code)
    return begun(entry, said=said_in(row) or finding.title, did=done_about(finding))


def from_release(release: Release) -> LoopEntry:
    return LoopEntry(
        origin=Origin.SURVEY, release=release, audience=release.campaign.questionnaire.audience
    )  # fmt: skip


def from_petition(petition: Petition) -> LoopEntry:
    """The outcome in the university's words; what was written stays with the petition."""
    entry = LoopEntry(origin=Origin.PETITION, petition=petition, areas=[petition.area] if petition.area else [])
    return begun(entry, said=petition.subject, did=petition.outcome_note)


def begun(entry: LoopEntry, *, said: str, did: str) -> LoopEntry:
    """First words in the language at hand and in Kazakh, which is needed in any case."""
    for name, words, most in (("said", said, 600), ("did", did, 1000)):
        for code in {"kk", get_language() or "kk"}:
            setattr(entry, f"{name}_{code}", words[:most].strip())
    return entry


def _of_source(row: Any) -> LoopEntry:
    if isinstance(row, Recommendation | ReleaseNode):
        entry = from_release(row.release)
        entry.areas = [row.area] if isinstance(row, Recommendation) and row.area else []
        return entry
    if isinstance(row, Petition):
        return LoopEntry(origin=Origin.PETITION, petition=row, areas=[row.area] if row.area else [])
    if isinstance(row, Talk):
        return LoopEntry(origin=Origin.TALK, audience=row.audience, areas=list(row.areas))
    if isinstance(row, AppealReport):
        return LoopEntry(origin=Origin.APPEAL)
    return LoopEntry(origin=Origin.SURVEY, areas=list(row.areas) if isinstance(row, Theme) else [])


def said_in(row: Any) -> str:
    if isinstance(row, Recommendation):
        return row.text
    if isinstance(row, Petition):
        return row.subject
    return str(row) if isinstance(row, Theme) else ""


def done_about(finding: Finding) -> str:
    """What the last plan came to, or what was put right at once."""
    whole = finding.duplicate_of or finding
    plan = whole.plans.filter(state=CapaPlan.CLOSED).order_by("-pk").first()
    if plan is not None:
        return plan.effect_note or plan.goal
    return whole.correction
