"""The roof of the API: one router, the schema and its reading page."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from capa import api as capa

router = SimpleRouter()
for prefix, viewset in (
    ("capa/findings", capa.Findings),
    ("capa/plans", capa.Plans),
    ("capa/actions", capa.Actions),
):
    router.register(prefix, viewset)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    *router.urls,
]
