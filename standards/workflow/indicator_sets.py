"""Steps of a set of indicators: prepared by the quality office, approved by a body's decision, superseded by the next."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qa_portal.people.heads import quality_office
from qa_portal.people.models import Office, Person
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow
from qa_portal.web.registry import registry
from qa_portal.workflow.models import Entry
from qa_portal.workflow.steps import Steps, move

from ..forms.indicators import BasisForm, ReasonForm
from ..models import Indicator, IndicatorSet
from ..models.indicators import BEING_PREPARED
from ..permissions.indicators import approval_officer, body_of_sets, preparer

steps = Steps(IndicatorSet)
registry.words.update(take_back=_("In force again"))
MOST_NAMED = 5


def _office(record: IndicatorSet) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def _body(record: IndicatorSet) -> list[Any]:
    """The chair and the secretary of the body that decides."""
    return list(registry.body_people(body_of_sets()))


def _responsible(record: IndicatorSet) -> list[Any]:
    """Heads of the units that answer for an indicator of the set."""
    units = record.indicators.filter(state=Indicator.DRAFT).order_by().values("responsible")
    return list(heads_of(units))


def heads_of(units: Any) -> Any:
    from_offices = Office.objects.on().filter(role=Role.UNIT_HEAD, unit__in=units).order_by().values("person")
    return Person.objects.filter(pk__in=from_offices, is_active=True)


def _live(record: IndicatorSet) -> Any:
    return record.indicators.exclude(state=Indicator.CANCELLED)


def has_indicators(record: IndicatorSet) -> Any | None:
    """It has at least one indicator."""
    return None if _live(record).exists() else _("The set is empty: add at least one indicator.")


def _named(rows: list[Indicator]) -> str:
    codes = ", ".join(row.code for row in rows[:MOST_NAMED])
    return f"{codes}…" if len(rows) > MOST_NAMED else codes


def is_complete(record: IndicatorSet) -> Any | None:
    """Names in three languages and a validation record for each (N2 §7.1.5.2)."""
    rows = list(_live(record).order_by("code"))
    unnamed = [row for row in rows if not row.has_all_languages]
    if unnamed:
        return _("These indicators lack their name in one of the three languages: %(codes)s.") % {
            "codes": _named(unnamed)
        }
    unchecked = [row for row in rows if not row.is_validated]
    if unchecked:
        return ngettext(
            "%(n)s indicator is not validated yet: %(codes)s.",
            "%(n)s indicators are not validated yet: %(codes)s.",
            len(unchecked),
        ) % {"n": len(unchecked), "codes": _named(unchecked)}
    return None


@steps.step(
    IndicatorSet.DRAFT,
    to=IndicatorSet.SUBMITTED,
    label=_("Submit for approval"),
    needs=[has_indicators, is_complete],
    tells=[_body],
    primary=True,
    icon="send",
    office=preparer,
)
def submit(record: IndicatorSet, by: Any) -> None:
    """The quality office puts the set before the body that approves it; the definitions stay as they are from now on."""


def _into_force(record: IndicatorSet, by: Any) -> None:
    _move_indicators(record, Indicator.DRAFT, Indicator.IN_FORCE, by, "approve")


@steps.step(
    IndicatorSet.SUBMITTED,
    to=IndicatorSet.IN_FORCE,
    label=_("Approve"),
    form=BasisForm,
    tells=[_office, _responsible],
    primary=True,
    icon="check",
    then=_into_force,
    office=approval_officer,
)
def approve(record: IndicatorSet, by: Any, basis: str = "") -> None:
    """The body's decision brings the set into force; the set before and its indicators are superseded."""
    for former in IndicatorSet.objects.select_for_update(of=("self",)).in_force().exclude(pk=record.pk):
        _move_indicators(former, Indicator.IN_FORCE, Indicator.SUPERSEDED, by, "supersede")
        move(former, IndicatorSet.SUPERSEDED, by=by, verb="supersede")
    record.approved_on, record.basis = timezone.localdate(), basis


def _out_of_force(record: IndicatorSet, by: Any) -> None:
    """The set before is in force again, once this one no longer is."""
    _move_indicators(record, Indicator.IN_FORCE, Indicator.DRAFT, by, "undo_approval")
    former = record.based_on
    if former is not None and former.state == IndicatorSet.SUPERSEDED:
        move(former, IndicatorSet.IN_FORCE, by=by, verb="take_back")
        _move_indicators(former, Indicator.SUPERSEDED, Indicator.IN_FORCE, by, "take_back")


@steps.step(
    IndicatorSet.IN_FORCE,
    to=IndicatorSet.SUBMITTED,
    label=_("Undo the approval"),
    form=ReasonForm,
    tells=[_office],
    danger=True,
    icon="corner-up-left",
    then=_out_of_force,
    only_if=lambda record: False,
)
def undo_approval(record: IndicatorSet, by: Any, reason: str) -> None:
    """A body above has annulled the decision: the set waits again, the one before is in force once more."""
    if IndicatorSet.objects.filter(state__in=(IndicatorSet.DRAFT, IndicatorSet.SUBMITTED)).exists():
        raise NotNow(BEING_PREPARED)
    record.approved_on, record.basis = None, ""


@steps.step(
    IndicatorSet.SUBMITTED,
    to=IndicatorSet.DRAFT,
    label=_("Send back"),
    form=ReasonForm,
    tells=[_office],
    icon="corner-up-left",
    office=preparer,
)
def send_back(record: IndicatorSet, by: Any, reason: str) -> None:
    """The set is worked on again: the body voted against it, or the office has found a mistake."""


@steps.step(
    IndicatorSet.DRAFT,
    IndicatorSet.SUBMITTED,
    to=IndicatorSet.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_office],
    danger=True,
    icon="ban",
    office=preparer,
)
def cancel(record: IndicatorSet, by: Any, reason: str) -> None:
    """Give this set up before it came into force; its drafts go with it, the set in force stays."""
    _move_indicators(record, Indicator.DRAFT, Indicator.CANCELLED, by, "cancel", reason)


def _move_indicators(of: IndicatorSet, from_state: str, to_state: str, by: Any, verb: str, why: str = "") -> None:
    """All indicators of a set follow it, each with its line of history. Together: a set may have hundreds."""
    rows = of.indicators.filter(state=from_state)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(state=to_state, revision=F("revision") + 1, changed_at=timezone.now())
    kind = ContentType.objects.get_for_model(Indicator)
    Entry.objects.bulk_create(
        Entry(record_type=kind, record_id=pk, by=by, verb=verb, from_state=from_state, to_state=to_state, why=why)
        for pk in ids
    )
