"""Steps of a rating: counted once, published by somebody else, cancelled with a reason."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import quality_office
from qa_portal.people.models import Unit
from qa_portal.workflow.steps import Steps

from ..forms.indicators import ReasonForm
from ..models import Rating
from ..permissions.indicators import preparer
from ..permissions.ratings import publisher
from . import rating_formulas  # noqa: F401 - declares the steps of formulas
from .indicator_sets import heads_of

steps = Steps(Rating)


def _rated(rating: Rating) -> list[Any]:
    """Heads of the units that were rated."""
    units = Unit.objects.filter(pk__in=[row["unit"] for row in rating.rows])
    return list(heads_of(units.order_by().values("pk")))


def _office(rating: Rating) -> list[Any]:
    """The quality office."""
    return list(quality_office())


@steps.step(
    Rating.MADE,
    to=Rating.PUBLISHED,
    label=_("Publish"),
    tells=[_rated],
    primary=True,
    icon="megaphone",
    office=publisher,
)
def publish(rating: Rating, by: Any) -> None:
    """Somebody other than who made it has looked at the rating: from now on everybody inside reads it."""
    rating.published_on = timezone.localdate()


@steps.step(
    Rating.MADE,
    Rating.PUBLISHED,
    to=Rating.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_office],
    danger=True,
    icon="ban",
    office=preparer,
)
def cancel(rating: Rating, by: Any, reason: str) -> None:
    """A rating with a mistake in it no longer counts; it stays readable for the quality office."""
