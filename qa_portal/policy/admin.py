"""Policy numbers in admin: add a dated row with a reason; earlier rows stay as they were."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import registry
from .models import PolicyValue


class PolicyForm(forms.ModelForm):
    key = forms.ChoiceField(label=_("setting"))

    class Meta:
        model = PolicyValue
        fields = ["key", "value", "valid_from", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].choices = [
                (n.key, f"{n.label} — {n.default} {n.unit} ({n.clause})") for n in registry.declared().values()
            ]


@admin.register(PolicyValue)
class PolicyAdmin(admin.ModelAdmin):
    form = PolicyForm
    list_display = ["label", "value", "valid_from", "author", "reason"]
    list_filter = ["key"]

    @admin.display(description=_("setting"), ordering="key")
    def label(self, row):
        number = registry.declared().get(row.key)
        return number.label if number else row.key

    def save_model(self, request, obj, form, change):
        obj.author = request.user
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
