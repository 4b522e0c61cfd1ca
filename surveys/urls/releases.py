from django.urls import path

from ..views import releases as pages
from ..views import results as views

releases, replies = pages.ReleasePages(), pages.ReplyPages()

urlpatterns: list = [
    path("my-courses/", views.MyCourses.as_view(), name="my-courses"),
    path("releases/<int:pk>/results/", views.Results.as_view(), name="release-results"),
    path("releases/<int:pk>/status/", views.Status.as_view(), name="release-status"),
    path("releases/<int:pk>/table/", views.Sheet.as_view(), name="release-sheet"),
    path("releases/<int:pk>/received/", views.Received.as_view(), name="release-received"),
    path("releases/<int:pk>/files/<slug:edition>/<slug:form>/", views.ReportFile.as_view(), name="release-file"),
    *releases.urls(),
    *replies.urls(),
]
public_urlpatterns: list = [
    path("", views.PublicSurveys.as_view(), name="public-surveys"),
    path("<int:pk>/", views.PublicSurvey.as_view(), name="public-survey"),
    path("<int:pk>/table/", views.PublicSheet.as_view(), name="public-survey-sheet"),
    path("<int:pk>/files/<int:issue>/", views.PublicFile.as_view(), name="public-survey-file"),
]
