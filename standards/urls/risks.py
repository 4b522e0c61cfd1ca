from django.urls import path

from ..views import risk_pages, risks

unit_risks, measures, sheets = risks.UnitRiskPages(), risks.RiskMeasurePages(), risks.ContextSheetPages()

urlpatterns: list = [
    path("risk-matrix/", risk_pages.RiskMatrix.as_view(), name="risk-matrix"),
    path("unit-risks/start/", risk_pages.Start.as_view(), name="risks-start"),
    path("unit-risks/rate/", risk_pages.Rate.as_view(), name="risks-rate"),
    path("unit-risks/units/<int:pk>/print/", risk_pages.PrintRegister.as_view(), name="risks-print"),
    *unit_risks.urls(),
    *measures.urls(),
    *sheets.urls(),
]
