from django.urls import path

from ..views.search import Library

urlpatterns = [path("", Library.as_view(), name="front")]
