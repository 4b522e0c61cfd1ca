"""Pages of the catalogue: the standards, one standard, one requirement, requirements × frameworks.

`?edition=N` shows an older wording; without it the edition in force. A page of one row belongs to that row's edition.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from qa_portal.web import cells
from qa_portal.web.registry import counts_of, panels_of

from .. import expected as on_shelves
from ..models import (
    PARTS,
    CatalogueRisk,
    DocumentGroup,
    Edition,
    EvaluationArea,
    Framework,
    Mapping,
    Origin,
    Requirement,
    Standard,
)


# -- editions -----------------------------------------------------------------------------------------
def _number(request: HttpRequest) -> int | None:
    """The edition asked for, None when none is; what is no number is not there."""
    asked = request.GET.get("edition", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 5):
        raise Http404
    return int(asked)


def _asked(request: HttpRequest) -> Edition | None:
    """The edition of `?edition=`, else the one in force; None while nothing is loaded."""
    number = _number(request)
    return Edition.objects.current() if number is None else get_object_or_404(Edition, number=number)


def _of_other_edition(request: HttpRequest, row: Any, own: Edition) -> HttpResponse | None:
    """To the row of the same code in the edition that `?edition=` names."""
    number = _number(request)
    if number is None or number == own.number:
        return None
    return redirect(get_object_or_404(type(row).objects.visible_to(request.user).of_edition(number), code=row.code))


def _edition_context(shown: Edition | None, address: str) -> dict[str, Any]:
    """Which edition is shown, whether it is the one in force, and the way to the others at the same address."""
    editions = list(Edition.objects.all())
    current = Edition.objects.current()
    others = [
        {"label": _label(e), "url": f"{address}?edition={e.number}"} for e in editions if shown and e.pk != shown.pk
    ]
    return {
        "edition": _label(shown) if shown else "",
        "editions": others,
        "in_force": {"label": _label(current), "url": f"{address}?edition={current.number}"} if current else None,
        "not_in_force": bool(shown and (current is None or shown.pk != current.pk)),
    }


def _label(edition: Edition) -> str:
    return _("Edition %(number)s, in force from %(day)s") % {
        "number": edition.number,
        "day": cells.date(edition.in_force_from),
    }


# -- all standards ----------------------------------------------------------------------------------------
def standards(request: HttpRequest) -> HttpResponse:
    """The standards of one edition, each with what it holds and how much is open on it."""
    edition = _asked(request)
    rows = list(Standard.objects.visible_to(request.user).filter(edition=edition)) if edition else []
    codes = dict(Requirement.objects.filter(standard__in=rows).values_list("code", "standard_id")) if rows else {}
    opened: dict[int, int] = defaultdict(int)
    for code, n in counts_of(Requirement, request.user, codes).items():
        opened[codes[code]] += n
    return render(
        request,
        "pages/standards.html",
        {
            "title": _("Standards"),
            "lead": _(
                "What the university promises: eleven standards, each with tasks, requirements, evaluation areas and risks."
            ),
            "standards": [
                {
                    "number": s.number,
                    "name": s.name,
                    "goal": s.goal,
                    "url": s.get_absolute_url(),
                    "counts": counts,
                    "open_findings": opened[s.pk],
                }
                for s, counts in _with_counts(rows)
            ],
            "page_links": [*_matrix_link(edition), *_expected_link()],
            "ways": _ways(),
            "empty": {"text": _("The catalogue is not loaded yet."), "clause": "manage.py load_catalogue"},
            **_edition_context(edition, request.path),
        },
    )


def _ways() -> list[dict[str, Any]]:
    """The rooms in which the university keeps what the standards promise; the standards themselves stand below."""
    rooms = (
        ("assessments", _("Self-assessment"), _("How units and programmes see themselves, area by area"), "clipboard"),
        ("heat-map", _("Heat map"), _("Standards and units side by side, and what is behind each figure"), "table"),
        ("indicator-board", _("Indicators"), _("Values against targets, with traffic lights"), "chart"),
        ("risk-matrix", _("Risks"), _("What may go wrong, how likely, and what is done about it"), "shield"),
        ("mechanisms", _("Mechanisms"), _("The ways in which quality is reached: plan, do, check, act"), "refresh"),
        ("duty-year", _("Duties of the year"), _("What each rule asks for and by when"), "calendar-event"),
        ("reports", _("Reports on quality"), _("What was reported, decided and published"), "file-text"),
    )
    return [
        {"url": reverse(f"standards:{name}"), "title": title, "text": text, "icon": icon}
        for name, title, text, icon in rooms
    ]


def _with_counts(rows: list[Standard]) -> list[tuple[Standard, list[dict[str, Any]]]]:
    kinds = (Requirement, EvaluationArea, CatalogueRisk)
    counted = {
        model: dict(
            model.objects.filter(standard__in=rows).order_by().values_list("standard_id").annotate(n=Count("pk"))
        )
        if rows
        else {}
        for model in kinds
    }
    return [
        (
            row,
            [
                {"label": capfirst(model._meta.verbose_name_plural), "value": counted[model].get(row.pk, 0)}
                for model in kinds
            ],
        )
        for row in rows
    ]


def _matrix_link(edition: Edition | None) -> list[dict[str, Any]]:
    url = reverse("standards:matrix") + (f"?edition={edition.number}" if edition else "")
    return [{"label": _("Requirements × frameworks"), "url": url, "icon": "table"}]


# -- one standard -------------------------------------------------------------------------------------------
def standard(request: HttpRequest, pk: int) -> HttpResponse:
    """One standard with all its parts, each with a code that one can link to."""
    row = get_object_or_404(Standard.objects.visible_to(request.user).select_related("edition"), pk=pk)
    elsewhere = _of_other_edition(request, row, row.edition)
    if elsewhere:
        return elsewhere
    mappings = list(Mapping.objects.filter(standard=row).select_related("requirement", "item__framework"))
    own: dict[int | None, list[Any]] = defaultdict(list)
    for mapping in mappings:
        own[mapping.requirement_id].append(
            {"framework": mapping.item.framework.key, "ref": mapping.item.ref, "name": mapping.item.name}
        )
    return render(
        request,
        "pages/standard.html",
        {
            "standard": row,
            "origin": _origin(row),
            "mappings": _by_framework(m.item for m in mappings if m.requirement_id is None),
            "parts": [
                {
                    "slug": kind,
                    "title": capfirst(model._meta.verbose_name_plural),
                    "rows": _rows(request, row, model, own),
                }
                for kind, _letter, model in PARTS
            ],
            "panels": [panel for panel in (show(row, request) for show in panels_of(Standard)) if panel],
            "crumbs": [{"label": _("Standards"), "url": row.edition.get_absolute_url()}],
            **_edition_context(row.edition, request.path),
        },
    )


def _rows(
    request: HttpRequest, row: Standard, model: Any, mappings: dict[int | None, list[Any]]
) -> list[dict[str, Any]]:
    parts = model.objects.filter(standard=row).select_related("standard")
    if model is DocumentGroup:
        parts = parts.prefetch_related("items")
    parts = list(parts)
    opened = counts_of(model, request.user, [part.code for part in parts])
    return [
        {
            "code": part.code,
            "url": part.get_absolute_url() if model is Requirement else "",
            "name": capfirst(part.get_group_display()) if model is DocumentGroup else getattr(part, "name", ""),
            "text": part.text,
            "mitigation": getattr(part, "mitigation", ""),
            "documents": [document.name for document in part.items.all()] if model is DocumentGroup else [],
            "keepers": ", ".join(part.keeper_names) if model is DocumentGroup else "",
            "note": part.note,
            "origin": _origin(part),
            "mappings": mappings[part.pk] if model is Requirement else [],
            "open_findings": opened.get(part.code, 0),
        }
        for part in parts
    ]


def _origin(row: Any) -> str:
    """Said only where the content is not the source's."""
    return row.get_origin_display() if row.origin != Origin.SOURCE else ""


