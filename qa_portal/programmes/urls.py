"""Addresses of the registers of students and courses."""

from .views import CoursePages, StudentPages

app_name = "programmes"
urlpatterns = [*StudentPages().urls(), *CoursePages().urls()]
