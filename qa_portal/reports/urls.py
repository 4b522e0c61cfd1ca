from django.urls import path

from . import views

app_name = "papers"
urlpatterns = [
    path("", views.papers, name="list"),
    path("<int:pk>/", views.paper, name="paper"),
    path("<int:pk>/status/", views.status, name="status"),
]
