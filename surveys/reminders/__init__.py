"""What is reminded of, and whom."""

from . import (  # noqa: F401 - declares reminders
    answering,
    appeals,
    campaigns,
    course_forms,
    loop,
    opening,
    petitions,
    questionnaires,
    releases,
    talks,
    texts,
)
