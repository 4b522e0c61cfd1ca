"""REST of course management forms: read, filled in by the teacher, steps. The portal alone makes them."""

from __future__ import annotations

from qa_portal.web.api import Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.course_forms import CourseFormFilters
from ..forms.course_forms import CourseFormForm
from ..models import CourseForm


class CourseFormSerializer(RecordSerializer):
    class Meta:
        model = CourseForm
        fields = [
            "id", "state", "course", "teacher", "unit", "due_on", "strengths", "weaknesses", "outcomes", "outcomes_share",
            "improvements", "analysis", "recommendation", "answer", "analysed_by", "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class CourseForms(Editing, RecordViewSet):
    queryset = CourseForm.objects.order_by("-pk")
    serializer_class = CourseFormSerializer
    filterset_class = CourseFormFilters
    form = CourseFormForm
    list_related = ("unit", "course__term")
    ordering_fields = ["id", "state", "due_on", "outcomes_share"]


routes: list = [("surveys/course-forms", CourseForms, "course-form")]
