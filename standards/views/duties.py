"""Pages of duties and of their rules: registers, records, the calendar of a year, the day of the last fulfilment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.permissions import Refused, refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact
from qa_portal.web.pages import RecordPages
from qa_portal.web.registry import registry

from ..duty_calendar import months_of
from ..duty_people import responsible_people
from ..duty_words import GROUPS, PHASES, fulfilling, group_name, office_words, phase_badge, timing_words
from ..filters.duties import DutyFilters, DutyRuleFilters
from ..forms.duties import StartForm
from ..models import Duty, DutyRule
from ..occurrences import FIRST
from ..tables.duties import DutyRuleTable, DutyTable
from ..workflow.duties import type_start

SHOWN = 12
EARLIEST, LATEST = 1990, 2200


def _prose(ident: str, title: Any, text: str) -> dict[str, Any]:
    return {
        "id": ident,
        "title": title,
        "html": format_html('<div class="prose">{}</div>', mark_safe(linebreaks(text, autoescape=True))),
    }


def _lines(ident: str, title: Any, lines: list[Any]) -> dict[str, Any]:
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    return {"id": ident, "title": title, "html": format_html('<div class="prose"><ul>{}</ul></div>', items)}


def _code_link(code: str) -> Any:
    found = registry.catalogue_links([code]) if code else []
    return cells.link(found[0]["url"], found[0]["label"]) if found and found[0]["url"] else code


class DutyPages(RecordPages):
    model = Duty
    slug, plural = "duty", "duties"
    title, kind = _("Duties by period"), pgettext_lazy("by period", "Duty")
    lead = _("What the documents ask for again and again: by when, by whose office, on which clause.")
    table, filters = DutyTable, DutyFilters
    empty = _("Here will stand every duty that the documents name, made by the portal from its rules.")
    clause = "N0 §2"
    related = ("rule__unit", "unit", "done_by")
    list_related = ("rule__unit", "unit")
    prefetch = ("subject",)
    list_defer = ("note",)

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [
            {"label": _("Calendar of duties"), "url": reverse("standards:duty-year"), "icon": "calendar"},
            {"label": _("Rules of duties"), "url": reverse("standards:duty-rules"), "icon": "book"},
        ]

    def heading(self, record: Any) -> tuple[str, str]:
        return record.period_words, record.name

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return [
            {"label": gettext("Calendar of duties"), "url": reverse("standards:duty-year")},
            {"label": self.title, "url": self.url("list")},
        ]

    def state(self, record: Any) -> dict[str, Any]:
        label, tone, icon = PHASES[record.phase]
        return {"code": record.phase, "label": label, "tone": tone, "icon": icon}

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rule = record.rule
        found = [_prose("text", _("What is to be done"), rule.text or rule.name)]
        if record.period.startswith(FIRST):
            found.append(
                _prose(
                    "start",
                    _("Why this date"),
                    gettext(
                        "It is not known when this was last done, so it is due by the end of the year. The quality office may enter the day on the rule's page."
                    ),
                )
            )
        found.append(_lines("ways", _("What fulfils it"), fulfilling(rule)))
        if record.note:
            found.append(_prose("note", _("What was done"), record.note))
        return [*found, *self._earlier(record, request)]

    def _earlier(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = Duty.objects.visible_to(request.user).filter(
            rule=record.rule_id, subject_type=record.subject_type_id, subject_id=record.subject_id
        )
        others = list(rows.exclude(pk=record.pk).select_related("rule").order_by("-due_on")[:SHOWN])
        if not others:
            return []
        return [
            {
                "id": "others",
                "title": _("The other times"),
                "template": "standards/duties/others.html",
                "rows": [_row(row) for row in others],
            }
        ]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rule = record.rule
        people = [person.get_full_name() for person in responsible_people(record)[:5]] if record.deadline_counts else []
        rows = [
            fact(_("Legal basis"), rule.basis),
            fact(pgettext_lazy("date", "From"), cells.date(record.opens_on)),
            fact(pgettext_lazy("date", "By"), cells.due(record.due_on, record.deadline_counts)),
            fact(_("Last day by the rule"), cells.date(record.first_due)) if record.moved else None,
            fact(_("Counted from"), cells.date(record.base)) if record.base else None,
            fact(_("Who answers"), office_words(rule)),
            fact(_("In the words of the source"), rule.doer) if rule.doer else None,
            fact(_("People"), ", ".join(people)) if people else None,
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit) if record.unit else ""),
            fact(_("Body"), registry.body_name(record.body)) if record.body else None,
            fact(_("Standard"), _code_link(rule.standard)) if rule.standard else None,
        ]
        if record.done_on:
            rows.append(fact(_("Done on"), cells.date(record.done_on)))
            rows.append(fact(_("By whom"), record.done_by.get_full_name()) if record.done_by else None)
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [{"relation": _("Its rule"), "label": str(record.rule), "url": record.rule.get_absolute_url()}]
        for relation, other in ((_("What it is about"), record.subject), (_("What fulfilled it"), record.means)):
            if other is not None:
                found.append(_relation(relation, other, request.user))
        return found


def _relation(relation: Any, other: Any, person: Any) -> dict[str, Any]:
    visible = getattr(type(other).objects, "visible_to", None)
    seen = visible is not None and visible(person).filter(pk=other.pk).exists()
    url = other.get_absolute_url() if seen and hasattr(other, "get_absolute_url") else ""
    return {"relation": relation, "label": str(other) if seen else other._meta.verbose_name, "url": url}


def _row(duty: Duty) -> dict[str, Any]:
    return {
        "url": duty.get_absolute_url(),
        "label": duty.period_words,
        "from": cells.date(duty.opens_on),
        "due": cells.due(duty.due_on, duty.deadline_counts),
        "done": cells.date(duty.done_on),
        "phase": phase_badge(duty),
    }


class Year(View):
    """/standards/duties/year/: a year's duties month by month; those of many units or programmes stand in one line."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
        year = min(max(year, EARLIEST), LATEST)
        mine = request.GET.get("mine") == "true"
        group = request.GET.get("group", "")
        group = group if group in GROUPS else ""
        rows = Duty.objects.visible_to(request.user).filter(due_on__year=year)
        rows = rows.of(request.user) if mine else rows
        rows = rows.filter(rule__group=group) if group else rows
        months, totals = months_of(rows, year, today, {"mine": "true"} if mine else {})
        here = ("&mine=true" if mine else "") + (f"&group={group}" if group else "")
        context = {
            "title": _("Calendar of duties"),
            "year": year,
            "months": months,
            "totals": totals,
            "mine": mine,
            "group": group,
            "groups": _groups(),
            "before_url": f"?year={year - 1}{here}" if year > EARLIEST else "",
            "after_url": f"?year={year + 1}{here}" if year < LATEST else "",
            "is_this_year": year == today.year,
        }
        return render(request, "standards/duties/year.html", context)


