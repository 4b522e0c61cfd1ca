"""Open to everybody: /answer/. No address names a respondent, an invitation or an answer."""

from django.urls import path

from ..views import answering

urlpatterns: list = []
answer_urlpatterns: list = [
    path("", answering.start, name="answer"),
    path("survey/", answering.survey, name="answer-survey"),
    path("about/", answering.about, name="answer-about"),
    path("about/<uuid:uid>/", answering.about, name="answer-about-campaign"),
    path("open/<uuid:uid>/", answering.begin, name="answer-begin"),
]
