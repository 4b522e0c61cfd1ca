"""Pages of results: the figures of a release, a teacher's own, the receipt, the files; and the public pages."""

from __future__ import annotations

import tempfile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View

from qa_portal.permissions import NotNow
from qa_portal.reports.sheets import TYPES
from qa_portal.web.files import send_file
from qa_portal.web.registry import registry

from .. import theme_socket
from ..content import say
from ..models import Release, ReleaseNode, Survey, TeacherReply
from ..recipients import confirm_receipt
from ..report_blocks import (
    about_words,
    apart_words,
    facts_of,
    recommendation_lines,
    reliability_rows,
    stratum_label,
    warning_words,
)
from ..reports.releases import sheet_name, write_sheet
from ..result_page import Chosen, page_of
from ..result_sight import number, own_courses
from ..result_words import (
    DASH,
    group_label,
    indicative_words,
    margin_words,
    method_notes,
    percent,
    response_words,
    tree_label,
)
from ..results import Reading, with_campaign
from .releases import file_lines

_FILES = {
    ("inside", "pdf"): "surveys.release",
    ("inside", "docx"): "surveys.release.docx",
    ("inside", "xlsx"): "surveys.release.xlsx",
    ("public", "pdf"): "surveys.release.public",
    ("public", "docx"): "surveys.release.public.docx",
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _visible(request: HttpRequest, pk: int) -> Release:
    return get_object_or_404(with_campaign(Release.objects.visible_to(request.user)), pk=pk)


def _with_figures(request: HttpRequest, pk: int) -> Release:
    release = _visible(request, pk)
    if release.state == Release.MAKING:
        raise NotNow(_("The figures are being made: wait until the portal tells you."))
    return release


# -- the figures ----------------------------------------------------------------------------------------
def figures(request: HttpRequest, reading: Reading, base: str) -> dict[str, Any]:
    """What both pages of results show: the inside one and the public one. 404 for a group that is not there."""
    release = reading.release
    tree = request.GET.get("tree", "")
    if tree and tree not in reading.trees:
        raise Http404
    asked = request.GET.get("group", "")
    group = reading.find(number(asked)) if asked else reading.root
    if asked and group is None:
        raise Http404
    chosen = Chosen(group, tree or (group.tree if group else ""), request.GET.get("trend", ""))
    page = page_of(reading, chosen)
    sheet = reverse("public-survey-sheet" if reading.public else "surveys:release-sheet", args=[release.pk])
    return {
        "release": release,
        "title": str(release.campaign),
        "page": page,
        "base": base,
        "public": reading.public,
        "response": response_words(release, reading.public),
        "margin": margin_words(release, reading.public),
        "indicative": indicative_words(release),
        "facts": [{"label": label, "html": value} for label, value in facts_of(release, reading.public)],
        "strata": [_stratum(row) for row in reading.strata],
        "trees": [
            {
                "label": tree_label(known),
                "url": f"{base}?{urlencode({'tree': known})}",
                "here": known == chosen.tree,
            }
            for known in ["", *reading.trees]
        ],
        "groups": _choices(reading, chosen),
        "tree": chosen.tree,
        "reliability": reliability_rows(reading),
        "warning": warning_words(),
        "apart": apart_words() if any(row.get("apart") for row in reading.strata) else "",
        "themes": theme_socket.themes(release, reading.scope),
        "notes": method_notes(reading),
        "sheets": [
            {"label": kind.upper(), "url": f"{sheet}?{urlencode({'kind': kind, 'tree': chosen.tree})}"}
            for kind in ("xlsx", "csv")
        ],
    }


def _stratum(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": stratum_label(row),
        "apart": bool(row.get("apart")),
        "invited": DASH if row.get("invited") is None else row["invited"],
        "answered": DASH if row.get("answered") is None else row["answered"],
        "share_invited": percent(row.get("share_invited")) or DASH,
        "share_answered": percent(row.get("share_answered")) or DASH,
    }


def _choices(reading: Reading, chosen: Chosen) -> list[dict[str, Any]]:
    """The groups of the tree at hand, each indented under the one it is part of; hidden ones cannot be chosen."""
    if not chosen.tree:
        return []
    rows = reading.of_tree(chosen.tree)
    least = min((row.depth for row in rows), default=0)
    return [
        {
            "pk": str(row.pk),
            "label": f"{'— ' * (row.depth - least)}{group_label(row)}",
            "hidden": row.hidden,
            "here": chosen.group is not None and row.pk == chosen.group.pk,
        }
        for row in rows
    ]


class Results(View):
    """Every figure that this person may read, with the groups side by side."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        release = _with_figures(request, pk)
        reading = Reading(release, request.user)
        context = figures(request, reading, reverse("surveys:release-results", args=[pk]))
        context |= {
            "crumbs": [
                {"label": _("Survey results"), "url": reverse("surveys:releases")},
                {"label": str(release), "url": release.get_absolute_url()},
            ],
            "replies": _replies(context["page"]["group"]),
        }
        return render(request, "surveys/releases/results.html", context)


def _replies(group: ReleaseNode | None) -> list[TeacherReply]:
    """What the teachers of this course have answered publicly."""
    if group is None or (group.survey_id is None and group.teacher_id is None):
        return []
    rows = TeacherReply.objects.written().select_related("teacher").filter(node__release=group.release_id)
    rows = rows.filter(teacher=group.teacher_id) if group.teacher_id else rows.filter(node__survey=group.survey_id)
    return list(rows.order_by("pk"))


class Status(View):
    """How far the making is, for the page that waits."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        release = _visible(request, pk)
        done = release.state != Release.MAKING or bool(release.problem)
        return JsonResponse({"progress": release.progress, "done": done})


class Sheet(View):
    """The figures as XLSX or CSV: exactly what this person reads on the page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return send_sheet(request, Reading(_with_figures(request, pk), request.user))


def send_sheet(request: HttpRequest, reading: Reading) -> HttpResponseBase:
    kind, tree = request.GET.get("kind", "xlsx"), request.GET.get("tree") or None
    if kind not in TYPES or (tree and tree not in reading.trees):
        raise Http404
    stream = tempfile.SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115 - the response closes it
    write_sheet(stream, reading, kind, tree)
    stream.seek(0)
    response = FileResponse(stream, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, sheet_name(reading.release, kind))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


class ReportFile(View):
    """Order the report as a file: inside or public edition, PDF, DOCX or XLSX."""

    def get(self, request: HttpRequest, pk: int, edition: str, form: str) -> HttpResponseBase:
        key = _FILES.get((edition, form))
        if key is None or registry.print_paper is None:
            raise Http404
        return registry.print_paper(request, key, _visible(request, pk))


class Received(View):
    """A recipient confirms that the report has come: one press, once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        release = _visible(request, pk)
        if confirm_receipt(release, request.user) is None:
            raise Http404
        messages.success(request, _("Thank you: it is noted that you have received the report."))
        return redirect(release.get_absolute_url())


# -- a teacher's own ---------------------------------------------------------------------------------------
class MyCourses(View):
    """The results of the courses that this person taught: of the course, of the own teaching, and the own answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        courses = own_courses(person)
        nodes = (
            ReleaseNode.objects.inside()
            .light()
            .filter(survey__in=courses, release__state__in=Release.SHOWN)
            .select_related("release__campaign__term__year", "survey")
            .defer("cells", "release__facts")
            .order_by("-release", "place", "pk")
        )
        mine = [node for node in nodes if node.teacher_id in (None, person.pk)]
        replies = {
            reply.node_id: reply
            for reply in TeacherReply.objects.filter(teacher=person, node__in=[node.pk for node in mine])
        }
        items: dict[tuple[int, int], dict[str, Any]] = {}
        for node in mine:
            item = items.setdefault((node.release_id, node.survey_id or 0), _course(node))
            item["groups"].append(_own_group(node, person, replies.get(node.pk)))
        for item in items.values():
            _one_answer(item)
        waiting = _not_released(courses, items)
        context = {
            "title": _("My courses' results"),
            "lead": _("What students said of the courses you taught. You may answer them publicly."),
            "items": list(items.values()),
            "waiting": waiting,
            "empty": {
                "text": _("Here will stand the results of your courses, once the report on them is sent."),
                "clause": "N1 §4.1.10",
            },
        }
        return render(request, "surveys/releases/my_courses.html", context)


def _course(node: ReleaseNode) -> dict[str, Any]:
    return {
        "title": say(node.survey.title) if node.survey else group_label(node),
        "campaign": str(node.release.campaign),
        "release_url": node.release.get_absolute_url(),
        "groups": [],
        "reply": None,
        "reply_url": "",
    }


def _own_group(node: ReleaseNode, person: Any, reply: TeacherReply | None) -> dict[str, Any]:
    return {
        "label": _("About your teaching") if node.teacher_id == person.pk else _("About the course"),
        "own": node.teacher_id == person.pk,
        "hidden": node.hidden,
        "answered": node.answered,
        "invited": node.invited,
        "url": node.get_absolute_url(),
        "pk": node.pk,
        "reply": reply,
    }


def _one_answer(item: dict[str, Any]) -> None:
    """One answer a course: to the figures about the teacher, where there are some, else to those about the course."""
    item["reply"] = next((group["reply"] for group in item["groups"] if group["reply"]), None)
    target = next((group for group in item["groups"] if group["own"]), item["groups"][0])
    item["reply_url"] = f"{reverse('surveys:reply-add')}?{urlencode({'node': target['pk']})}"


def _not_released(courses: frozenset[int], items: dict[tuple[int, int], Any]) -> list[str]:
    """Own courses that were asked about and whose report is not sent yet."""
    there = {survey for _release, survey in items}
    rows = Survey.objects.filter(pk__in=courses - there).exclude(campaign__state="cancelled").order_by("-pk")
    return [say(title) for title in rows.values_list("title", flat=True)[:20]]


# -- without signing in --------------------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class PublicSurveys(View):
    """/public/surveys/: the published reports on surveys, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = with_campaign(Release.objects.public()).defer("facts", "campaign__content").prefetch_related("issues")
        rows = rows.annotate(told=F("facts__response"))
        items = [
            {
                "release": release,
                "title": str(release.campaign),
                "audience": release.campaign.questionnaire.get_audience_display(),
                "response": response_words(release, public=True),
                "indicative": indicative_words(release),
                "url": reverse("public-survey", args=[release.pk]),
                "files": file_lines(release),
            }
            for release in rows.order_by("-published_on", "-pk")[:200]
        ]
        context = {
            "title": _("Survey results"),
            "lead": _("What students, teachers, graduates and employers told the university, and what it concludes."),
            "items": items,
            "empty": {"text": _("Here will stand the published results of surveys.")},
        }
        return render(request, "surveys/releases/public_list.html", context)


def _public(pk: int) -> Release:
    return get_object_or_404(with_campaign(Release.objects.public()), pk=pk)


@method_decorator(login_not_required, name="dispatch")
class PublicSurvey(View):
    """One published survey: groups large enough, never a course or a teacher."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        release = _public(pk)
        reading = Reading(release)
        context = figures(request, reading, reverse("public-survey", args=[pk]))
        words = {question.code: say(question.text) for part in reading.parts for question in part.questions}
        context |= {
            "crumbs": [{"label": _("Survey results"), "url": reverse("public-surveys")}],
            "files": file_lines(release),
            "recommendations": [
                {"row": row, "about": about_words(row, words)} for row in recommendation_lines(release)
            ],
        }
        return render(request, "surveys/releases/results.html", context)


@method_decorator(login_not_required, name="dispatch")
class PublicSheet(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return send_sheet(request, Reading(_public(pk)))


@method_decorator(login_not_required, name="dispatch")
class PublicFile(View):
    """One file of the public edition."""

    def get(self, request: HttpRequest, pk: int, issue: int) -> HttpResponseBase:
        release = _public(pk)
        row = get_object_or_404(release.issues, pk=issue)
        try:
            kind = "application/pdf" if row.format == "pdf" else DOCX
            return send_file(row.file, f"{release} · {row.language}.{row.format}", kind)
        except FileNotFoundError as error:
            raise Http404 from error
