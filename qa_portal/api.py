"""The roof of the API: one router, the schema and its reading page."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from capa import api as capa
from qa_portal.bodies import api as bodies
from qa_portal.documents import api as documents
from qa_portal.notices import api as notices
from qa_portal.people import api as people
from qa_portal.programmes import api as programmes
from standards import api as standards
from surveys import api as surveys

router = SimpleRouter()
for room in (people, programmes, documents, bodies, notices, standards, capa, surveys):
    for prefix, viewset, *basename in room.routes:
        router.register(prefix, viewset, *basename)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    *router.urls,
]
