"""Papers."""

from . import (  # noqa: F401 - declares papers
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
