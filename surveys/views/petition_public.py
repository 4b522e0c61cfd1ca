"""/public/petitions/: anybody writes to the university, by name or without, and reads the answer with the receipt code.

Nothing is kept of who came: no session begins, nothing stands in a cache, an address says nothing, the log names nobody
(silence.py), files are cleaned in memory. The code is shown once, on the page that answers the sending.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from qa_portal.people.second_factor import missing
from qa_portal.permissions import NotNow
from qa_portal.workflow.steps import steps_of

from .. import receipts, receiving
from ..forms.petitions import CodeForm, PublicForm, WriteOnForm
from ..models import Petition
from ..stripping import InMemoryUploads, most_bytes
from ..workflow.petitions import by_code

log = structlog.get_logger(__name__)
View = Callable[..., HttpResponse]
Kind = Petition.Kind

_OFFICE = gettext_lazy("The Chancellery, the quality office, whoever answers it and the head of the unit concerned.")
#: what one may send, and who will read it
READERS = (
    (Kind.SUGGESTION, gettext_lazy("What could be better, and how."), _OFFICE),
    (Kind.COMPLAINT, gettext_lazy("What is not as it should be."), _OFFICE),
    (Kind.THANKS, gettext_lazy("What or who deserves praise."), _OFFICE),
    (
        Kind.COMMITTEE,
        gettext_lazy("What the committee of your school should look into."),
        gettext_lazy("The committee of the school, the Chancellery, the quality office and whoever answers it."),
    ),
    (
        Kind.ADJUSTMENT,
        gettext_lazy("What you need in order to study, for example because of your health."),
        gettext_lazy("Only the committee of the school and the people named for special needs."),
    ),
    (
        Kind.ETHICS,
        gettext_lazy("A breach of ethics, bribery, pressure."),
        gettext_lazy("Only Compliance; never the unit or the person concerned, the Board or administrators."),
    ),
)
FLOOD = gettext_lazy("So much arrives at this moment that nothing more is taken. Wait ten minutes and send again.")


# -- what both addresses keep to ---------------------------------------------------------------------
def privately(view: View) -> View:
    """No sign-in, nothing in caches, files in memory only, nothing of what was sent in a log."""
    guarded = csrf_protect(sensitive_post_parameters()(never_cache(view)))

    @csrf_exempt  # checked inside: files must not be read before they are kept in memory
    @login_not_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @functools.wraps(view)
    @sensitive_variables()
    def outer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method == "POST":
                length = request.META.get("CONTENT_LENGTH") or "0"
                if int(length) > 4 * most_bytes() + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                    raise RequestDataTooBig
                request.upload_handlers = [InMemoryUploads(request)]
            response = guarded(request, *args, **kwargs)
        except RequestDataTooBig:
            response = _sentence(
                request,
                413,
                _("This is too much at once"),
                _("Nothing was sent. Go back, where your text still stands, and take fewer or smaller files."),
            )
        except (Http404, PermissionDenied, SuspiciousOperation):
            raise
        except Exception as problem:  # its words might hold what was written: only its kind and place are noted
            place = traceback.extract_tb(problem.__traceback__)[-1]
            log.error("petition failed", kind=type(problem).__name__, file=place.filename, line=place.lineno)  # noqa: TRY400
            response = _sentence(
                request,
                500,
                _("Not received yet"),
                _("Something broke on our side. Go back, where your text still stands, wait a minute and send again."),
            )
        response.headers["Cache-Control"] = "no-store, max-age=0, private"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return outer


def _sentence(request: HttpRequest, status: int, heading: str, words: str) -> HttpResponse:
    context = {"title": heading, "words": words, "back": reverse("public-petitions")}
    return render(request, "surveys/petition_sentence.html", context, status=status)


def _person(request: HttpRequest) -> Any:
    """Who is signed in, with everything that signing in asks of them."""
    return request.user if request.user.is_authenticated and missing(request) is None else None


# -- sending -----------------------------------------------------------------------------------------
@privately
def send(request: HttpRequest) -> HttpResponse:
    person, language = _person(request), get_language() or "kk"
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        return _form(request, PublicForm(person=person, language=language, initial={"kind": kind}), person)
    form = PublicForm(request.POST, request.FILES, person=person, language=language)
    if not form.is_valid():
        return _form(request, form, person, 400)
    code = form.code()
    try:
        petition = receiving.receive(form.cleaned_data, code, person)
    except receiving.Flood:
        return _form(request, form, person, 429, FLOOD)
    context = {
        "title": _("Received"),
        "petition": petition,
        "code": receipts.shown(code),
        "thread_url": reverse("public-petition-thread"),
        "own": petition.author_id is not None,
    }
    return render(request, "surveys/petition_receipt.html", context)


def _form(request: HttpRequest, form: PublicForm, person: Any, status: int = 200, refusal: Any = "") -> HttpResponse:
    context = {
        "title": _("Write to the university"),
        "form": form,
        "person": person,
        "refusal": refusal,
        "kinds": [{"label": kind.label, "what": what, "readers": readers} for kind, what, readers in READERS],
        "look_up": CodeForm(),
        "thread_url": reverse("public-petition-thread"),
        "hidden": ("website",),
    }
    return render(request, "surveys/petition_public.html", context, status=status)


# -- reading and writing on ----------------------------------------------------------------------------
@privately
def thread(request: HttpRequest) -> HttpResponse:
    """The code comes in the body and goes back into the page, never into an address."""
    if request.method != "POST":
        return _ask_code(request, CodeForm())
    form = CodeForm(request.POST)
    petition = receiving.by_code(form.cleaned_data["code"]) if form.is_valid() else None
    if petition is None:
        return _wrong_code(request, form)
    verb = request.POST.get("do", "")
    if verb not in ("write_on", "withdraw"):
        return _thread(request, petition, form)
    typed, done = None, ""
    try:
        if verb == "withdraw" or not _said_already(petition, request.POST.get("text", "")):
            typed = by_code(petition, steps_of(Petition)[verb], request.POST)
        done = "" if typed else _("Withdrawn.") if verb == "withdraw" else _("Your message is added.")
    except NotNow as problem:
        petition = receiving.by_code(form.cleaned_data["code"]) or petition
        typed = WriteOnForm(request.POST, record=petition) if verb == "write_on" else None
        return _thread(request, petition, form, 409, typed=typed, refusal=problem.sentence)
    return _thread(request, petition, form, 400 if typed else 200, typed=typed, done=done)


def _said_already(petition: Petition, text: str) -> bool:
    """The last thing said is this: the page was sent again after a lost reply."""
    last = petition.messages.order_by("pk").last()
    return last is not None and last.from_author and last.text == text.strip().replace("\r\n", "\n")


def _wrong_code(request: HttpRequest, form: CodeForm) -> HttpResponse:
    try:
        receiving.count("wrong", receiving.MOST_WRONG)
    except receiving.Flood:
        form.add_error(None, _("Too many wrong codes arrive at this moment. A right one opens all the same."))
        return _ask_code(request, form, 429)
    if form.is_valid():
        form.add_error("code", _("There is no petition with this code. Look at it once more."))
    return _ask_code(request, form, 400)


def _ask_code(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    context = {"title": _("Look up your petition"), "form": form, "send_url": reverse("public-petitions")}
    return render(request, "surveys/petition_lookup.html", context, status=status)


def _thread(
    request: HttpRequest, petition: Petition, code: CodeForm, status: int = 200, *,
    typed: Any = None, refusal: Any = "", done: str = "",
) -> HttpResponse:  # fmt: skip
    verbs = steps_of(Petition)
    label, tone, icon = petition.STATES[petition.state]
    may = {name: petition.state in verbs[name].from_ for name in ("write_on", "withdraw")}
    context = {
        "title": petition.subject,
        "petition": petition,
        "state": {"label": label, "tone": tone, "icon": icon},
        "code": code.cleaned_data["code"],
        "rows": list(petition.messages.all()),
        "files": list(petition.files.all()),
        "outcome": petition.get_outcome_display(),
        "form": typed or (WriteOnForm(record=petition) if may["write_on"] else None),
        "may": may,
        "refusal": refusal,
        "done": done,
        "thread_url": reverse("public-petition-thread"),
    }
    return render(request, "surveys/petition_public_thread.html", context, status=status)
