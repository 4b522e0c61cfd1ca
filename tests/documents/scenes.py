"""Documents on their way, for tests: each function brings one to the named place through the steps themselves."""

from __future__ import annotations

import copy
import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from qa_portal.documents.evidence import describe_file
from qa_portal.documents.models import ChangeLine, Document, DocumentKind, Provision, RouteStop, Version
from qa_portal.documents.workflow import agreement as sheet_steps
from qa_portal.documents.workflow import document as document_steps
from qa_portal.documents.workflow import version as steps
from qa_portal.people.models import Person
from qa_portal.people.roles import Role
from qa_portal.workflow.writing import door

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
PDF_TYPE = "application/pdf"
ORDER = ("role:rector",)
BODIES = ("academic_council", "board")


def someone(world: Any, username: str, role: str) -> Person:
    """A holder of an office that the world does not have by itself."""
    found = Person.objects.filter(username=username).first()
    return found or world.person(username, world.university, role, world.university)


def people(world: Any) -> None:
    someone(world, "legal", Role.LEGAL)
    someone(world, "pr", Role.PR)
    someone(world, "rector", Role.RECTOR)


def body(person: Person, *codes: str) -> Person:
    """A body's decision: a person who carries what it decided."""
    decided = copy.copy(person)
    decided.decides_for = frozenset(codes)
    return decided


def kind(code: str = "regulation", route: tuple[str, ...] = ORDER, provisions: int = 0, **fields: Any) -> DocumentKind:
    found = DocumentKind.objects.filter(code=code).first()
    if found:
        return found
    values = {"mark": "ЕР", "level": "regulatory", "name_kk": "Ереже", "name_ru": "Положение", "name_en": "Regulation"}
    made = DocumentKind.objects.create(code=code, **{**values, **fields})
    for place, authority in enumerate(route, 1):
        RouteStop.objects.create(kind=made, place=place, authority=authority)
    for place in range(1, provisions + 1):
        Provision.objects.create(kind=made, place=place, text_kk=f"{place}-талап")
    return made


def acts_kind() -> DocumentKind:
    return kind("law", (), origin="external", mark="", name_kk="Заң", name_ru="Закон", name_en="Law")


def document(world: Any, by: str = "coordinator", of: DocumentKind | None = None, **fields: Any) -> Document:
    people(world)
    values = {
        "kind": of or kind(),
        "title_kk": "Сабақ кестесі туралы ереже",
        "unit": world.department,
        "languages": ["kk"],
        **fields,
    }
    return Document(**values).add(by=getattr(world, by))


def act(world: Any, by: str = "asb", **fields: Any) -> Document:
    people(world)
    values = {
        "origin": "external",
        "kind": acts_kind(),
        "number": "319-III",
        "title_kk": "Білім туралы",
        "adopted_on": datetime.date(2007, 7, 27),
        "edition": "2026 жылғы 1 қаңтар",
        **fields,
    }
    return Document(**values).add(by=getattr(world, by))


def sent_file(content: bytes = PDF, name: str = "Ереже.pdf") -> SimpleUploadedFile:
    file = SimpleUploadedFile(name, content, content_type=PDF_TYPE)
    file.found_type = PDF_TYPE
    return file


def put_file(version: Version, content: bytes = PDF, name: str = "Ереже.pdf") -> Version:
    file = sent_file(content, name)
    version.file = file
    describe_file(version, file)
    return version


def draft(world: Any, by: str = "coordinator", of: Any = None, content: bytes = PDF, **fields: Any) -> Version:
    """The next version of `of`, a draft with a file; with a line of the change sheet when it is not the first."""
    owner = of or document(world, by=by)
    version = put_file(Version(document=owner, **fields), content).add(by=getattr(world, by))
    if not version.is_first:
        line(world, version, by=by)
    return version


def line(world: Any, version: Version | None = None, by: str = "coordinator", **fields: Any) -> ChangeLine:
    version = version or draft(world, by=by)
    values = {"section": "3.2", "description": "Кесте бір апта бұрын ілінеді", "basis": "Кеңес шешімі", **fields}
    return ChangeLine(version=version, **values).add(by=getattr(world, by))


