"""What a step of a document brings with it in its versions, and the other way round: one file in force, one number, one sheet."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qa_portal.people.heads import deciders, deciding_unit, holders
from qa_portal.people.models import Person
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import move

from .. import acquainting, conformity, reading
from ..models import Agreement, ChangeLine, Document, Version
from ..permissions.library import own_text


# -- who is told ----------------------------------------------------------------------------
def authors(version: Version) -> list[Person]:
    """All who wrote the text."""
    return list(Person.objects.filter(pk__in=own_text(version)))


def those_asked(version: Version) -> list[Person]:
    """Everybody who may answer on the approval sheet of this round."""
    found: dict[int, Person] = {}
    for agreement in version.agreements.filter(round=version.round, state=Agreement.WAITING):
        for person in answerers(agreement):
            found[person.pk] = person
    return list(found.values())


def answerers(agreement: Agreement) -> list[Person]:
    """The holders of the office asked, or the head of the answering unit and today's deputies; at the top the Board."""
    return list(holders([agreement.role]) if agreement.role else deciders(agreement.answering_unit))


def somebody_may_answer(agreement: Agreement) -> bool:
    """Among those asked is somebody who did not write the text."""
    own = own_text(agreement.version)
    return any(person.pk not in own for person in answerers(agreement))


def next_in_line(version: Version) -> list[Any]:
    """Chair and secretary of the body, or the holders of the office, whose word comes next."""
    if not version.waits_for:
        return []
    if version.waits_for_order:
        return list(holders([version.waits_for.removeprefix("role:")]))
    return list(registry.body_people(version.waits_for))


# -- approval sheet ----------------------------------------------------------------------------
def open_sheet(version: Version, by: Any, units: Any, due: datetime.date) -> None:
    """A line for the legal office and one for each unit concerned; who agreed to this very file before is not asked again."""
    own = own_text(version)
    agreed = {
        (row.unit_id, row.role): row
        for row in version.agreements.filter(state=Agreement.AGREED, checksum=version.checksum)
        if row.answered_by_id not in own  # who wrote on it since then agrees no more
    }
    parties: list[tuple[Any, str]] = [(None, Role.LEGAL), *((unit, "") for unit in units)]
    for unit, role in parties:
        before = agreed.get((unit.pk if unit else None, role))
        Agreement(
            version=version,
            round=version.round,
            unit=unit,
            role=role,
            answering_unit=deciding_unit(unit, own) if unit else None,
            due=due,
            checksum=version.checksum,
            state=Agreement.AGREED if before else Agreement.WAITING,
            answered_by=before.answered_by if before else None,
            answered_at=before.answered_at if before else None,
            reason=before.reason if before else "",
        ).add(by=by)


def void_sheet(version: Version, by: Any, why: str) -> None:
    """The text goes back to its authors: nobody is asked about it any more."""
    for agreement in version.agreements.filter(state=Agreement.WAITING):
        move(agreement, Agreement.VOID, by=by, verb="release", why=why)


def settle_sheet(agreement: Agreement, by: Any) -> None:
    """When everybody has answered: agreed, or back to the authors with the objections."""
    version = agreement.version
    version.refresh_from_db()
    if version.state != Version.IN_AGREEMENT:
        return
    sheet = list(version.agreements.filter(round=version.round))
    if any(row.state == Agreement.WAITING for row in sheet):
        return
    objections = [row for row in sheet if row.state == Agreement.OBJECTED]
    if objections:
        why = "\n".join(f"{row.party}: {row.reason}" for row in objections)
        move(version, Version.RETURNED, by=by, verb="send_back", why=why, tells=authors(version))
        return
    move(
        version,
        Version.AGREED,
        by=by,
        verb="agree",
        tells=authors(version),
        letter="version_agreed",
        agreed_on=timezone.localdate(),
        agreed_checksum=version.checksum,
    )


# -- approval -------------------------------------------------------------------------------------
def check_stored_file(version: Version) -> None:
    """What is approved is the very file that was agreed: its bytes are summed anew."""
    digest = hashlib.sha256()
    try:
        with version.file.open("rb") as stored:
            for chunk in stored.chunks():
                digest.update(chunk)
    except OSError as error:
        raise NotNow(_("The file of this version cannot be read. Tell the administrator.")) from error
    if not (digest.hexdigest() == version.checksum == version.agreed_checksum):
        raise NotNow(_("The file is not the one that was agreed: send the version back, so that it is agreed anew."))


