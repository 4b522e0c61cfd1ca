"""What the app hands to shared pages and to other rooms: each module declares its menu, desk, panels, signals."""

from .. import permissions, policy, reminders, workflow  # noqa: F401 - declares rights, numbers, reminders, steps
from . import (  # noqa: F401
    answering,
    appeals,
    campaigns,
    course_forms,
    figures,
    loop,
    opening,
    petitions,
    questionnaires,
    releases,
    talks,
    texts,
)