def tomorrow(days: int = 1) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def submitted(world: Any, by: str = "coordinator", **options: Any) -> Version:
    return steps.submit(draft(world, by=by, **options), by=getattr(world, by))


def in_agreement(world: Any, units: Any = (), checker: str = "asb", **options: Any) -> Version:
    version = submitted(world, **options)
    return check(world, version, units, checker)


def check(world: Any, version: Version, units: Any = (), checker: str = "asb") -> Version:
    numbers = [unit.pk for unit in units]
    return steps.check_form(version, by=getattr(world, checker), agree_by=tomorrow(5), units=numbers)


def sheet(world: Any, **options: Any) -> Any:
    """The answer that the legal office is asked for."""
    return in_agreement(world, **options).agreements.get(role=Role.LEGAL)


def sheet_of_unit(world: Any) -> Any:
    """The answer that the head of another department is asked for."""
    return in_agreement(world, units=[world.other]).agreements.get(unit=world.other)


def answered(world: Any) -> Any:
    waiting = sheet(world)
    return sheet_steps.agree(waiting, by=world.legal)


def agreed(world: Any, **options: Any) -> Version:
    version = in_agreement(world, **options)
    for waiting in version.agreements.filter(state="waiting"):
        who = world.legal if waiting.role else Person.objects.get(username="head2")
        sheet_steps.agree(waiting, by=who)
    version.refresh_from_db()
    return version


def approving(world: Any, **options: Any) -> Version:
    version = agreed(world, **options)
    return steps.send_to_approval(version, by=getattr(world, options.get("by", "coordinator")))


def approve(world: Any, version: Version) -> Version:
    return steps.approve(version, by=world.rector, order_number="12-Ө", order_date=timezone.localdate())


def in_force(world: Any, **options: Any) -> Version:
    return approve(world, approving(world, **options))


def live(world: Any, **options: Any) -> Document:
    return Document.objects.get(pk=in_force(world, **options).document_id)


def annulled(world: Any) -> Document:
    return document_steps.annul(
        live(world), by=world.asb, basis="№ 7 бұйрық", on=timezone.localdate(), reason="Жаңа ереже бар"
    )


def archived(world: Any) -> Document:
    return document_steps.archive(annulled(world), by=world.asb, index="01-05", years=5)


def approved_for_later(world: Any) -> Version:
    return in_force(world, effective_from=tomorrow(10))


def published(world: Any) -> Document:
    return document_steps.publish(live(world), by=world.asb)


def superseded(world: Any) -> Version:
    first = in_force(world)
    in_force(world, of=Document.objects.get(pk=first.document_id), content=PDF + b"% 2")
    first.refresh_from_db()
    return first


def due_for_review(world: Any) -> Document:
    return document_steps.call_review(live(world), by=world.asb, reason="Заң өзгерді")


def ended_act(world: Any) -> Document:
    return document_steps.lose_force(act(world), by=world.asb, on=timezone.localdate(), reason="Жаңа заң")


def settled_line(world: Any) -> ChangeLine:
    written = line(world)
    steps.submit(written.version, by=world.coordinator)
    written.refresh_from_db()
    return written


def cancelled(world: Any) -> Version:
    return steps.cancel(draft(world), by=world.coordinator, reason="Қажет емес")


def day_has_come(world: Any) -> Version:
    """Approved for a later day, which is today."""
    version = approved_for_later(world)
    with door("import"):
        Version.objects.filter(pk=version.pk).update(effective_from=timezone.localdate())
    version.refresh_from_db()
    return version


def api(world: Any, username: str) -> APIClient:
    client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    client.force_authenticate(getattr(world, username))
    return client


def typed(world: Any, **fields: Any) -> dict[str, Any]:
    """What a person types to draft a document."""
    values = {
        "kind": kind().pk,
        "title_kk": "Емтихан ережесі",
        "unit": world.department.pk,
        "languages": ["kk", "ru"],
        **fields,
    }
    return {name: value for name, value in values.items() if value is not None}