def _groups() -> list[tuple[str, Any]]:
    codes = DutyRule.objects.order_by().values_list("group", flat=True).distinct()
    return sorted(((code, group_name(code)) for code in codes), key=lambda pair: str(pair[1]))


class RulePages(RecordPages):
    """Rules are data, not records: a register and a page each; they change in admin."""

    model = DutyRule
    slug, plural, list_name = "duty-rule", "duty-rules", "duty-rules"
    title, kind = _("Rules of duties"), _("Rule of a duty")
    lead = _("Each row of the table of periods with its clause: when it falls due, who answers, what fulfils it.")
    table, filters = DutyRuleTable, DutyRuleFilters
    empty = _("Here will stand the rules from which the portal makes duties. An administrator loads them.")
    clause = "N0 §2"
    related = ("unit",)

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [{"label": _("Calendar of duties"), "url": reverse("standards:duty-year"), "icon": "calendar"}]

    def heading(self, record: Any) -> tuple[str, str]:
        return record.basis, record.name

    def urls(self) -> list[URLPattern]:
        # The register is declared as any other; the rest of a record's pages has no meaning here.
        register = super().urls()[0]
        return [
            register,
            path(f"{self.plural}/<int:pk>/", Rule.as_view(), name="duty-rule"),
            path(f"{self.plural}/<int:pk>/start/", Start.as_view(), name="duty-rule-start"),
        ]


