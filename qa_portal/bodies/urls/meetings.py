from django.urls import path

from ..views import meetings as views

meetings, items, decisions = views.MeetingPages(), views.ItemPages(), views.DecisionPages()

urlpatterns = [
    path("meetings/<int:pk>/ics/", views.Calendar.as_view(), name="meeting-ics"),
    path("meetings/<int:pk>/agenda/", views.AgendaPaper.as_view(), name="meeting-agenda"),
    *meetings.urls(),
    *items.urls(),
    *decisions.urls(),
]
