"""REST of the app: each module brings its routes."""

from . import (
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

routes: list = [
    *questionnaires.routes,
    *campaigns.routes,
    *answering.routes,
    *opening.routes,
    *releases.routes,
    *texts.routes,
    *loop.routes,
    *petitions.routes,
    *appeals.routes,
    *course_forms.routes,
    *talks.routes,
]
