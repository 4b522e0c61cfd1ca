"""Pages over many risks: the start of a register, rating many at once, the matrix, the printed register of a unit."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from qa_portal.people.models import Unit
from qa_portal.permissions import NotNow, Refused, refusal
from qa_portal.web.registry import registry

from .. import risk_levels
from ..filters.risks import MatrixFilters
from ..forms.risks import Degree, StartForm
from ..models import UnitRisk
from ..risk_matrix import BEFORE, NOW, Matrix, matrix
from ..risk_register import start_register
from ..workflow.risks import assess
from .risks import may_start, number, unit_or_404

INSIDERS = gettext_lazy("Only people of the university see risks.")
MOST_ROWS = 500


def crumbs() -> list[dict[str, Any]]:
    return [{"label": _("Risks and opportunities"), "url": reverse("standards:unit-risks")}]


def startable(person: Any) -> Any:
    """The units whose register this person may start."""
    rows = Unit.objects.working()
    if person.standing.quality_office:
        return rows
    standing = person.standing
    paths = [*standing.led_paths, *(h.path for h in standing.held if h.role == "quality_coordinator")]
    found = rows.none()
    for path in paths:
        found |= rows.below(path)
    return found


class Start(View):
    """/standards/unit-risks/start/: a unit begins with the risks of the catalogue (domain.md §2)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_start(request.user):
            raise Refused(refusal(request.user, "standards.start_unit_risk", UnitRisk()))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        form = StartForm(units=startable(request.user), initial={"unit": number(request, "unit")})
        return self._show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StartForm(request.POST, units=startable(request.user))
        if not form.is_valid():
            return self._show(request, form, 400)
        unit = form.cleaned_data["unit"]
        started = start_register(unit, by=request.user, standards=form.cleaned_data["standards"])
        if started.made:
            said = ngettext(
                "%(n)s risk of the catalogue was entered.", "%(n)s risks of the catalogue were entered.", started.made
            ) % {"n": started.made}
            messages.success(request, said)
        if started.there:
            said = ngettext("%(n)s stood there already.", "%(n)s stood there already.", started.there)
            messages.info(request, said % {"n": started.there})
        return redirect(f"{reverse('standards:unit-risks')}?unit={unit.pk}")

    def _show(self, request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Start the register of a unit"),
            "lead": _(
                "The risks of the catalogue are entered for the unit, not rated yet. What stands there already stays as it is."
            ),
            "form": form,
            "submit_label": _("Enter the risks"),
            "cancel_url": reverse("standards:unit-risks"),
            "crumbs": crumbs(),
        }
        return render(request, "pages/form.html", context, status=status)


