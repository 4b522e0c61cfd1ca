"""One line a kind of record; each module brings its own."""

from . import bodies, meetings, work

app_name = "bodies"
urlpatterns = [*bodies.urlpatterns, *meetings.urlpatterns, *work.urlpatterns]
