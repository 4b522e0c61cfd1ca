"""The directory: units, one unit, one person; and everybody's own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from .models import Office, Person, Unit
from .roles import Role


class SettingsForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["language", "theme", "letters_wanted"]
        widgets = {name: forms.RadioSelect for name in fields}


def own_settings(request: HttpRequest) -> HttpResponse:
    person = Person.objects.get(pk=request.user.pk)
    form = SettingsForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        person.save(update_fields=["language", "theme", "letters_wanted"])
        with translation.override(person.language):
            messages.success(request, _("Saved."))
        return redirect("people:settings")
    context = {"title": _("My settings"), "form": form, "submit_label": _("Save"), "cancel_url": "/"}
    return render(request, "pages/settings.html", context)


def units(request: HttpRequest) -> HttpResponse:
    """The tree of units with their heads, two queries."""
    heads = {
        office.unit_id: office.person
        for office in Office.objects.visible_to(request.user).on().filter(role=Role.UNIT_HEAD).select_related("person")
    }
    rows = [
        {"unit": unit, "depth": unit.path.count(".") - 1, "head": heads.get(unit.pk)}
        for unit in Unit.objects.visible_to(request.user).working().order_by("path")
    ]
    return render(request, "people/units.html", {"title": _("People and units"), "rows": rows})


def unit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Unit.objects.visible_to(request.user).select_related("parent"), pk=pk)
    context: dict[str, Any] = {
        "title": row.name,
        "unit": row,
        "offices": Office.objects.visible_to(request.user).on().filter(unit=row).select_related("person"),
        "people": Person.objects.visible_to(request.user).filter(unit=row),
        "children": row.children.all(),
    }
    return render(request, "people/unit.html", context)


def person(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Person.objects.visible_to(request.user).select_related("unit"), pk=pk)
    offices = Office.objects.visible_to(request.user).on().filter(person=row).select_related("unit")
    return render(request, "people/person.html", {"title": row.get_full_name(), "person": row, "offices": offices})
