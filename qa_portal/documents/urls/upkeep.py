from django.urls import path

from ..views import upkeep as views

urlpatterns: list = [
    path("upkeep/", views.Upkeep.as_view(), name="upkeep"),
    *views.reviews.urls(),
    *views.verdicts.urls(),
    *views.proposals.urls(),
    *views.copies.urls(),
]
