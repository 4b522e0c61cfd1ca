"""One line a kind of record; each module brings its own."""

from . import acquaintance, evidence, library, search, upkeep

app_name = "documents"
urlpatterns = [
    *search.urlpatterns,
    *library.urlpatterns,
    *evidence.urlpatterns,
    *acquaintance.urlpatterns,
    *upkeep.urlpatterns,
]
