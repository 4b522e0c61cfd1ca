"""What upkeep hands to shared pages: menu, desk, panels of documents and versions; its reminders."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.registry import DeskSource, MenuItem, desk, menu, panel, registry

from .. import upkeep_reminders  # noqa: F401 - declares reminders
from ..models import ChangeProposal, ConformityReview, ConformityVerdict, Document, PaperCopy, Version
from ..tables.upkeep import verdict_due

SHOWN = 5

registry.words.update(open_review=_("Conformity review opened"), ask=_("Verdict asked for"))

menu(
    MenuItem(
        "upkeep",
        _("Upkeep of documents"),
        "documents:upkeep",
        "clipboard-check",
        52,
        lambda person: refusal(person, "documents.view_upkeep") is None,
        True,
    )
)


# -- desk: what waits for me ------------------------------------------------------------------
def _verdict_item(row: ConformityVerdict) -> dict[str, Any]:
    return {
        "label": str(row.document),
        "url": row.get_absolute_url(),
        "meta": f"{row.review.number} · {row.document.unit}",
        "due": cells.desk_due(verdict_due(row)),
    }


def _proposal_item(row: ChangeProposal) -> dict[str, Any]:
    return {
        "label": str(row.document),
        "url": row.get_absolute_url(),
        "meta": f"{row.number} · {row.unit}",
        "due": None,
    }


def _copy_item(row: PaperCopy) -> dict[str, Any]:
    return {"label": str(row), "url": row.get_absolute_url(), "meta": row.holder.get_short_name(), "due": None}


def _verdicts(rows: Any) -> Any:
    return rows.select_related("document__unit", "review")


def _to_judge(person: Any) -> Any:
    return _verdicts(ConformityVerdict.objects.to_judge_by(person)).order_by("review__due", "pk")


def _to_decide(person: Any) -> Any:
    """Verdicts that the quality office decides about; not one's own."""
    rows = _verdicts(ConformityVerdict.objects.filter(state=ConformityVerdict.JUDGED)).order_by("judged_on", "pk")
    return rows.exclude(judged_by=person) if person.standing.quality_office else rows.none()


def _to_answer(person: Any) -> Any:
    return ChangeProposal.objects.to_answer_by(person).select_related("document", "unit").order_by("pk")


def _to_collect(person: Any) -> Any:
    """Copies of what is no longer in force: the quality office collects them, their holders give them back."""
    rows = PaperCopy.objects.to_collect().select_related("version__document", "holder").order_by("given_on", "pk")
    return rows if person.standing.quality_office else rows.filter(holder=person)


def _list(name: str, query: str) -> Any:
    return lambda: f"{reverse(name)}?{query}"


desk(
    DeskSource(
        "judge",
        _("Verdicts to give: is the document still in line?"),
        _to_judge,
        _verdict_item,
        _list("documents:verdicts", "waits_for_me=true"),
        45,
    )
)
desk(
    DeskSource(
        "decide_verdicts",
        _("Verdicts to decide about"),
        _to_decide,
        _verdict_item,
        _list("documents:verdicts", "state=judged"),
        46,
    )
)
desk(
    DeskSource(
        "proposals",
        _("Proposals to answer"),
        _to_answer,
        _proposal_item,
        _list("documents:proposals", "waits_for_me=true"),
        47,
    )
)
desk(
    DeskSource(
        "copies",
        _("Paper copies to be collected"),
        _to_collect,
        _copy_item,
        _list("documents:copies", "to_collect=true"),
        80,
    )
)


# -- panels of a document and of a version --------------------------------------------------------
def _control(url: str, label: Any, why_not: Any) -> dict[str, Any]:
    return {"url": url, "label": label, "allowed": not why_not, "why_not": why_not or ""}


@panel(Document)
def _proposals_of(document: Document, request: Any) -> dict[str, Any] | None:
    """Open proposals to change it, and the way to file one."""
    if not document.is_internal or request.user.standing.outsider:
        return None
    open_ = ChangeProposal.objects.visible_to(request.user).filter(
        document=document, state__in=(ChangeProposal.FILED, ChangeProposal.ACCEPTED)
    )
    rows = list(open_.select_related("unit").order_by("-pk")[: SHOWN + 1])
    if not rows and not document.is_live:
        return None
    add = None
    if document.is_live:
        new = ChangeProposal(document=document)
        why_not = refusal(request.user, "documents.add_proposal", new)
        add = _control(f"{reverse('documents:proposal-add')}?document={document.pk}", _("Propose a change"), why_not)
    return {
        "title": gettext("Proposals to change"),
        "template": "documents/upkeep_proposals.html",
        "rows": [{"proposal": row, "state": cells.state(row)} for row in rows[:SHOWN]],
        "all_url": f"{reverse('documents:proposals')}?document={document.pk}" if len(rows) > SHOWN else "",
        "add": add,
    }


@panel(Document)
def _reviews_of(document: Document, request: Any) -> dict[str, Any] | None:
    """Of an internal document its verdicts in conformity reviews; of what changed the reviews that it opened."""
    if request.user.standing.outsider:
        return None
    opened = ConformityReview.objects.visible_to(request.user).filter(act=document).order_by("-pk")
    rows = [{"label": str(row), "url": row.get_absolute_url(), "state": cells.state(row)} for row in opened[:SHOWN]]
    if document.is_internal:
        judged = document.verdicts.exclude(state=ConformityVerdict.VOID).select_related("review").order_by("-pk")
        rows += [
            {"label": str(row.review), "url": row.get_absolute_url(), "state": cells.state(row)}
            for row in judged[:SHOWN]
        ]
    add = None
    if not refusal(request.user, "documents.add_review", ConformityReview(act=document)):
        label = _("Open a conformity review")
        add = _control(f"{reverse('documents:review-add')}?act={document.pk}", label, None)
    if not rows and (document.is_internal or not add):
        return None
    return {
        "title": gettext("Conformity reviews"),
        "template": "documents/upkeep_reviews.html",
        "rows": rows,
        "add": add,
    }


@panel(Version)
def _copies_of(version: Version, request: Any) -> dict[str, Any] | None:
    """Its numbered paper copies that are out, and the way to hand one out."""
    if request.user.standing.outsider:
        return None
    given = PaperCopy.objects.visible_to(request.user).filter(~Q(state=PaperCopy.GIVEN_BACK), version=version)
    rows = list(given.select_related("holder").order_by("number")[: SHOWN + 1])
    add = None
    if version.state in (Version.APPROVED, Version.IN_FORCE):
        why_not = refusal(request.user, "documents.add_copy", PaperCopy(version=version))
        if not why_not:
            url = f"{reverse('documents:copy-add')}?version={version.pk}"
            add = _control(url, _("Hand out a paper copy"), None)
    if not rows and add is None:
        return None
    return {
        "title": gettext("Paper copies"),
        "template": "documents/copy_panel.html",
        "rows": [{"copy": row, "state": cells.state(row)} for row in rows[:SHOWN]],
        "all_url": f"{reverse('documents:copies')}?version={version.pk}" if len(rows) > SHOWN else "",
        "to_collect": version.state not in (Version.APPROVED, Version.IN_FORCE)
        and any(row.state == row.HELD for row in rows),
        "add": add,
    }
