"""Documents as these tests need them: a version that waits for its order, approved by the real step."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from qa_portal.documents.models import Acquaintance, Document, DocumentKind, RouteStop, Version
from qa_portal.documents.workflow import version as on_version
from qa_portal.people.models import Person
from qa_portal.people.roles import Role
from qa_portal.workflow.writing import door

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def officer(world: Any, username: str, role: str) -> Person:
    found = Person.objects.filter(username=username).first()
    return found or world.person(username, world.university, role, world.university)


def kind(code: str = "order-kind", **fields: Any) -> DocumentKind:
    """A kind that the rector's order approves."""
    made, new = DocumentKind.objects.get_or_create(
        code=code,
        defaults={
            "name_kk": "Ереже",
            "name_ru": "Положение",
            "name_en": "Regulation",
            "level": "operational",
            **fields,
        },
    )
    if new:
        RouteStop.objects.create(kind=made, place=1, authority="role:rector")
    return made


def document(world: Any, of: DocumentKind | None = None, **fields: Any) -> Document:
    values = {
        "kind": of or kind(),
        "title_kk": "Кафедра туралы ереже",
        "title_ru": "Положение о кафедре",
        "title_en": "Regulation of the department",
        "unit": world.department,
        **fields,
    }
    return Document(**values).add(by=world.asb)


def draft(doc: Document, world: Any, minor: bool = False, **fields: Any) -> Version:
    """A version on its way, at the rector's order."""
    version = Version(document=doc, minor_change=minor).add(by=world.asb)
    digest = hashlib.sha256(PDF).hexdigest()
    version.file.save("ереже.pdf", ContentFile(PDF), save=False)
    values = {
        "state": Version.APPROVING,
        "file_name": "ереже.pdf",
        "content_type": "application/pdf",
        "size": len(PDF),
        "checksum": digest,
        "agreed_checksum": digest,
        "route": ["role:rector"],
        "waits_for": "role:rector",
        **fields,
    }
    with door("import"):
        for name, value in values.items():
            setattr(version, name, value)
        version.save()
    return Version.objects.get(pk=version.pk)


def approve(version: Version, world: Any) -> Version:
    on_version.approve(
        version,
        by=officer(world, "rector", Role.RECTOR),
        order_number="17",
        order_date=timezone.localdate().isoformat(),
    )
    return Version.objects.select_related("document__kind").get(pk=version.pk)


def on_its_way_again(version: Version) -> Version:
    """As a new round of agreement leaves it, with the file that is stored."""
    version = Version.objects.get(pk=version.pk)
    digest = hashlib.sha256(PDF).hexdigest()
    with door("import"):
        version.state, version.waits_for, version.route = Version.APPROVING, "role:rector", ["role:rector"]
        version.checksum = version.agreed_checksum = digest
        version.save()
    return Version.objects.get(pk=version.pk)


def in_force(world: Any, of: DocumentKind | None = None, **fields: Any) -> Version:
    """Version 1.0 of a new document, approved and in force."""
    return approve(draft(document(world, of, **fields), world), world)


def new_version(version: Version, world: Any, minor: bool = False, **fields: Any) -> Version:
    return approve(draft(version.document, world, minor, **fields), world)


def row_of(version: Version, person: Any) -> Acquaintance:
    return Acquaintance.objects.get(version=version, person=person)


def waiting(world: Any) -> Acquaintance:
    """What `staff` of therapy is to read."""
    return row_of(in_force(world), world.staff)


def confirmed(world: Any) -> Acquaintance:
    found = waiting(world)
    with door("import"):
        found.state, found.confirmed_at = Acquaintance.CONFIRMED, timezone.now()
        found.save()
    return found


def noon(day: datetime.date) -> datetime.datetime:
    """Noon in Almaty."""
    return datetime.datetime.combine(day, datetime.time(7, 0), tzinfo=datetime.UTC)
