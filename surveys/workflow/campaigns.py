"""Steps of a campaign: checked, launched, reminded of, extended, closed. Rehearsal and opening stand in opening.py."""

from __future__ import annotations

import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import holders, quality_office
from qa_portal.people.models import Person
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.permissions import NotNow
from qa_portal.policy.registry import policy
from qa_portal.web.cells import date
from qa_portal.workflow.steps import Steps

from .. import custody, inviting, letters
from ..forms.campaigns import CloseForm, ExtendForm, LaunchForm, NoteForm, ReasonForm
from ..models import Campaign, Envelope, Questionnaire, RosterLine
from ..permissions.campaigns import checker

steps = Steps(Campaign)
#: by name: the job stands above the steps and takes some of them
LAUNCHING = "surveys.tasks.campaigns.launch_campaign"


# -- who hears of it ---------------------------------------------------------------------------------------------
def authors(campaign: Campaign) -> list[Person]:
    """Those who prepared it."""
    ids = {*campaign.authors, campaign.created_by_id} - {None}
    return list(Person.objects.filter(pk__in=ids, is_active=True).order_by("pk"))


def _checkers(campaign: Campaign) -> list[Person]:
    """Those who may check it: the quality manager of one about courses, else the quality office and representative."""
    roles = [Role.QUALITY_MANAGER] if campaign.about_courses else list(QUALITY_OFFICE)
    own = {*campaign.authors, campaign.created_by_id}
    return [person for person in holders([*roles, Role.QUALITY_REPRESENTATIVE]) if person.pk not in own]


def _office(campaign: Campaign) -> list[Person]:
    """The quality office."""
    return list(quality_office())


# -- what must be there --------------------------------------------------------------------------------------------
def _questionnaire_in_use(campaign: Campaign) -> Any | None:
    """Its questionnaire is in use: checked and not superseded."""
    if campaign.questionnaire.state != Questionnaire.IN_USE:
        return _("Its questionnaire is not in use: a version that was approved is asked, and no other.")
    return None


def _somebody_is_asked(campaign: Campaign) -> Any | None:
    """Somebody stands in the list of those asked; with an open link the university says how many could answer."""
    if campaign.by_link:
        return None if campaign.population else _("Say how many people could answer: without it no response is known.")
    if not campaign.roster.taken().exists():
        return _("Nobody is in the list of those asked yet.")
    return None


def _rehearsed(campaign: Campaign) -> Any | None:
    """The opening of the urn was rehearsed, and its key is still there: a lost key loses all answers."""
    if campaign.rehearsed_on is None or not campaign.public_key:
        return _("First rehearse the opening of the urn: if its key were lost, all answers would be.")
    return custody.trouble(campaign) or None


def _days_are_left(campaign: Campaign) -> Any | None:
    """The last day for answers is not over."""
    if campaign.closes_on < timezone.localdate():
        return _("The last day for answers is over: send it back and give other days.")
    return None


# -- checking --------------------------------------------------------------------------------------------------------
@steps.step(
    Campaign.DRAFT,
    to=Campaign.SUBMITTED,
    label=_("Submit for checking"),
    needs=[_questionnaire_in_use, _somebody_is_asked],
    tells=[_checkers],
    primary=True,
    icon="send",
    help=_(
        "Who is asked, when, and how results will be broken down: somebody else looks at it before anybody is asked."
    ),
)
def submit(campaign: Campaign, by: Any) -> None:
    """Hand the campaign to somebody who did not prepare it."""
    campaign.roster.filter(source=RosterLine.Source.CHECKED).delete()
    campaign.note_author(by)


@steps.step(
    Campaign.SUBMITTED,
    to=Campaign.READY,
    label=_("It may begin"),
    form=NoteForm,
    needs=[_questionnaire_in_use],
    tells=[authors],
    office=checker,
    primary=True,
    icon="check",
)
def check(campaign: Campaign, by: Any, note: str = "") -> None:
    """Somebody who did not prepare it finds people, days and breakdowns right."""


@steps.step(
    Campaign.SUBMITTED,
    Campaign.READY,
    to=Campaign.DRAFT,
    label=_("Send back"),
    form=ReasonForm,
    tells=[authors],
    icon="corner-up-left",
)
def send_back(campaign: Campaign, by: Any, reason: str) -> None:
    """Something is to be changed; it is checked again afterwards."""
    campaign.problem = ""


