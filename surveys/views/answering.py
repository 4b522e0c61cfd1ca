"""/answer/: the respondent's side. No account, no token in an address, nothing kept of who came and when.

What every address here keeps to is in `quietly`. A token comes in the body of a POST and goes back into the page as a hidden
field; a signed-in person needs none for their own list.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from qa_portal.people.second_factor import missing

from .. import answering
from ..answer_sheet import typed
from ..content import LANGUAGES, say
from ..models import Campaign, Invitation, Respondent

log = structlog.get_logger(__name__)
View = Callable[..., HttpResponse]
LANGUAGE_COOKIE_AGE = 365 * 86400


# -- what every address keeps to --------------------------------------------------------------------------------------
def quietly(view: View) -> View:
    """No sign-in, nothing in caches, nothing of the body in a log; too much, or a fault of ours, loses nothing typed.

    CSRF is checked inside, after the size: else a page that is too long would end in an error without words. The referrer
    stays "same-origin" as everywhere: with "no-referrer" browsers send `Origin: null` with a form, which CSRF must refuse;
    and no address here says anything.
    """
    guarded = csrf_protect(sensitive_post_parameters()(never_cache(view)))

    @csrf_exempt
    @login_not_required
    @functools.wraps(view)
    @sensitive_variables()
    def outer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                raise RequestDataTooBig
            response = guarded(request, *args, **kwargs)
            if response.status_code == 403 and not getattr(request, "csrf_processing_done", False):
                response = _stale(request, response)
        except RequestDataTooBig:
            response = _too_much(request)
        except (Http404, PermissionDenied, SuspiciousOperation):
            raise
        except (
            Exception
        ) as problem:  # whatever it is: its words might hold an answer, so only its kind and place are noted
            place = traceback.extract_tb(problem.__traceback__)[-1]
            log.error("answering failed", kind=type(problem).__name__, file=place.filename, line=place.lineno)  # noqa: TRY400
            response = _again(request)
        response.headers["Cache-Control"] = "no-store, max-age=0, private"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Content-Language"] = translation.get_language() or "kk"
        return response

    return outer


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def sentence(request: HttpRequest, status: int, heading: str, words: str, **more: Any) -> HttpResponse:
    """A page that says what happened and what to do; to the script the same words."""
    if _by_script(request):
        return JsonResponse({"sentence": words}, status=status)
    context = {"title": heading, "words": words, "about": "", **more}
    return render(request, "surveys/answer/sentence.html", context, status=status)


def _too_much(request: HttpRequest) -> HttpResponse:
    return sentence(
        request,
        413,
        _("This is too much text"),
        _(
            "Your answer is longer than the portal can take, and nothing was sent. What you typed is still in the page: "
            "go back, shorten the longest text and send again."
        ),
    )


@sensitive_variables()
def _again(request: HttpRequest) -> HttpResponse:
    """A fault of ours: everything that was sent goes back into the page, ready to be sent once more."""
    words = _(
        "Something broke on our side, and your answer was not received. Nothing you typed is lost: wait a minute and send again."
    )
    return sentence(request, 500, _("Not received yet"), words, kept=_kept(request), action=request.path)


@sensitive_variables()
def _stale(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """The page's own guard ran out (somebody signed in or out elsewhere): what our page sent goes back into a fresh one.

    Only what comes from a page of ours: another site's form is refused and given nothing to press.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or _by_script(request):
        return refused
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if urlsplit(sender).netloc != request.get_host():
        return refused
    words = _(
        "The page was open for too long, and your answer was not received. Nothing you typed is lost: send again."
    )
    return sentence(request, 403, _("Not received yet"), words, kept=_kept(request), action=request.path)


@sensitive_variables()
def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]


# -- who and in which language ------------------------------------------------------------------------------------------
@sensitive_variables()
def _respondent(request: HttpRequest) -> Respondent | None:
    """Whoever the token speaks for; without one, the person who is signed in."""
    token = request.POST.get("token", "")
    if token:
        return answering.respondent_by(token)
    if request.user.is_authenticated and missing(request) is None:
        return Respondent.objects.filter(person=request.user).first()
    return None


@sensitive_variables()
def _invitation(request: HttpRequest) -> Invitation:
    token, number = request.POST.get("token", ""), request.POST.get("invitation", "")
    if token:
        find = answering.invitation_to_send if _by_script(request) else answering.invitation_by
        return find(token, number)
    return answering.invitation_of(_respondent(request), number)


