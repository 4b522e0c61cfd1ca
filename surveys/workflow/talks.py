"""Steps of a talk: held, quotes written down without names, concluded."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import deciders, quality_office
from qa_portal.people.models import Person
from qa_portal.workflow.steps import Steps

from ..forms.talks import (
    ConcludeForm,
    EditQuoteForm,
    HoldForm,
    QuoteForm,
    ReasonForm,
    RemoveQuoteForm,
)
from ..models import Talk, TalkQuote

steps = Steps(Talk)


def concerned(talk: Talk) -> list[Person]:
    """The head of the unit and the quality office."""
    return list({person.pk: person for person in (*deciders(talk.unit), *quality_office())}.values())


def leader(talk: Talk) -> list[Person]:
    """Whoever leads the talk."""
    return [talk.moderator]


@steps.step(
    Talk.PLANNED,
    to=Talk.HELD,
    label=_("Mark as held"),
    form=HoldForm,
    primary=True,
    icon="check",
)
def hold(talk: Talk, by: Any, on: datetime.date, groups: list[dict[str, Any]]) -> None:
    """The talk has taken place, with these groups: how many people came, never who."""
    talk.on, talk.groups = on, groups


@steps.step(Talk.HELD, to=None, label=_("Add a quote"), form=QuoteForm, icon="plus")
def add_quote(talk: Talk, by: Any, group: str, text: str, themes: Any, anyway: bool) -> None:
    """Write down what was said, without names, and the themes it belongs to."""
    last = talk.quotes.aggregate(last=models.Max("place"))["last"] or 0
    quote = TalkQuote.objects.create(talk=talk, place=last + 1, group=group, text=text)
    quote.themes.set(themes)


def _has_quotes(talk: Talk) -> Any | None:
    """There is a quote."""
    return None if talk.quotes.exists() else _("There is no quote yet.")


@steps.step(Talk.HELD, to=None, label=_("Change a quote"), form=EditQuoteForm, needs=[_has_quotes], icon="edit")
def edit_quote(talk: Talk, by: Any, quote: TalkQuote, group: str, text: str, themes: Any, anyway: bool) -> None:
    """Put a quote right before the talk is concluded."""
    quote.group, quote.text = group, text
    quote.save()
    quote.themes.set(themes)


@steps.step(Talk.HELD, to=None, label=_("Take a quote out"), form=RemoveQuoteForm, needs=[_has_quotes], icon="minus")
def remove_quote(talk: Talk, by: Any, quote: TalkQuote, reason: str) -> None:
    """Take a quote out before the talk is concluded."""
    quote.themes.clear()
    quote.delete()


@steps.step(
    Talk.HELD,
    to=Talk.CONCLUDED,
    label=_("Conclude"),
    form=ConcludeForm,
    tells=[concerned],
    primary=True,
    icon="check",
    help=_("Afterwards the record does not change. Recommendations wait to become findings."),
)
def conclude(talk: Talk, by: Any, conclusions: str, recommendations: str) -> None:
    """Write what follows from the talk; from now on its record stands."""
    talk.conclusions, talk.recommendations = conclusions, recommendations


@steps.step(
    Talk.PLANNED,
    Talk.HELD,
    to=Talk.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[leader],
    danger=True,
    icon="ban",
)
def cancel(talk: Talk, by: Any, reason: str) -> None:
    """The talk does not take place, or nothing is made of it."""
