from django.urls import path

from .. import views

evidence = views.EvidencePages()

urlpatterns = [
    path("evidence/<int:pk>/file/", views.EvidenceFile.as_view(), name="evidence-file"),
    *evidence.urls(),
]
