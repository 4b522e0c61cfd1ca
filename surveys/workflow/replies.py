"""Steps of a teacher's public answer to the results of an own course."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from ..models import TeacherReply

steps = Steps(TeacherReply)


@steps.step(
    TeacherReply.WRITTEN,
    to=TeacherReply.WITHDRAWN,
    label=_("Withdraw my answer"),
    icon="ban",
    danger=True,
    confirm=_("Nobody but you and the quality office will read it then."),
)
def withdraw(reply: TeacherReply, by: Any) -> None:
    """Take the public answer back."""


@steps.step(
    TeacherReply.WITHDRAWN,
    to=TeacherReply.WRITTEN,
    label=_("Publish my answer again"),
    icon="world",
)
def restore(reply: TeacherReply, by: Any) -> None:
    """Make the answer public again."""
