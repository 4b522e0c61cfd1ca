"""Asking people to read: who is concerned, the rows opened at once, newcomers, what is no longer asked.

Rows are opened and voided in bulk: thousands in one approval. Opening writes one line into the version's history,
with the number of people; a row that is no longer asked, or asked anew, has its own line.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qa_portal.dates.days import add_working_days, is_working_day
from qa_portal.notices.many import Listener, tell_many
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import EXPERT_ONLY
from qa_portal.permissions import SYSTEM
from qa_portal.policy.registry import policy
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Entry
from qa_portal.workflow.writing import door

from .models import Acquaintance, Document, DocumentKind, Version

PIECE = 2000
#: documents whose newcomers are looked for in one transaction
DOCUMENTS = 50


# -- who is concerned ----------------------------------------------------------------------
@dataclass(frozen=True)
class Audience:
    """Whom a document concerns: units with all below, offices; many documents have the same."""

    everybody: bool = False
    units: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()


def audience_of(document: Document) -> Audience:
    """As chosen for the document; where nothing is chosen, by the rule of its kind."""
    units = frozenset(int(pk) for pk in document.audience_units if str(pk).isdigit())
    if units or document.audience_roles:
        return Audience(units=units, roles=frozenset(document.audience_roles))
    if document.kind.audience == DocumentKind.Audience.EVERYBODY:
        return Audience(everybody=True)
    return Audience(units=frozenset({document.unit_id}) if document.unit_id else frozenset())


def insiders() -> QuerySet[Person]:
    """Active people of ours: with a unit, or with an office that is not an expert's alone."""
    offices = Office.objects.on().exclude(role__in=EXPERT_ONLY).order_by().values("person_id")
    return Person.objects.filter(Q(unit__isnull=False) | Q(pk__in=offices), is_active=True).order_by("pk")


def concerned(audience: Audience) -> QuerySet[Person]:
    """The people whom it concerns today: of the units and those below, and holders of the offices."""
    if audience.everybody:
        return insiders()
    paths = list(Unit.objects.filter(pk__in=audience.units).order_by().values_list("path", "parent"))
    if any(parent is None for _path, parent in paths):
        return insiders()  # the root stands for everybody
    found = Q(pk__in=[])
    for path, _parent in paths:
        found |= Q(unit__path__startswith=path)
    if audience.roles:
        held = Office.objects.on().filter(role__in=audience.roles).order_by().values("person_id")
        found |= Q(pk__in=held)
    return insiders().filter(found)


# -- by when -----------------------------------------------------------------------------------
class _Dues:
    """The day by which somebody reads, and why; each kind of answer is worked out once."""

    def __init__(self, start: datetime.date):
        self.start, self.days = start, policy("documents.acquaint_days")
        self.known: dict[Any, tuple[datetime.date, str]] = {}

    def of(self, kind: DocumentKind, first_day: datetime.date | None, newcomer: bool) -> tuple[datetime.date, str]:
        ahead = first_day if first_day and first_day > self.start else None
        key = (kind.before_first_day, ahead, newcomer)
        if key not in self.known:
            self.known[key] = self._work_out(*key)
        return self.known[key]

    def _work_out(
        self, before_first_day: bool, ahead: datetime.date | None, newcomer: bool
    ) -> tuple[datetime.date, str]:
        why = Acquaintance.Why
        if ahead and before_first_day:
            return max(_last_working_day_before(ahead), self.start), why.FIRST_DAY
        if newcomer and before_first_day:
            return self.start, why.FIRST_DAY  # should have been read before the person came
        due = add_working_days(ahead or self.start, self.days)
        return due, why.NEWCOMER if newcomer or ahead else why.APPROVAL


def _last_working_day_before(day: datetime.date) -> datetime.date:
    day -= datetime.timedelta(days=1)
    while not is_working_day(day):
        day -= datetime.timedelta(days=1)
    return day


# -- approval -----------------------------------------------------------------------------------
def ask_everybody(version: Version, by: Any) -> int:
    """Open a row for each person concerned; called when a version is approved. Returns how many.

    A major version asks everybody anew, counted from its approval. A minor one asks nobody again: who has not yet read
    the version before reads this one instead, by the same day.
    """
    older = Acquaintance.objects.filter(version__document=version.document_id).exclude(version=version)
    waiting = list(older.waiting())
    void(older, by, _("version %(version)s took its place") % {"version": version.label})
    asked = _carry_over(version, waiting, by) if version.minor else _ask_anew(version, by)
    version.write_entry("acquaint", by, from_state=version.state, to_state=version.state, why=str(asked))
    return asked


