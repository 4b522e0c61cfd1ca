"""Who is asked, before launch: lines taken from the portal's people and students, counted, and taken out again.

A line holds no more than is needed to ask: an account, or a name with an address, the language of the letter, and the
strata that the campaign declared. Launching turns the lines into invitations and empties the roster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa_portal.people.models import Office, Person
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused, refusal
from qa_portal.programmes.models import Course, Programme, Student
from qa_portal.web.registry import registry
from qa_portal.workflow.models import with_writer
from qa_portal.workflow.writing import door

from . import strata
from .models import Audience, Campaign, RosterLine

PIECE = 2000
registry.words.update(roster=gettext_lazy("List of those asked changed"))


# -- changing it -----------------------------------------------------------------------------------
def change(campaign: Campaign, by: Any, what: Callable[[Campaign], str]) -> str:
    """Change the roster in one transaction: asks who and when, locks the campaign, writes a line of history.

    Whoever changes who is asked has prepared the campaign and does not check it. `what(campaign)` does the change and says
    it in a sentence ("" when nothing changed).
    """
    with transaction.atomic():
        row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        sentence = refusal(by, "surveys.keep_roster_campaign", row)
        if sentence:
            raise Refused(sentence)
        if row.state != Campaign.DRAFT:
            raise NotNow(_("Who is asked is settled while the survey is a draft. Send it back to change the list."))
        said = what(row)
        if said:
            with door("edit"):
                Campaign.objects.filter(pk=row.pk).update(
                    authors=with_writer(row.authors, by), revision=F("revision") + 1
                )
            row.write_entry("roster", by, from_state=row.state, to_state=row.state, why=said)
    campaign.refresh_from_db()
    return said


# -- from the people of the portal --------------------------------------------------------------------------
@dataclass(frozen=True)
class Source:
    """A group of people whom the portal knows, and how it knows them."""

    key: str
    label: Any
    how: Any
    rows: Callable[[Campaign], QuerySet]
    audiences: frozenset[str]
    students: bool = False


def _students(level: str) -> Callable[[Campaign], QuerySet]:
    def rows(campaign: Campaign) -> QuerySet:
        return Student.objects.filter(
            active=True, programme__level=level, programme__unit__path__startswith=campaign.unit_path
        )

    return rows


def _graduates(years: int) -> Callable[[Campaign], QuerySet]:
    """Those who graduated in the year of the campaign, or a number of years before."""

    def rows(campaign: Campaign) -> QuerySet:
        return Student.objects.filter(
            graduated_on__year=campaign.year - years, programme__unit__path__startswith=campaign.unit_path
        )

    return rows


def _people(campaign: Campaign) -> QuerySet:
    return Person.objects.filter(
        is_active=True, unit__isnull=False, unit__path__startswith=campaign.unit_path, student__isnull=True
    )


def _teaching(campaign: Campaign) -> Q:
    """Named in a course of the academic year that the campaign's days fall into, or of a department."""
    day = campaign.opens_on
    courses = Course.objects.filter(term__year__since__lte=day, term__year__until__gte=day)
    return Q(pk__in=courses.order_by().values("teachers")) | Q(unit__kind="department")


def _teachers(campaign: Campaign) -> QuerySet:
    return _people(campaign).filter(_teaching(campaign))


def _staff(campaign: Campaign) -> QuerySet:
    return _people(campaign).exclude(_teaching(campaign))


def _holding(role: str) -> Callable[[Campaign], QuerySet]:
    def rows(campaign: Campaign) -> QuerySet:
        offices = Office.objects.on().filter(role=role, unit__path__startswith=campaign.unit_path)
        return Person.objects.filter(is_active=True, pk__in=offices.order_by().values("person"))

    return rows


