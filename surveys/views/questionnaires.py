"""Pages of the bank of questions and of questionnaires, as declarations. Writing in place: questionnaire_parts.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts
from qa_portal.web.pages import RecordPages, writing
from qa_portal.web.registry import registry

from .. import conditions, drafting
from ..content import LANGUAGES, frozen_item, say
from ..filters.questionnaires import QuestionFilters, QuestionnaireFilters
from ..forms.questionnaires import QuestionForm, QuestionnaireForm
from ..models import Item, Question, QuestionKind, Questionnaire, Scale
from ..scales import words_of
from ..tables.questionnaires import QuestionnaireTable, QuestionTable
from . import questionnaire_parts as parts
from . import questionnaire_preview as preview

KINDS, SCALES = dict(QuestionKind.choices), dict(Scale.choices)


def areas_of(codes: list[str]) -> Any:
    """Standards and areas in words, linked."""
    rows = registry.catalogue_links(codes) if codes else []
    linked = ((cells.link(row["url"], row["label"]) if row["url"] else row["label"],) for row in rows)
    return format_html_join("", "<div>{}</div>", linked)


def asked_as(item: Mapping[str, Any]) -> dict[str, Any]:
    """One item as its author reads it: the words in the reader's language, the others below, answers, marks."""
    shown = say(item["text"])
    words = [(code, item["text"][code]) for code in LANGUAGES if item["text"].get(code) and item["text"][code] != shown]
    answers = [str(word) for word in words_of(item["scale"])] if item["kind"] == QuestionKind.LIKERT else []
    marks = [KINDS[item["kind"]]]
    if item["scale"] == Scale.BIPOLAR:
        marks.append(SCALES[Scale.BIPOLAR])
    for name, word in (
        ("reverse", _("turned round in means")),
        ("na", _("“not applicable” is offered")),
        ("refuse", _("“prefer not to say” is offered")),
    ):
        if item[name]:
            marks.append(word)
    return {
        "item": item,
        "code": item["code"],
        "text": shown,
        "hint": say(item["hint"]),
        "other": words,
        "answers": answers or [say(option["text"]) or option["code"] for option in item["options"]],
        "marks": marks,
        "wording": item["wording"],
    }


class _ThreeLanguages:
    """Add and edit pages whose forms set out texts in three languages side by side."""

    template = "surveys/questionnaires/form.html"


class Add(_ThreeLanguages, writing.Add):
    pass


class Edit(_ThreeLanguages, writing.Edit):
    pass


class _Pages(RecordPages):
    def urls(self) -> list[URLPattern]:
        own = [
            path(f"{self.plural}/add/", Add.as_view(pages=self), name=f"{self.slug}-add"),
            path(f"{self.plural}/<int:pk>/edit/", Edit.as_view(pages=self), name=f"{self.slug}-edit"),
        ]
        taken = {pattern.name for pattern in own}
        return [*own, *(pattern for pattern in super().urls() if pattern.name not in taken)]


