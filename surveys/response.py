"""How many were asked and how many took part: from the ledger only, never from answers (anonymity.md).

While a campaign is open nobody reads an exact counter, by page or API: two readings with one vote between them would tell.
Then there are rates of large groups only, in steps of 5 %, made once a day. After the last day the counts are exact. Some
weeks later the ledger goes: its counts per group stay, its rows and the respondents nobody needs any more do not.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from qa_portal.policy.registry import policy
from qa_portal.workflow.writing import door

from . import custody, letters, strata
from .models import Campaign, Envelope, Invitation, LetterOwed, Respondent, RosterLine

STEP = 5


class StillOpen(Exception):
    """Exact counts of an open campaign are for nobody."""


@dataclass(frozen=True)
class Count:
    invited: int = 0
    answered: int = 0

    @property
    def rate(self) -> float | None:
        return self.answered / self.invited if self.invited else None


@dataclass(frozen=True)
class Response:
    """`groups` is {(tree, path): Count} of the declared trees ("school/department", "3/7"), `surveys` {survey: Count}."""

    total: Count
    groups: Mapping[tuple[str, str], Count] = field(default_factory=dict)
    surveys: Mapping[int, Count] = field(default_factory=dict)


def response(campaign: Campaign) -> Response:
    """Exact counts after the last day, from the ledger or from what was kept of it. Raises StillOpen."""
    if campaign.state in (Campaign.OPEN, Campaign.LAUNCHING):
        raise StillOpen
    return _kept(campaign.counts) if campaign.ledger_ended_on else _counted(campaign)


def _counted(campaign: Campaign) -> Response:
    rows = list(Invitation.objects.filter(survey__campaign=campaign).values_list("survey_id", "strata", "participated"))
    trees = [tuple(tree) for tree in campaign.trees]
    asked = strata.counted((own for _survey, own, _took in rows), trees)
    took = strata.counted((own for _survey, own, participated in rows if participated), trees)
    by_survey = Counter(survey for survey, _own, _took in rows)
    of_survey = Counter(survey for survey, _own, participated in rows if participated)
    return Response(
        Count(len(rows), sum(of_survey.values())),
        {key: Count(number, took.get(key, 0)) for key, number in sorted(asked.items())},
        {survey: Count(number, of_survey[survey]) for survey, number in sorted(by_survey.items())},
    )


def _kept(counts: Mapping[str, Any]) -> Response:
    return Response(
        Count(*counts.get("total", (0, 0))),
        {
            (tree, path): Count(*pair)
            for tree, paths in counts.get("trees", {}).items()
            for path, pair in paths.items()
        },
        {int(survey): Count(*pair) for survey, pair in counts.get("surveys", {}).items()},
    )  # fmt: skip


def _as_kept(found: Response) -> dict[str, Any]:
    trees: dict[str, dict[str, list[int]]] = {}
    for (tree, path), count in found.groups.items():
        trees.setdefault(tree, {})[path] = [count.invited, count.answered]
    return {
        "total": [found.total.invited, found.total.answered],
        "trees": trees,
        "surveys": {str(survey): [count.invited, count.answered] for survey, count in found.surveys.items()},
    }


# -- while it is open ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LiveRate:
    """A large group's response, cut down to a whole 5 %; `tree` "" is the whole campaign."""

    tree: str
    path: str
    label: dict[str, str]
    percent: int


def note_live_rates(campaign: Campaign, day: datetime.date | None = None) -> None:
    """Once a day, by the clock: what may be shown of an open campaign until tomorrow."""
    day = day or timezone.localdate()
    if campaign.state != Campaign.OPEN or campaign.counts.get("day") == day.isoformat():
        return
    large, found = policy("surveys.large_stratum"), _counted(campaign)
    places = strata.Places()
    rows = []
    if found.total.invited >= large and not campaign.by_link:
        rows.append({"tree": "", "path": "", "label": {}, "percent": _rounded(found.total)})
        rows += [
            {
                "tree": tree,
                "path": path,
                "label": strata.labelled(tree, path, places),
                "percent": _rounded(count),
            }
            for (tree, path), count in found.groups.items()
            if count.invited >= large
        ]
    with door("step"):
        Campaign.objects.filter(pk=campaign.pk, state=Campaign.OPEN).update(
            counts={"day": day.isoformat(), "live": rows}
        )


def _rounded(count: Count) -> int:
    return STEP * (100 * count.answered // count.invited // STEP)


def live_rates(campaign: Campaign) -> list[LiveRate]:
    return [LiveRate(**row) for row in campaign.counts.get("live", [])] if campaign.is_open else []


# -- the end of the ledger ----------------------------------------------------------------------------------------------
def ledger_ends_on(campaign: Campaign) -> datetime.date:
    return campaign.closes_on + datetime.timedelta(weeks=policy("surveys.ledger_weeks"))


def end_ledger(pk: int) -> bool:
    """Keep the counts of a campaign that is over, and let go of who was asked and who took part.

    Only when the urn was opened (its envelopes must agree with the ledger) or the campaign was cancelled.
    """
    with transaction.atomic(), door("step"):
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=pk)
        if campaign.ledger_ended_on or campaign.state not in (Campaign.OPENED, Campaign.CANCELLED):
            return False
        campaign.counts = _as_kept(_counted(campaign))
        campaign.ledger_ended_on = timezone.localdate()
        campaign.save(update_fields=["counts", "ledger_ended_on"])
        Invitation.objects.filter(survey__campaign=campaign).delete()
        if campaign.state == Campaign.CANCELLED:
            # An answer that was on its way while the campaign was cancelled: nobody can read it, and it goes too.
            Envelope.objects.filter(survey__campaign=campaign).delete()
            custody.destroy(campaign)
        letters.forget_letters(campaign)
        drop_respondents()
    return True


def end_ledgers(day: datetime.date | None = None) -> int:
    """By the clock: of every campaign that is over and whose weeks have passed; of a cancelled one at once."""
    day = day or timezone.localdate()
    latest = day - datetime.timedelta(weeks=policy("surveys.ledger_weeks"))
    over = Campaign.objects.filter(state=Campaign.OPENED, closes_on__lt=latest)
    over = over | Campaign.objects.filter(state=Campaign.CANCELLED)
    rows = over.filter(ledger_ended_on__isnull=True).order_by("pk")
    return sum(end_ledger(pk) for pk in list(rows.values_list("pk", flat=True)))


def drop_respondents() -> int:
    """Respondents without an account whom no campaign needs any more; none while one is being launched."""
    if Campaign.objects.filter(state=Campaign.LAUNCHING).exists():
        return 0
    invited = Invitation.objects.filter(respondent=OuterRef("pk"))
    listed = RosterLine.objects.filter(email=OuterRef("email")).exclude(email="")
    rows = Respondent.objects.filter(~Exists(invited), ~Exists(listed), person__isnull=True)
    LetterOwed.objects.filter(respondent__in=rows.values("pk")).delete()
    return rows.delete()[0]
