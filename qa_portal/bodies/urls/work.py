from django.urls import path

from ..views import work as views

assignments, dispatches = views.AssignmentPages(), views.DispatchPages()
requests, advice = views.RequestPages(), views.AdvicePages()

urlpatterns = [
    path("tools/", views.QualityTools.as_view(), name="tools"),
    *assignments.urls(),
    *dispatches.urls(),
    *requests.urls(),
    *advice.urls(),
]
