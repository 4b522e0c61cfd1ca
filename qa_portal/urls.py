"""The roof: one include per room and app."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.cache import never_cache

from qa_portal.notices import views as notices
from qa_portal.notices.calendar import calendar_feed
from qa_portal.people.sign_in import admin_login
from qa_portal.reports.verify import verify
from qa_portal.web import views as web
from surveys.urls import answering, public

handler400 = "qa_portal.web.errors.bad_request"
handler403 = "qa_portal.web.errors.forbidden"
handler404 = "qa_portal.web.errors.not_found"

urlpatterns = [
    path("", never_cache(web.home), name="home"),
    path("search/", web.search, name="search"),
    path("standards/", include("standards.urls")),
    path("capa/", include("capa.urls")),
    path("surveys/", include("surveys.urls")),
    path("answer/", include(answering.answer_urlpatterns)),
    path("documents/", include("qa_portal.documents.urls")),
    path("public/documents/", include("qa_portal.documents.urls.public")),
    path("public/reports/", include("standards.urls.public")),
    path("public/surveys/", include(public.surveys_patterns)),
    path("public/loop/", include(public.loop_patterns)),
    path("public/petitions/", include(public.petition_patterns)),
    path("bodies/", include("qa_portal.bodies.urls")),
    path("people/", include("qa_portal.people.urls")),
    path("programmes/", include("qa_portal.programmes.urls")),
    path("notices/", include("qa_portal.notices.urls")),
    path("papers/", include("qa_portal.reports.urls")),
    path("verify/<slug:code>/", verify, name="verify"),
    path("calendar/<str:key>.ics", calendar_feed, name="calendar-feed"),
    path("letters/", notices.letters, name="letters"),
    path("letters/<int:pk>/", notices.letter, name="letter"),
    path("letters/<int:pk>/html/", notices.letter_html, name="letter-html"),
    path("parts/", web.parts, name="parts"),
    path("healthz", web.healthz, name="healthz"),
    path("readyz", web.readyz, name="readyz"),
    path("accounts/", include("qa_portal.people.sign_in")),
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
    path("api/v1/", include("qa_portal.api")),
]
