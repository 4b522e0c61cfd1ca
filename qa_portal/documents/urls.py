from django.urls import path

from . import views

app_name = "documents"
evidence = views.EvidencePages()

urlpatterns = [
    path("evidence/<int:pk>/file/", views.EvidenceFile.as_view(), name="evidence-file"),
    *evidence.urls(),
]