class RowForm(forms.Form):
    """The two degrees of one risk on the page of many; left open, the risk stays as it is."""

    likelihood = Degree(risk_levels.LIKELIHOOD, label=gettext_lazy("Likelihood"), required=False)
    impact = Degree(risk_levels.IMPACT, label=gettext_lazy("Impact"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors and bool(given.get("likelihood")) != bool(given.get("impact")):
            self.add_error(None, _("Choose both likelihood and impact, or neither."))
        return given

    @property
    def chosen(self) -> bool:
        return bool(self.cleaned_data.get("likelihood"))


class Rate(View):
    """/standards/unit-risks/rate/: the risks of a unit that nobody rated yet, each with two choices, saved at once."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.standing.outsider:
            raise Refused(INSIDERS)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if "unit" not in request.GET:
            return self._choose(request)
        unit = unit_or_404(number(request, "unit"))
        found = self._rows(request).live().filter(unit=unit, likelihood__isnull=True)
        rows = [
            row for row in found.order_by("standard", "pk")[:MOST_ROWS] if assess.refusal(row, request.user) is None
        ]
        return self._show(request, unit, [(row, self._form(row)) for row in rows])

    def post(self, request: HttpRequest) -> HttpResponse:
        unit = unit_or_404(number(request, "unit"))
        asked = [
            int(pk) for pk in request.POST.getlist("ids")[:MOST_ROWS] if pk.isascii() and pk.isdigit() and len(pk) < 19
        ]
        rows = list(self._rows(request).filter(unit=unit, pk__in=asked).order_by("standard", "pk"))
        pairs = [(row, self._form(row, request.POST)) for row in rows]
        if not all([form.is_valid() for _row, form in pairs]):
            return self._show(request, unit, pairs, 400)
        chosen = [(row, form) for row, form in pairs if form.chosen]
        status = self._save(chosen, request.user)
        if status:
            return self._show(request, unit, pairs, status)
        if not chosen:
            messages.warning(request, _("Nothing was chosen, so nothing was rated."))
            return redirect(request.get_full_path())
        said = ngettext("%(n)s risk is rated.", "%(n)s risks are rated.", len(chosen)) % {"n": len(chosen)}
        messages.success(request, said)
        return redirect(f"{reverse('standards:unit-risks')}?unit={unit.pk}")

    def _save(self, chosen: list[tuple[UnitRisk, Any]], by: Any) -> int:
        """All or none; the status of what went wrong, with its sentence beside the row, or 0."""
        try:
            with transaction.atomic():
                for row, form in chosen:
                    problem = form
                    given = form.cleaned_data
                    data = {name: str(given[name]) for name in ("likelihood", "impact", "revision")}
                    assess.run(row, by, data)
        except (Refused, NotNow) as refused:
            problem.add_error(None, str(refused.sentence))
            return 403 if isinstance(refused, Refused) else 409
        return 0

    def _rows(self, request: HttpRequest) -> Any:
        return UnitRisk.objects.visible_to(request.user).select_related("unit", "owner").with_words()

    def _form(self, row: UnitRisk, data: Any = None) -> RowForm:
        form = RowForm(data, prefix=f"r{row.pk}", initial={"revision": row.revision}, use_required_attribute=False)
        for name in ("likelihood", "impact"):
            form.fields[name].widget.attrs["aria-label"] = f"{form.fields[name].label}: {row.words}"
        return form

    def _choose(self, request: HttpRequest) -> HttpResponse:
        """Which units have risks that wait to be rated."""
        waiting = UnitRisk.objects.visible_to(request.user).live().filter(likelihood__isnull=True).order_by()
        counts = dict(waiting.values_list("unit").annotate(n=Count("pk")))
        context = {
            "title": _("Rate many risks"),
            "lead": _("Choose a unit. Its risks that nobody rated yet stand on one page."),
            "units": [{"unit": unit, "count": counts[unit.pk]} for unit in Unit.objects.filter(pk__in=counts)],
            "start_url": reverse("standards:risks-start") if may_start(request.user) else "",
            "crumbs": crumbs(),
        }
        return render(request, "standards/risks/rate_units.html", context)

    def _show(self, request: HttpRequest, unit: Unit, pairs: list[Any], status: int = 200) -> HttpResponse:
        context = {
            "title": _("Rate many risks"),
            "unit": unit,
            "rows": [{"risk": row, "form": form, "words": row.words} for row, form in pairs],
            "wrong": sum(1 for _row, form in pairs if form.is_bound and form.errors),
            "crumbs": [*crumbs(), {"label": _("Rate many risks"), "url": reverse("standards:risks-rate")}],
            "register_url": f"{reverse('standards:unit-risks')}?unit={unit.pk}",
        }
        return render(request, "standards/risks/rate.html", context, status=status)


class RiskMatrix(View):
    """/standards/risk-matrix/: counts by likelihood × impact before and after measures; a cell opens the list."""

    SHOWN = ("both", BEFORE, NOW)

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = UnitRisk.objects.visible_to(request.user)
        filters = MatrixFilters(request.GET, queryset=seen, request=request)
        valid = filters.is_valid()
        given = filters.form.cleaned_data if valid else {}
        rows = filters.qs if valid else seen.none()
        chances = self._opportunities(seen, given) if valid else seen.none()
        kinds = [given["kind"]] if given.get("kind") else [UnitRisk.Kind.RISK.value, UnitRisk.Kind.POTENTIAL.value]
        risks = rows.exclude(kind=UnitRisk.Kind.OPPORTUNITY)
        asked = request.GET.get("show", "both")
        show = asked if asked in self.SHOWN else "both"
        whens = (BEFORE, NOW) if show == "both" else (show,)
        context = {
            "title": _("Matrix of risks"),
            "lead": _("Likelihood × impact. A figure opens the risks behind it."),
            "filter_form": filters.form,
            "boxes": [
                *(self._box(request, matrix(risks, when), when, kinds) for when in whens),
                self._box(request, matrix(chances), NOW, [UnitRisk.Kind.OPPORTUNITY.value], chances=True),
            ],
            "show": show,
            "shows": [
                {"url": self._query(request, show=name), "label": label, "on": name == show}
                for name, label in self._shows()
            ],
            "unrated": self._unrated(request, risks, kinds),
            "prints": self._prints(given.get("unit")),
            "crumbs": crumbs(),
        }
        return render(request, "standards/risks/matrix.html", context, status=200 if valid else 400)

    def _shows(self) -> tuple[tuple[str, str], ...]:
        return (("both", _("Side by side")), (BEFORE, _("Before measures")), (NOW, _("After measures")))

    def _opportunities(self, seen: Any, given: dict[str, Any]) -> Any:
        """Opportunities by the same unit and standard; the filter of kinds is about risks."""
        rows = seen.filter(kind=UnitRisk.Kind.OPPORTUNITY)
        if given.get("unit"):
            rows = rows.filter(unit__path__startswith=given["unit"].path)
        return rows.filter(standard=given["standard"]) if given.get("standard") else rows

    def _query(self, request: HttpRequest, **changes: str) -> str:
        kept = {name: request.GET[name] for name in ("unit", "standard", "kind", "show") if request.GET.get(name)}
        return f"?{urlencode({**kept, **changes})}"

    def _list_url(self, request: HttpRequest, kinds: list[str], **more: Any) -> str:
        kept = [(name, request.GET[name]) for name in ("unit", "standard") if request.GET.get(name)]
        live = [("state", state) for state in UnitRisk.LIVE]
        pairs = [*kept, *live, *(("kind", kind) for kind in kinds), *more.items()]
        return f"{reverse('standards:unit-risks')}?{urlencode(pairs)}"

    def _box(
        self, request: HttpRequest, found: Matrix, when: str, kinds: list[str], chances: bool = False
    ) -> dict[str, Any]:
        names = ("likelihood", "impact") if when == BEFORE else ("likelihood_now", "impact_now")
        title = _("Opportunities") if chances else _("Before measures") if when == BEFORE else _("After measures")
        rows = []
        for likelihood, cells in found.rows:
            drawn = [
                {
                    "cell": cell,
                    "light": "chance" if chances else cell.light,
                    "word": "" if chances else risk_levels.WORDS[cell.light],
                    "url": self._list_url(request, kinds, **dict(zip(names, (likelihood, cell.impact), strict=True)))
                    if cell.count
                    else "",
                }
                for cell in cells
            ]
            rows.append({"likelihood": likelihood, "word": risk_levels.LIKELIHOOD[likelihood], "cells": drawn})
        return {
            "id": "opportunities" if chances else when,
            "title": title,
            "rows": rows,
            "impacts": list(risk_levels.IMPACT.items()),
            "total": found.total,
            "lights": []
            if chances
            else [
                {"light": light, "word": risk_levels.WORDS[light], "count": n} for light, n in found.by_light.items()
            ],
        }

    def _unrated(self, request: HttpRequest, rows: Any, kinds: list[str]) -> dict[str, Any] | None:
        count = rows.live().filter(likelihood__isnull=True).count()
        return {"count": count, "url": self._list_url(request, kinds, unrated="true")} if count else None

    def _prints(self, unit: Unit | None) -> list[dict[str, Any]]:
        """The paper of the register of the unit that is chosen."""
        if unit is None:
            return []
        url = reverse("standards:risks-print", args=[unit.pk])
        return [{"label": f"PDF · {name}", "url": f"{url}?lang={code}"} for code, name in settings.LANGUAGES]


class PrintRegister(View):
    """/standards/unit-risks/units/7/print/: the register of a unit on paper, as far as the reader sees it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        unit = unit_or_404(pk)
        if request.user.standing.outsider or registry.print_paper is None:
            raise Http404
        return registry.print_paper(request, "standards.risk_register", unit)
