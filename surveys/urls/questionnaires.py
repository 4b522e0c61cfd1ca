from django.urls import path

from ..views import front, questionnaires

questions, instruments = questionnaires.QuestionPages(), questionnaires.QuestionnairePages()

urlpatterns: list = [
    path("", front.Front.as_view(), name="front"),
    *questions.urls(),
    *instruments.urls(),
]
