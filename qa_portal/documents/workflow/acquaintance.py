"""The one step of an acquaintance: I have read it. What is no longer asked is voided in bulk (acquainting.py)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps

from ..models import Acquaintance, Version

steps = Steps(Acquaintance)
registry.words.update(acquaint=_("Asked to read"), ask_again=_("Asked again"))


def _approved(acquaintance: Acquaintance) -> Any | None:
    """The version is approved and was not annulled."""
    if acquaintance.version.state not in (Version.APPROVED, Version.IN_FORCE):
        return _("This version is not approved, or no longer in force: there is nothing to confirm.")
    return None


@steps.step(
    Acquaintance.WAITING,
    to=Acquaintance.CONFIRMED,
    label=_("I have read it"),
    needs=[_approved],
    primary=True,
    icon="check",
    help=_(
        "Your name and the time are kept for good; this takes the place of your signature on the acquaintance sheet."
    ),
)
def confirm(acquaintance: Acquaintance, by: Any) -> None:
    """The person who was asked says that they have read the document; it is kept with the time and never changed."""
    acquaintance.confirmed_at = timezone.now()
