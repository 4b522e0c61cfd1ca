"""Rows and cases of the library: documents, versions, change sheets, approval sheets."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qa_portal.documents.models import Agreement, ChangeLine, Document, Version
from tests.documents import scenes

from ..cases import REASON, Case
from ..rows import NOT_FOR_WATCHERS, Row, api, our_api, ours, page, step_api, with_step


def document(made: Any) -> tuple[Any, ...]:
    return (made.library_draft.document_id,)


def version(made: Any) -> tuple[Any, ...]:
    return (made.library_draft.pk,)


def line(made: Any) -> tuple[Any, ...]:
    return (made.library_line.pk,)


def sheet(made: Any) -> tuple[Any, ...]:
    return (made.library_sheet.pk,)


ANSWERS = {"staff": 403, "head": 403, "asb": 403, "board": 403, "admin": 403}


def _pages(records: str, of: Any, step: str, add: Row) -> list[Row]:
    """Register, record, editing, history and a step of what therapy prepares: seen there and above, done by those who prepare."""
    place = f"documents/{records}/"
    return [
        page(place),
        add,
        ours(f"{place}<int:pk>/", of),
        ours(f"{place}<int:pk>/edit/", of, **NOT_FOR_WATCHERS),
        ours(f"{place}<int:pk>/history/", of),
        page(f"{place}many/<slug:step>/", lambda made: (step,), rest=405),
        ours(f"{place}<int:pk>/<slug:step>/", with_step(of, step), **NOT_FOR_WATCHERS),
    ]


def _api(records: str, of: Any, *steps: str) -> list[Row]:
    place = f"api/v1/documents/{records}/"
    return [
        api(place),
        our_api(f"{place}<pk>/", of),
        our_api(f"{place}<pk>/history/", of),
        *[step_api(f"{place}<pk>/{step}/", of) for step in steps],
    ]


ROWS: list[Row] = [
    *_pages("documents", document, "cancel", page("documents/documents/add/", expert=403)),
    *_pages("versions", version, "cancel", page("documents/versions/add/", rest=404)),
    *_pages("changes", line, "strike", page("documents/changes/add/", rest=404)),
    ours("documents/versions/<int:pk>/file/", version),
    ours(
        "documents/versions/<int:pk>/print/", version, rest=303
    ),  # a stub that is no PDF: the reason stands in “My papers”
    page("documents/agreements/"),
    ours("documents/agreements/<int:pk>/", sheet),
    ours("documents/agreements/<int:pk>/history/", sheet),
    page("documents/agreements/many/<slug:step>/", lambda made: ("agree",), rest=405),
    ours("documents/agreements/<int:pk>/<slug:step>/", with_step(sheet, "agree"), **ANSWERS),
    api("api/v1/documents/kinds/"),
    api("api/v1/documents/kinds/<pk>/", lambda made: (made.library_draft.document.kind_id,)),
    *_api(
        "documents",
        document,
        "annul",
        "archive",
        "become-due",
        "call-review",
        "cancel",
        "confirm-review",
        "destroy-original",
        "lose-force",
        "note-edition",
        "permit-outside",
        "publish",
        "unpublish",
    ),
    *_api(
        "versions",
        version,
        "approve",
        "cancel",
        "check-form",
        "come-into-force",
        "send-back",
        "send-to-approval",
        "submit",
        "take-back",
        "undo-approval",
    ),
    our_api("api/v1/documents/versions/<pk>/file/", version),
    *_api("changes", line, "strike"),
    *_api("agreements", sheet, "agree", "raise-objection", "release"),
]


def today() -> str:
    return timezone.localdate().isoformat()


def _edition(w: Any, record: Any) -> dict[str, Any]:
    return {"edition": "01.09.2026", "adopted_on": today(), "note": "3-бап өзгерді"}


def _ended(w: Any, record: Any) -> dict[str, Any]:
    return {"basis": "№ 7 бұйрық", "on": today(), **REASON}


CASES: list[Case] = [
    # documents
    Case(
        "document.confirm_review",
        scenes.due_for_review,
        "head",
        "staff",
        scenes.annulled,
        lambda w, r: {"note": "Өзгеріс жоқ"},
    ),
    Case("document.call_review", scenes.live, "asb", "head", scenes.annulled, lambda w, r: REASON),
    Case("document.become_due", scenes.live, "", "asb", scenes.annulled),
    Case("document.publish", scenes.live, "pr", "head", scenes.annulled),
    Case("document.unpublish", scenes.published, "pr", "head", scenes.live, lambda w, r: REASON),
    Case("document.annul", scenes.live, "asb", "head", scenes.annulled, _ended),
    Case("document.note_edition", scenes.act, "legal", "head", scenes.ended_act, _edition),
    Case("document.lose_force", scenes.act, "asb", "head", scenes.ended_act, lambda w, r: {"on": today(), **REASON}),
    Case("document.archive", scenes.annulled, "asb", "head", scenes.live, lambda w, r: {"index": "01-05"}),
    Case(
        "document.destroy_original",
        scenes.annulled,
        "asb",
        "head",
        scenes.live,
        lambda w, r: {"on": today(), "act": "№ 2"},
    ),
    Case(
        "document.permit_outside",
        scenes.live,
        "asb",
        "head",
        scenes.annulled,
        lambda w, r: {"to_whom": "Министрлік", "purpose": "Тексеру"},
    ),
    Case("document.cancel", scenes.document, "coordinator", "board", scenes.live, lambda w, r: REASON),
    # versions
    Case("version.submit", scenes.draft, "coordinator", "board", scenes.in_force),
    Case(
        "version.check_form",
        scenes.submitted,
        "asb",
        "head",
        scenes.draft,
        lambda w, r: {"agree_by": scenes.tomorrow(5).isoformat(), "units": [w.other.pk]},
    ),
    Case("version.send_back", scenes.submitted, "asb", "head", scenes.draft, lambda w, r: REASON),
    Case("version.take_back", scenes.in_agreement, "coordinator", "board", scenes.draft, lambda w, r: REASON),
    Case("version.send_to_approval", scenes.agreed, "coordinator", "board", scenes.draft),
    Case(
        "version.approve",
        scenes.approving,
        "rector",
        "asb",
        scenes.in_force,
        lambda w, r: {"order_number": "12-Ө", "order_date": today()},
    ),
    Case("version.come_into_force", scenes.day_has_come, "", "asb", scenes.in_force),
    Case(
        "version.undo_approval",
        scenes.in_force,
        "",
        "asb",
        scenes.superseded,
        lambda w, r: REASON,
        frozenset({"over:role:rector"}),
    ),
    Case("version.cancel", scenes.draft, "coordinator", "board", scenes.in_force, lambda w, r: REASON),
    # change sheets and approval sheets
    Case("change.strike", scenes.line, "coordinator", "board", scenes.settled_line, lambda w, r: REASON),
    Case("agreement.agree", scenes.sheet, "legal", "asb", scenes.answered),
    Case("agreement.raise_objection", scenes.sheet, "legal", "asb", scenes.answered, lambda w, r: REASON),
    Case("agreement.release", scenes.sheet_of_unit, "asb", "head", scenes.answered, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.document,
    scenes.live,
    scenes.due_for_review,
    scenes.published,
    scenes.annulled,
    scenes.archived,
    scenes.act,
    scenes.ended_act,
    scenes.draft,
    scenes.submitted,
    scenes.in_agreement,
    scenes.agreed,
    scenes.approving,
    scenes.approved_for_later,
    scenes.in_force,
    scenes.superseded,
    scenes.cancelled,
    scenes.line,
    scenes.settled_line,
    scenes.sheet,
    scenes.answered,
]
PLACES: dict[type, str] = {
    Document: "documents",
    Version: "versions",
    ChangeLine: "changes",
    Agreement: "agreements",
}


def make(made: Any, world: Any) -> None:
    """A draft with a line of its change sheet, and a text in agreement, of therapy."""
    made.library_draft = scenes.draft(world)
    made.library_line = scenes.line(world, made.library_draft)
    made.library_sheet = scenes.sheet(world)
