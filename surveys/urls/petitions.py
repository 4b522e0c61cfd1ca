from django.urls import path

from ..views import petition_public, petition_summary, petitions

pages = petitions.PetitionPages()

urlpatterns: list = [
    path("petitions/summary/", petition_summary.PetitionReport.as_view(), name="petition-summary"),
    path("petitions/<int:pk>/files/<int:place>/", petitions.petition_file, name="petition-file"),
    *pages.urls(),
]
#: open to everybody; no address here says anything about a petition
public_urlpatterns: list = [
    path("", petition_public.send, name="public-petitions"),
    path("thread/", petition_public.thread, name="public-petition-thread"),
]
