"""Programmes, disciplines, courses and the academic year in admin."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from qa_portal.permissions import AdminByRight

from .models import AcademicYear, Course, Discipline, Programme, Student, Term


class Kept(AdminByRight):
    right_to_view = right_to_add = right_to_change = "people.keep_directory"
    list_per_page = 50
    show_full_result_count = False


class TermsOfYear(Kept, admin.TabularInline):
    model = Term
    extra = 0
    can_delete = False


@admin.register(AcademicYear)
class AcademicYearAdmin(Kept, admin.ModelAdmin):
    list_display = ["name", "since", "until"]
    inlines = [TermsOfYear]


@admin.register(Programme)
class ProgrammeAdmin(Kept, TranslationAdmin):
    list_display = ["code", "name", "level", "unit", "head"]
    list_filter = ["level"]
    list_select_related = ["unit", "head"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    autocomplete_fields = ["unit", "head"]


@admin.register(Discipline)
class DisciplineAdmin(Kept, TranslationAdmin):
    list_display = ["code", "name", "unit", "credits"]
    list_select_related = ["unit"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    autocomplete_fields = ["unit"]


@admin.register(Course)
class CourseAdmin(Kept, admin.ModelAdmin):
    list_display = ["discipline", "term"]
    list_filter = ["term"]
    list_select_related = ["discipline", "term__year"]
    search_fields = ["discipline__code", "discipline__name_kk", "discipline__name_ru"]
    autocomplete_fields = ["discipline", "teachers"]


@admin.register(Student)
class StudentAdmin(Kept, admin.ModelAdmin):
    list_display = ["number", "name", "programme", "group", "year", "active"]
    list_filter = ["active", "programme__level"]
    list_select_related = ["programme"]
    search_fields = ["number", "name", "email"]
    autocomplete_fields = ["programme", "person"]
