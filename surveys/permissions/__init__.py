"""Who may do what."""

from . import (  # noqa: F401 - declares rights
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
