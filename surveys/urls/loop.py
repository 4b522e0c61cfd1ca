from django.urls import path

from ..views import loop as views
from ..views import loop_public

pages = views.LoopPages()

urlpatterns: list = [
    path("loop-entries/waiting/", views.Waiting.as_view(), name="loop-waiting"),
    path("loop-entries/waiting/<int:pk>/set-aside/", views.SetAside.as_view(), name="loop-set-aside"),
    *pages.urls(),
]
#: open to everybody
public_urlpatterns: list = [path("", loop_public.PublicLoop.as_view(), name="public-loop")]