def find_route(version: Version) -> list[str]:
    """The route of its kind with the bodies of this unit put in."""
    document = version.document
    route = []
    for authority in document.kind.route():
        code = authority if authority.startswith("role:") else registry.body_for(authority, document.unit)
        if not code:
            raise NotNow(
                _("The route names a body that this unit does not have: %(body)s.")
                % {"body": registry.body_name(authority)}
            )
        route.append(code)
    if not route:
        raise NotNow(
            _("The kind “%(kind)s” has no route of approval yet: the administrator enters it.")
            % {"kind": document.kind}
        )
    return route


def supersede(version: Version, by: Any) -> None:
    """The version in force until now gives way, before the new one takes its place."""
    today = timezone.localdate()
    for old in version.document.versions.filter(state=Version.IN_FORCE).exclude(pk=version.pk):
        move(old, Version.SUPERSEDED, by=by, verb="supersede", why=version.label, ended_on=today)


def after_word(version: Version, by: Any) -> None:
    """After a word on the route: when it was the last one the document gets its number and people are asked to read."""
    if version.state not in (Version.APPROVED, Version.IN_FORCE):
        return
    document = version.document
    document.refresh_from_db()
    if not document.number:
        number = document.take_number(version.approved_on or timezone.localdate())
        move(document, document.state, by=by, verb="register", number=number)
    acquainting.ask_everybody(version, by)
    reading.order_reading(version)
    if version.state == Version.IN_FORCE:
        put_in_force(version, by)


def put_in_force(version: Version, by: Any) -> None:
    """The document now stands with this version; its review is counted from today."""
    document = version.document
    document.refresh_from_db()
    today = version.in_force_on or timezone.localdate()
    move(
        document,
        Document.IN_FORCE,
        by=by,
        verb="come_into_force",
        why=version.label,
        current=version,
        in_force_on=document.in_force_on or today,
        last_review=today,
        review_due=document.next_review(today),
        review_reason="",
    )
    for proposal in document.proposals.filter(state="accepted").select_for_update():
        move(proposal, "done", by=by, verb="finish", why=version.label, version=version, tells=[proposal.proposer])
    conformity.settle_verdicts(document, by)
    conformity.after_new_version(version, by)


def restore_previous(version: Version, by: Any) -> None:
    """An approval was undone: the version before is in force again, or nothing is."""
    document = version.document
    document.refresh_from_db()
    acquainting.ask_no_more(version, by, _("its approval was undone"))
    if document.current_id != version.pk:
        return
    before = document.versions.filter(state=Version.SUPERSEDED).order_by("-major", "-minor").first()
    if before is not None:
        move(before, Version.IN_FORCE, by=by, verb="come_into_force", why=version.label, ended_on=None)
    move(
        document,
        Document.IN_FORCE if before else Document.PREPARING,
        by=by,
        verb="undo_approval",
        why=version.label,
        current=before,
        in_force_on=document.in_force_on if before else None,
    )


def enter_review(document: Document, by: Any, note: str) -> None:
    """A review without change is a line of the change sheet too."""
    if document.current is not None:
        ChangeLine(
            version=document.current,
            change=ChangeLine.Change.REVIEW,
            description=note,
            introduced_on=timezone.localdate(),
        ).add(by=by)


def end_versions(document: Document, by: Any, why: str, on: datetime.date) -> None:
    """With the document its version in force ends, and what was being prepared is given up."""
    for version in document.versions.filter(state__in=(*Version.PREPARING, Version.APPROVED, Version.IN_FORCE)):
        acquainting.ask_no_more(version, by, why)
        void_sheet(version, by, why)
        in_force = version.state == Version.IN_FORCE
        # What was approved stays to be read, also when its day had not come: people may have confirmed it already.
        ended = Version.ANNULLED if in_force or version.state == Version.APPROVED else Version.CANCELLED
        move(
            version,
            ended,
            by=by,
            verb="annul",
            why=why,
            ended_on=on if in_force else None,
            waits_for="",
        )
    conformity.settle_verdicts(document, by, ended=True)