# -- launching ---------------------------------------------------------------------------------------------------------
@steps.step(
    Campaign.READY,
    to=Campaign.LAUNCHING,
    label=_("Launch"),
    form=LaunchForm,
    needs=[_rehearsed, _questionnaire_in_use, _somebody_is_asked, _days_are_left],
    primary=True,
    icon="play",
    help=_(
        "The questionnaire, the groups and the list of those asked are frozen; the portal makes the invitations in an order "
        "drawn by chance and writes to everybody. Nothing of it can be changed afterwards but the last day."
    ),
)
def launch(campaign: Campaign, by: Any, now: bool = False) -> None:
    """Begin: have the invitations made and sent."""
    today = timezone.localdate()
    if campaign.opens_on > today:
        campaign.opens_on = today
    campaign.progress, campaign.worked_at, campaign.problem = 0, None, ""
    # robust: with the queue away the campaign waits for the clock, and the step is not answered with an error.
    transaction.on_commit(lambda: current_app.send_task(LAUNCHING, args=[campaign.pk]), robust=True)


@steps.step(
    Campaign.LAUNCHING,
    to=Campaign.OPEN,
    label=_("Invitations made"),
    tells=[authors],
    only_if=lambda campaign: False,
)
def begin(campaign: Campaign, by: Any) -> None:
    """The worker has made all invitations at once, in an order drawn by chance; letters leave now."""
    if inviting.invite(campaign) == 0 and not campaign.by_link:
        raise NotNow(_("Nobody is in the list of those asked any more."))
    campaign.progress, campaign.problem, campaign.counts = 100, "", {}


@steps.step(
    Campaign.LAUNCHING,
    to=Campaign.READY,
    label=_("Could not be launched"),
    form=ReasonForm,
    tells=[authors],
    only_if=lambda campaign: False,
)
def halt(campaign: Campaign, by: Any, reason: str) -> None:
    """Something went wrong while invitations were made: nobody was asked, and it can be launched again."""
    campaign.problem, campaign.progress, campaign.worked_at = reason, 0, None


# -- while it is open ----------------------------------------------------------------------------------------------------
def reminded_last(campaign: Campaign) -> datetime.date | None:
    return datetime.date.fromisoformat(campaign.reminded_on[-1]) if campaign.reminded_on else None


def _not_just_reminded(campaign: Campaign) -> Any | None:
    """Some days have passed since the invitation or the last reminder."""
    last, apart = reminded_last(campaign) or campaign.opens_on, policy("surveys.remind_apart")
    free = last + datetime.timedelta(days=apart)
    if free > timezone.localdate():
        return _("People were written to on %(last)s: a reminder may follow from %(free)s on.") % {
            "last": date(last),
            "free": date(free),
        }
    return None


def _by_name(campaign: Campaign) -> Any | None:
    """People were invited by name or address: visitors of an open link cannot be reminded."""
    return _("Visitors of an open link are not known, so nobody can be reminded.") if campaign.by_link else None


@steps.step(
    Campaign.OPEN,
    to=None,
    label=_("Remind"),
    needs=[_by_name, _not_just_reminded],
    only_if=lambda campaign: not campaign.by_link,
    icon="bell",
    help=_(
        "Whoever has not answered by then gets one letter about all that they still owe. How many they are is not shown."
    ),
)
def remind(campaign: Campaign, by: Any) -> None:
    """Write once more to those who have not answered; only the day is kept."""
    campaign.reminded_on = [*campaign.reminded_on, timezone.localdate().isoformat()]
    letters.owe_reminders(campaign)


@steps.step(
    Campaign.OPEN,
    to=None,
    label=_("Extend"),
    form=ExtendForm,
    tells=[authors],
    icon="extend",
)
def extend(campaign: Campaign, by: Any, until: datetime.date, reason: str) -> None:
    """Give people more days to answer, with a reason."""
    campaign.closes_on = until


@steps.step(
    Campaign.OPEN,
    to=Campaign.CLOSED,
    label=_("Close"),
    form=CloseForm,
    tells=[authors, _office],
    icon="lock",
    help=_("From now on no answer is taken in. The urn stays sealed until the quality office opens it."),
)
def close(campaign: Campaign, by: Any, reason: str = "") -> None:
    """The last day is over, or the survey ends before it with a reason: no more answers are taken in."""
    if campaign.closes_on > timezone.localdate():
        campaign.closes_on = timezone.localdate()
    letters.drop_waiting(campaign)


# -- taking it back ------------------------------------------------------------------------------------------------------
@steps.step(
    Campaign.DRAFT,
    Campaign.SUBMITTED,
    Campaign.READY,
    Campaign.OPEN,
    to=Campaign.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[authors],
    danger=True,
    icon="ban",
    help=_("What people have answered is destroyed unread, with the key: nobody will ever see it."),
)
def cancel(campaign: Campaign, by: Any, reason: str) -> None:
    """Nothing comes of it. Sealed answers and the key are destroyed; the list of those asked goes too."""
    campaign.roster.all().delete()
    letters.drop_waiting(campaign)
    Envelope.objects.filter(survey__campaign=campaign).delete()
    if campaign.public_key:
        campaign.key_destroyed_on = timezone.localdate()
        transaction.on_commit(lambda: custody.destroy(campaign), robust=True)