def _ask_anew(version: Version, by: Any) -> int:
    dues = _Dues(version.approved_on or timezone.localdate())
    kind = version.document.kind
    people = list(concerned(audience_of(version.document)))
    wanted = {person.pk: dues.of(kind, person.first_day, newcomer=False) for person in people}
    _ask_again([(row, wanted[row.person_id][0]) for row in _asked_before(version, wanted)], by)
    _open(_row(version, person.pk, person.unit_id, *wanted[person.pk], by) for person in people)
    asked = dict(version.acquaintances.waiting().values_list("person_id", "pk"))
    tell_many(
        (
            Listener(
                person,
                address("documents:acquaintance", asked[person.pk]),
                asked[person.pk],
                (("due", wanted[person.pk][0]),),
            )
            for person in people
            if person.pk in asked
        ),
        template="documents/mail/version_acquaint.txt",
        context={"version": version, "document": version.document},
        verb="acquaint",
        model=Acquaintance,
    )
    return len(asked)


def _carry_over(version: Version, waiting: list[Acquaintance], by: Any) -> int:
    dues = {row.person_id: row.due for row in waiting}
    _ask_again([(row, dues[row.person_id]) for row in _asked_before(version, dues)], by)
    _open(_row(version, row.person_id, row.unit_id, row.due, row.why, by, row.opened_on) for row in waiting)
    return version.acquaintances.waiting().count()


def _row(
    version: Version,
    person_id: int,
    unit_id: int | None,
    due: datetime.date,
    why: str,
    by: Any,
    opened_on: datetime.date | None = None,
) -> Acquaintance:
    return Acquaintance(
        version=version,
        person_id=person_id,
        unit_id=unit_id,
        due=due,
        why=why,
        opened_on=opened_on or timezone.localdate(),
        created_by_id=getattr(by, "pk", None),
    )


def _open(rows: Iterable[Acquaintance]) -> None:
    """Whoever has a row of this version already keeps it."""
    with door("import"):
        Acquaintance.objects.bulk_create(rows, ignore_conflicts=True)


def _asked_before(version: Version, people: Collection[int]) -> list[Acquaintance]:
    """Rows from an approval that was undone: no longer asked, or read in a file that was changed since."""
    rows = [row for row in version.acquaintances.exclude(state=Acquaintance.WAITING) if row.person_id in people]
    if not rows:
        return []
    changes = version.history.filter(verb="edit").order_by("-at", "-pk")
    changed = next((e.at for e in changes if any(c["field"] == "checksum" for c in e.changes)), None)
    return [row for row in rows if row.confirmed_at is None or (changed is not None and row.confirmed_at < changed)]


# -- asked no more, asked again --------------------------------------------------------------------
def void(rows: Any, by: Any, why: str) -> int:
    """Of these rows those still waiting are no longer asked for, each with a line in its history. Returns how many."""
    waiting = rows.filter(state=Acquaintance.WAITING).order_by().values("pk")
    with transaction.atomic(), door("import"):
        # The state stands here once more: a row that was confirmed while we waited for its lock is left alone.
        rows = Acquaintance.objects.filter(pk__in=waiting, state=Acquaintance.WAITING)
        locked = rows.order_by("pk").select_for_update()
        ids = list(locked.values_list("pk", flat=True))
        for start in range(0, len(ids), PIECE):
            Acquaintance.objects.filter(pk__in=ids[start : start + PIECE]).update(
                state=Acquaintance.VOID, revision=F("revision") + 1, changed_at=timezone.now()
            )
        _note(ids, by, "release", Acquaintance.WAITING, Acquaintance.VOID, why)
    return len(ids)


def _ask_again(rows: list[tuple[Acquaintance, datetime.date]], by: Any) -> None:
    """There is one row a person and version: it waits anew, by a new day, and what it said before stands in its history."""
    by_due: dict[datetime.date, list[int]] = defaultdict(list)
    for row, due in rows:
        by_due[due].append(row.pk)
    with door("import"):
        for due, ids in by_due.items():
            Acquaintance.objects.filter(pk__in=ids).update(
                state=Acquaintance.WAITING,
                due=due,
                opened_on=timezone.localdate(),
                confirmed_at=None,
                revision=F("revision") + 1,
                changed_at=timezone.now(),
            )
    for state in (Acquaintance.VOID, Acquaintance.CONFIRMED):
        _note([row.pk for row, _due in rows if row.state == state], by, "ask_again", state, Acquaintance.WAITING, "")


def _note(ids: list[int], by: Any, verb: str, from_state: str, to_state: str, why: str) -> None:
    """One line of history for each of these rows."""
    if not ids:
        return
    kind = ContentType.objects.get_for_model(Acquaintance)
    who = None if by is SYSTEM else by
    Entry.objects.bulk_create(
        Entry(record_type=kind, record_id=pk, by=who, verb=verb, from_state=from_state, to_state=to_state, why=why)
        for pk in ids
    )


def ask_no_more(version: Version, by: Any, why: str = "") -> int:
    """Rows of this version that nobody has confirmed are void: it was annulled or superseded. Returns how many."""
    return void(version.acquaintances.all(), by, why)


