"""Averages of self-assessment: the heat map, what is behind a cell, the trend."""

from django.urls import path

from ..views import scores as views

urlpatterns: list = [
    path("heat-map/", views.heat_map, name="heat-map"),
    path("heat-map/cell/", views.cell, name="heat-map-cell"),
    path("heat-map/<int:pk>/print/", views.heat_map_print, name="heat-map-print"),
    path("trend/", views.trend, name="trend"),
]
