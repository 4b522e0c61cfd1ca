"""Making a release: the only code that reads ballots (anonymity.md).

`make(release)` reads all ballots of the campaign once, has the rules decide (release_rules.py, release_cells.py), and writes
the nodes and the facts of the release; `CannotMake` carries a sentence for the office. `digest_of(release)` proves later that
nothing was changed.

Nodes: for each scope one with tree "" and path "", the whole; then those of each declared tree ("school/department": "3",
"3/7"), of surveys about courses "course" ("3", "3/7", "3/7/c41") and "teacher" ("3", "3/7", "3/7/c41/t12", which stands
directly below "3/7"). c41 is the number of the survey, t12 of the person; `survey`, `teacher` and `unit` (the deepest) are set
too. The scope "public" has no single courses and teachers. `hidden`: fewer than k, or needed to hide another; no cells, no
counts. A node that is not hidden may lack any cell, and its counts.

A node's `cells` is {item code: cell}; what the rules hide is absent. Questions asked once stand in every tree but "teacher",
those asked for each teacher in "teacher"; the whole has both. A cell::

    {"kind": "likert", "wording": 1, "n": 34,            # answers that count; not those apart
     "exact": true,                                      # false: n < 20, or needed to hide another: no shares, no counts
     "band_only": true,                                  # only there when one answer is too strong: no mean either
     "mean": 4.12, "mean_low": 3.90, "mean_high": 4.31,  # two decimals when exact, else one and no interval
     "grade": "good",                                    # band of the mean: "poor", "fair", "good", "very_good"
     "top2": 0.79, "top2_low": 0.65, "top2_high": 0.88,  # share of the two best answers, Wilson interval (exact only)
     "top2_band": "75–100",                              # instead of it when not exact; not there when band_only
     "counts": {"1": 0, "2": 1, "3": 6, "4": 15, "5": 12},  # exact only; single and multiple: by option code
     "shares": {"a": [0.4, 0.3, 0.5]},                   # single, multiple: share, low, high (exact only)
     "apart": {"na": 5, "refused": 0}}                   # only where it tells of none or enough; either may be missing

rating: as likert with 0…10 and "top2" the share of 9 and 10. number: "mean" and, when exact, "median", "low", "high"
(quartiles). single and multiple, not exact: nothing but n. bipolar likert: instead of top2 and grade "ideal" (share of the
middle, with "ideal_low", "ideal_high", or "ideal_band"), and when exact "too_little", "too_much". A reversed likert: mean,
grade and top2 are turned round (more is better), counts are as answered.

`Release.facts`::

    {"numbers": {"k_inside": 5, "k_public": 10, "k_texts": 10, "public_response": 50, "small_group": 20, "dominance": 90},
     "response": {"invited": 415, "answered": 75, "rate": 0.1807, "margin": 0.1025},   # each may be None
     "strata": [{"tree", "path", "label", "invited", "answered", "share_invited", "share_answered",
                 "apart": false,       # further from its share than chance would bring
                 "public": true}],     # public pages show only these
     "sections": [{"code", "name", "areas", "per_teacher", "items": [{"code", "kind", "scale", "reverse", "wording", "text",
                   "options", "areas"}]}],
     "reliability": [{"section", "name", "n", "alpha", "items": [{"code", "rest", "without"}], "warning": false,
                      "public": true}],                 # rest, without: None where nothing varies
     "trend": {code: [{"year", "release", "mean", "top2" or "ideal", "grade", "n", "wording", "break": false,
                       "public": true}]},               # oldest first, the last is this release; at least two points
     "texts": {item code, with # for remarks: number of texts that may be shown, or None when fewer than may be},
     "ballots": {"n": 75, "digest": "…"}}               # of opening.py; how a later version knows whether anything is new
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from qa_portal.permissions import NotNow
from qa_portal.policy.registry import policy
from qa_portal.workflow.writing import door

from . import release_facts, trends
from .models import Campaign, Invitation, Release, ReleaseNode, Survey, TextAnswer, UrnOpening
from .models.ballots import Ballot
from .opening import digest_of as digest_of_ballots
from .release_cells import INSIDE, PUBLIC, SCOPES, Decided, Numbers, World, decide
from .release_nodes import Nodes
from .release_rules import RULES_VERSION
from .release_versions import Earlier, TooFewNew
from .release_worlds import Asked, Ledger, Reading, Row
from .response import response

PIECE = 1000
_MADE = ("campaign", "rules_version", "facts", "digest", "indicative")


class CannotMake(NotNow):
    """Why there can be no figures; the sentence is for the quality office and names nobody."""


def numbers_now() -> Numbers:
    return Numbers(**{name: policy(f"surveys.{name}") for name in Numbers.__dataclass_fields__})


# -- making ---------------------------------------------------------------------------------------------------------
def make(release: Release) -> None:
    """Write the nodes and facts of a release whose figures are being made. Made already: nothing happens. Raises CannotMake.

    The state is not touched: who orders the work takes the step afterwards.
    """
    if release.digest or release.nodes.exists():
        release.refresh_from_db(fields=[name for name in _MADE if name != "campaign"])
        return
    campaign = release.campaign
    surveys = {survey.pk: survey for survey in campaign.surveys.all()}
    numbers = numbers_now()
    reading = Reading(
        campaign.content,
        campaign.trees,
        {pk: _asked(survey) for pk, survey in surveys.items()},
        campaign.way == Campaign.Way.COURSES,
    )
    known = {"n": 0, "digest": digest_of_ballots(_ballots(campaign, reading))}
    known["n"] = len(reading.homes)
    _unchanged(campaign, known)
    ledger, most_each = _ledger(campaign, reading)
    ballots, about = reading.worlds(ledger, most_each)
    earlier = [Earlier(row, list(row.nodes.all())) for row in _versions(release)]
    decided = _decided([ballots, about], numbers, earlier, known)
    counted = release_facts.counted(ballots, ledger, numbers, decided[0], [one.counted for one in earlier])
    nodes = Nodes(release, surveys, counted).rows([(ballots, decided[0]), (about, decided[1])])
    facts = _facts(release, numbers, ledger, counted, nodes, [(ballots, decided[0]), (about, decided[1])], known)
    _write(release, nodes, facts, ledger.by_link or _few_answered(facts["response"], numbers))


def _asked(survey: Survey) -> Asked:
    return Asked(survey.course_id is not None, survey.strata, tuple(teacher["id"] for teacher in survey.teachers))


def _ballots(campaign: Campaign, reading: Reading) -> Iterator[tuple[int, Any, Any]]:
    """Each ballot once, on its way into the reading; the caller counts their digest."""
    rows = Ballot.objects.filter(survey__campaign=campaign).order_by("survey_id", "pk")
    for survey, strata, answers in rows.values_list("survey_id", "strata", "answers").iterator(chunk_size=PIECE):
        reading.add(survey, strata, answers)
        yield survey, strata, answers


def _unchanged(campaign: Campaign, known: Mapping[str, Any]) -> None:
    """What came out of the urn is what is counted."""
    opened = UrnOpening.objects.filter(campaign=campaign).first()
    if opened is not None and opened.digest != known["digest"]:
        raise CannotMake(
            _(
                "The ballots are not those that came out of the urn. Ask the administrator what happened to the database."
            )
        )


def _ledger(campaign: Campaign, reading: Reading) -> tuple[Ledger, int | None]:
    """Who was invited and took part; and about how many courses one person answered at most (None: nobody knows now)."""
    most: int | None = None
    if campaign.ledger_ended_on:
        kept = response(campaign)
        ledger = Ledger.from_counts(
            (kept.total.invited, kept.total.answered),
            {key: (count.invited, count.answered) for key, count in kept.groups.items()},
            {survey: (count.invited, count.answered) for survey, count in kept.surveys.items()},
            reading,
        )
    else:
        ledger = Ledger.from_rows(_rows(campaign), reading)
        took = Invitation.objects.filter(survey__campaign=campaign, participated=True).order_by()
        most = took.values("respondent").annotate(n=Count("pk")).order_by("-n").values_list("n", flat=True).first()
    if campaign.way == Campaign.Way.LINK:
        ledger.by_link, ledger.population = True, campaign.population
    return ledger, most


def _rows(campaign: Campaign) -> Iterator[Row]:
    found: Counter[tuple[int, str, bool]] = Counter()
    rows = Invitation.objects.filter(survey__campaign=campaign).order_by()
    for survey, strata, took in rows.values_list("survey_id", "strata", "participated").iterator(chunk_size=PIECE):
        found[survey, _canonical(strata), took] += 1
    for survey, packed in sorted({(survey, packed) for survey, packed, _took in found}):
        answered = found[survey, packed, True]
        yield Row(survey, json.loads(packed), answered + found[survey, packed, False], answered)


def _versions(release: Release) -> list[Release]:
    """Everything that was ever made of this campaign, also what was withdrawn: it has been read."""
    rows = release.campaign.releases.exclude(pk=release.pk).exclude(digest="").order_by("version")
    return list(rows.prefetch_related("nodes"))


def _decided(
    worlds: list[World], numbers: Numbers, earlier: list[Earlier], known: Mapping[str, Any]
) -> list[dict[str, Decided]]:
    former = []
    for one in earlier:
        try:
            former.append(one.decided(worlds, numbers, known))
        except TooFewNew as problem:
            raise CannotMake(_refused(problem)) from None
    ballots = decide(worlds[0], numbers, [row[0] for row in former])
    hangs = {scope: _hangs(worlds, ballots[scope]) for scope in SCOPES}
    return [ballots, decide(worlds[1], numbers, [row[1] for row in former], hangs)]


def _refused(problem: TooFewNew) -> str:
    if problem.lost:
        return _(
            "Answers that an earlier version counted are gone. Ask the administrator what happened to the database."
        )
    return _(
        "Too few answers are new since the last version: in every group shown they must be none or at least %(k)s, else they "
        "would follow from the difference."
    ) % {"k": problem.k}


def _hangs(worlds: list[World], decided: Decided) -> dict[str, frozenset[int]]:
    """Where a question asked once is exact, as nodes of the tree of teachers: of the same unit, of the same course."""
    ballots, about = worlds[0].forest, worlds[1].forest
    found: dict[str, frozenset[int]] = {}
    for code, layers in decided.columns.items():
        nodes = set()
        for node, place in enumerate(about.places):
            path = "/".join(part for part in place.path.split("/") if part[:1] != "t")
            there = ballots.at.get(("course", path)) if path else 0
            if there in layers.exact:
                nodes.add(node)
        found[code] = frozenset(nodes)
    return found


# -- facts ------------------------------------------------------------------------------------------------------------
def _facts(
    release: Release,
    numbers: Numbers,
    ledger: Ledger,
    counted: Mapping[tuple[str, str, str], tuple[int, int]],
    nodes: list[ReleaseNode],
    worlds: list[tuple[World, dict[str, Decided]]],
    known: Mapping[str, Any],
) -> dict[str, Any]:
    whole = {node.scope: node.cells for node in nodes if not node.tree and not node.path}
    return {
        "numbers": asdict(numbers),
        "response": release_facts.response_of(ledger, counted, numbers.k_inside),
        "strata": release_facts.strata_of(nodes, counted),
        "sections": release_facts.sections_of(release.campaign.content),
        "reliability": release_facts.reliability_of(release.campaign.content, worlds),
        "trend": trends.trend(release, whole[INSIDE], whole[PUBLIC]),
        "texts": _texts(release.campaign, numbers),
        "ballots": dict(known),
    }


def _texts(campaign: Campaign, numbers: Numbers) -> dict[str, int | None]:
    shown = (TextAnswer.Review.SHOWN, TextAnswer.Review.MASKED)
    rows = TextAnswer.objects.filter(survey__campaign=campaign, review__in=shown).order_by()
    found: Counter[str] = Counter()
    for key, number in rows.values("question").annotate(n=Count("pk")).values_list("question", "n"):
        code, _at, teacher = key.partition("@")
        found[code + ("#" if teacher.endswith("#") else "")] += number
    return {code: number if number >= numbers.k_texts else None for code, number in sorted(found.items())}


def _few_answered(told: Mapping[str, Any], numbers: Numbers) -> bool:
    return told["rate"] is None or 100 * told["rate"] < numbers.public_response


# -- writing ------------------------------------------------------------------------------------------------------------
def _write(release: Release, nodes: list[ReleaseNode], facts: dict[str, Any], indicative: bool) -> None:
    release.rules_version, release.facts, release.indicative = RULES_VERSION, facts, indicative
    release.digest = _digest(RULES_VERSION, facts, nodes)
    with transaction.atomic(), door("step"):
        ReleaseNode.objects.bulk_create(nodes, batch_size=PIECE)
        Release.objects.filter(pk=release.pk).update(
            rules_version=RULES_VERSION, facts=facts, indicative=indicative, digest=release.digest
        )


def digest_of(release: Release) -> str:
    """SHA-256 of the figures as they stand in the tables now; the same as `release.digest` when nobody changed them."""
    return _digest(release.rules_version, release.facts, release.nodes.all())


def _digest(rules: str, facts: Any, nodes: Any) -> str:
    lines = sorted(
        _canonical(
            [node.scope, node.tree, node.path, node.label, node.hidden, node.invited, node.answered, node.cells]
            + [node.unit_id, node.survey_id, node.teacher_id, node.depth, node.place]
        )
        for node in nodes
    )
    return hashlib.sha256("\n".join([rules, _canonical(facts), *lines]).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
