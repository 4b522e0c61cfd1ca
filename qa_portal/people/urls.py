from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("", views.units, name="units"),
    path("settings/", views.own_settings, name="settings"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("people/<int:pk>/", views.person, name="person"),
]
