"""The directory: units, one unit, one person; and everybody's own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from qa_portal.permissions import refusal
from qa_portal.web.registry import panels_of

from .models import Deputy, Office, Person, Unit
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
    context = {
        "title": _("My settings"),
        "form": form,
        "submit_label": _("Save"),
        "cancel_url": "/",
        "calendar_url": reverse("notices:calendar"),
    }
    return render(request, "pages/settings.html", context)


def _groups(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tree in blocks: first the university with what stands alone right under it, then each part with what is below."""
    parts: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        chain = row["unit"].chain_ids
        parts.setdefault(chain[1] if len(chain) > 1 else chain[0], []).append(row)
    tops = [part for part in parts.values() if len(part[0]["unit"].chain_ids) == 1]
    alone = [part[0] for part in parts.values() if len(part) == 1 and part not in tops]
    groups = [{"top": top[0], "rows": alone if top is tops[0] else []} for top in tops]
    groups += [{"top": part[0], "rows": part[1:]} for part in parts.values() if len(part) > 1 and part not in tops]
    return groups


def _heads(reader: Any, offices: QuerySet) -> dict[int, Person]:
    """{unit id: who heads it today}; the university's is its rector, where nobody holds the plain headship."""
    held = offices.filter(role__in=(Role.UNIT_HEAD, Role.RECTOR)).visible_to(reader).on().select_related("person")
    return {office.unit_id: office.person for office in sorted(held, key=lambda office: office.role == Role.UNIT_HEAD)}


def units(request: HttpRequest) -> HttpResponse:
    """The tree of units with their heads, two queries."""
    heads = _heads(request.user, Office.objects.all())
    found = Unit.objects.visible_to(request.user).working().select_related("parent")
    rows = [
        {"unit": unit, "depth": len(unit.chain_ids) - 1, "head": heads.get(unit.pk), "people": unit.people_count}
        for unit in sorted(
            found.annotate(people_count=Count("people", Q(people__is_active=True))), key=lambda unit: unit.chain_ids
        )
    ]
    context = {
        "title": _("People and units"),
        "rows": rows,
        "groups": _groups(rows),
        "outsider": request.user.standing.outsider,
    }
    return render(request, "people/units.html", context)


def _crumbs(unit: Unit) -> list[dict[str, Any]]:
    """The way down to a unit: the directory, then every unit above it."""
    above = Unit.objects.filter(pk__in=unit.chain_ids[:-1]).order_by("path")
    return [
        {"label": _("People and units"), "url": reverse("people:units")},
        *({"label": str(other), "url": other.get_absolute_url()} for other in above),
    ]


def shown_panels(row: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """What other rooms show about a person or a unit."""
    found = (render_panel(row, request) for render_panel in panels_of(type(row)))
    return [panel for panel in found if panel]


def unit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    people = Person.objects.visible_to(request.user).filter(unit=row).by_name()
    heads = _heads(request.user, Office.objects.filter(unit__parent=row))
    offices = Office.objects.visible_to(request.user).on().filter(unit=row).select_related("person")
    roles = list(Role)
    listed = [
        (person, "" if refusal(request.user, "people.view_email_person", person) else person.email) for person in people
    ]
    context: dict[str, Any] = {
        "title": row.name,
        "unit": row,
        "crumbs": _crumbs(row),
        "offices": sorted(
            offices, key=lambda office: (office.role != Role.UNIT_HEAD, roles.index(Role(office.role)), office.pk)
        ),
        "people": listed,
        "emails_shown": any(email for _person, email in listed),
        "children": [(child, heads.get(child.pk)) for child in row.children.working()],
        "findings_url": f"{reverse('capa:findings')}?unit={row.pk}",
        "panels": shown_panels(row, request),
    }
    return render(request, "people/unit.html", context)


def person(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Person.objects.visible_to(request.user).select_related("unit"), pk=pk)
    offices = Office.objects.visible_to(request.user).on().filter(person=row).select_related("unit")
    deputies = Deputy.objects.visible_to(request.user).on().select_related("principal", "deputy")
    context = {
        "title": row.get_full_name(),
        # not "person": that is the name parts/person.html and others may use for whoever reads
        "shown": row,
        "crumbs": [*_crumbs(row.unit), {"label": str(row.unit), "url": row.unit.get_absolute_url()}]
        if row.unit
        else [],
        "email": "" if refusal(request.user, "people.view_email_person", row) else row.email,
        "offices": offices,
        "stands_in": deputies.filter(deputy=row),
        "stood_in_by": deputies.filter(principal=row),
        "panels": shown_panels(row, request),
    }
    return render(request, "people/person.html", context)