# -- newcomers ---------------------------------------------------------------------------------------
def ask_newcomers() -> int:
    """Who belongs to an audience today and was not asked is asked; who no longer does is asked no more. Returns how many.

    A few queries for each fifty documents and one for each different audience, never one a document and person.
    """
    void(Acquaintance.objects.filter(person__is_active=False), SYSTEM, _("no longer works here"))
    standing = (Version.APPROVED, Version.IN_FORCE)
    ids = list(
        Document.objects.filter(
            origin="internal", state__in=(Document.PREPARING, *Document.LIVE), versions__state__in=standing
        )
        .order_by("pk")
        .distinct()
        .values_list("pk", flat=True)
    )
    run = _Newcomers()
    rows: list[Acquaintance] = []
    for start in range(0, len(ids), DOCUMENTS):
        rows += run.ask(ids[start : start + DOCUMENTS])
    run.tell(rows)
    return len(rows)


class _Newcomers:
    """One run: the people and the different audiences are read once."""

    def __init__(self) -> None:
        self.people = {person.pk: person for person in insiders()}
        self.audiences: dict[Audience, set[int]] = {}
        self.dues = _Dues(timezone.localdate())

    def members(self, document: Document) -> set[int]:
        audience = audience_of(document)
        if audience not in self.audiences:
            self.audiences[audience] = set(concerned(audience).values_list("pk", flat=True)) & self.people.keys()
        return self.audiences[audience]

    @transaction.atomic
    def ask(self, ids: list[int]) -> list[Acquaintance]:
        """These documents, locked as an approval locks them."""
        locked = Document.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
        documents = {document.pk: document for document in locked.select_related("kind")}
        newest, same_major = _newest(ids)
        asked, voided, left = self._as_they_stand(documents, newest, same_major)
        void(Acquaintance.objects.filter(pk__in=left), SYSTEM, _("no longer among those concerned"))
        opened: list[Acquaintance] = []
        again: list[Acquaintance] = []
        for pk, version in newest.items():
            version.document = documents[pk]
            for person_id in sorted(self.members(documents[pk]) - asked[pk]):
                person = self.people[person_id]
                due, why = self.dues.of(version.document.kind, person.first_day, newcomer=True)
                row = _row(version, person_id, person.unit_id, due, why, SYSTEM)
                if person_id in voided[pk]:
                    row.pk, row.state = voided[pk][person_id], Acquaintance.VOID
                    again.append(row)
                else:
                    opened.append(row)
        _open(opened)
        _ask_again([(row, row.due) for row in again], SYSTEM)
        self._enter(newest, [*opened, *again])
        return [*opened, *again]

    def _as_they_stand(
        self, documents: dict[int, Document], newest: dict[int, Version], same_major: dict[int, int]
    ) -> tuple[dict[int, set[int]], dict[int, dict[int, int]], list[int]]:
        """By document: who was asked, whose row is void; and the rows that wait for somebody whom it no longer concerns."""
        asked: dict[int, set[int]] = defaultdict(set)
        voided: dict[int, dict[int, int]] = defaultdict(dict)
        left: list[int] = []
        rows = Acquaintance.objects.filter(version__in=same_major).order_by()
        for pk, version_id, person_id, state in rows.values_list("pk", "version", "person", "state").iterator():
            document_id = same_major[version_id]
            if state != Acquaintance.VOID:
                asked[document_id].add(person_id)
                if state == Acquaintance.WAITING and person_id not in self.members(documents[document_id]):
                    left.append(pk)
            elif version_id == newest[document_id].pk:
                voided[document_id][person_id] = pk
        return asked, voided, left

    def _enter(self, newest: dict[int, Version], rows: list[Acquaintance]) -> None:
        """A line in each version's history: how many were asked."""
        numbers: dict[int, int] = defaultdict(int)
        for row in rows:
            numbers[row.version_id] += 1
        kind = ContentType.objects.get_for_model(Version)
        Entry.objects.bulk_create(
            Entry(
                record_type=kind,
                record_id=version.pk,
                verb="acquaint",
                from_state=version.state,
                to_state=version.state,
                why=str(numbers[version.pk]),
            )
            for version in newest.values()
            if numbers[version.pk]
        )

    @transaction.atomic
    def tell(self, rows: list[Acquaintance]) -> None:
        """One letter a person, however many documents there are to read."""
        dues: dict[int, list[datetime.date]] = defaultdict(list)
        for row in rows:
            dues[row.person_id].append(row.due)
        url = f"{reverse('documents:acquaintances')}?mine=true&state=waiting"
        tell_many(
            (
                Listener(self.people[pk], url, said=(("number", len(days)), ("due", min(days))))
                for pk, days in dues.items()
            ),
            template="documents/mail/acquaintance_newcomer.txt",
            context={},
            verb="acquaint",
        )


def _newest(ids: list[int]) -> tuple[dict[int, Version], dict[int, int]]:
    """By document the newest approved version; and all versions of its major, each with its document."""
    newest: dict[int, Version] = {}
    versions = list(
        Version.objects.filter(document__in=ids, state__in=Version.ISSUED).order_by("document", "major", "minor")
    )
    for version in versions:
        if version.state in (Version.APPROVED, Version.IN_FORCE):
            newest[version.document_id] = version
    same = {
        version.pk: version.document_id
        for version in versions
        if version.document_id in newest and version.major == newest[version.document_id].major
    }
    return newest, same
