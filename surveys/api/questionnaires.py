"""REST of the bank of questions and of questionnaires; sections and items are written by steps."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, ThreeLanguages, with_steps

from .. import drafting
from ..filters.questionnaires import QuestionFilters, QuestionnaireFilters
from ..forms.questionnaires import ApiQuestionForm, QuestionnaireForm
from ..models import Question, Questionnaire


class OptionSerializer(serializers.Serializer):
    code = serializers.CharField()
    kk = serializers.CharField(allow_blank=True)
    ru = serializers.CharField(allow_blank=True)
    en = serializers.CharField(allow_blank=True)


class QuestionSerializer(RecordSerializer):
    """`options` are sent as lines "code = kk | ru | en", a text or a list of them, and come back as objects."""

    text, hint = ThreeLanguages(), ThreeLanguages()
    options = serializers.SerializerMethodField()
    areas = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Question
        fields = [
            "id", "state", "code", "wording", "kind", "text", "hint", "scale", "reverse", "allow_na", "allow_refuse",
            "options", "low", "high", "areas", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    @extend_schema_field(OptionSerializer(many=True))
    def get_options(self, question: Question) -> Any:
        return question.options


@with_steps
class Questions(Adding, Editing, RecordViewSet):
    queryset = Question.objects.order_by("code")
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilters
    form = ApiQuestionForm
    ordering_fields = ["id", "code", "kind", "wording", "state"]

    def bring(self, page: list[Any]) -> None:
        drafting.bring_standing(page)


class ProblemSerializer(serializers.Serializer):
    level = serializers.CharField()
    text = serializers.CharField()
    section = serializers.CharField(allow_blank=True)
    item = serializers.CharField(allow_blank=True)


class QuestionnaireSerializer(RecordSerializer):
    """`content` is what is asked, in three languages (docs: surveys/content.py); `problems` what is still wrong with it."""

    name = ThreeLanguages()
    areas = serializers.ListField(child=serializers.CharField(), read_only=True)
    content = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()

    class Meta:
        model = Questionnaire
        fields = [
            "id", "state", "code", "version", "name", "audience", "designer", "checker", "unit", "about_courses", "areas",
            "basis", "submitted_on", "approved_on", "decision", "content", "problems", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    @extend_schema_field(serializers.JSONField())
    def get_content(self, questionnaire: Questionnaire) -> Any:
        return drafting.content_of(questionnaire)

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, questionnaire: Questionnaire) -> Any:
        found = drafting.problems_of(questionnaire) if questionnaire.is_written else []
        return ProblemSerializer(found, many=True).data


@with_steps
class Questionnaires(Adding, Editing, RecordViewSet):
    """Sections and items: `put-section`, `put-item`, `move-part`, `remove-part`. A section's number is in its code ("s7")."""

    queryset = Questionnaire.objects.order_by("code", "-version")
    serializer_class = QuestionnaireSerializer
    filterset_class = QuestionnaireFilters
    form = QuestionnaireForm
    list_related = ("unit",)
    ordering_fields = ["id", "code", "version", "audience", "state", "approved_on"]

    def bring(self, page: list[Any]) -> None:
        drafting.bring_contents(page)
        drafting.bring_next_versions(page)


routes: list = [
    ("surveys/questions", Questions, "question"),
    ("surveys/questionnaires", Questionnaires, "questionnaire"),
]
