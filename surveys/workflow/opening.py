"""Steps of the urn: rehearsing its opening before launch, opening it once after the close, destroying it unread.

What the worker does between `open_urn` and `finish_opening` stands in surveys/opening.py.
"""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import quality_office
from qa_portal.permissions import NotNow
from qa_portal.policy.registry import policy

from .. import custody, response
from ..forms.opening import DestroyForm, HaltForm, OpenForm, RehearseForm
from ..models import Campaign, Envelope, Invitation, KeyOfficer
from .campaigns import steps  # the urn's steps are steps of the campaign

#: by name, because the task imports this module
TASK = "surveys.tasks.opening.open_urn"


def _quality_office(campaign: Campaign) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def participants(campaign: Campaign) -> int:
    """How many people; whoever answered about several courses is one."""
    took = Invitation.objects.filter(survey__campaign=campaign, participated=True)
    return took.order_by().values("respondent").distinct().count()


# -- before launch -------------------------------------------------------------------------------------------------
@steps.step(
    Campaign.READY,
    to=None,
    label=_("Rehearse the opening"),
    form=RehearseForm,
    icon="key",
    help=_("A lost key loses all answers: so the whole way is gone once before anybody is asked."),
)
def rehearse(
    campaign: Campaign,
    by: Any,
    officer_1: Any = None,
    officer_2: Any = None,
    first: Any = None,
    second: Any = None,
    first_again: Any = None,
    second_again: Any = None,
    note: str = "",
) -> None:
    """Make the key that opens the urn and try it: trial envelopes are sealed and opened again as at the end."""
    locked = campaign.key_place == Campaign.KeyPlace.OFFICERS
    try:
        campaign.public_key = custody.rehearse(
            campaign, (first, second) if locked else (), (first_again, second_again) if locked else ()
        )
    except custody.CannotUnlock as problem:
        raise NotNow(str(problem)) from None
    except OSError:
        raise NotNow(_("The key directory cannot be written by this process.")) from None
    campaign.rehearsed_on = timezone.localdate()
    campaign.key_officers.all().delete()
    if locked:
        KeyOfficer.objects.bulk_create(
            KeyOfficer(campaign=campaign, person=person, place=place)
            for place, person in enumerate((officer_1, officer_2), 1)
        )


# -- after the close -----------------------------------------------------------------------------------------------
@steps.step(
    Campaign.CLOSED,
    to=Campaign.OPENING,
    label=_("Open the urn"),
    form=OpenForm,
    primary=True,
    icon="key",
    help=_("All envelopes are opened at once and shuffled; then envelopes and key are destroyed."),
)
def open_urn(campaign: Campaign, by: Any, private: bytes | None = None) -> None:
    """Hand the sealed answers to the worker, which opens them all at once, without names and in no order."""
    number, least = participants(campaign), policy("surveys.ballot_class")
    if 0 < number < least:
        raise NotNow(
            _(
                "Only %(number)s people answered. Fewer than %(least)s answers cannot be opened without showing who gave "
                "them: the urn stays sealed, or is destroyed unread."
            )
            % {"number": number, "least": least}
        )
    if private is None:
        sentence = custody.trouble(campaign)
        if sentence:
            raise NotNow(sentence)
    campaign.problem, campaign.progress, campaign.worked_at = "", 0, None
    # robust: with the queue away the urn waits for the clock, and the step is not answered with an error.
    transaction.on_commit(lambda: _start(campaign, private), robust=True)


def _start(campaign: Campaign, private: bytes | None) -> None:
    """No key in a task's arguments: what officers unlocked goes through a file of the key directory."""
    if private is not None:
        custody.hand_over(campaign, private)
    current_app.send_task(TASK, args=[campaign.pk])


@steps.step(
    Campaign.OPENING,
    to=Campaign.OPENED,
    label=_("Urn opened"),
    tells=[_quality_office],
    only_if=lambda campaign: False,
)
def finish_opening(campaign: Campaign, by: Any) -> None:
    """The worker has opened every envelope, and as many as people took part."""
    campaign.progress, campaign.problem = 100, ""


@steps.step(
    Campaign.OPENING,
    to=Campaign.CLOSED,
    label=_("Urn could not be opened"),
    form=HaltForm,
    tells=[_quality_office],
    only_if=lambda campaign: False,
)
def halt_opening(campaign: Campaign, by: Any, reason: str) -> None:
    """Something in the urn is not as it must be. Nothing was written and nothing destroyed; the page says what was found."""
    campaign.problem, campaign.progress, campaign.worked_at = reason, 0, None


@steps.step(
    Campaign.OPENED,
    to=None,
    label=_("Key destroyed"),
    only_if=lambda campaign: False,
)
def destroy_key(campaign: Campaign, by: Any) -> None:
    """The key is overwritten and removed: copies of the envelopes in backups can never be read again."""
    custody.destroy(campaign)
    campaign.key_destroyed_on = timezone.localdate()


@steps.step(
    Campaign.CLOSED,
    to=Campaign.CANCELLED,
    label=_("Destroy the urn unread"),
    form=DestroyForm,
    tells=[_quality_office],
    danger=True,
    icon="ban",
)
def destroy_unread(campaign: Campaign, by: Any, reason: str) -> None:
    """Where the key is lost or too few people answered, destroy envelopes and key: nobody will ever read them."""
    # Forgotten passphrases leave the file in its place. Once the weeks are over for which it was said that taking part is
    # known, the office may end an urn that two officers did not open: else its ledger would never end.
    officers = campaign.key_place == Campaign.KeyPlace.OFFICERS
    forgotten = officers and timezone.localdate() > response.ledger_ends_on(campaign)
    can_be_opened = not custody.trouble(campaign) and participants(campaign) >= policy("surveys.ballot_class")
    if can_be_opened and not forgotten:
        raise NotNow(_("The urn can be opened: the answers that people gave are not thrown away."))
    Envelope.objects.filter(survey__campaign=campaign).delete()
    campaign.key_destroyed_on = timezone.localdate()
    transaction.on_commit(lambda: custody.destroy(campaign))