_IMPORTED = gettext_lazy("Students who study now in a programme of this level, by the imported list of students.")
_LEFT = gettext_lazy("Students whose graduation in that year stands in the imported list of students.")
_STUDENT_AUDIENCES = {
    Programme.Level.BACHELOR: Audience.STUDENTS,
    Programme.Level.MASTER: Audience.STUDENTS,
    Programme.Level.INTERNSHIP: Audience.INTERNS,
    Programme.Level.RESIDENCY: Audience.RESIDENTS,
    Programme.Level.DOCTORAL: Audience.DOCTORAL,
}
SOURCES: tuple[Source, ...] = (
    *(
        Source(
            f"level-{level.value}", level.label, _IMPORTED, _students(level.value), frozenset({audience, Audience.IS_USERS}), True
        )
        for level, audience in _STUDENT_AUDIENCES.items()
    ),
    Source(
        "graduates-now",
        gettext_lazy("Graduates of this year"),
        _LEFT,
        _graduates(0),
        frozenset({Audience.GRADUATES}),
        True,
    ),
    *(
        Source(
            f"graduates-{years}",
            gettext_lazy("Graduates of %(years)s years ago") % {"years": years}
            if years > 1
            else gettext_lazy("Graduates of last year"),
            _LEFT,
            _graduates(years),
            frozenset({Audience.GRADUATES}),
            True,
        )
        for years in (1, 3, 5)
    ),
    Source(
        "teachers",
        gettext_lazy("Teachers"),
        gettext_lazy("People named as teachers of a course of this academic year, and all people of departments."),
        _teachers,
        frozenset({Audience.TEACHERS, Audience.IS_USERS}),
    ),
    Source(
        "staff",
        gettext_lazy("Other staff"),
        gettext_lazy("People of the university's units who do not teach by the rule above and are no students."),
        _staff,
        frozenset({Audience.STAFF, Audience.IS_USERS}),
    ),
    Source(
        "mentors",
        gettext_lazy("Mentors"),
        gettext_lazy("People who hold the office of mentor today."),
        _holding(Role.MENTOR),
        frozenset({Audience.MENTORS}),
    ),
    Source(
        "experts",
        gettext_lazy("External experts"),
        gettext_lazy("People who hold the office of external expert today."),
        _holding(Role.EXTERNAL_EXPERT),
        frozenset({Audience.EXPERTS}),
    ),
)  # fmt: skip


def sources_for(campaign: Campaign) -> list[Source]:
    audience = campaign.questionnaire.audience
    return [source for source in SOURCES if audience in source.audiences]


@dataclass
class Taken:
    """What became of people that were taken: new lines, those already there, those who cannot be reached."""

    added: int = 0
    there: int = 0
    unreachable: int = 0

    def __str__(self) -> str:
        parts = [ngettext("%(n)s person added", "%(n)s people added", self.added) % {"n": self.added}]
        if self.there:
            parts.append(
                ngettext("%(n)s stood there already", "%(n)s stood there already", self.there) % {"n": self.there}
            )
        if self.unreachable:
            parts.append(
                ngettext(
                    "%(n)s has neither an account nor an address and was left out",
                    "%(n)s have neither an account nor an address and were left out",
                    self.unreachable,
                )
                % {"n": self.unreachable}
            )
        return "; ".join(parts)


def student_strata(student: Any, places: strata.Places) -> strata.Strata:
    found = {**places.of(student.programme.unit_id), strata.LEVEL: student.programme.level}
    if student.graduated_on is not None:
        return {**found, strata.GRADUATED: str(student.graduated_on.year)}
    return {**found, strata.YEAR: str(student.year)}


class Accounts:
    """Whose account an address belongs to: somebody stands in a roster once, by account where there is one."""

    def __init__(self) -> None:
        rows = Person.objects.filter(is_active=True).exclude(email="").order_by("pk").values_list("email", "pk")
        self._by_email = {email.lower(): pk for email, pk in rows}

    def of(self, email: str) -> int | None:
        return self._by_email.get(email.lower())


def lines_of(campaign: Campaign, source: Source) -> Iterator[RosterLine | None]:
    """A line for everybody of a source; None for somebody who cannot be reached."""
    places = strata.Places()
    if not source.students:
        for person in source.rows(campaign).only("pk", "unit_id", "language").order_by("pk").iterator(PIECE):
            yield RosterLine(
                campaign=campaign, person_id=person.pk, language=person.language, strata=places.of(person.unit_id)
            )
        return
    accounts = Accounts()
    for student in source.rows(campaign).select_related("programme").order_by("pk").iterator(PIECE):
        yield student_line(campaign, student, accounts, places)


