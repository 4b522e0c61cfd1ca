"""The portal's addresses, and the bare pages beside them."""

from django.urls import include, path

urlpatterns = [path("bare/", include("bench.bare")), path("", include("qa_portal.urls"))]