def _speak(request: HttpRequest, respondent: Respondent | None = None) -> str:
    """The language asked for on the page, else the one in use here, else the respondent's."""
    wanted = request.POST.get("to") or request.POST.get("lang") or ""
    if wanted not in LANGUAGES:
        chosen = "lang" in request.GET or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        known = respondent.language if respondent and not chosen and not request.user.is_authenticated else ""
        wanted = known if known in LANGUAGES else translation.get_language() or "kk"
    translation.activate(wanted)
    request.LANGUAGE_CODE = wanted  # type: ignore[attr-defined]
    return wanted


def _remembering(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A language chosen on the page is the one of the next page too; the cookie says nothing else."""
    if request.POST.get("to") in LANGUAGES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.POST["to"],
            max_age=LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


# -- the list -----------------------------------------------------------------------------------------------------------
@quietly
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def start(request: HttpRequest) -> HttpResponse:
    """What is owed: by the token of a letter, or of the person signed in; else a field to type the code."""
    respondent = _respondent(request)
    language = _speak(request, respondent)
    token = request.POST.get("token", "")
    context: dict[str, Any] = {
        "title": _("Surveys"),
        "language": language,
        "about": "",
        "typed": "",
        "known": respondent is not None,
    }
    status = 200
    if respondent is not None:
        rows = answering.invited(respondent)
        context |= {
            "token": answering.read_token(token),
            "owed": [_listed(row, language) for row in rows if not row.participated],
            "received": [_listed(row, language) for row in rows if row.participated],
        }
    elif token or (request.method == "POST" and "to" not in request.POST):
        status = 404 if answering.read_token(token) else 400
        context |= {"typed": token[:60], "wrong": _wrong_code(token)}
    return _remembering(request, render(request, "surveys/answer/start.html", context, status=status))


def _wrong_code(token: str) -> str:
    if answering.read_token(token):
        return _("Nobody was sent this code. Compare it with your letter, or open the link in the letter once more.")
    return _("A code is 32 signs: figures and the letters a to f. Compare what you typed with your letter.")


def _listed(row: Invitation, language: str) -> dict[str, Any]:
    survey, campaign = row.survey, row.survey.campaign
    title = say(survey.title, language) or say(campaign.content.get("name", {}), language) or campaign.name
    return {
        "id": row.pk,
        "title": title,
        "campaign": campaign.name if campaign.name != title else "",
        "last_day": campaign.closes_on,
        "minutes": answering.minutes_of(survey),
    }


# -- one survey -----------------------------------------------------------------------------------------------------------
@quietly
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def survey(request: HttpRequest) -> HttpResponse:
    """The questions, all in one page; and their answers when they are sent (`do` = send)."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("answer"))
    language = _speak(request)
    try:
        invitation = _invitation(request)
    except answering.NotInvited:
        return _not_invited(request)
    campaign = invitation.survey.campaign
    if invitation.participated:
        return _received(request, invitation, language, again=True)
    if campaign.state != Campaign.OPEN:
        return _late(request, campaign)
    if request.POST.get("do") == "send" and "to" not in request.POST:
        return _send(request, invitation, language)
    return _remembering(request, _questions(request, invitation, language))


@sensitive_variables()
def _send(request: HttpRequest, invitation: Invitation, language: str) -> HttpResponse:
    sent = typed(answering.asked_of(invitation.survey), request.POST)
    try:
        answering.take_in(invitation, sent, language)
    except answering.AlreadyReceived:
        return _received(request, invitation, language, again=True)
    except answering.NotOpen:
        return _late(request, invitation.survey.campaign)
    except answering.NotFitting as problem:
        needed = _("Please answer this question.")
        errors = {**problem.judged.unfit, **dict.fromkeys(problem.judged.missing, needed)}
        return _wrong(request, invitation, language, errors, _("Not sent yet. What you typed is still here."))
    except answering.TooLong:
        words = _(
            "Not sent yet: all texts together are too long. What you typed is still here; please shorten the longest."
        )
        return _wrong(request, invitation, language, {}, words)
    return _received(request, invitation, language)


@sensitive_variables()
def _wrong(
    request: HttpRequest, invitation: Invitation, language: str, errors: dict[str, str], words: str
) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"sentence": words, "errors": errors}, status=422)
    return _questions(request, invitation, language, errors=errors, words=words, status=422)


