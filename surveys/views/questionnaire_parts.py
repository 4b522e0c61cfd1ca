"""Writing a questionnaire in place: a section, a question. The pages take the steps of the questionnaire."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.pages.reading import find
from qa_portal.web.pages.writing import clear_draft

from ..drafting import part_of
from ..forms.questionnaire_parts import ItemForm, SectionForm
from ..workflow import questionnaires as steps


class _PutPart(View):
    pages: Any = None
    #: "section" or "item"
    kind = ""
    step: Any = None
    form: Any = None
    title: Any = ""
    edit_title: Any = ""

    def _record(self, request: HttpRequest, pk: int) -> Any:
        return find(self.pages, request.user, pk)

    def _part(self, record: Any, number: int | None) -> Any:
        if number is None:
            return None
        found = part_of(record, f"{self.kind}-{number}")
        if found is None:
            raise Http404
        return found

    def first_values(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, pk: int, part: int | None = None) -> HttpResponse:
        record = self._record(request, pk)
        who = self.step.who_refuses(record, request.user)
        if who:
            raise Refused(who)
        when = self.step.when_refuses(record)
        if when:
            raise NotNow(when)
        kept = self._part(record, part)
        initial = self.form.initial_of(kept) if kept is not None else self.first_values(request)
        return self._show(request, record, kept, self.form(record=record, by=request.user, initial=initial))

    def post(self, request: HttpRequest, pk: int, part: int | None = None) -> HttpResponse:
        record = self._record(request, pk)
        kept = self._part(record, part)
        data = request.POST.copy()
        data[self.kind] = "" if kept is None else str(kept.pk)
        try:
            self.step.run(record, request.user, data)
        except (Refused, NotNow) as refused:
            form = self.form(data, record=self._record(request, pk), by=request.user)
            status = 403 if isinstance(refused, Refused) else 409
            return self._show(request, record, kept, form, status, refused.sentence)
        except InputProblem as problem:
            return self._show(request, record, kept, problem.form, 400)
        clear_draft(request, request.path)
        messages.success(request, _("Saved."))
        return redirect(self.onward(request, record, kept))

    def onward(self, request: HttpRequest, record: Any, kept: Any) -> str:
        anchor = f"{self.kind}-{kept.pk}" if kept is not None else "content"
        return f"{record.get_absolute_url()}#{anchor}"

    def _show(
        self, request: HttpRequest, record: Any, kept: Any, form: Any, status: int = 200, sentence: Any = ""
    ) -> HttpResponse:
        number, title = self.pages.heading(record)
        context = {
            "form": form,
            "kept": kept,
            "kind": self.kind,
            "refusal": sentence,
            "record": record,
            "title": self.title if kept is None else self.edit_title,
            "lead": f"{number} {title}",
            "draft_key": request.path,
            "step_revision": record.revision,
            "crumbs": [*self.pages.crumbs(record), {"label": number, "url": record.get_absolute_url()}],
            "cancel_url": f"{record.get_absolute_url()}#content",
        }
        return render(request, "surveys/questionnaires/part.html", context, status=status)


class PutSection(_PutPart):
    kind, step, form = "section", steps.put_section, SectionForm
    title, edit_title = gettext_lazy("Add a section"), gettext_lazy("Edit the section")


class PutItem(_PutPart):
    """A question of the bank or a new one; then its place, duty to answer and condition."""

    kind, step, form = "item", steps.put_item, ItemForm
    title, edit_title = gettext_lazy("Add a question"), gettext_lazy("Edit the question in its place")

    def first_values(self, request: HttpRequest) -> dict[str, Any]:
        section = request.GET.get("section", "")
        known = section.isascii() and section.isdigit() and len(section) < 19
        return {"section": int(section)} if known else {}

    def onward(self, request: HttpRequest, record: Any, kept: Any) -> str:
        if kept is None and "more" in request.POST:
            section = request.POST.get("section", "")
            return f"{reverse('surveys:item-add', args=[record.pk])}?section={section}"
        return super().onward(request, record, kept)
