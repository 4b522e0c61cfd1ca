"""Steps of a line of “you said — we did”: published and told once, set aside, withdrawn."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from .. import telling_back
from ..content import say as in_language
from ..forms.loop import ReasonForm
from ..models import LoopEntry, Release
from .petitions import say

steps = Steps(LoopEntry)


def _has_kazakh(entry: LoopEntry) -> Any | None:
    """What was said and what was done stand there in Kazakh."""
    if (entry.said_kk or "").strip() and (entry.did_kk or "").strip():
        return None
    return _("Write in Kazakh what was said and what was done.")


def _report_is_sent(entry: LoopEntry) -> Any | None:
    """The report on the survey has been sent: nothing public runs ahead of it."""
    if entry.release is None:
        return None
    if entry.release.state in Release.SHOWN:
        return None
    if any(release.state in Release.SHOWN for release in entry.release.campaign.releases.all()):
        return None
    return _("The report on the survey is sent first.")


@steps.step(
    LoopEntry.DRAFT,
    to=LoopEntry.PUBLISHED,
    label=_("Publish and tell"),
    needs=[_has_kazakh, _report_is_sent],
    confirm=_(
        "From now on everybody may read it, and those who were asked are told once: all of them, whoever answered."
    ),
    primary=True,
    icon="world",
)
def publish(entry: LoopEntry, by: Any) -> None:
    """Show everybody what was said and what was done, and tell those who were asked, or who wrote, once."""
    entry.published_on = timezone.localdate()
    if entry.petition is not None:
        words = in_language(entry.words("did"), entry.petition.language)
        say(entry.petition, words, by, from_author=False)
        entry.told = telling_back.tell_author(entry, entry.petition, by)
    else:
        telling_back.owe(entry)


@steps.step(
    LoopEntry.DRAFT,
    to=LoopEntry.WITHDRAWN,
    label=_("Set aside with a reason"),
    form=ReasonForm,
    danger=True,
    icon="ban",
)
def set_aside(entry: LoopEntry, by: Any, reason: str) -> None:
    """Nobody is told, for a reason that stays in the history."""


@steps.step(
    LoopEntry.PUBLISHED,
    to=LoopEntry.WITHDRAWN,
    label=_("Withdraw with a reason"),
    form=ReasonForm,
    danger=True,
    icon="ban",
)
def withdraw(entry: LoopEntry, by: Any, reason: str) -> None:
    """Take it off the public page; whoever was not told yet is not told any more."""
    telling_back.drop(entry)