def _by_framework(items: Any) -> list[dict[str, Any]]:
    """Clauses under the name of their framework, in the frameworks' order."""
    groups: dict[int, dict[str, Any]] = {}
    for item in sorted(items, key=lambda i: (i.framework.place, i.place)):
        group = groups.setdefault(item.framework_id, {"framework": item.framework, "items": []})
        group["items"].append(item)
    return list(groups.values())


# -- one requirement ---------------------------------------------------------------------------------------
def requirement(request: HttpRequest, pk: int) -> HttpResponse:
    """One requirement with everything that hangs on it; other rooms add their panels (findings)."""
    rows = Requirement.objects.visible_to(request.user).select_related("standard__edition")
    row = get_object_or_404(rows, pk=pk)
    elsewhere = _of_other_edition(request, row, row.standard.edition)
    if elsewhere:
        return elsewhere
    mappings = list(Mapping.objects.filter(standard=row.standard).select_related("item__framework"))
    panels = [render_panel(row, request) for render_panel in panels_of(Requirement)]
    return render(
        request,
        "standards/requirement.html",
        {
            "kind": capfirst(Requirement._meta.verbose_name),
            "number": row.code,
            "title": row.text,
            "record": row,
            "origin": _origin(row),
            "own": _by_framework(m.item for m in mappings if m.requirement_id == row.pk),
            "inherited": _by_framework(m.item for m in mappings if m.requirement_id is None),
            "areas": EvaluationArea.objects.filter(standard=row.standard).select_related("standard"),
            "risks": CatalogueRisk.objects.filter(standard=row.standard).select_related("standard"),
            "aside": [{"title": "", "rows": _facts(row)}],
            "panels": [panel for panel in (*panels, _wordings(row, rows)) if panel],
            "crumbs": [
                {"label": _("Standards"), "url": row.standard.edition.get_absolute_url()},
                {
                    "label": f"{row.standard.number}. {row.standard.name}",
                    "url": f"{row.standard.get_absolute_url()}#{row.code}",
                },
            ],
            **_edition_context(row.standard.edition, request.path),
        },
    )


