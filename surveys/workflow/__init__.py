"""What can happen to questionnaires, campaigns, urns, releases, petitions, appeals, course forms and talks."""

from . import (  # noqa: F401 - declares steps
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