# -- the bank -----------------------------------------------------------------------------------------------------------
class QuestionPages(_Pages):
    model = Question
    slug, plural = "question", "questions"
    title, kind = _("Bank of questions"), _("Question")
    lead = _("Questions with codes that never change, in three languages: comparisons over the years follow the code.")
    table, filters, form = QuestionTable, QuestionFilters, QuestionForm
    add_label = _("Write a question")
    empty = _("Here will stand the questions of all questionnaires, each with a code that never changes.")
    clause = "N1 §4.1.7"

    def rows(self, person: Any) -> Any:
        return super().rows(person).with_uses()

    def heading(self, record: Any) -> tuple[str, str]:
        return record.code, record.text

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [{"label": _("Questionnaires"), "url": reverse("surveys:questionnaires"), "icon": "clipboard-check"}]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        stand_in = Item(question=record, show_if={})
        return [
            {
                "id": "asked",
                "title": _("As it is asked"),
                "template": "surveys/questionnaires/question.html",
                "asked": asked_as(frozen_item(stand_in)),
            },
            self._standing(record, request),
        ]

    def _standing(self, record: Any, request: HttpRequest) -> dict[str, Any]:
        """The questionnaires that ask it, and in which wording."""
        rows = Questionnaire.objects.visible_to(request.user).filter(sections__items__question=record)
        found = []
        for row in rows.order_by("code", "-version").distinct()[:50]:
            item = drafting.items_by_code(row.fixed).get(record.code)
            found.append(
                {"row": row, "state": cells.state(row), "wording": item["wording"] if item else record.wording}
            )
        return {
            "id": "standing",
            "title": _("Questionnaires that ask it"),
            "template": "surveys/questionnaires/standing.html",
            "rows": found,
        }

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        scale = record.get_scale_display() if record.scale else ""
        limits = f"{'…' if record.low is None else record.low} – {'…' if record.high is None else record.high}"
        return facts(
            fact(_("Code"), record.code),
            fact(_("Wording"), str(record.wording)),
            fact(_("Kind"), record.get_kind_display()),
            fact(_("Scale"), scale) if scale else None,
            fact(_("Numbers"), limits) if record.kind == QuestionKind.NUMBER else None,
            fact(_("Standards and areas"), areas_of(record.areas)),
        )


