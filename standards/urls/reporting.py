from django.urls import path

from ..views import reporting as views

reports = views.ReportPages()

urlpatterns = [
    path("reports/<int:pk>/parts/<str:key>/", views.ReportPart.as_view(), name="report-part"),
    path("reports/<int:pk>/status/", views.ReportStatus.as_view(), name="report-status"),
    path("reports/<int:pk>/word/", views.ReportWordFile.as_view(), name="report-word"),
    path("reports/<int:pk>/files/<int:issue>/", views.ReportFile.as_view(), name="report-file"),
    *reports.urls(),
]
public = [
    path("", views.PublicReports.as_view(), name="public-reports"),
    path("<int:pk>/files/<int:issue>/", views.PublicReportFile.as_view(), name="public-report-file"),
]
