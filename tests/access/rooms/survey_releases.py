"""Rows and cases of releases and of teachers' answers to the results of their courses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import Release, TeacherReply
from surveys.workflow import releases as steps
from tests.surveys import scenes_releases as scenes

from ..cases import REASON, Case
from ..rows import NOT_FOR_WATCHERS, Row, api, page, row, step_api, with_step


def made(found: Any) -> tuple[Any, ...]:
    return (found.release.pk,)


def reply(found: Any) -> tuple[Any, ...]:
    return (found.reply.pk,)


def published(found: Any) -> tuple[Any, ...]:
    return (found.public_release.pk,)


#: figures that are not sent yet: quality office and Board
UNSENT = {"expert": 404, "stranger": 404, "staff": 404, "head": 404, "admin": 404}
#: what is sent: everybody inside
INSIDE = {"expert": 404}
NOT_THEIRS = {"stranger": 403, "head": 403, "asb": 403, **NOT_FOR_WATCHERS}
COUNCIL = frozenset({scenes.COUNCIL})
OVER = frozenset({f"over:{scenes.COUNCIL}"})
STEPS = (
    "add-recommendation",
    "amend-recommendation",
    "consider",
    "correct",
    "drop-recommendation",
    "halt",
    "made",
    "make-again",
    "publish",
    "send",
    "undo-consideration",
    "withdraw",
)

ROWS: list[Row] = [
    page("surveys/my-courses/"),
    page("surveys/releases/"),
    page("surveys/releases/add/", rest=404),  # figures are made on the page of the campaign
    page("surveys/releases/<int:pk>/", made, **UNSENT),
    page("surveys/releases/<int:pk>/edit/", made, **UNSENT, board=403),
    page("surveys/releases/<int:pk>/history/", made, **UNSENT),
    page("surveys/releases/<int:pk>/print/", made, **UNSENT),
    page("surveys/releases/<int:pk>/results/", made, **UNSENT),
    page("surveys/releases/<int:pk>/status/", made, **UNSENT),
    page("surveys/releases/<int:pk>/table/", made, **UNSENT),
    page("surveys/releases/<int:pk>/received/", made, rest=405),
    page(
        "surveys/releases/<int:pk>/files/<slug:edition>/<slug:form>/",
        lambda found: (found.release.pk, "inside", "xlsx"),
        **UNSENT,
    ),
    page("surveys/releases/many/<slug:step>/", lambda found: ("withdraw",), rest=405),
    page("surveys/releases/<int:pk>/<slug:step>/", with_step(made, "withdraw"), **UNSENT, board=403),
    page("surveys/replies/"),
    page("surveys/replies/add/", rest=404),  # an answer is written from the results
    page("surveys/replies/<int:pk>/", reply, **INSIDE),
    page("surveys/replies/<int:pk>/edit/", reply, **INSIDE, **NOT_THEIRS),
    page("surveys/replies/<int:pk>/history/", reply, **INSIDE),
    page("surveys/replies/many/<slug:step>/", lambda found: ("withdraw",), rest=405),
    page("surveys/replies/<int:pk>/<slug:step>/", with_step(reply, "withdraw"), **INSIDE, **NOT_THEIRS),
    row("public/surveys/"),
    row("public/surveys/<int:pk>/", published),
    row("public/surveys/<int:pk>/table/", published),
    row("public/surveys/<int:pk>/files/<int:issue>/", lambda found: (found.public_release.pk, 999999), rest=404),
    api("api/v1/surveys/releases/"),
    api("api/v1/surveys/releases/<pk>/", made, **UNSENT),
    api("api/v1/surveys/releases/<pk>/history/", made, **UNSENT),
    api("api/v1/surveys/releases/<pk>/results/", made, **UNSENT),
    step_api("api/v1/surveys/releases/<pk>/received/", made),
    step_api("api/v1/surveys/campaigns/<pk>/release/", lambda found: (found.release.campaign_id,)),
    *[step_api(f"api/v1/surveys/releases/<pk>/{step}/", made) for step in STEPS],
    api("api/v1/surveys/replies/"),
    api("api/v1/surveys/replies/<pk>/", reply, **INSIDE),
    api("api/v1/surveys/replies/<pk>/history/", reply, **INSIDE),
    *[step_api(f"api/v1/surveys/replies/<pk>/{step}/", reply) for step in ("restore", "withdraw")],
]


def first(release: Release) -> int:
    return release.recommendations.values_list("pk", flat=True).first() or 0


CASES: list[Case] = [
    Case("release.made", scenes.making, "", "board", scenes.made),
    Case("release.halt", scenes.making, "", "board", scenes.made, lambda w, r: REASON),
    Case("release.make_again", scenes.halted, "asb", "board", scenes.making),
    Case("release.add_recommendation", scenes.made, "asb", "board", scenes.sent, lambda w, r: {"text": "Жөндеу"}),
    Case(
        "release.amend_recommendation",
        scenes.recommended,
        "asb",
        "board",
        scenes.made,
        lambda w, r: {"recommendation": first(r), "text": "Жаңа сөз"},
    ),
    Case(
        "release.drop_recommendation",
        scenes.recommended,
        "asb",
        "board",
        scenes.made,
        lambda w, r: {"recommendation": first(r), **REASON},
    ),
    Case("release.send", scenes.concluded, "asb", "board", scenes.made),
    Case("release.consider", scenes.sent, "", "asb", scenes.made, lambda w, r: {"basis": "№ 3"}, COUNCIL),
    Case("release.undo_consideration", scenes.considered, "", "asb", scenes.made, lambda w, r: REASON, OVER),
    Case("release.publish", scenes.considered, "asb", "head", scenes.sent),
    Case("release.withdraw", scenes.sent, "asb", "head", scenes.withdrawn, lambda w, r: REASON),
    Case("release.correct", scenes.published, "asb", "head", scenes.made, lambda w, r: REASON),
    Case("reply.withdraw", scenes.reply, "staff", "asb", scenes.reply_withdrawn),
    Case("reply.restore", scenes.reply_withdrawn, "staff", "asb", scenes.reply),
    Case(
        "campaign.release",
        scenes.campaign,
        "asb",
        "board",
        lambda w: scenes.making(w).campaign,
    ),
]
STATES: list[Callable[[Any], Any]] = [
    scenes.making,
    scenes.halted,
    scenes.made,
    scenes.recommended,
    scenes.sent,
    scenes.considered,
    scenes.published,
    scenes.withdrawn,
    scenes.for_manager,
    lambda w: _corrected(w),
    scenes.courses_sent,
    scenes.reply,
    scenes.reply_withdrawn,
]
PLACES: dict[type, str] = {Release: "releases", TeacherReply: "replies"}


def _corrected(w: Any) -> Any:
    return steps.correct(scenes.published(w), by=w.asb, reason="Қате сөз")


def make(made: Any, world: Any) -> None:
    """Figures that are not sent, a published survey, a teacher's public answer."""
    made.release, made.public_release, made.reply = scenes.made(world), scenes.published(world), scenes.reply(world)
