"""Jobs of the worker."""

from . import (  # noqa: F401 - the jobs
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
