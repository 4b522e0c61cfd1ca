"""One line a kind of record; each module brings its own."""

from . import (
    answers,
    catalogue,
    cycles,
    duties,
    indicators,
    measurements,
    mechanisms,
    ratings,
    reporting,
    risks,
    scores,
)

app_name = "standards"
urlpatterns = [
    *catalogue.urlpatterns,
    *answers.urlpatterns,  # before those of cycles: "answers" is no step of a self-assessment
    *cycles.urlpatterns,
    *scores.urlpatterns,
    *mechanisms.urlpatterns,
    *indicators.urlpatterns,
    *measurements.urlpatterns,
    *ratings.urlpatterns,
    *risks.urlpatterns,
    *duties.urlpatterns,
    *reporting.urlpatterns,
]
