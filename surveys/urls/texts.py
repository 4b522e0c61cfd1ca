from django.urls import path

from ..views import reviewing, texts

themes = texts.ThemePages()

urlpatterns: list = [
    path("texts/", reviewing.Overview.as_view(), name="texts"),
    path("texts/<int:pk>/", reviewing.Review.as_view(), name="texts-review"),
    *themes.urls(),
]