@sensitive_variables()
def _questions(
    request: HttpRequest,
    invitation: Invitation,
    language: str,
    *,
    token: str = "",
    errors: dict[str, str] | None = None,
    words: str = "",
    status: int = 200,
) -> HttpResponse:
    sections = answering.asked_of(invitation.survey)
    campaign, content = invitation.survey.campaign, invitation.survey.campaign.content
    shown = _listed(invitation, language)
    context = {
        **_thanks(invitation, language),
        **shown,
        "invitation": invitation.pk,
        "token": token or answering.read_token(request.POST.get("token", "")),
        "intro": say(content.get("intro", {}), language),
        "sections": sections,
        "answers": typed(sections, request.POST),
        "errors": errors or {},
        "wrong_lines": _wrong_lines(sections, errors or {}, language),
        "words": words,
        "key_place": campaign.key_place,
    }
    return render(request, "surveys/answer/survey.html", context, status=status)


def _wrong_lines(sections: Any, errors: dict[str, str], language: str) -> list[dict[str, str]]:
    """The summary on top: question, sentence, where it stands."""
    found = []
    for section in sections:
        for item in section.items:
            for key, end in ((item.key, ""), (item.remark_key, "-remark")):
                if key in errors:
                    place = "a-" + item.key.replace("@", "--") + end
                    found.append({"place": place, "text": say(item.text, language), "error": errors[key]})
    return found


@sensitive_variables()
def _received(request: HttpRequest, invitation: Invitation, language: str, again: bool = False) -> HttpResponse:
    """Thanks. `again`: it had been received already, and this time changed nothing; to whoever sends it is the same.

    The script has the words already: they came with the questions.
    """
    status = 409 if again else 200
    if _by_script(request):
        return JsonResponse({"received": True, "again": again}, status=status)
    context = _thanks(invitation, language) | {
        "again": again,
        "token": answering.read_token(request.POST.get("token", "")),
    }
    return render(request, "surveys/answer/thanks.html", context, status=status)


def _thanks(invitation: Invitation, language: str) -> dict[str, Any]:
    campaign = invitation.survey.campaign
    return {
        "title": _("Thank you"),
        "thanks": say(campaign.content.get("thanks", {}), language),
        "last_day": campaign.closes_on,
        "by_link": campaign.by_link,
        "language": language,
        "about": reverse("answer-about-campaign", args=[campaign.uid]),
    }


def _late(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    campaign.refresh_from_db(fields=["closes_on"])
    words = _("This survey takes no answers any more: its last day was %(day)s. Nothing was sent.") % {
        "day": date_format(campaign.closes_on, "DATE_FORMAT")
    }
    return sentence(request, 410, _("The survey is closed"), words)


def _not_invited(request: HttpRequest) -> HttpResponse:
    words = _("This survey is not among those you were asked to answer. Open the link in your letter once more.")
    return sentence(request, 404, _("No such survey for you"), words)


# -- open links -----------------------------------------------------------------------------------------------------------
@quietly
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The open link of a campaign: anybody may begin; the visitor's tab gets a token of its own."""
    campaign = get_object_or_404(Campaign, uid=uid, way=Campaign.Way.LINK)
    language = _speak(request)
    if campaign.state != Campaign.OPEN:
        if not campaign.was_launched:
            raise Http404
        return _late(request, campaign)
    if request.method == "POST" and "to" not in request.POST:
        try:
            token, invitation = answering.begin(campaign)
        except answering.TooMany:
            words = _("Very many people are beginning this survey at the moment. Please come back in an hour.")
            return sentence(request, 429, _("Please come back a little later"), words)
        return _questions(request, invitation, language, token=token)
    context = {
        "title": say(campaign.content.get("name", {}), language) or campaign.name,
        "campaign": campaign,
        "intro": say(campaign.content.get("intro", {}), language),
        "last_day": campaign.closes_on,
        "minutes": _minutes(campaign),
        "language": language,
        "about": reverse("answer-about-campaign", args=[campaign.uid]),
    }
    return _remembering(request, render(request, "surveys/answer/begin.html", context))


def _minutes(campaign: Campaign) -> int:
    found = campaign.surveys.first()
    if found is None:
        return 1
    found.campaign = campaign
    return answering.minutes_of(found)


# -- about anonymity ------------------------------------------------------------------------------------------------------
@quietly
@require_http_methods(["GET", "HEAD"])
def about(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """How anonymity works and where it ends; of a campaign also where its key is kept."""
    campaign = get_object_or_404(Campaign, uid=uid) if uid else None
    if campaign is not None and not campaign.was_launched:
        raise Http404
    _speak(request)
    context = {"title": _("How your anonymity is kept"), "campaign": campaign, "about": ""}
    return render(request, "surveys/answer/about.html", context)
