"""Columns of the registers of documents, versions, change sheets and approval sheets, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from ..models import Agreement, Document, Version
from ..route import authority_name


def person(value: Any) -> str:
    return value.get_short_name() if value else ""


def version_label(document: Document) -> str:
    return document.current.label if document.current else ""


def waits_for(version: Version) -> str:
    return authority_name(version.waits_for) if version.waits_for else ""


class DocumentTable(Table):
    order = ("-in_force_on", "-pk")
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "title",
            _("Document"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title, r.number),
            sort=("number",),
            css="main",
            width=60,
        ),
        Column("kind", _("Kind"), lambda r: str(r.kind), sort=("kind__place",), width=30),
        Column("unit", _("Owner"), lambda r: str(r.unit or ""), sort=("unit__path",), width=30),
        Column("version", _("Version"), version_label, css="num"),
        Column(
            "in_force",
            _("In force since"),
            lambda r: r.in_force_on,
            lambda r: cells.date(r.in_force_on),
            sort=("in_force_on",),
            css="date",
        ),
        Column(
            "review",
            _("Review due"),
            lambda r: r.review_due,
            lambda r: cells.due(r.review_due, r.is_live),
            sort=("review_due",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("origin", _("Origin"), lambda r: r.get_origin_display(), page=False),
        Column("level", _("Level"), lambda r: r.kind.get_level_display(), page=False),
        Column("level_n2", _("Level by N2"), lambda r: r.kind.level_n2, page=False),
        Column("languages", _("Languages"), lambda r: ", ".join(r.languages), page=False),
        Column("supports", _("Standards and requirements it supports"), lambda r: ", ".join(r.supports), page=False),
        Column("parent", _("Parent document"), lambda r: str(r.parent or ""), page=False, width=40),
        Column("issued_by", _("Issued by"), lambda r: r.issued_by, page=False, width=30),
        Column("adopted", _("Adopted on"), lambda r: r.adopted_on, page=False),
        Column("edition", _("Edition of the act"), lambda r: r.edition, page=False),
        Column("link", _("Link"), lambda r: r.link, page=False, width=40),
        Column("last_review", _("Last review"), lambda r: r.last_review, page=False),
        Column("review_reason", _("Why it is due"), lambda r: r.review_reason, page=False, width=40),
        Column("published", _("Published on"), lambda r: r.published_on, page=False),
        Column("annulled", _("No longer in force since"), lambda r: r.annulled_on, page=False),
        Column("index", _("Nomenclature index"), lambda r: r.nomenclature_index, page=False),
        Column("archived", _("Archived on"), lambda r: r.archived_on, page=False),
        Column("keep_until", _("Kept until"), lambda r: r.keep_until, page=False),
        Column("destroyed", _("Paper original destroyed on"), lambda r: r.original_destroyed_on, page=False),
        Column("act", _("Act of destruction"), lambda r: r.destruction_act, page=False),
    )


class VersionTable(Table):
    columns = (
        Column("number", _("No."), lambda r: r.document.number, page=False),
        Column(
            "title",
            _("Document"),
            lambda r: r.document.title,
            lambda r: cells.link(r.get_absolute_url(), r.document.title, r.document.number),
            sort=("document__number",),
            css="main",
            width=60,
        ),
        Column("version", _("Version"), lambda r: r.label, sort=("major", "minor"), css="num"),
        Column("unit", _("Owner"), lambda r: str(r.document.unit or ""), sort=("document__unit__path",), width=30),
        Column("waits_for", _("Waits for"), waits_for, width=30),
        Column(
            "agree_by",
            _("To be agreed by"),
            lambda r: r.agree_by,
            lambda r: cells.due(r.agree_by, r.state == Version.IN_AGREEMENT),
            sort=("agree_by",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("summary", _("What is new in this version"), lambda r: r.summary, page=False, width=60),
        Column("file", _("File name"), lambda r: r.file_name, page=False, width=40),
        Column("checksum", _("Checksum (SHA-256)"), lambda r: r.checksum, page=False, width=66),
        Column("submitted", _("Submitted on"), lambda r: r.submitted_on, page=False),
        Column("submitted_by", _("Submitted by"), lambda r: person(r.submitted_by), page=False),
        Column("checked_by", _("Form checked by"), lambda r: person(r.checked_by), page=False),
        Column("round", _("Round of agreement"), lambda r: r.round, page=False),
        Column("agreed", _("Agreed on"), lambda r: r.agreed_on, page=False),
        Column("approved", _("Approved on"), lambda r: r.approved_on, page=False),
        Column("basis", _("Basis of approval"), lambda r: r.approval_basis, page=False, width=40),
        Column("effective", _("In force from"), lambda r: r.effective_from, page=False),
        Column("in_force", _("In force since"), lambda r: r.in_force_on, page=False),
        Column("ended", _("In force until"), lambda r: r.ended_on, page=False),
    )


class ChangeTable(Table):
    columns = (
        Column(
            "description",
            _("What is changed"),
            lambda r: r.description,
            lambda r: cells.link(r.get_absolute_url(), r.description[:200], f"{r.version.label} № {r.place}"),
            css="main",
            width=60,
        ),
        Column("document", _("Document"), lambda r: str(r.version.document), css="wrap", width=50),
        Column("version", _("Version"), lambda r: r.version.label, page=False),
        Column("place", _("No."), lambda r: r.place, page=False),
        Column("section", _("Section or clause"), lambda r: r.section),
        Column("change", _("Kind of change"), lambda r: r.get_change_display()),
        Column("entered", _("Date"), lambda r: r.entered_on, lambda r: cells.date(r.entered_on), css="date"),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("replaced", _("Sheets replaced"), lambda r: r.sheets_replaced, page=False),
        Column("new", _("Sheets new"), lambda r: r.sheets_new, page=False),
        Column("annulled", _("Sheets annulled"), lambda r: r.sheets_annulled, page=False),
        Column("basis", _("Basis"), lambda r: r.basis, page=False, width=40),
        Column("basis_number", _("Number of the basis"), lambda r: r.basis_number, page=False),
        Column("basis_date", _("Date of the basis"), lambda r: r.basis_date, page=False),
        Column("by", _("Entered by"), lambda r: person(r.entered_by), page=False),
        Column("introduced", _("Introduced on"), lambda r: r.introduced_on, page=False),
    )


class AgreementTable(Table):
    order = ("due", "pk")
    columns = (
        Column("number", _("No."), lambda r: r.version.document.number, page=False),
        Column(
            "title",
            _("Document"),
            lambda r: r.version.document.title,
            lambda r: cells.link(r.get_absolute_url(), r.version.document.title, r.version.document.number),
            css="main",
            width=60,
        ),
        Column("version", _("Version"), lambda r: r.version.label, css="num"),
        Column("party", _("Who is asked"), lambda r: r.party, width=30),
        Column(
            "due",
            _("Answer by"),
            lambda r: r.due,
            lambda r: cells.due(r.due, r.state == Agreement.WAITING),
            sort=("due",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("round", _("Round of agreement"), lambda r: r.round, page=False),
        Column("by", _("Answered by"), lambda r: person(r.answered_by), page=False),
        Column("at", _("Answered"), lambda r: r.answered_at, page=False),
        Column("reason", _("Objection or remark"), lambda r: r.reason, page=False, width=60),
        Column("checksum", _("Checksum (SHA-256)"), lambda r: r.checksum, page=False, width=66),
    )