def _facts(row: Requirement) -> list[dict[str, Any]]:
    home = row.standard
    return [
        {"label": _("Standard"), "html": cells.link(home.get_absolute_url(), f"{home.number}. {home.name}")},
        {"label": _("Wording"), "html": _label(home.edition)},
    ]


def _wordings(row: Requirement, rows: Any) -> dict[str, Any] | None:
    """The same code in other editions, and whether it said the same."""
    links = []
    for other in rows.filter(code=row.code).exclude(pk=row.pk).order_by("-standard__edition__number"):
        same = (other.text_kk, other.text_ru, other.text_en) == (row.text_kk, row.text_ru, row.text_en)
        relation = _("The same words") if same else _("Other words")
        links.append({"relation": relation, "label": _label(other.standard.edition), "url": other.get_absolute_url()})
    return (
        {"title": _("In other editions"), "template": "standards/parts/wordings.html", "links": links}
        if links
        else None
    )


# -- what each standard expects to be there ------------------------------------------------------------------
def expected(request: HttpRequest) -> HttpResponse:
    """Which supporting documents each standard expects, who keeps the list, which are in force and which are lacking."""
    edition = Edition.objects.current()
    every = list(Standard.objects.visible_to(request.user).filter(edition=edition)) if edition else []
    asked = request.GET.get("standard", "")
    shown = [row for row in every if row.code == asked] if asked else every
    if asked and not shown:
        raise Http404
    shelves = on_shelves.shelves(request.user, shown) if shown else []
    lacking_only = request.GET.get("lacking") == "true"
    return render(
        request,
        "standards/expected.html",
        {
            "title": _("Documents that the standards expect"),
            "shelves": shelves,
            "standards": every,
            "asked": asked,
            "lacking_only": lacking_only,
            "there": sum(shelf.there for shelf in shelves),
            "all": sum(shelf.all for shelf in shelves),
            "crumbs": [{"label": _("Standards"), "url": reverse("standards:standards")}],
            "empty": {"text": _("The catalogue is not loaded yet."), "clause": "manage.py load_catalogue"},
        },
    )


def _expected_link() -> list[dict[str, Any]]:
    url = reverse("standards:expected")
    return [{"label": _("Documents that the standards expect"), "url": url, "icon": "files"}]


# -- requirements × frameworks ---------------------------------------------------------------------------------
def matrix(request: HttpRequest) -> HttpResponse:
    """Which clause each requirement answers to: its own strongly, what it takes over from its standard lightly."""
    edition = _asked(request)
    frameworks = list(Framework.objects.all())
    requirements = (
        Requirement.objects.visible_to(request.user).filter(standard__edition=edition).select_related("standard")
    )
    own, inherited = defaultdict(list), defaultdict(list)
    for mapping in Mapping.objects.filter(standard__edition=edition).select_related("item"):
        place = (mapping.requirement_id or mapping.standard_id, mapping.item.framework_id)
        (own if mapping.requirement_id else inherited)[place].append(mapping.item)
    return render(
        request,
        "pages/matrix.html",
        {
            "title": _("Requirements × frameworks"),
            "lead": _("Which clause of which external framework each requirement answers to."),
            "frameworks": frameworks,
            "rows": [
                {
                    "code": row.code,
                    "text": row.text,
                    "url": row.get_absolute_url(),
                    "cells": [
                        {"own": own[row.pk, f.pk], "inherited": inherited[row.standard_id, f.pk]} for f in frameworks
                    ],
                }
                for row in requirements
            ],
            "crumbs": [
                {
                    "label": _("Standards"),
                    "url": edition.get_absolute_url() if edition else reverse("standards:standards"),
                }
            ],
            **_edition_context(edition, request.path),
        },
    )
