"""The directory in admin: units, people, offices, deputies; grants and tokens to look at and to revoke.

Kept by administrators (domain.md §3: "users, units, settings; no right to a quality decision by being one").
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from qa_portal.permissions import AdminByRight

from .models import ApiToken, Deputy, Grant, Office, Person, Unit

admin.site.site_header = _("Quality portal: administration")
admin.site.site_title = _("Administration")
admin.site.index_title = _("Administration")

# Rights come from offices: Django's groups would only look as if they gave some. The rest holds secrets or is kept by code.
for other in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(other):
        admin.site.unregister(other)


class Directory(AdminByRight):
    """Administrators add and change; nothing is deleted, because history names it."""

    right_to_view = right_to_add = right_to_change = "people.keep_directory"
    list_per_page = 50
    show_full_result_count = False


class ReadOnlyLog(AdminByRight):
    """Administrators look; nobody adds, changes or deletes."""

    right_to_view = "people.read_logs"
    list_per_page = 50
    show_full_result_count = False


@admin.register(Unit)
class UnitAdmin(Directory, TranslationAdmin):
    list_display = ["in_tree", "code", "kind", "short", "closed_on"]
    list_display_links = ["in_tree"]
    list_filter = ["kind", ("closed_on", admin.EmptyFieldListFilter)]
    search_fields = ["code", "name_kk", "name_ru", "name_en", "short_kk", "short_ru", "short_en"]
    ordering = ["path"]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["code", "kind", "parent", "closed_on"]}),
        (_("Names in three languages"), {"fields": ["name", "short"]}),
    ]

    @admin.display(description=_("unit"), ordering="path")
    def in_tree(self, unit: Unit) -> str:
        return format_html("{}{}", "— " * (len(unit.chain_ids) - 1), unit.name)


class OfficesOfPerson(Directory, admin.TabularInline):
    model = Office
    extra = 0
    can_delete = False
    autocomplete_fields = ["unit"]
    verbose_name_plural = _("offices: what this person may do comes from here")


class NewPersonForm(AdminUserCreationForm):
    class Meta:
        model = Person
        fields = ["username"]


@admin.register(Person)
class PersonAdmin(Directory, TranslationAdmin, UserAdmin):
    add_form = NewPersonForm
    list_display = ["username", "last_name", "first_name", "post", "unit", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "offices__role"]
    list_select_related = ["unit"]
    search_fields = [
        "username",
        "email",
        "last_name_kk",
        "last_name_ru",
        "last_name_en",
        "first_name_kk",
        "first_name_ru",
        "first_name_en",
    ]
    ordering = ["last_name_kk", "first_name_kk", "pk"]
    autocomplete_fields = ["unit"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    inlines = [OfficesOfPerson]
    # No is_superuser, groups or permissions here: they would give nothing but a wrong picture.
    fieldsets = [
        (None, {"fields": ["username", "password", "email"]}),
        (_("Names in three languages"), {"fields": ["last_name", "first_name", "middle_name", "post"]}),
        (_("Place"), {"fields": ["unit", "first_day", "language", "theme", "letters_wanted"]}),
        (_("Sign-in"), {"fields": ["is_active", "is_staff", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "email", "usable_password", "password1", "password2"]}),
        (_("Names in three languages"), {"fields": ["last_name", "first_name", "middle_name", "post"]}),
        (_("Place"), {"fields": ["unit", "first_day", "language"]}),
    ]

    def get_inlines(self, request: Any, obj: Any = None) -> list[Any]:
        return self.inlines if obj else []

    def get_form(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            # Whoever could set this password could sign in as one who may do more here.
            form.base_fields["username"].disabled = True
            form.base_fields["email"].disabled = True
        return form

    def user_change_password(self, request: Any, id: str, form_url: str = "") -> Any:
        person = self.get_object(request, id)
        if person is not None and person.is_superuser and not request.user.is_superuser:
            return self._get_obj_does_not_exist_redirect(request, self.opts, id)
        return super().user_change_password(request, id, form_url)


@admin.register(Office)
class OfficeAdmin(Directory, admin.ModelAdmin):
    list_display = ["person", "role", "unit", "since", "until"]
    list_filter = ["role", ("until", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "unit"]
    search_fields = [
        "person__last_name_kk",
        "person__last_name_ru",
        "person__username",
        "unit__name_kk",
        "unit__name_ru",
        "unit__code",
    ]
    autocomplete_fields = ["person", "unit"]
    ordering = ["-since", "-pk"]


@admin.register(Deputy)
class DeputyAdmin(Directory, admin.ModelAdmin):
    list_display = ["deputy", "principal", "since", "until", "reason"]
    list_select_related = ["deputy", "principal"]
    search_fields = ["deputy__last_name_kk", "deputy__username", "principal__last_name_kk", "principal__username"]
    autocomplete_fields = ["principal", "deputy"]
    ordering = ["-since", "-pk"]


@admin.register(Grant)
class GrantAdmin(ReadOnlyLog, admin.ModelAdmin):
    """Given and ended by the quality office through the portal's own door (grants.py); here only to be seen."""

    list_display = ["person", "right", "about", "since", "until", "given_by", "why", "ended_early"]
    list_filter = ["right", "record_type"]
    list_select_related = ["person", "given_by", "record_type"]
    search_fields = ["person__last_name_kk", "person__username", "why"]
    ordering = ["-since", "-pk"]
    fields = ["person", "right", "about", "since", "until", "given_by", "why", "ended_early"]
    readonly_fields = ["about"]

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description=_("record"))
    def about(self, grant: Grant) -> str:
        return str(grant.record or "—")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyLog, admin.ModelAdmin):
    """Tokens are made by `manage.py api_token` and are seen once; here they are looked at and revoked."""

    right_to_delete = "people.keep_directory"
    list_display = ["user", "beginning", "scope", "created", "expiry", "last_used"]
    list_filter = ["scope"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__last_name_kk"]
    ordering = ["-created"]
    fields = ["user", "beginning", "scope", "created", "expiry", "last_used"]
    readonly_fields = ["user", "beginning", "scope", "created", "expiry", "last_used"]

    @admin.display(description=_("begins with"))
    def beginning(self, token: ApiToken) -> str:
        return f"{token.token_key}…"


@admin.register(Authenticator)
class SecondFactorAdmin(ReadOnlyLog, admin.ModelAdmin):
    """Second factors without their secret. Deleting one lets somebody who lost the device set up another."""

    right_to_delete = "people.keep_directory"
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__last_name_kk"]
    fields = ["user", "type", "created_at", "last_used_at"]
    readonly_fields = ["user", "type", "created_at", "last_used_at"]


@admin.register(LogEntry)
class AdminLog(ReadOnlyLog, admin.ModelAdmin):
    """What was done in admin itself, by whom and when."""

    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag", "get_change_message"]
    list_filter = ["action_flag", "content_type"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "user__username"]
    fields = ["action_time", "user", "content_type", "object_repr", "action_flag", "get_change_message"]
    readonly_fields = ["action_time", "user", "content_type", "object_repr", "action_flag", "get_change_message"]
