"""Adding, editing, taking a step, taking a step for many rows. Whatever goes wrong, what was typed comes back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from qa_portal.permissions import NotNow, Refused

from ..forms import InputProblem, keep_secret
from ..models import Submission
from .reading import find

MOST_ROWS = 500
MOST_DIGITS = 18


def onward(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """Back to where the person came from (`next`), if that is a page of ours."""
    address = request.POST.get("next", "")
    if address and url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return redirect(address)
    return redirect(otherwise)


def clear_draft(request: HttpRequest, key: str) -> None:
    """The next page tells the browser to drop the draft it kept of this form."""
    request.session["draft_clear"] = key


def put_errors(form: Any, error: ValidationError) -> None:
    """A record's refusal of its values, beside the fields it names as far as the form has them."""
    named = error.error_dict if hasattr(error, "error_dict") else {}
    for name, errors in (named or {"": error.error_list}).items():
        form.add_error(name if name in form.fields else None, errors)


class _FormPage(View):
    pages: Any = None
    template = "pages/form.html"

    def show(
        self, request: HttpRequest, form: Any, status: int = 200, refusal: Any = "", **context: Any
    ) -> HttpResponse:
        # Where the person came from, for a page that leads here with ?next=…; `onward` takes pages of ours only.
        back = request.POST.get("next") or request.GET.get("next", "")
        base = {"form": form, "refusal": refusal, "draft_key": request.path, "kind": self.pages.kind, "next": back}
        return render(request, self.template, {**base, **context}, status=status)


