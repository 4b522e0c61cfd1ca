"""Cycles, self-assessments, monitoring plans."""

from django.urls import path

from ..views import assessments, cycles

cycle_pages = cycles.CyclePages()
assessment_pages, plan_row_pages = assessments.AssessmentPages(), assessments.PlanRowPages()

urlpatterns: list = [
    path("cycles/<int:pk>/scope/", cycles.Scope.as_view(pages=cycle_pages), name="cycle-scope"),
    *cycle_pages.urls(),
    *assessment_pages.urls(),
    *plan_row_pages.urls(),
]