class Rule(View):
    """One rule: when, who, what fulfils it; the next times and the last ones."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = request.user
        rule = get_object_or_404(DutyRule.objects.visible_to(person).select_related("unit"), pk=pk)
        duties = Duty.objects.visible_to(person).filter(rule=rule).select_related("rule__unit", "unit")
        duties = duties.prefetch_related("subject")
        sections = [
            _prose("text", _("What is to be done"), rule.text or rule.name),
            _lines("ways", _("What fulfils it"), fulfilling(rule)),
            self._table("next", _("The next times"), duties.open().order_by("due_on", "pk")[:SHOWN], rule),
            self._table(
                "last",
                _("The last times"),
                duties.exclude(state=Duty.OPEN).order_by("-done_on", "-due_on")[:SHOWN],
                rule,
            ),
        ]
        may_start = refusal(person, "standards.start_dutyrule", rule) is None
        context = {
            "record": rule,
            "number": rule.basis,
            "title": rule.name,
            "kind": RulePages.kind,
            "state": _retired() if rule.retired else None,
            "crumbs": [{"label": RulePages.title, "url": reverse("standards:duty-rules")}],
            "sections": [section for section in sections if section],
            "aside": [{"title": "", "rows": self._facts(rule)}, *self._starts(rule)],
            "edit": {
                "url": reverse("standards:duty-rule-start", args=[rule.pk]),
                "label": gettext("Enter when it was last done"),
                "allowed": True,
            }
            if may_start
            else None,
        }
        return render(request, "standards/duties/rule.html", context)

    def _table(self, ident: str, title: Any, rows: Any, rule: DutyRule) -> dict[str, Any] | None:
        found = [{**_row(duty), "label": duty.name, "unit": duty.unit} for duty in rows]
        more = f"{reverse('standards:duties')}?rule={rule.pk}" if len(found) == SHOWN else ""
        if not found:
            return None
        return {"id": ident, "title": title, "template": "standards/duties/others.html", "rows": found, "more": more}

    def _facts(self, rule: DutyRule) -> list[dict[str, Any]]:
        rows = [
            fact(_("Legal basis"), rule.basis),
            fact(_("When"), timing_words(rule)),
            fact(_("For whom"), rule.get_scope_display()),
            fact(_("Who answers"), office_words(rule)),
            fact(_("In the words of the source"), rule.doer) if rule.doer else None,
            fact(_("Date"), gettext("The office may set the day")) if rule.date_by_office else None,
            fact(_("Standard"), _code_link(rule.standard)) if rule.standard else None,
            fact(pgettext_lazy("of duties", "Group"), group_name(rule.group)),
            fact(_("Code"), rule.code),
        ]
        return [row for row in rows if row]

    def _starts(self, rule: DutyRule) -> list[dict[str, Any]]:
        starts = list(rule.starts.select_related("by").prefetch_related("subject").order_by("-on")[:SHOWN])
        if not starts:
            return []
        rows = [
            fact(str(row.subject) if row.subject else row.note or gettext("university"), cells.date(row.on))
            for row in starts
        ]
        return [{"title": gettext("Last done before the portal"), "rows": rows}]


def _retired() -> dict[str, Any]:
    return {"code": "retired", "label": gettext("no longer used"), "tone": "cancelled", "icon": "ban"}


class Start(View):
    """The quality office says when a duty was last fulfilled, before the portal knew of it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.rule = get_object_or_404(DutyRule.objects.visible_to(request.user), pk=kwargs["pk"])
        sentence = refusal(request.user, "standards.start_dutyrule", self.rule)
        if sentence:
            raise Refused(sentence)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(request, StartForm(rule=self.rule, initial=request.GET.dict()))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = StartForm(request.POST, rule=self.rule)
        if not form.is_valid():
            return self._show(request, form, 400)
        try:
            type_start(form.start(), request.user)
        except (IntegrityError, ValidationError):  # sent twice at the same moment: the first one has written it
            form.add_error(None, gettext("Somebody has just entered it. Look at the rule once more."))
            return self._show(request, form, 400)
        messages.success(request, gettext("Saved. The open duty is counted from this day."))
        return redirect(self.rule.get_absolute_url())

    def _show(self, request: HttpRequest, form: StartForm, status: int = 200) -> HttpResponse:
        rule = self.rule
        context = {
            "form": form,
            "title": gettext("When was it last done?"),
            "lead": f"{rule.name} · {timing_words(rule)}",
            "submit_label": gettext("Save"),
            "cancel_url": rule.get_absolute_url(),
            "crumbs": [
                {"label": RulePages.title, "url": reverse("standards:duty-rules")},
                {"label": rule.name, "url": rule.get_absolute_url()},
            ],
            "draft_key": request.path,
        }
        return render(request, "pages/form.html", context, status=status)
