"""What the room of programmes hands to shared pages: its places under "More"."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web.registry import MenuItem, menu

from . import permissions  # noqa: F401 - declares rights

menu(
    MenuItem(
        "students",
        _("Students"),
        "programmes:students",
        "users",
        84,
        lambda person: not refusal(person, "programmes.keep_students"),
        True,
    )
)
menu(
    MenuItem(
        "courses",
        _("Courses"),
        "programmes:courses",
        "calendar",
        85,
        lambda person: not refusal(person, "programmes.keep_courses"),
        True,
    )
)
