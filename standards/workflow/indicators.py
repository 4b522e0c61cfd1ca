"""Steps of an indicator: checked by somebody else, its units and targets; what follows when its set moves is the set's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.permissions import NotNow
from qa_portal.workflow.steps import Steps

from .. import lights
from ..forms.indicators import DropTargetForm, ReasonForm, TargetForm, UnitsForm, ValidateForm
from ..models import Indicator, IndicatorSet, IndicatorTarget
from ..models.indicators import SET_SETTLED
from ..permissions.indicators import preparer, validator
from . import indicator_sets  # noqa: F401 - declares the steps of sets

steps = Steps(Indicator)


def set_is_open(indicator: Indicator) -> Any | None:
    """A draft changes only while its set is a draft; one in force has targets and units all the same."""
    if indicator.state == Indicator.DRAFT and indicator.set.state != IndicatorSet.DRAFT:
        return SET_SETTLED
    return None


def has_targets(indicator: Indicator) -> Any | None:
    """It has a target for some year."""
    return None if indicator.targets.exists() else _("It has no target yet.")


@steps.step(
    Indicator.DRAFT,
    to=Indicator.DRAFT,
    label=_("Validate"),
    form=ValidateForm,
    needs=[set_is_open],
    primary=True,
    icon="eye-check",
    office=validator,
)
def validate(indicator: Indicator, by: Any, validation: str) -> None:
    """Somebody other than the author has tried the formula or the instrument on cases and says what came out."""
    indicator.validation, indicator.validated_by = validation, by
    indicator.validated_on = timezone.localdate()


@steps.step(
    Indicator.DRAFT,
    Indicator.IN_FORCE,
    label=_("Set a target"),
    form=TargetForm,
    needs=[set_is_open],
    icon="target",
    office=preparer,
)
def set_target(
    indicator: Indicator,
    by: Any,
    year: int,
    target: Decimal,
    unit: Unit | None = None,
    amber: Decimal | None = None,
    red: Decimal | None = None,
    reason: str = "",
) -> None:
    """What a year should reach and where amber and red begin, for all units or for one."""
    figures = {"target": target, "amber": amber, "red": red}
    before = indicator.targets.filter(year=year, unit=unit).values("target", "amber", "red").first()
    for row in _with_its_next(indicator, year, unit, before):
        IndicatorTarget.objects.update_or_create(indicator=row, year=year, unit=unit, defaults=figures)
    lights.relight(indicator.code, year)


@steps.step(
    Indicator.DRAFT,
    Indicator.IN_FORCE,
    label=_("Drop a target"),
    form=DropTargetForm,
    needs=[set_is_open, has_targets],
    icon="ban",
    office=preparer,
)
def drop_target(indicator: Indicator, by: Any, row: IndicatorTarget, reason: str) -> None:
    """A target that was set by mistake or holds no longer is taken away; history keeps it."""
    year, unit = row.year, row.unit
    before = {"target": row.target, "amber": row.amber, "red": row.red}
    rows = _with_its_next(indicator, year, unit, before)
    IndicatorTarget.objects.filter(indicator__in=rows, year=year, unit=unit).delete()
    lights.relight(indicator.code, year)


def _with_its_next(indicator: Indicator, year: int, unit: Unit | None, before: Any) -> list[Indicator]:
    """The indicator, and its copy in a set being prepared where that has the same target still: nothing gets lost."""
    found = [indicator]
    if indicator.state != Indicator.IN_FORCE:
        return found
    following = Indicator.objects.filter(code=indicator.code, state=Indicator.DRAFT, set__based_on=indicator.set_id)
    for row in following:
        copied = row.targets.filter(year=year, unit=unit).values("target", "amber", "red").first()
        if copied == before:
            found.append(row)
    return found


@steps.step(
    Indicator.DRAFT,
    Indicator.IN_FORCE,
    label=_("Choose the units that report"),
    form=UnitsForm,
    needs=[set_is_open],
    icon="users",
    office=preparer,
)
def choose_units(
    indicator: Indicator, by: Any, units: list[Unit], groups: list[str] | None = None, reason: str = ""
) -> None:
    """Which units report it from now on; values of those that no longer do stay."""
    if not indicator.reporters.exists() and not units:
        raise NotNow(_("It is reported for the university as a whole already."))
    indicator.report_from(units)


@steps.step(
    Indicator.DRAFT,
    to=Indicator.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    needs=[set_is_open],
    danger=True,
    icon="ban",
    office=preparer,
)
def cancel(indicator: Indicator, by: Any, reason: str) -> None:
    """Leave this indicator out of the set that is being prepared."""