def student_line(campaign: Campaign, student: Any, accounts: Accounts, places: strata.Places) -> RosterLine | None:
    """By account where the student has one, else by address; None without either."""
    person = student.person_id or (accounts.of(student.email) if student.email else None)
    if person is None and not student.email:
        return None
    own = student_strata(student, places)
    return RosterLine(
        campaign=campaign,
        person_id=person,
        name="" if person else student.name,
        email="" if person else student.email.lower(),
        language=student.language,
        strata=own,
    )


def needed(campaign: Campaign, own: strata.Strata) -> strata.Strata:
    """Only what the declared trees ask for."""
    keys = {key for tree in campaign.trees for key in tree}
    return {key: value for key, value in own.items() if key in keys}


class Book:
    """Who stands in the roster already, to add nobody twice."""

    def __init__(self, campaign: Campaign):
        self.campaign = campaign
        rows = campaign.roster.taken().values_list("person_id", "email")
        self.people, self.emails = set(), set()
        for person, email in rows:
            self._note(person, email)

    def _note(self, person: int | None, email: str) -> None:
        if person is not None:
            self.people.add(person)
        if email:
            self.emails.add(email)

    def add(self, lines: Iterable[RosterLine | None]) -> Taken:
        taken, fresh = Taken(), []
        for line in lines:
            if line is None:
                taken.unreachable += 1
            elif self.has(line):
                taken.there += 1
            else:
                self._note(line.person_id, line.email)
                line.strata = needed(self.campaign, line.strata)
                fresh.append(line)
                taken.added += 1
        RosterLine.objects.bulk_create(fresh, PIECE)
        return taken

    def has(self, line: RosterLine) -> bool:
        return line.person_id in self.people if line.person_id is not None else line.email in self.emails


def take_people(campaign: Campaign, keys: Iterable[str], by: Any) -> str:
    """Add everybody of the sources named who does not stand there yet."""
    wanted = set(keys)
    chosen = [source for source in sources_for(campaign) if source.key in wanted]

    def take(row: Campaign) -> str:
        drop_checked(row)
        book, total = Book(row), Taken()
        for source in chosen:
            found = book.add(lines_of(row, source))
            total.added += found.added
            total.there += found.there
            total.unreachable += found.unreachable
        return str(total)

    return change(campaign, by, take)


# -- taking out -------------------------------------------------------------------------------------------
def take_out(campaign: Campaign, ids: Iterable[int], by: Any) -> str:
    wanted = list(ids)

    def drop(row: Campaign) -> str:
        gone, _kinds = row.roster.filter(pk__in=wanted).delete()
        return ngettext("%(n)s person taken out", "%(n)s people taken out", gone) % {"n": gone} if gone else ""

    return change(campaign, by, drop)


def empty(campaign: Campaign, by: Any) -> str:
    def drop(row: Campaign) -> str:
        gone, _kinds = row.roster.all().delete()
        return _("The list was emptied") if gone else ""

    return change(campaign, by, drop)


def drop_checked(campaign: Campaign) -> None:
    """Lines of a table that was only checked make room for whatever comes next."""
    campaign.roster.filter(source=RosterLine.Source.CHECKED).delete()


# -- counting -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Group:
    """A group of a declared tree, and how many of the roster stand in it; `small`: it will be merged upward."""

    tree: str
    path: str
    depth: int
    label: dict[str, str]
    count: int
    small: bool


def groups(campaign: Campaign) -> list[Group]:
    """The roster by the declared trees, as launching will freeze it: which groups are too small to stand alone."""
    rows = list(campaign.roster.taken().values_list("strata", flat=True))
    after = strata.counted(strata.recoded(rows, campaign.trees, strata.smallest_group()), campaign.trees)
    places, found = strata.Places(), []
    for (tree, path), count in strata.counted(rows, campaign.trees).items():
        label = strata.labelled(tree, path, places)
        found.append(Group(tree, path, path.count("/"), label, count, (tree, path) not in after))
    order = {strata.name_of(tree): place for place, tree in enumerate(campaign.trees)}
    return sorted(found, key=lambda group: (order[group.tree], [_natural(part) for part in group.path.split("/")]))


def _natural(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isdigit() else (1, 0, part)


def by_language(campaign: Campaign) -> dict[str, int]:
    return dict(sorted(Counter(campaign.roster.taken().values_list("language", flat=True)).items()))
