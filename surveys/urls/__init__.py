"""One line a kind of record; each module brings its own."""

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

app_name = "surveys"
urlpatterns = [
    *questionnaires.urlpatterns,
    *campaigns.urlpatterns,
    *answering.urlpatterns,
    *opening.urlpatterns,
    *releases.urlpatterns,
    *texts.urlpatterns,
    *loop.urlpatterns,
    *petitions.urlpatterns,
    *appeals.urlpatterns,
    *course_forms.urlpatterns,
    *talks.urlpatterns,
]
