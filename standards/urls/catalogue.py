from django.urls import path

from ..views import catalogue as views

urlpatterns = [
    path("", views.standards, name="standards"),
    path("matrix/", views.matrix, name="matrix"),
    path("expected/", views.expected, name="expected"),
    path("standards/<int:pk>/", views.standard, name="standard"),
    path("requirements/<int:pk>/", views.requirement, name="requirement"),
]
