"""Reminders of releases: a report not opened by a recipient, a report that is due and not sent."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import quality_office
from qa_portal.policy.registry import policy

from ..models import Campaign, Release, ReleaseReceipt


def _unopened() -> Any:
    rows = ReleaseReceipt.objects.waiting().select_related("release__campaign")
    return rows.only("person", "release__campaign__name", "release__id")


remind_of(
    ReminderRule(
        name="surveys.receipt",
        rows=_unopened,
        deadline="sent_on",
        thresholds=lambda: {days: ("recipient",) for days in policy("surveys.remind_receipt")},
        prepare=dict,
        audience=lambda known, name, row: [row.person_id],
        line=lambda row, late, language: Line(
            _("Not received yet: report on a survey “%(name)s”") % {"name": row.release.campaign},
            row.release.get_absolute_url(),
        ),
    )
)


def _due() -> Any:
    """Opened urns whose report is not sent yet."""
    sent = Release.objects.filter(sent_on__isnull=False).order_by().values("campaign")
    rows = Campaign.objects.filter(state=Campaign.OPENED, report_due__isnull=False).exclude(pk__in=sent)
    return rows.only("name", "report_due")


remind_of(
    ReminderRule(
        name="surveys.report_due",
        rows=_due,
        deadline="report_due",
        thresholds=lambda: thresholds(office="surveys.remind_report"),
        prepare=lambda: list(quality_office().values_list("pk", flat=True)),
        audience=lambda known, name, row: known,
        line=lambda row, late, language: Line(
            f"{lateness(late)}: " + _("report on the survey “%(name)s”") % {"name": row}, row.get_absolute_url()
        ),
    )
)
