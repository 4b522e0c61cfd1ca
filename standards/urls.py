from django.urls import path

from . import views

app_name = "standards"
urlpatterns = [
    path("", views.standards, name="standards"),
    path("matrix/", views.matrix, name="matrix"),
    path("standards/<int:pk>/", views.standard, name="standard"),
    path("requirements/<int:pk>/", views.requirement, name="requirement"),
]
