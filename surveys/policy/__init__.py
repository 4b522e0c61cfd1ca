"""The numbers that a rector may change, with their clauses."""

from . import (  # noqa: F401 - declares numbers
    answering,
    appeals,
    campaigns,
    course_forms,
    loop,
    opening,
    petitions,
    questionnaires,
    releases,
    results,
    talks,
    texts,
)
