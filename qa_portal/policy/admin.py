"""Policy numbers in admin: add a dated row with a reason; earlier rows stay as they were and are the history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import AdminByRight

from . import registry
from .models import PolicyValue

YES = frozenset({"yes", "true", "иә", "да", "1"})
NO = frozenset({"no", "false", "жоқ", "нет", "0"})


def plainly(value: Any) -> str:
    """A value as one writes it on paper: «-7, -1, 1», «60», «yes»."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def read_plainly(kind: str, text: str) -> Any:
    """What was written, as the setting keeps it; ValueError when it is not of that kind."""
    word = text.strip().replace("−", "-")
    if kind == "text":
        return word
    if kind == "bool":
        if word.lower() in YES or word.lower() == gettext("yes").lower():
            return True
        if word.lower() in NO or word.lower() == gettext("no").lower():
            return False
        raise ValueError(word)
    if kind == "ints":
        return sorted({int(part) for part in word.replace(";", ",").strip("[], ").split(",")})
    return int(word)


def described(number: registry.Number) -> str:
    """What holds now, what may be written, where it comes from."""
    parts = [
        gettext("now: %(value)s") % {"value": plainly(registry.policy(number.key))},
        gettext("default: %(value)s") % {"value": plainly(number.default)},
    ]
    if number.low is not None or number.high is not None:
        parts.append(gettext("from %(low)s to %(high)s") % {"low": number.low, "high": number.high})
    if number.unit:
        parts.append(str(number.unit))
    if number.clause:
        parts.append(number.clause)
    return "; ".join(parts)


def in_order() -> list[registry.Number]:
    return sorted(registry.declared().values(), key=lambda number: number.key)


def choices() -> list[tuple[str, str]]:
    return [(number.key, str(number.label)) for number in in_order()]


class PolicyForm(forms.ModelForm):
    key = forms.ChoiceField(
        label=_("setting"), choices=choices, widget=forms.Select(attrs={"class": "vLargeTextField"})
    )
    value = forms.CharField(
        label=_("value"),
        max_length=200,
        help_text=_("A number (60), several numbers with commas (-7, -1, 1), or yes / no: as the default is written."),
    )

    class Meta:
        model = PolicyValue
        fields = ["key", "value", "valid_from", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = registry.declared().get(cleaned.get("key", ""))
        if number is not None and "value" in cleaned:
            try:
                cleaned["value"] = read_plainly(number.kind, cleaned["value"])
            except ValueError:
                self.add_error(
                    "value",
                    ValidationError(
                        _("Write it in the same form as the default: %(default)s.")
                        % {"default": plainly(number.default)}
                    ),
                )
        return cleaned


class OfSetting(admin.SimpleListFilter):
    title = _("setting")
    parameter_name = "key"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        changed = PolicyValue.objects.order_by("key").values_list("key", flat=True).distinct()
        declared = registry.declared()
        return [(key, str(declared[key].label) if key in declared else key) for key in changed]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(key=self.value()) if self.value() else queryset


@admin.register(PolicyValue)
class PolicyAdmin(AdminByRight, admin.ModelAdmin):
    """Rows are added, never changed: what held on a day can always be read."""

    right_to_view = right_to_add = "policy.add_policyvalue"
    form = PolicyForm
    list_display = ["label", "plain_value", "default", "valid_from", "in_force", "author", "reason", "created_at"]
    list_filter = [OfSetting]
    list_select_related = ["author"]
    date_hierarchy = "valid_from"

    STORED = ("label", "plain_value", "default", "bounds", "clause", "valid_from", "reason", "author", "created_at")

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """A new row, and under it every setting as it stands; a stored row is only read."""
        if obj is not None:
            return [(None, {"fields": self.STORED})]
        rows = format_html_join("", "<tr><td>{}</td><td>{}</td></tr>", ((n.label, described(n)) for n in in_order()))
        table = format_html("<table>{}</table>", rows)
        return [
            (None, {"fields": ["key", "value", "valid_from", "reason"]}),
            (_("All settings"), {"fields": [], "description": table}),
        ]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return self.STORED if obj is not None else ()

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        return {"valid_from": timezone.localdate(), **super().get_changeform_initial_data(request)}

    @admin.display(description=_("setting"), ordering="key")
    def label(self, row: PolicyValue) -> str:
        number = registry.declared().get(row.key)
        return str(number.label) if number else row.key

    @admin.display(description=_("value"))
    def plain_value(self, row: PolicyValue) -> str:
        return plainly(row.value)

    @admin.display(description=_("default"))
    def default(self, row: PolicyValue) -> str:
        number = registry.declared().get(row.key)
        return f"{plainly(number.default)} {number.unit}".strip() if number else "—"

    @admin.display(description=_("bounds"))
    def bounds(self, row: PolicyValue) -> str:
        number = registry.declared().get(row.key)
        return f"{number.low} … {number.high}" if number and number.low is not None else "—"

    @admin.display(description=_("clause"))
    def clause(self, row: PolicyValue) -> str:
        number = registry.declared().get(row.key)
        return number.clause if number else "—"

    @admin.display(description=_("in force"), boolean=True)
    def in_force(self, row: PolicyValue) -> bool:
        return registry.row_in_force(row.key) == row.pk

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj.author = request.user
        super().save_model(request, obj, form, change)
