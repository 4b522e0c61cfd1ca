"""Pages of reports: register, report, one part with its comment, the files; the public list without signing in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from qa_portal.permissions import NotNow, Refused, refusal
from qa_portal.reports.blocks import from_json
from qa_portal.reports.layout import as_html
from qa_portal.reports.models import Seal
from qa_portal.web import cells
from qa_portal.web.cells import fact, prose
from qa_portal.web.files import send_file
from qa_portal.web.pages import RecordPages
from qa_portal.web.registry import registry

from ..assembling import missing_chapters, of_section, sections
from ..filters.reporting import ReportFilters
from ..forms.reporting import ReportForm
from ..models import QualityReport, ReportIssue, ReportKind
from ..reports.issue import file_name, span
from ..tables.reporting import ReportTable

TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


class ReportPages(RecordPages):
    model = QualityReport
    slug, plural = "report", "reports"
    title, kind = gettext_lazy("Reports on quality"), gettext_lazy("Report on quality")
    lead = gettext_lazy("What the standards ask to report: filled from records, decided about, published.")
    table, filters, form = ReportTable, ReportFilters, ReportForm
    add_label = gettext_lazy("Begin a report")
    empty = gettext_lazy("Here will stand the reports on quality: of each year, each standard, each unit.")
    clause = "N0 S1.S6"
    related = ("kind", "unit", "submitted_by", "created_by")
    list_related = ("kind", "unit")
    list_defer = ("intro", "conclusion", "comments", "frozen")
    printed = "standards.report"

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.heading

    def new(self, request: HttpRequest) -> QualityReport:
        code = request.GET.get("kind", "")
        kind = ReportKind.objects.visible_to(request.user).filter(code=code).first() if code else None
        return QualityReport(kind=kind) if kind else QualityReport()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if record.state == QualityReport.FREEZING:
            found.append(self._making(record))
        if record.intro:
            found.append(prose("intro", _("Introduction"), record.intro))
        found.append(self._parts(record, request))
        if record.conclusion:
            found.append(prose("conclusion", _("Conclusions"), record.conclusion))
        measures = list(record.measures.select_related("unit"))
        if measures or record.kind.needs_plan:
            rows = [{"row": row, "due": cells.date(row.due)} for row in measures]
            found.append(
                {
                    "id": "plan",
                    "title": _("Plan of improvement"),
                    "template": "standards/reporting/measures.html",
                    "rows": rows,
                }
            )
        return found

    def _making(self, record: Any) -> dict[str, Any]:
        return {
            "id": "making",
            "title": "",
            "template": "standards/reporting/making.html",
            "progress": record.progress,
            "status_url": reverse("standards:report-status", args=[record.pk]),
        }

    def _parts(self, record: Any, request: HttpRequest) -> dict[str, Any]:
        """The outline: each part opens on its own page, so that a long report is not counted at each look."""
        groups: dict[str, dict[str, Any]] = {}
        for key, standard, chapter in sections(record):
            name = f"{standard.code}. {standard.name}" if standard and not record.covers else ""
            group = groups.setdefault(name, {"title": name, "rows": []})
            group["rows"].append(
                {
                    "label": str(chapter.title),
                    "url": reverse("standards:report-part", args=[record.pk, key]),
                    "commented": key in record.comments,
                }
            )
        return {
            "id": "parts",
            "title": _("Parts"),
            "template": "standards/reporting/parts.html",
            "groups": list(groups.values()),
            "missing": missing_chapters(record.kind),
        }

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            fact(gettext_lazy("Kind"), record.kind.name),
            fact(gettext_lazy("Legal basis"), record.kind.basis) if record.kind.basis else None,
            fact(gettext_lazy("Period"), span(record)),
            fact(gettext_lazy("Unit"), str(record.unit)) if record.unit else None,
            fact(gettext_lazy("Addressees"), record.kind.addressees) if record.kind.addressees else None,
            fact(gettext_lazy("Decided by the body"), registry.body_name(record.kind.body))
            if record.kind.body
            else None,
            fact(gettext_lazy("Submitted by"), record.submitted_by.get_full_name()) if record.submitted_by else None,
            fact(gettext_lazy("Figures as of"), cells.date(record.frozen_at)) if record.frozen_at else None,
            fact(gettext_lazy("Approved on"), cells.date(record.approved_on)) if record.approved_on else None,
            fact(gettext_lazy("Decision"), record.basis) if record.basis else None,
            fact(gettext_lazy("Published on"), cells.date(record.published_on)) if record.published_on else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}, *self._files(record)]

    def _files(self, record: Any) -> list[dict[str, Any]]:
        """The issue's files; of a draft the way to order one."""
        issues = _in_order(record.issues.all()) if record.is_frozen else []
        if issues:
            names = dict(settings.LANGUAGES)
            rows = [
                fact(
                    f"{issue.format.upper()} · {names.get(issue.language, issue.language)}",
                    cells.link(
                        reverse("standards:report-file", args=[record.pk, issue.pk]), filesizeformat(issue.size)
                    ),
                )
                for issue in issues
            ]
            return [{"title": _("Files of the issue"), "rows": rows}]
        address = reverse("standards:report-word", args=[record.pk])
        rows = [
            fact(f"DOCX · {name}", cells.link(f"{address}?lang={code}", _("Make"))) for code, name in settings.LANGUAGES
        ]
        return [{"title": _("Draft as a file"), "rows": rows}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        if record.state != QualityReport.PUBLISHED or not record.kind.public:
            return []
        return [
            {"relation": _("Open to everyone"), "label": _("Public page of reports"), "url": reverse("public-reports")}
        ]


def _in_order(issues: Any) -> list[ReportIssue]:
    """The files that hold: PDF before DOCX, languages as everywhere in the portal."""
    languages = [code for code, _name in settings.LANGUAGES]
    found = [issue for issue in issues if not issue.superseded]
    return sorted(found, key=lambda issue: (issue.format != "pdf", languages.index(issue.language)))


def _visible(request: HttpRequest, pk: int) -> QualityReport:
    rows = QualityReport.objects.visible_to(request.user).select_related("kind", "unit", "submitted_by", "created_by")
    return get_object_or_404(rows, pk=pk)


class ReportPart(View):
    """One part of a report: live while it is a draft, as it was fixed afterwards; with the author's comment."""

    def get(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        return self._page(request, _visible(request, pk), key)

    def post(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        report = _visible(request, pk)
        _find(report, key)  # a part that is not there is not commented on
        report.say(key, request.POST.get("text", ""))
        try:
            report.save_changes(by=request.user)
        except Refused as refused:
            return self._page(request, report, key, str(refused.sentence), 403)
        except NotNow as moment:
            return self._page(request, report, key, str(moment.sentence), 409)
        except ValidationError as problem:
            return self._page(request, report, key, " ".join(problem.messages), 400)
        return redirect(self._next(report, key))

    def _page(self, request: HttpRequest, report: Any, key: str, problem: str = "", status: int = 200) -> HttpResponse:
        standard, chapter = _find(report, key)
        live = not report.is_frozen
        blocks = of_section(report, key, standard, chapter, request.user) if live else []
        if live and report.comments.get(key):
            blocks = blocks[:-1]  # the comment stands in its own field below
        may = refusal(request.user, report.right("change"), report) is None
        context = {
            "report": report,
            "kind": str(standard) if standard and not report.covers else report.heading,
            "title": chapter.title,
            "body": as_html(blocks) if live else _frozen(report, standard, chapter),
            "live": live,
            "text": request.POST.get("text", report.comments.get(key, "")),
            "writes": may and report.state == QualityReport.DRAFT,
            "problem": problem,
            "next_url": self._next(report, key),
            "crumbs": [
                {"label": _("Reports on quality"), "url": reverse("standards:reports")},
                {"label": report.number, "url": report.get_absolute_url()},
            ],
        }
        return render(request, "standards/reporting/part.html", context, status=status)

    def _next(self, report: Any, key: str) -> str:
        keys = [found for found, _standard, _chapter in sections(report)]
        place = keys.index(key) + 1
        if place == len(keys):
            return f"{report.get_absolute_url()}#parts"
        return reverse("standards:report-part", args=[report.pk, keys[place]])


def _find(report: QualityReport, key: str) -> tuple[Any, Any]:
    found = next(((standard, chapter) for name, standard, chapter in sections(report) if name == key), None)
    if found is None:
        raise Http404
    return found


def _frozen(report: QualityReport, standard: Any, chapter: Any) -> Any:
    """The blocks of one part as they were fixed: from its heading to the next of the same height."""
    language = get_language() or settings.LANGUAGE_CODE
    blocks = from_json(report.frozen.get(language, []))
    titles = [(getattr(b, "text", ""), getattr(b, "level", 0) if type(b).__name__ == "Heading" else 0) for b in blocks]
    start = 0
    if standard is not None and not report.covers:
        start = next((i + 1 for i, (t, n) in enumerate(titles) if n == 1 and t.startswith(f"{standard.code}. ")), 0)
    level = 1 if standard is None or report.covers else 2
    first = next((i for i, (t, n) in enumerate(titles) if i >= start and n == level and t == str(chapter.title)), None)
    if first is None:
        return as_html([])
    rest = range(first + 1, len(blocks))
    last = next((i for i in rest if 0 < titles[i][1] <= level), len(blocks))
    return as_html(blocks[first + 1 : last])


class ReportStatus(View):
    """How far the fixing is, for the page that waits."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        report = _visible(request, pk)
        return JsonResponse({"progress": report.progress, "done": report.state != QualityReport.FREEZING})


class ReportWordFile(View):
    """Order the report as DOCX in one language."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if registry.print_paper is None:
            raise Http404
        return registry.print_paper(request, "standards.report.docx", _visible(request, pk))


class ReportFile(View):
    """One file of the frozen issue."""

    def get(self, request: HttpRequest, pk: int, issue: int) -> HttpResponseBase:
        report = _visible(request, pk)
        return _send(report, get_object_or_404(report.issues.filter(superseded=False), pk=issue))


def _send(report: QualityReport, issue: ReportIssue) -> HttpResponseBase:
    try:
        return send_file(issue.file, file_name(report, issue.format), TYPES[issue.format])
    except FileNotFoundError as error:
        raise Http404 from error


# -- without signing in ------------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class PublicReports(View):
    """/public/reports/: the published reports with their files, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = QualityReport.objects.public().select_related("kind", "unit").defer("frozen", "comments")
        reports = list(rows.order_by("-year", "kind__place", "-pk").prefetch_related("issues")[:200])
        seals = Seal.objects.filter(record_id__in=[r.pk for r in reports], kind__startswith="standards.report.")
        codes = {seal.record_id: seal.shown_code for seal in seals.order_by("pk")}
        names = dict(settings.LANGUAGES)
        items = [
            {
                "report": report,
                "span": span(report),
                "code": codes.get(report.pk, ""),
                "files": [
                    {
                        "label": f"{issue.format.upper()} · {names.get(issue.language, issue.language)}",
                        "size": filesizeformat(issue.size),
                        "url": reverse("public-report-file", args=[report.pk, issue.pk]),
                    }
                    for issue in _in_order(report.issues.all())
                ],
            }
            for report in reports
        ]
        context = {
            "title": _("Reports on quality"),
            "lead": _(
                "What the university reports on its quality: figures of its own records, fixed on the day of the report."
            ),
            "items": items,
            "empty": {"text": _("Here will stand the published reports on quality.")},
        }
        return render(request, "standards/reporting/public.html", context)


@method_decorator(login_not_required, name="dispatch")
class PublicReportFile(View):
    def get(self, request: HttpRequest, pk: int, issue: int) -> HttpResponseBase:
        report = get_object_or_404(QualityReport.objects.public(), pk=pk)
        return _send(report, get_object_or_404(report.issues.filter(superseded=False), pk=issue))
