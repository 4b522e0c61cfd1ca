from django.urls import path

from ..views import course_forms

urlpatterns: list = [
    path("course-forms/terms/", course_forms.terms, name="course-form-terms"),
    *course_forms.CourseFormPages().urls(),
]
