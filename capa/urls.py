from django.urls import path

from . import links, views

app_name = "capa"
findings, plans, actions = views.FindingPages(), views.PlanPages(), views.ActionPages()
linked = links.LinkPages()

urlpatterns = [
    path("", views.Front.as_view(), name="front"),
    path("signals/", views.Signals.as_view(), name="signals"),
    path("signals/<str:key>/<int:pk>/<slug:verb>/", views.DecideSignal.as_view(), name="signal-decide"),
    *findings.urls(),
    *plans.urls(),
    *actions.urls(),
    *linked.urls(),
]
