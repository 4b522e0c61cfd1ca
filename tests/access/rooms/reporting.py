"""Rows and cases of reports on quality."""

from __future__ import annotations

from typing import Any

from standards.models import QualityReport
from tests.standards import scenes_reporting as scenes

from ..cases import REASON, Case
from ..rows import Row, api, page, row, step_api, with_step


def drafted(made: Any) -> tuple[Any, ...]:
    return (made.report.pk,)


#: a draft is seen by its office and by those who see everything
DRAFT = {"expert": 404, "stranger": 404, "staff": 404, "head": 404}
NOT_THEIRS = {"board": 403, "admin": 403}
COUNCIL = frozenset({scenes.COUNCIL})

ROWS: list[Row] = [
    page("standards/reports/"),
    page("standards/reports/add/", expert=403, stranger=403, staff=403, board=403, admin=403),
    page("standards/reports/<int:pk>/", drafted, **DRAFT),
    page("standards/reports/<int:pk>/edit/", drafted, **DRAFT, **NOT_THEIRS),
    page("standards/reports/<int:pk>/history/", drafted, **DRAFT),
    page("standards/reports/<int:pk>/print/", drafted, **DRAFT),
    page("standards/reports/<int:pk>/word/", drafted, **DRAFT),
    page("standards/reports/<int:pk>/status/", drafted, **DRAFT),
    page("standards/reports/<int:pk>/parts/<str:key>/", lambda made: (made.report.pk, "findings:S1"), **DRAFT),
    page("standards/reports/<int:pk>/files/<int:issue>/", lambda made: (made.report.pk, 1), rest=404),
    page("standards/reports/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    page("standards/reports/<int:pk>/<slug:step>/", with_step(drafted, "cancel"), **DRAFT, **NOT_THEIRS),
    row("public/reports/"),
    row("public/reports/<int:pk>/files/<int:issue>/", lambda made: (made.report.pk, 1), rest=404),
    api("api/v1/standards/reports/"),
    api("api/v1/standards/reports/<pk>/", drafted, **DRAFT),
    api("api/v1/standards/reports/<pk>/history/", drafted, **DRAFT),
    *[
        step_api(f"api/v1/standards/reports/<pk>/{step}/", drafted)
        for step in (
            "add-measure",
            "approve",
            "cancel",
            "drop-measure",
            "freeze",
            "halt",
            "publish",
            "send-back",
            "submit",
            "undo-approval",
        )  # fmt: skip
    ],
]


def with_measure(w: Any) -> QualityReport:
    report = scenes.draft(w)
    return scenes.steps.add_measure(report, by=w.asb, text="Түсіндіру жұмысы")


CASES: list[Case] = [
    Case("report.add_measure", scenes.draft, "asb", "board", scenes.submitted, lambda w, r: {"text": "Шара"}),
    Case(
        "report.drop_measure",
        with_measure,
        "asb",
        "board",
        scenes.submitted,
        lambda w, r: {"measure": r.measures.values_list("pk", flat=True).first() or 0, **REASON},
    ),
    Case("report.submit", scenes.draft, "asb", "board", scenes.submitted),
    Case("report.freeze", scenes.freezing_one, "", "board", scenes.draft),
    Case("report.halt", scenes.freezing_one, "", "board", scenes.draft, lambda w, r: REASON),
    Case("report.approve", scenes.submitted, "", "board", scenes.draft, lambda w, r: {"basis": "№ 3"}, COUNCIL),
    Case("report.send_back", scenes.submitted, "", "board", scenes.draft, lambda w, r: REASON, COUNCIL),
    Case(
        "report.undo_approval",
        scenes.approved,
        "",
        "board",
        scenes.draft,
        lambda w, r: REASON,
        frozenset({f"over:{scenes.COUNCIL}"}),
    ),
    Case("report.publish", scenes.approved, "asb", "board", scenes.draft),
    Case("report.cancel", scenes.draft, "asb", "board", scenes.published, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.draft,
    scenes.freezing_one,
    scenes.submitted,
    scenes.approved,
    scenes.published,
    lambda w: scenes.steps.cancel(scenes.draft(w), by=w.asb, reason="Қажет емес"),
]
PLACES: dict[type, str] = {QualityReport: "reports"}


def make(made: Any, world: Any) -> None:
    made.report = scenes.draft(world)