class Add(_FormPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        record = self.pages.new(request)
        sentence = self.pages.add_refusal(record, request)
        if sentence:
            raise Refused(sentence)
        return self._show(request, self.pages.form(instance=record, by=request.user, initial=request.GET.dict()))

    def _show(self, request: HttpRequest, form: Any, status: int = 200, refusal: Any = "") -> HttpResponse:
        pages = self.pages
        return self.show(
            request,
            form,
            status,
            refusal,
            title=getattr(form, "heading", "") or pages.add_label,
            lead=getattr(form, "lead", ""),
            submit_label=getattr(form, "submit_label", _("Save")),
            cancel_url=getattr(form, "cancel_url", "") or pages.url("list"),
            crumbs=[{"label": pages.title, "url": pages.url("list")}],
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        record = self.pages.new(request)
        form = self.pages.form(request.POST, request.FILES, instance=record, by=request.user)
        sentence = self.pages.add_refusal(record, request)
        if sentence:
            return self._show(request, form, 403, sentence)
        if not form.is_valid():
            return self._show(request, form, 400)
        key = form.cleaned_data.get("submission")
        try:
            with transaction.atomic():
                sent = Submission.objects.create(key=key, person=request.user, url="") if key else None
                made = form.save_new(request.user)
                if sent:
                    sent.url = self.pages.after_adding(made)
                    sent.save()
        except IntegrityError:
            first = Submission.objects.filter(key=key, person=request.user).first()
            if first is None:
                raise
            messages.info(request, _("This form was sent already: here is what it made."))
            return redirect(first.url)
        except Refused as refused:
            return self._show(request, form, 403, refused.sentence)
        except NotNow as refused:
            return self._show(request, form, 409, refused.sentence)
        except ValidationError as error:
            put_errors(form, error)
            return self._show(request, form, 400)
        clear_draft(request, request.path)
        messages.success(request, getattr(form, "saved", _("Saved.")))
        return onward(request, self.pages.after_adding(made))


class Edit(_FormPage):
    def _record(self, request: HttpRequest, pk: int) -> Any:
        return find(self.pages, request.user, pk)

    def _show(self, request: HttpRequest, form: Any, record: Any, status: int = 200, refusal: Any = "") -> HttpResponse:
        number, title = self.pages.heading(record)
        return self.show(
            request,
            form,
            status,
            refusal,
            title=f"{number} {title}".strip(),
            lead=getattr(form, "lead", ""),
            submit_label=_("Save"),
            cancel_url=record.get_absolute_url(),
            crumbs=[*self.pages.crumbs(record), {"label": number or title, "url": record.get_absolute_url()}],
        )

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(request, pk)
        problem = record.edit_refusal(request.user)
        if problem:
            raise problem[0](problem[1])
        return self._show(request, self.pages.form(instance=record, by=request.user), record)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(request, pk)
        shown = self._record(request, pk)
        form = self.pages.form(request.POST, request.FILES, instance=record, by=request.user)
        problem = shown.edit_refusal(request.user)
        if problem:
            return self._show(request, form, shown, 403 if problem[0] is Refused else 409, problem[1])
        if not form.is_valid():
            return self._show(request, form, shown, 400)
        try:
            form.instance.save_changes(by=request.user)
        except Refused as refused:
            return self._show(request, form, shown, 403, refused.sentence)
        except NotNow as refused:
            return self._show(request, form, shown, 409, refused.sentence)
        except ValidationError as error:
            put_errors(form, error)
            return self._show(request, form, shown, 400)
        clear_draft(request, request.path)
        messages.success(request, _("Saved."))
        return onward(request, record.get_absolute_url())


def _step(pages: Any, slug: str) -> Any:
    for step in pages.steps().values():
        if step.slug == slug:
            return step
    raise Http404


def said_after(pages: Any, record: Any, verb: Any) -> str:
    """What a person reads after a step: which record, and how it stands now."""
    number, title = pages.heading(record)
    words = {"record": number or title, "step": verb.label, "state": record.state_label}
    return _("%(record)s — %(step)s. It is now “%(state)s”.") % words


class TakeStep(_FormPage):
    """GET shows the step's few inputs (or asks to confirm); POST takes it."""

    template = "pages/step.html"

    def _show(
        self, request: HttpRequest, step: Any, record: Any, form: Any, status: int = 200, sentence: Any = ""
    ) -> HttpResponse:
        number, title = self.pages.heading(record)
        return self.show(
            request,
            form,
            status,
            sentence,
            title=step.label,
            record=record,
            record_title=f"{number} {title}".strip(),
            record_url=record.get_absolute_url(),
            step_revision=record.revision,
            state=self.pages.state(record),
            step={
                "label": step.label,
                "docstring": getattr(step, "help", ""),
                "danger": step.danger,
                "icon": step.icon,
            },
            cancel_url=record.get_absolute_url(),
            crumbs=[*self.pages.crumbs(record), {"label": number or title, "url": record.get_absolute_url()}],
            submit_label=step.label,
        )

    def get(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        record, verb = find(self.pages, request.user, pk), _step(self.pages, step)
        who = verb.who_refuses(record, request.user)
        when = None if who else verb.when_refuses(record)
        if who or when:
            return self._show(request, verb, record, None, 403 if who else 409, who or when)
        return self._show(request, verb, record, verb.make_form(record, request.user))

    def post(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        record, verb = find(self.pages, request.user, pk), _step(self.pages, step)
        keep_secret(request, verb.form)
        try:
            verb.run(record, request.user, request.POST, request.FILES)
        except (Refused, NotNow) as refused:
            record = find(self.pages, request.user, pk)
            form = verb.make_form(record, request.user, request.POST, request.FILES)
            status = 403 if isinstance(refused, Refused) else 409
            return self._show(request, verb, record, form, status, refused.sentence)
        except InputProblem as problem:
            return self._show(request, verb, find(self.pages, request.user, pk), problem.form, 400)
        clear_draft(request, request.path)
        messages.success(request, said_after(self.pages, record, verb))
        still_visible = self.pages.visible(request.user).filter(pk=pk).exists()
        return onward(request, record.get_absolute_url() if still_visible else self.pages.url("list"))


def _picked(value: str) -> tuple[int, str]:
    """Number and revision of a picked row, "7:3" or "7"; 0 for what is no number of a record."""
    pk, _separator, revision = value.partition(":")
    return (int(pk) if pk.isascii() and pk.isdigit() and len(pk) <= MOST_DIGITS else 0), revision


class Many(_FormPage):
    """A step for many rows at once: each row on its own, so that one refusal does not undo the others."""

    template = "pages/step.html"

    def post(self, request: HttpRequest, step: str) -> HttpResponse:
        verb = _step(self.pages, step)
        if not verb.bulk:
            raise Http404
        asked = request.POST.getlist("ids")[:MOST_ROWS]
        # Longer ones are no numbers of records, and the database would not take them.
        read = dict(_picked(value) for value in asked)
        rows = list(self.pages.rows(request.user).filter(pk__in=read.keys() - {0}).order_by("pk"))
        if not rows:
            messages.warning(request, _("No row was chosen."))
            return redirect(self.pages.url("list"))
        if verb.form is not None and "confirmed" not in request.POST:
            return self._ask(request, verb, rows, verb.make_form(rows[0], request.user))
        done, refused = 0, []
        for row in rows:
            try:
                data = request.POST.copy()
                data["revision"] = read[row.pk]
                verb.run(row, request.user, data, request.FILES)
                done += 1
            except (Refused, NotNow) as problem:
                refused.append(f"{row}: {problem.sentence}")
            except InputProblem as problem:
                return self._ask(request, verb, rows, problem.form, 400)
        if done:
            messages.success(
                request, _("%(step)s: %(done)s of %(all)s.") % {"step": verb.label, "done": done, "all": len(rows)}
            )
        for line in refused[:10]:
            messages.error(request, line)
        return onward(request, self.pages.url("list"))

    def _ask(self, request: HttpRequest, verb: Any, rows: list[Any], form: Any, status: int = 200) -> HttpResponse:
        return self.show(
            request,
            form,
            status,
            title=verb.label,
            record_title=ngettext("%(n)s record", "%(n)s records", len(rows)) % {"n": len(rows)},
            rows=rows,
            many_ids=request.POST.getlist("ids")[:MOST_ROWS],
            step={"label": verb.label, "danger": verb.danger, "icon": verb.icon},
            cancel_url=self.pages.url("list"),
            submit_label=verb.label,
            next=request.POST.get("next", ""),
        )
