"""What the tests of “you said — we did” live in: a report that was sent, its finding settled, those who were asked."""

from __future__ import annotations

from typing import Any

from capa import signals
from capa.models import CapaPlan, Finding
from capa.workflow import finding as finding_steps
from capa.workflow import plan as plan_steps
from qa_portal.people.roles import Role
from qa_portal.web.registry import registry
from surveys import keys, loop_sources
from surveys.models import Invitation, LoopEntry, Release, Respondent, Survey
from surveys.workflow import loop as steps

from . import scenes_petitions, scenes_releases

RECOMMENDED = "surveys.recommendation"


def pr(w: Any) -> Any:
    return w.person("pr", w.asb_unit, Role.PR, w.university)


# -- those who were asked -------------------------------------------------------------------------------
def invited(w: Any, release: Release, addresses: int = 3, people: tuple[str, ...] = ("staff", "staff2")) -> Survey:
    """People with and without accounts; one of them took part."""
    survey = release.campaign.surveys.first() or Survey.objects.create(campaign=release.campaign, title={"kk": "С"})
    rows = [Respondent(person=getattr(w, name)) for name in people]
    rows += [
        Respondent(email=f"s{n}@students.example.org", name=f"Студент {n}", language=("kk", "ru", "en")[n % 3])
        for n in range(addresses)
    ]
    for row in rows:
        row.token_hash = keys.hash_of(str(row.pk))
    Respondent.objects.bulk_create(rows)
    Invitation.objects.bulk_create(Invitation(survey=survey, respondent=row) for row in rows)
    Invitation.objects.filter(survey=survey, respondent=rows[-1]).update(participated=True)
    return survey


# -- findings from what was said -------------------------------------------------------------------------
def raised(w: Any, release: Release | None = None) -> Finding:
    """The finding made from the recommendation of a report that was sent."""
    release = release or scenes_releases.sent(w)
    signal = registry.signals[RECOMMENDED]
    return signals.raise_finding(signal, release.recommendations.order_by("pk").first(), by=w.asb)


def corrected(w: Any, finding: Finding) -> Finding:
    """Closed without a plan: an observation put right at once."""
    finding_steps.correct(finding, by=w.head, correction="Кітапхана 22:00-ге дейін ашық")
    return finding_steps.close(finding, by=w.asb)


def effective(w: Any, finding: Finding) -> CapaPlan:
    """Through a plan whose effect was checked."""
    plan = w.verified(finding=finding)
    return plan_steps.check_effect(plan, by=w.auditor, effective="true", note="Кітапхана 22:00-ге дейін ашық")


def settled(w: Any, release: Release | None = None) -> Finding:
    return corrected(w, raised(w, release))


def of_petition(w: Any, **fields: Any) -> Finding:
    petition = scenes_petitions.answered(w, **fields)
    finding = signals.raise_finding(registry.signals["surveys.petition_accepted"], petition, by=w.asb)
    finding.severity = "observation"
    finding.save_changes(by=w.asb)
    return corrected(w, finding)


# -- lines -------------------------------------------------------------------------------------------------
def begun(w: Any, finding: Finding | None = None, by: str = "asb") -> LoopEntry:
    entry = loop_sources.from_finding(finding or settled(w))
    entry.said_ru = "Библиотека закрывается рано"
    return entry.add(by=getattr(w, by))


def about_release(w: Any, release: Release, said: str = "Бөлмелер суық", **fields: Any) -> LoopEntry:
    entry = loop_sources.from_release(release)
    entry.said_kk, entry.did_kk = said, "Терезелер ауыстырылды"
    for name, value in fields.items():
        setattr(entry, name, value)
    return entry.add(by=w.asb)


def published(w: Any, finding: Finding | None = None) -> LoopEntry:
    return steps.publish(begun(w, finding), by=w.asb)


def aside(w: Any) -> LoopEntry:
    return steps.set_aside(begun(w), by=w.asb, reason="Айтылған болатын")


def withdrawn(w: Any) -> LoopEntry:
    return steps.withdraw(published(w), by=w.asb, reason="Қате")
