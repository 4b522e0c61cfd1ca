"""Answers on evaluation areas: the page of a self-assessment, the door to which one types, register and record."""

from django.urls import path

from ..views.answering import AnswersPage, Typing
from ..views.answers import AnswerPages

answers = AnswerPages()

urlpatterns: list = [
    path("assessments/<int:pk>/answers/", AnswersPage.as_view(), name="assessment-answers"),
    path("answers/<int:pk>/type/", Typing.as_view(), name="answer-type"),
    *answers.urls(),
]
