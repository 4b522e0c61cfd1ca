"""Steps of a release: figures made, conclusions written, sent, considered, published."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import quality_office
from qa_portal.people.models import Person
from qa_portal.workflow.steps import Steps, move

from ..forms.releases import (
    AmendRecommendationForm,
    BasisForm,
    DropRecommendationForm,
    ReasonForm,
    RecommendationForm,
)
from ..making import begin, order, order_public_files
from ..models import Campaign, Checker, Recommendation, Release, ReleaseReceipt
from ..recipients import recipients
from . import replies  # noqa: F401 - their steps are declared with those of releases
from .campaigns import steps as campaign_steps

steps = Steps(Release)
SHOWN = Release.SHOWN


# -- who is told ------------------------------------------------------------------------------------
def writers(release: Release) -> list[Person]:
    """Everybody who wrote in it, and the quality office."""
    own = Person.objects.filter(pk__in=release.authors, is_active=True)
    return list({person.pk: person for person in (*own, *quality_office())}.values())


def receivers(release: Release) -> list[Person]:
    """Everybody to whom the report goes by the rules on surveys, each once."""
    return [receipt.person for receipt in release.receipts.select_related("person").order_by("pk")]


# -- begun from the campaign ------------------------------------------------------------------------
def _alive(campaign: Campaign) -> bool:
    return any(release.state != Release.WITHDRAWN for release in campaign.releases.all())


def _no_release_yet(campaign: Campaign) -> Any | None:
    """There is no release of it yet, or the last one was withdrawn."""
    if _alive(campaign):
        return _("There is a release of this survey already. A mistake in its words is put right on its own page.")
    return None


@campaign_steps.step(
    Campaign.OPENED,
    to=None,
    label=_("Make the figures"),
    needs=[_no_release_yet],
    only_if=lambda campaign: not _alive(campaign),
    primary=True,
    icon="chart",
)
def release(campaign: Campaign, by: Any) -> None:
    """Have the figures made from the opened ballots, by the rules that protect small groups."""
    begin(campaign, by)


# -- made by the worker ------------------------------------------------------------------------------
@steps.step(
    Release.MAKING,
    to=Release.MADE,
    label=_("Figures made"),
    tells=[writers],
    only_if=lambda release: False,
)
def made(release: Release, by: Any) -> None:
    """The worker has made the figures; from now on they never change."""
    release.progress, release.problem = 100, ""


@steps.step(
    Release.MAKING,
    to=None,
    label=_("Figures could not be made"),
    form=ReasonForm,
    tells=[writers],
    only_if=lambda release: False,
)
def halt(release: Release, by: Any, reason: str) -> None:
    """Something stands in the way of the figures: the office reads what, nothing is lost."""
    release.problem, release.progress, release.worked_at = reason, 0, None


def _stopped(release: Release) -> Any | None:
    """The making has stopped."""
    return None if release.problem else _("The figures are being made: wait until the portal tells you.")


@steps.step(
    Release.MAKING,
    to=None,
    label=_("Make the figures again"),
    needs=[_stopped],
    only_if=lambda release: bool(release.problem),
    primary=True,
    icon="refresh",
)
def make_again(release: Release, by: Any) -> None:
    """Try once more, after what stood in the way is put right."""
    release.problem, release.progress, release.worked_at = "", 0, None
    order(release)


# -- recommendations -----------------------------------------------------------------------------------
def _has_recommendations(release: Release) -> Any | None:
    """There is a recommendation."""
    return None if release.recommendations.exists() else _("There is no recommendation yet.")


@steps.step(Release.MADE, to=None, label=_("Add a recommendation"), form=RecommendationForm, icon="plus")
def add_recommendation(release: Release, by: Any, **said_of_it: Any) -> None:
    """Recommend something to a unit or to the university, on a question, a theme or an area."""
    last = release.recommendations.aggregate(last=models.Max("place"))["last"] or 0
    Recommendation.objects.create(release=release, place=last + 1, **said_of_it)
    release.note_author(by)


@steps.step(
    Release.MADE,
    to=None,
    label=_("Change a recommendation"),
    form=AmendRecommendationForm,
    needs=[_has_recommendations],
    icon="edit",
)
def amend_recommendation(release: Release, by: Any, recommendation: Recommendation, **said_of_it: Any) -> None:
    """Word a recommendation anew before the report is sent."""
    for name, value in said_of_it.items():
        setattr(recommendation, name, value)
    recommendation.save()
    release.note_author(by)


@steps.step(
    Release.MADE,
    to=None,
    label=_("Take a recommendation out"),
    form=DropRecommendationForm,
    needs=[_has_recommendations],
    icon="minus",
)
def drop_recommendation(release: Release, by: Any, recommendation: Recommendation, reason: str) -> None:
    """Take one recommendation out of a report that is not sent yet."""
    recommendation.delete()
    release.note_author(by)


# -- to the recipients --------------------------------------------------------------------------------
def _has_conclusions(release: Release) -> Any | None:
    """The conclusions are written in at least one language."""
    words = (release.conclusions_kk, release.conclusions_ru, release.conclusions_en)
    return None if any(text and text.strip() for text in words) else _("Write the conclusions first.")


def _retire(release: Release, by: Any, *states: str) -> None:
    """An earlier version falls away when the corrected one takes its place."""
    older = release.campaign.releases.filter(version__lt=release.version, state__in=states)
    for row in older.order_by("version"):
        why = gettext("Version %(n)s takes its place.") % {"n": release.version}
        move(row, Release.WITHDRAWN, by=by, verb="withdraw", why=why)


@steps.step(
    Release.MADE,
    to=Release.SENT,
    label=_("Send to the recipients"),
    needs=[_has_conclusions],
    tells=[receivers],
    then=lambda release, by: _retire(release, by, Release.MAKING, Release.MADE, Release.SENT, Release.CONSIDERED),
    confirm=_("The report goes to the recipients by the rules on surveys, and everybody inside may read it."),
    primary=True,
    icon="send",
)
def send(release: Release, by: Any) -> None:
    """Send the report to those who are to have it. Its words no longer change; a mistake is put right by a new version."""
    today = timezone.localdate()
    release.sent_on = today
    ReleaseReceipt.objects.bulk_create(
        ReleaseReceipt(
            release=release, person=person, role=role, opened_on=today if person.pk == getattr(by, "pk", None) else None
        )
        for person, role in recipients(release)
    )


@steps.step(
    Release.SENT,
    to=Release.CONSIDERED,
    label=_("Considered by the Council"),
    form=BasisForm,
    tells=[writers],
    icon="check",
)
def consider(release: Release, by: Any, basis: str) -> None:
    """The Academic Council has heard the report and takes it."""


@steps.step(
    Release.CONSIDERED,
    to=Release.SENT,
    label=_("Take the consideration back"),
    form=ReasonForm,
    tells=[writers],
    only_if=lambda release: False,
    icon="corner-up-left",
)
def undo_consideration(release: Release, by: Any, reason: str) -> None:
    """A body above has annulled the decision about this report: it waits for the Council again."""


def waits_for_council(release: Release) -> bool:
    """The yearly surveys, whose questionnaires the Council checks, are published after it has considered the report."""
    return bool(release.campaign.questionnaire.checker == Checker.COUNCIL)


def _council_has_spoken(release: Release) -> Any | None:
    """The Council has considered it, where the survey is one of those that the Council checks."""
    if release.state == Release.SENT and waits_for_council(release):
        return _("The Academic Council considers this report first.")
    return None


@steps.step(
    Release.SENT,
    Release.CONSIDERED,
    to=Release.PUBLISHED,
    label=_("Publish"),
    needs=[_council_has_spoken],
    then=lambda release, by: _retire(release, by, Release.MADE, *SHOWN),
    confirm=_("From now on everybody may read the public edition, without signing in."),
    primary=True,
    icon="world",
)
def publish(release: Release, by: Any) -> None:
    """Give the public edition to everybody: only groups large enough, and never single courses or teachers."""
    release.published_on = timezone.localdate()
    order_public_files(release)


@steps.step(
    Release.MADE,
    Release.SENT,
    Release.CONSIDERED,
    Release.PUBLISHED,
    to=Release.WITHDRAWN,
    label=_("Withdraw with a reason"),
    form=ReasonForm,
    tells=[receivers],
    danger=True,
    icon="ban",
)
def withdraw(release: Release, by: Any, reason: str) -> None:
    """Take the report back: from now on only the quality office and the Board see it."""


def _is_the_newest(release: Release) -> Any | None:
    """No newer version stands beside it."""
    if any(row.version > release.version for row in release.campaign.releases.all()):
        return _("There is a newer version of this report already.")
    return None


@steps.step(
    Release.SENT,
    Release.CONSIDERED,
    Release.PUBLISHED,
    to=None,
    label=_("Correct in a new version"),
    form=ReasonForm,
    needs=[_is_the_newest],
    icon="copy",
    help=_("The new version has the same figures; its words can be changed. This one holds until the new one is sent."),
)
def correct(release: Release, by: Any, reason: str) -> None:
    """Begin a new version with the same figures, to put its words right."""
    begin(release.campaign, by, like=release)
