from django.urls import path
from django.views.generic import RedirectView

from . import views

app_name = "documents"
evidence = views.EvidencePages()

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="documents:evidence-list"), name="front"),
    path("evidence/<int:pk>/file/", views.EvidenceFile.as_view(), name="evidence-file"),
    *evidence.urls(),
]
