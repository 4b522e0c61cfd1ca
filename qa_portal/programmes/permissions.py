"""Who keeps the registers of students and courses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.people.permissions import is_hr
from qa_portal.people.rules import is_administrator, is_quality_officer
from qa_portal.permissions import allow

_KEEPERS = is_quality_officer | is_hr | is_administrator
allow(
    "programmes.keep_students",
    _KEEPERS,
    _("Students are personal data: the quality office, HR and administrators read and enter them."),
)
allow(
    "programmes.keep_courses",
    _KEEPERS,
    _("The table of courses is entered by the quality office, HR and administrators."),
)
