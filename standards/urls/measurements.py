from django.urls import path

from ..views import measurement_boards as boards
from ..views import measurements as views

measurements, imports = views.MeasurementPages(), views.ImportPages()

urlpatterns = [
    path("indicator-board/", boards.Board.as_view(), name="indicator-board"),
    path("indicator-board/print/", boards.BoardPrint.as_view(), name="indicator-board-print"),
    path("indicator-values/<str:code>/", boards.IndicatorValues.as_view(), name="indicator-values"),
    path("measurements/grid/", boards.GridPage.as_view(), name="measurement-grid"),
    path("measurement-imports/template/", views.Template.as_view(), name="measurement-template"),
    path("measurement-imports/<int:pk>/status/", views.ImportStatus.as_view(), name="measurement-import-status"),
    *measurements.urls(),
    *imports.urls(),
]
