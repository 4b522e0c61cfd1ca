"""What the app hands to shared pages and to other rooms: each module declares its menu, desk, panels, signals."""

from .. import permissions, policy, reminders, workflow  # noqa: F401 - declares rights, numbers, reminders, steps
from . import (  # noqa: F401
    answers,
    catalogue,
    cycles,
    duties,
    indicators,
    measurements,
    mechanisms,
    ratings,
    reporting,
    risks,
    scores,
)
