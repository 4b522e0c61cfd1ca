from django.urls import path
from django.views.generic import RedirectView

from ..views import bodies as views
from ..views import elections as election_views

bodies, seats, elections = views.BodyPages(), views.SeatPages(), election_views.ElectionPages()

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="bodies:bodies"), name="front"),
    *bodies.urls(),
    *seats.urls(),
    *elections.urls(),
]
