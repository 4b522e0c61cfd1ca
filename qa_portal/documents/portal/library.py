"""What the library hands to shared pages: what waits for whom, verbs, figures, evidence. Menu and search: search.py."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import Role
from qa_portal.web import cells
from qa_portal.web.registry import (
    Decidable,
    DeskSource,
    Verb,
    decidable,
    desk,
    provable,
    registry,
    verb,
)

from .. import reminders  # noqa: F401 - declares rules
from ..models import Agreement, ConformityVerdict, Document, Origin, Version
from ..permissions.library import body_whose_word_it_needs
from ..views.library import may_keep_acts

registry.words.update(
    register=_("Entered in the register"),
    supersede=_("Superseded by a newer version"),
    release=_("No longer asked"),
    agree=_("Agreed by all"),
)

provable(Document)
provable(Version)


# -- what bodies decide ---------------------------------------------------------------------------
def _on_its_way(code: str) -> Any:
    """Versions whose next word is that body's."""
    rows = Version.objects.filter(state=Version.APPROVING, waits_for=code)
    return rows.select_related("document__kind", "document__unit")


def _to_be_ended(code: str) -> Any:
    """Documents that this body approved and that are due for review, or that a conformity review wants ended."""
    ending = ConformityVerdict.objects.filter(state=ConformityVerdict.DECIDED, verdict="end").order_by()
    mine = Document.objects.live().filter(origin=Origin.INTERNAL, current__authority=code)
    return mine.filter(Q(state=Document.DUE_FOR_REVIEW) | Q(pk__in=ending.values("document")))


def _of_ending(document: Document, decision: Any) -> dict[str, Any]:
    return {"basis": str(decision)[:200], "on": timezone.localdate().isoformat(), "reason": decision.text}


decidable(
    Decidable(
        Version,
        "approve",
        _("Approve a version of a document"),
        body_whose_word_it_needs,
        _on_its_way,
        undo="undo_approval",
        otherwise="send_back",
    )
)
decidable(
    Decidable(
        Document,
        "annul",
        _("Annul a document"),
        lambda document: document.approved_by if document.is_live else "",
        _to_be_ended,
        inputs=_of_ending,
    )
)


# -- desk: what waits for me ------------------------------------------------------------------
def _version_item(version: Version) -> dict[str, Any]:
    return {
        "label": str(version.document),
        "url": version.get_absolute_url(),
        "meta": f"{version.label} · {version.document.unit or ''} · {version.state_label}",
        "due": None,
    }


def _agreement_item(agreement: Agreement) -> dict[str, Any]:
    version = agreement.version
    return {
        "label": str(version.document),
        "url": agreement.get_absolute_url(),
        "meta": f"{version.label} · {agreement.party}",
        "due": cells.desk_due(agreement.due),
    }


def _document_item(document: Document) -> dict[str, Any]:
    return {
        "label": str(document),
        "url": document.get_absolute_url(),
        "meta": str(document.unit or document.kind),
        "due": cells.desk_due(document.review_due),
    }


def _of_versions(rows: Any) -> Any:
    return rows.select_related("document__unit").order_by("changed_at", "pk")


def _to_check(person: Any) -> Any:
    return _of_versions(Version.objects.to_check(person))


def _to_order(person: Any) -> Any:
    return _of_versions(Version.objects.to_order(person))


def _to_go_on(person: Any) -> Any:
    return _of_versions(Version.objects.to_go_on_with(person))


def _to_answer(person: Any) -> Any:
    rows = Agreement.objects.waiting_for(person)
    return rows.select_related("version__document", "unit").order_by("due", "pk")


def _to_review(person: Any) -> Any:
    """Documents due for review of the units that this person leads or coordinates; acts without an owner the office's."""
    led = [h.unit_id for h in person.standing.held if h.role in (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)]
    rows = Document.objects.filter(state=Document.DUE_FOR_REVIEW)
    mine = rows.filter(unit__in=led)
    if person.standing.quality_office:
        mine = mine | rows.filter(unit__isnull=True)
    return mine.select_related("unit", "kind").order_by("review_due", "pk")


def _list(name: str, query: str = "") -> Any:
    return lambda: reverse(name) + query


desk(
    DeskSource(
        "documents_answer",
        _("To agree"),
        _to_answer,
        _agreement_item,
        _list("documents:agreements", "?waits_for_me=true"),
        12,
    )
)
desk(
    DeskSource(
        "documents_check",
        _("Texts whose form is to be checked"),
        _to_check,
        _version_item,
        _list("documents:versions", "?state=form_check"),
        14,
    )
)
desk(
    DeskSource(
        "documents_order",
        _("Texts that wait for your order"),
        _to_order,
        _version_item,
        _list("documents:versions", "?waits_for_me=true"),
        16,
    )
)
desk(
    DeskSource(
        "documents_go_on",
        _("My texts to go on with"),
        _to_go_on,
        _version_item,
        _list("documents:versions", "?waits_for_me=true"),
        62,
    )
)
desk(
    DeskSource(
        "documents_review",
        _("Documents due for review"),
        _to_review,
        _document_item,
        _list("documents:documents", "?state=due_for_review"),
        64,
    )
)

# -- verbs -----------------------------------------------------------------------------------------
verb(
    Verb(
        _("Draft a document"),
        _list("documents:document-add"),
        "file-plus",
        _("A regulation, an instruction, a plan of your unit"),
        40,
        lambda person: (
            not person.standing.outsider
            and (bool(person.standing.led_paths) or person.standing.has(Role.QUALITY_COORDINATOR))
        ),
    ),
    Verb(
        _("Enter an external act"),
        _list("documents:document-add", "?origin=external"),
        "gavel",
        _("A law, an order or a standard of others"),
        41,
        may_keep_acts,
    ),
    Verb(
        _("Texts on their way"),
        _list("documents:versions", "?state=form_check&state=in_agreement&state=agreed&state=approving"),
        "route",
        _("Checked, agreed, approved"),
        32,
        lambda person: person.standing.quality_office or bool(person.standing.led_paths),
    ),
)


# -- figures --------------------------------------------------------------------------------------------
def _figures(person: Any) -> list[dict[str, Any]]:
    if person.standing.outsider:
        return []
    live = Document.objects.filter(state__in=Document.LIVE)  # everybody inside sees what is in force
    counted = dict(live.order_by().values_list("state").annotate(n=Count("pk")))
    due, address = counted.get(Document.DUE_FOR_REVIEW, 0), reverse("documents:documents")
    return [
        {
            "label": gettext("Documents in force"),
            "value": sum(counted.values()),
            "url": reverse("documents:front"),
            "tone": "",
        },
        {
            "label": gettext("Documents due for review"),
            "value": due,
            "url": f"{address}?state=due_for_review",
            "tone": "waiting" if due else "",
        },
    ]


registry.figures.append(_figures)
