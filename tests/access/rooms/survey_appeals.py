"""Rows and cases of appeals. The record stands before its commission: `staff` presides, `staff2` appeals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import AcademicAppeal, AppealReport
from tests.surveys import scenes_appeals as scenes

from ..cases import REASON, Case
from ..rows import Row, api, our_api, ours, page, step_api, with_step


def appeal(made: Any) -> tuple[Any, ...]:
    return (made.academic_appeal.pk,)


def report(made: Any) -> tuple[Any, ...]:
    return (made.appeal_report.pk,)


#: nobody sees appeals by seeing everything; the department is below the school that keeps them
UNSEEN = {"board": 404, "admin": 404, "head": 404}
#: reports are counts: for heads of the school and whoever sees all of quality
NOT_OF_DEPARTMENT = {"staff": 404, "head": 404}
STEPS = ("admit", "close", "decide", "form-commission", "give-opinion", "refuse", "replace-member")
REPORT_STEPS = ("accept", "cancel", "send-back", "submit")

ROWS: list[Row] = [
    page("surveys/academic-appeals/"),
    page("surveys/academic-appeals/add/", expert=403),
    ours("surveys/academic-appeals/<int:pk>/", appeal, **UNSEEN),
    ours("surveys/academic-appeals/<int:pk>/edit/", appeal, **{**UNSEEN, "staff": 403, "asb": 409}),
    ours("surveys/academic-appeals/<int:pk>/history/", appeal, **UNSEEN),
    page("surveys/academic-appeals/many/<slug:step>/", lambda made: ("close",), rest=405),
    ours(
        "surveys/academic-appeals/<int:pk>/<slug:step>/",
        with_step(appeal, "replace-member"),
        **{**UNSEEN, "staff": 403},
    ),
    api("api/v1/surveys/academic-appeals/"),
    our_api("api/v1/surveys/academic-appeals/<pk>/", appeal, **UNSEEN),
    our_api("api/v1/surveys/academic-appeals/<pk>/history/", appeal, **UNSEEN),
    *[step_api(f"api/v1/surveys/academic-appeals/<pk>/{step}/", appeal) for step in STEPS],
    page("surveys/appeal-reports/"),
    page("surveys/appeal-reports/add/", expert=403, stranger=403, staff=403, board=403, admin=403),
    ours("surveys/appeal-reports/<int:pk>/", report, **NOT_OF_DEPARTMENT),
    ours("surveys/appeal-reports/<int:pk>/edit/", report, **NOT_OF_DEPARTMENT, board=403, admin=403),
    ours("surveys/appeal-reports/<int:pk>/history/", report, **NOT_OF_DEPARTMENT),
    ours("surveys/appeal-reports/<int:pk>/print/", report, **NOT_OF_DEPARTMENT),
    page("surveys/appeal-reports/many/<slug:step>/", lambda made: ("submit",), rest=405),
    ours(
        "surveys/appeal-reports/<int:pk>/<slug:step>/",
        with_step(report, "cancel"),
        **NOT_OF_DEPARTMENT,
        board=403,
        admin=403,
    ),
    api("api/v1/surveys/appeal-reports/"),
    our_api("api/v1/surveys/appeal-reports/<pk>/", report, **NOT_OF_DEPARTMENT),
    our_api("api/v1/surveys/appeal-reports/<pk>/history/", report, **NOT_OF_DEPARTMENT),
    *[step_api(f"api/v1/surveys/appeal-reports/<pk>/{step}/", report) for step in REPORT_STEPS],
]

CASES: list[Case] = [
    Case("academic_appeal.admit", scenes.filed, "asb", "staff2", scenes.closed, lambda w, r: {}),
    Case("academic_appeal.refuse", scenes.late, "dean", "staff2", scenes.closed, lambda w, r: REASON),
    Case(
        "academic_appeal.form_commission",
        scenes.admitted,
        "dean",
        "staff2",
        scenes.closed,
        lambda w, r: {"members": [w.staff.pk, w.auditor.pk], "chair": w.staff.pk},
    ),
    Case(
        "academic_appeal.replace_member",
        scenes.in_commission,
        "asb",
        "staff",
        scenes.closed,
        lambda w, r: {"leaving": w.staff.pk, "coming": w.hr.pk, **REASON},
    ),
    Case(
        "academic_appeal.give_opinion",
        scenes.in_commission,
        "auditor",
        "asb",
        scenes.closed,
        lambda w, r: {"opinion": "Негізі бар"},
    ),
    Case("academic_appeal.decide", scenes.heard, "staff", "auditor", scenes.closed, lambda w, r: scenes.DECISION),
    Case("academic_appeal.close", scenes.decided, "asb", "staff2", scenes.filed),
    Case("appeal_report.submit", scenes.report, "dean", "board", scenes.accepted_report),
    Case("appeal_report.accept", scenes.submitted_report, "asb", "dean", scenes.report),
    Case("appeal_report.send_back", scenes.submitted_report, "asb", "dean", scenes.report, lambda w, r: REASON),
    Case("appeal_report.cancel", scenes.report, "dean", "board", scenes.accepted_report, lambda w, r: REASON),
]
STATES: list[Callable[[Any], Any]] = [
    scenes.filed,
    scenes.late,
    scenes.refused,
    scenes.admitted,
    scenes.in_commission,
    scenes.heard,
    scenes.decided,
    scenes.closed,
    scenes.report,
    scenes.submitted_report,
    scenes.accepted_report,
    scenes.cancelled_report,
]
PLACES: dict[type, str] = {AcademicAppeal: "academic-appeals", AppealReport: "appeal-reports"}


def make(made: Any, world: Any) -> None:
    made.academic_appeal = scenes.in_commission(world)
    made.appeal_report = scenes.report(world)
