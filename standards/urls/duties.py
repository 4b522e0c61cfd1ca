"""Duties, their calendar, their rules."""

from django.urls import path

from ..views import duties as views

duties, rules = views.DutyPages(), views.RulePages()

urlpatterns: list = [
    path("duties/year/", views.Year.as_view(), name="duty-year"),
    *duties.urls(),
    *rules.urls(),
]
