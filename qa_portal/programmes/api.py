"""REST: programmes, disciplines, courses, terms. Read-only."""

from __future__ import annotations

from rest_framework import serializers

from qa_portal.web.api import ReadOnly, ThreeLanguages

from .models import Course, Discipline, Programme, Term


class TermSerializer(serializers.ModelSerializer):
    year_name = serializers.CharField(source="year.name", read_only=True)

    class Meta:
        model = Term
        fields = ["id", "year", "year_name", "season", "since", "until"]


class ProgrammeSerializer(serializers.ModelSerializer):
    name = ThreeLanguages()

    class Meta:
        model = Programme
        fields = ["id", "code", "name", "level", "unit", "head"]


class DisciplineSerializer(serializers.ModelSerializer):
    name = ThreeLanguages()

    class Meta:
        model = Discipline
        fields = ["id", "code", "name", "unit", "credits"]


class CourseSerializer(serializers.ModelSerializer):
    discipline_code = serializers.CharField(source="discipline.code", read_only=True)
    groups = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Course
        fields = ["id", "discipline", "discipline_code", "term", "teachers", "groups"]


class Terms(ReadOnly):
    queryset = Term.objects.select_related("year").order_by("-since")
    serializer_class = TermSerializer
    filterset_fields = ["year", "season"]
    ordering_fields = ["id", "since", "until"]


class Programmes(ReadOnly):
    queryset = Programme.objects.order_by("code")
    serializer_class = ProgrammeSerializer
    filterset_fields = ["code", "level", "unit", "head"]
    ordering_fields = ["id", "code", "level"]


class Disciplines(ReadOnly):
    queryset = Discipline.objects.order_by("code")
    serializer_class = DisciplineSerializer
    filterset_fields = ["code", "unit"]
    ordering_fields = ["id", "code", "credits"]


class Courses(ReadOnly):
    queryset = (
        Course.objects.select_related("discipline")
        .prefetch_related("teachers")
        .order_by("-term__since", "discipline__code")
    )
    serializer_class = CourseSerializer
    filterset_fields = ["discipline", "term", "teachers"]
    ordering_fields = ["id", "term__since", "discipline__code"]


routes = [
    ("programmes/programmes", Programmes),
    ("programmes/disciplines", Disciplines),
    ("programmes/courses", Courses),
    ("programmes/terms", Terms),
]