# -- questionnaires -----------------------------------------------------------------------------------------------------
class QuestionnairePages(_Pages):
    model = Questionnaire
    slug, plural = "questionnaire", "questionnaires"
    title, kind = _("Questionnaires"), _("Questionnaire")
    lead = _("What is asked of whom. A questionnaire in use does not change: its next version is checked anew.")
    table, filters, form = QuestionnaireTable, QuestionnaireFilters, QuestionnaireForm
    add_label = _("Begin a questionnaire")
    empty = _("Here will stand the questionnaires, version by version.")
    clause = "N1 §4.1.7–13; N2 §9.1.2"
    related = ("unit",)
    list_defer = (
        "fixed", "intro", "intro_kk", "intro_ru", "intro_en", "thanks", "thanks_kk", "thanks_ru", "thanks_en",
    )  # fmt: skip
    list_related = ("unit",)
    printed = "surveys.questionnaire"

    def urls(self) -> list[URLPattern]:
        base = f"{self.plural}/<int:pk>"
        return [
            path(f"{base}/sections/add/", parts.PutSection.as_view(pages=self), name="section-add"),
            path(f"{base}/sections/<int:part>/", parts.PutSection.as_view(pages=self), name="section-edit"),
            path(f"{base}/items/add/", parts.PutItem.as_view(pages=self), name="item-add"),
            path(f"{base}/items/<int:part>/", parts.PutItem.as_view(pages=self), name="item-edit"),
            path(f"{base}/preview/", preview.Preview.as_view(pages=self), name="questionnaire-preview"),
            path(f"{base}/sheet/", preview.Sheet.as_view(pages=self), name="questionnaire-sheet"),
            path(f"{base}/invented/", preview.Invented.as_view(pages=self), name="questionnaire-invented"),
            *super().urls(),
        ]

    def rows(self, person: Any) -> Any:
        return super().rows(person).with_size()

    def heading(self, record: Any) -> tuple[str, str]:
        return f"{record.code} · v{record.version}", record.name

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [{"label": _("Bank of questions"), "url": reverse("surveys:questions"), "icon": "list"}]

    def after_adding(self, record: Any) -> str:
        return record.get_absolute_url()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = drafting.problems_of(record) if record.is_written else []
        shown = []
        if found:
            shown.append(self._problems(found))
        former = drafting.in_use_now(record) if record.state in record.PREPARED else None
        if former is not None:
            changed = drafting.differences(drafting.content_of(former), drafting.content_of(record))
            if changed:
                shown.append(self._changed(record, former, changed))
        return [*shown, self._content(record, request, found)]

    def _problems(self, found: list[conditions.Problem]) -> dict[str, Any]:
        return {
            "id": "problems",
            "title": _("What is still wrong"),
            "template": "surveys/questionnaires/problems.html",
            "errors": [problem for problem in found if problem.level == conditions.ERROR],
            "warnings": [problem for problem in found if problem.level == conditions.WARNING],
        }

    def _changed(self, record: Any, former: Any, changed: drafting.Differences) -> dict[str, Any]:
        before, now = (drafting.items_by_code(drafting.content_of(row)) for row in (former, record))
        return {
            "id": "changed",
            "title": _("Against the version in use"),
            "template": "surveys/questionnaires/changed.html",
            "former": former,
            "rows": [
                *(("dropped", code, say(before[code]["text"])) for code in changed.dropped),
                *(("new", code, say(now[code]["text"])) for code in changed.new),
                *(("reworded", code, say(now[code]["text"])) for code in changed.reworded),
            ],
        }

    def _content(self, record: Any, request: HttpRequest, found: list[conditions.Problem]) -> dict[str, Any]:
        content = drafting.content_of(record)
        items = drafting.items_by_code(content)
        writes = record.is_written and refusal(request.user, "surveys.put_item_questionnaire", record) is None
        numbers = self._numbers(record) if writes else {}
        wrong: dict[str, list[str]] = {}
        for problem in found:
            wrong.setdefault(problem.item or problem.section, []).append(problem.text)
        rows = []
        for section in content["sections"]:
            lines = [
                {
                    **asked_as(item),
                    "number": str(numbers.get(item["code"], "")),
                    "condition": conditions.in_words(item["show_if"], items),
                    "wrong": wrong.get(item["code"], ()),
                }
                for item in section["items"]
            ]
            rows.append(
                {
                    "section": section,
                    "number": section["code"].removeprefix("s"),
                    "name": say(section["name"]),
                    "intro": say(section["intro"]),
                    "items": lines,
                    "areas": ", ".join(section["areas"]),
                    "wrong": wrong.get(section["code"], ()),
                }
            )
        return {
            "id": "content",
            "title": _("Questions"),
            "template": "surveys/questionnaires/content.html",
            "intro": say(content["intro"]),
            "thanks": say(content["thanks"]),
            "rows": rows,
            "writes": writes,
        }

    def _numbers(self, record: Any) -> dict[str, int]:
        rows = Item.objects.filter(section__questionnaire=record)
        return dict(rows.values_list("question__code", "pk"))

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        content = drafting.content_of(record)
        blocks = sorted({section["block"] for section in content["sections"] if section["block"]})
        core = len(drafting.core_codes(content))
        every = len(drafting.items_by_code(content))
        return facts(
            fact(_("Who is asked"), record.get_audience_display()),
            fact(_("Questions"), format_html("{} ({}: {})", every, _("locked core"), core)),
            fact(_("Optional blocks"), ", ".join(blocks)) if blocks else None,
            fact(_("About courses"), _("yes")) if record.about_courses else None,
            fact(_("Who wrote it"), record.get_designer_display()),
            fact(_("School"), cells.link(record.unit.get_absolute_url(), str(record.unit))) if record.unit else None,
            fact(_("Checked by"), record.get_checker_display()),
            fact(_("Submitted on"), cells.date(record.submitted_on)) if record.submitted_on else None,
            fact(_("Approved on"), cells.date(record.approved_on)) if record.approved_on else None,
            fact(_("Decision"), record.decision) if record.decision else None,
            fact(_("Standards and areas"), areas_of(record.areas)),
            fact(_("Legal basis"), record.basis) if record.basis else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = Questionnaire.objects.visible_to(request.user).filter(code=record.code).exclude(pk=record.pk)
        return [
            {
                "relation": _("Another version"),
                "label": f"v{row.version} · {row.state_label}",
                "url": row.get_absolute_url(),
            }
            for row in rows.exclude(state=Questionnaire.CANCELLED).defer("fixed").order_by("-version")[:10]
        ]
