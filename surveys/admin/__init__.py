"""Django admin."""

from . import (  # noqa: F401 - registers
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
