"""Pages of releases and of teachers' answers, as declarations. The figures themselves stand on results.py's page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as say_now
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages

from ..content import say
from ..filters.releases import ReleaseFilters, ReplyFilters
from ..forms.releases import ReleaseForm, ReplyForm
from ..models import Release, TeacherReply
from ..recipients import role_label
from ..report_blocks import about_words, facts_of, recommendation_lines
from ..result_sight import answerable_node
from ..result_words import indicative_words, margin_words, response_words
from ..results import parts_of
from ..tables.releases import ReleaseTable, ReplyTable

#: the receipts of a report about hundreds of courses: the page lists so many of those who have not opened it
MOST_RECEIPTS = 60


class ReleasePages(RecordPages):
    model = Release
    slug, plural = "release", "releases"
    title, kind = _("Survey results"), _("Report on a survey")
    lead = _("What those who were asked have answered, what follows from it, and who has the report.")
    table, filters, form = ReleaseTable, ReleaseFilters, ReleaseForm
    added_from_register = False
    add_label = _("Make the figures")
    empty = _("Here will stand the results of surveys, once an urn is opened and the report is sent.")
    clause = "N1 §4.1.7"
    related = ("campaign__questionnaire", "campaign__unit", "campaign__term", "created_by")
    list_related = ("campaign__questionnaire",)
    list_columns = ()
    list_defer = ("facts", "conclusions", "conclusions_kk", "conclusions_ru", "conclusions_en", "problem")
    printed = "surveys.release"

    def new(self, request: HttpRequest) -> Release:
        raise Http404  # figures are made on the page of the campaign

    def heading(self, record: Any) -> tuple[str, str]:
        number = say_now("version %(n)s") % {"n": record.version} if record.version > 1 else ""
        return number, str(record.campaign)

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [{"label": _("My courses' results"), "url": reverse("surveys:my-courses"), "icon": "user-check"}]

    # -- the record -----------------------------------------------------------------------------
    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        if record.state == Release.MAKING:
            return [self._making(record)]
        edit = self.url("edit", record.pk) if record.edit_refusal(request.user) is None else ""
        found = [self._results(record)]
        if record.summary or edit:
            found.append(prose("summary", _("In short"), record.summary or "", edit and f"{edit}#id_summary_kk"))
        if record.conclusions or edit:
            text = record.conclusions or ""
            found.append(prose("conclusions", _("Conclusions"), text, edit and f"{edit}#id_conclusions_kk"))
        found.append(self._recommendations(record))
        if record.sent_on:
            found += self._receipts(record, request.user)
        return found

    def _making(self, record: Any) -> dict[str, Any]:
        return {
            "id": "making",
            "title": "",
            "template": "surveys/releases/making.html",
            "progress": record.progress,
            "problem": record.problem,
            "status_url": reverse("surveys:release-status", args=[record.pk]),
        }

    def _results(self, record: Any) -> dict[str, Any]:
        sheet = reverse("surveys:release-sheet", args=[record.pk])
        return {
            "id": "results",
            "title": _("Results"),
            "template": "surveys/releases/summary.html",
            "response": response_words(record),
            "margin": margin_words(record),
            "indicative": indicative_words(record),
            "url": reverse("surveys:release-results", args=[record.pk]),
            "sheets": [{"label": kind.upper(), "url": f"{sheet}?kind={kind}"} for kind in ("xlsx", "csv")],
        }

    def _recommendations(self, record: Any) -> dict[str, Any]:
        words = {question.code: say(question.text) for part in parts_of(record) for question in part.questions}
        return {
            "id": "recommendations",
            "title": _("Recommendations"),
            "template": "surveys/releases/recommendations.html",
            "rows": [{"row": row, "about": about_words(row, words)} for row in recommendation_lines(record)],
        }

    def _receipts(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """The office reads who has received the report; a recipient the own receipt, with the way to confirm it."""
        rows = record.receipts.select_related("person").order_by("opened_on", "pk")
        office = person.standing.quality_office
        found = list(rows if office else rows.filter(person=person))
        if not found:
            return []
        own = next((row for row in found if row.person_id == person.pk), None)
        waiting = [row for row in found if row.opened_on is None]
        lines = sorted(waiting, key=lambda row: row.pk) + [row for row in found if row.opened_on]
        return [
            {
                "id": "recipients",
                "title": _("Recipients"),
                "template": "surveys/releases/recipients.html",
                "office": office,
                "own": own,
                "all": len(found),
                "received": len(found) - len(waiting),
                "url": reverse("surveys:release-received", args=[record.pk]),
                "rows": [
                    {"name": row.person.get_full_name(), "role": role_label(row.role), "on": row.opened_on}
                    for row in lines[:MOST_RECEIPTS]
                ],
                "more": max(len(lines) - MOST_RECEIPTS, 0),
            }
        ]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        about = [fact(label, value) for label, value in facts_of(record)]
        dated = [
            fact(_("Report due on"), cells.due(record.campaign.report_due, record.state == Release.MADE))
            if record.campaign.report_due
            else None,
            fact(_("Sent on"), cells.date(record.sent_on)) if record.sent_on else None,
        ]
        found = facts(*about, *dated)
        return found if record.state == Release.MAKING else [*found, self._files(record)]

    def _files(self, record: Any) -> dict[str, Any]:
        """The report as a file in each language, inside and public."""
        rows = []
        for code, name in settings.LANGUAGES:
            links = []
            for edition, form, label in (
                ("inside", "docx", _("DOCX")),
                ("public", "pdf", _("public PDF")),
                ("public", "docx", _("public DOCX")),
            ):
                address = reverse("surveys:release-file", args=[record.pk, edition, form])
                links.append(cells.link(f"{address}?lang={code}", label))
            rows.append(fact(name, cells.mark_safe(" · ".join(links))))
        return {"title": _("Files"), "rows": rows}

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if request.user.standing.sees_everything or request.user.standing.quality_office:
            found.append(
                {"relation": _("Campaign"), "label": str(record.campaign), "url": record.campaign.get_absolute_url()}
            )
        if record.state == Release.PUBLISHED:
            address = reverse("public-survey", args=[record.pk])
            found.append({"relation": _("Open to everyone"), "label": _("Public page"), "url": address})
        if record.about_courses:
            address = reverse("surveys:my-courses")
            found.append({"relation": _("For teachers"), "label": _("My courses' results"), "url": address})
        return found


class ReplyPages(RecordPages):
    model = TeacherReply
    slug, plural = "reply", "replies"
    title, kind = _("Teachers' answers"), _("Teacher's answer")
    lead = _("What teachers answer publicly to the results of their own courses.")
    table, filters, form = ReplyTable, ReplyFilters, ReplyForm
    added_from_register = False
    add_label = _("Answer the results")
    empty = _("Here will stand what teachers answer to the results of their courses. An answer is written from them.")
    clause = "N1 §4.1.10"
    related = ("node__release__campaign", "teacher")

    def rows(self, person: Any) -> Any:
        return super().rows(person).defer("node__cells", "node__release__facts")

    def heading(self, record: Any) -> tuple[str, str]:
        return "", say(record.node.label)

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return [{"label": _("My courses' results"), "url": reverse("surveys:my-courses")}]

    def new(self, request: HttpRequest) -> TeacherReply:
        asked = request.POST.get("node") or request.GET.get("node")
        return TeacherReply(node=answerable_node(request.user, asked), teacher=request.user)

    def after_adding(self, record: Any) -> str:
        return reverse("surveys:my-courses")

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return [prose("text", _("Answer to the students"), record.text)]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return facts(
            fact(_("Teacher"), record.teacher.get_full_name()),
            fact(_("Report on a survey"), cells.link(record.node.release.get_absolute_url(), record.node.release)),
            fact(_("Written on"), cells.date(record.created_at)),
        )


def file_lines(record: Release) -> list[dict[str, str]]:
    """The files of the public edition: PDF first, languages as everywhere."""
    languages = [code for code, _name in settings.LANGUAGES]
    names = dict(settings.LANGUAGES)
    issues = sorted(record.issues.all(), key=lambda row: (row.format != "pdf", languages.index(row.language)))
    return [
        {
            "label": f"{issue.format.upper()} · {names[issue.language]}",
            "size": filesizeformat(issue.size),
            "url": reverse("public-survey-file", args=[record.pk, issue.pk]),
        }
        for issue in issues
    ]
