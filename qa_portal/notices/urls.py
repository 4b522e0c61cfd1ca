from django.urls import path

from . import calendar, views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("read-all/", views.read_all, name="read_all"),
    path("calendar/", calendar.OwnCalendar.as_view(), name="calendar"),
    path("<int:pk>/", views.follow, name="follow"),
]
