"""The page where a unit answers its areas and the quality office verifies them; and the door to which one types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views import View

from qa_portal.permissions import NotNow, Refused
from qa_portal.web import cells
from qa_portal.web.pages.reading import step_buttons
from qa_portal.workflow.steps import steps_of

from ..answering import Sheet, address_of, sheet
from ..completeness import progress_of
from ..consistency import doubts_of
from ..forms.answers import TypingForm
from ..models import AreaAnswer, Assessment, Score
from ..tables.answers import score_badge

RELATED = ("cycle", "unit", "programme", "lead", "previous")
#: in the order in which one chooses, from "not met" upwards
SCALE = list(Score.choices)


class _AssessmentSteps:
    """The steps of a self-assessment as buttons on this page: they stand where one writes, too."""

    def steps(self) -> dict[str, Any]:
        return steps_of(Assessment)

    def url(self, page: str, *args: Any) -> str:
        return reverse(f"standards:assessment-{page}", args=args)


def _buttons(assessment: Assessment, person: Any) -> list[dict[str, Any]]:
    """What is this person's business, and the next step in any case; the record's own page has all."""
    found = step_buttons(_AssessmentSteps(), assessment, person)
    steps = steps_of(Assessment)
    return [b for b in found if b["primary"] or steps[b["name"]].who_refuses(assessment, person) is None]


def _page(request: HttpRequest, assessment: Assessment, found: Sheet, status: int = 200) -> HttpResponse:
    label, tone, icon = assessment.STATES[assessment.state]
    last = assessment.previous_id
    context = {
        "assessment": assessment,
        "record": assessment,
        "sheet": found,
        "title": str(assessment),
        "state": {"label": label, "tone": tone, "icon": icon},
        "due": cells.due(assessment.due, assessment.deadline_counts),
        "steps": _buttons(assessment, request.user),
        "scale": SCALE,
        "badges": {code: score_badge(code) for code, _label in SCALE},
        "last_seen": bool(last) and Assessment.objects.visible_to(request.user).filter(pk=last).exists(),
        "crumbs": [
            {"label": _("Self-assessment"), "url": assessment.cycle.get_absolute_url()},
            {"label": str(assessment), "url": assessment.get_absolute_url()},
        ],
    }
    return render(request, "standards/answers/page.html", context, status=status)


def _visible(person: Any) -> Any:
    return Assessment.objects.visible_to(person).select_related(*RELATED)


class AnswersPage(View):
    """The areas one under another, grouped by standard."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        assessment = get_object_or_404(_visible(request.user), pk=pk)
        return _page(request, assessment, sheet(assessment, request.user))


class Typing(View):
    """What was typed in one area, saved while one writes; without script the same form is sent by its button."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = AreaAnswer.objects.visible_to(request.user).select_related("assessment__programme", "assessment__unit")
        answer = get_object_or_404(rows, pk=pk)
        form = TypingForm(request.POST, instance=answer, by=request.user)
        stored = AreaAnswer.objects.get(pk=pk)
        problem = stored.edit_refusal(request.user)
        if problem:
            status = 403 if problem[0] is Refused else 409
            return self._refused(request, stored, status, problem[1])
        if not form.is_valid():
            return self._wrong(request, stored, form)
        try:
            form.instance.save_typing(by=request.user)
        except Refused as refused:
            return self._refused(request, stored, 403, refused.sentence)
        except NotNow as refused:
            return self._meanwhile(request, form, refused)
        except ValidationError as error:
            form.add_error(None, error)
            return self._wrong(request, stored, form)
        return self._saved(request, form.instance)

    # -- what is answered ---------------------------------------------------------------------------
    def _saved(self, request: HttpRequest, answer: AreaAnswer) -> HttpResponse:
        if not _by_script(request):
            messages.success(request, _("%(code)s: saved.") % {"code": answer.code})
            return redirect(address_of(answer))
        counts = progress_of(answer.assessment)
        numbers = {key: {"answered": one.answered, "total": one.total} for key, one in counts.items()}
        now = time_format(timezone.localtime(answer.changed_at), "H:i")
        return JsonResponse(
            {
                "revision": answer.revision,
                "saved_at": _("Saved at %(time)s") % {"time": now},
                "warnings": [doubt.text for doubt in doubts_of(answer)] if answer.looked_at else [],
                "answered": answer.answered,
                "progress": {"all": numbers.pop("", None), "standards": numbers},
            }
        )

    def _meanwhile(self, request: HttpRequest, form: TypingForm, refused: NotNow) -> HttpResponse:
        """Somebody else has written here since this page was read. The same words twice are one: nothing to choose from."""
        stored = AreaAnswer.objects.get(pk=form.instance.pk)
        typed = {name: form.cleaned_data[name] for name in AreaAnswer.TYPED}
        if stored.typed() == typed and stored.edit_refusal(request.user) is None:
            return self._saved(request, stored)
        return self._refused(request, stored, 409, refused.sentence, stands=_stands(stored))

    def _wrong(self, request: HttpRequest, stored: AreaAnswer, form: TypingForm) -> HttpResponse:
        sentences = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        first = next(iter(sentences.values()))[0]
        return self._refused(request, stored, 400, first, errors=sentences)

    def _refused(
        self,
        request: HttpRequest,
        stored: AreaAnswer,
        status: int,
        sentence: Any,
        stands: dict[str, str] | None = None,
        errors: dict[str, list[str]] | None = None,
    ) -> HttpResponse:
        """Script gets the sentence; without it the page comes back with the words typed in their place."""
        if _by_script(request):
            body = {"detail": str(sentence), "stands": stands, "revision": stored.revision, "errors": errors or {}}
            return JsonResponse(body, status=status)
        assessment = get_object_or_404(_visible(request.user), pk=stored.assessment_id)
        found = sheet(assessment, request.user)
        for line in found.lines:
            if line.answer.pk == stored.pk:
                line.typed = {name: request.POST.get(name, "") for name in AreaAnswer.TYPED}
                line.sentence, line.stands, line.errors = str(sentence), stands, errors or {}
        return _page(request, assessment, found, status)


def _by_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _stands(stored: AreaAnswer) -> dict[str, str]:
    """The words that stand now, and the score in words too."""
    return {**stored.typed(), "score_label": str(stored.get_score_display())}
