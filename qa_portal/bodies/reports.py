"""Papers of bodies: the agenda, the minutes with the base printed, the extract of one decision (N1 §2.1)."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person
from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Signature
from qa_portal.reports.models import Seal
from qa_portal.reports.printed import Printed
from qa_portal.reports.seals import seal_for, sealed

from .models import AgendaItem, Attendance, Decision, Meeting, Quorum, Vote
from .wording import quorum_words


def fact(label: Any, value: Any) -> dict[str, Any]:
    return {"label": label, "value": "—" if value in (None, "") else value}


def moment(value: datetime.datetime | None) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""


def day(value: datetime.date | None) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


def local_day(value: datetime.datetime | None) -> datetime.date | None:
    return timezone.localtime(value).date() if value else None


def when_it_was(meeting: Meeting) -> str:
    """The moment of a meeting; of a vote in writing its days."""
    if not meeting.in_writing:
        return moment(meeting.opened_at or meeting.starts_at)
    return _("in writing, from %(start)s to %(end)s") % {
        "start": moment(meeting.starts_at),
        "end": moment(meeting.closes_at),
    }


def counted(decision: Decision) -> str:
    """«for 7, against 1, abstained 1»: the figures as one line."""
    return _("for %(for)s, against %(against)s, abstained %(abstained)s") % {
        "for": decision.votes_for,
        "against": decision.votes_against,
        "abstained": decision.abstained,
    }


def present_line(decision: Decision) -> str:
    return _("%(present)s of %(seats)s") % {"present": decision.present, "seats": decision.seats}


def since(decision: Decision) -> str:
    """What a body above made of it; "" while it stands."""
    if decision.state not in (Decision.CHANGED, Decision.ANNULLED):
        return ""
    by = f"{decision.overruled_by}, {day(decision.overruled_by.decided_on)}" if decision.overruled_by else ""
    words = (
        _("Annulled by the body above: %(decision)s. Breached clause: %(clause)s.")
        if decision.state == Decision.ANNULLED
        else _("Changed by the body above: %(decision)s. Breached clause: %(clause)s.")
    )
    return words % {"decision": by, "clause": decision.clause}


def since_of_meeting(meeting: Meeting) -> str:
    """Decisions of the meeting that no longer stand as printed."""
    return " ".join(
        f"№ {decision.number}: {since(decision)}"
        for decision in meeting.decisions.select_related("overruled_by__body").order_by("pk")
        if since(decision)
    )


sealed(Decision, since)
sealed(Meeting, since_of_meeting)


def signatures_of(meeting: Meeting) -> list[Signature]:
    return [
        Signature(
            pgettext("of a meeting", "Chair"),
            meeting.chair_signed_by or meeting.chaired_by,
            local_day(meeting.chair_signed_at),
        ),
        Signature(
            pgettext("of a meeting", "Secretary"),
            meeting.secretary_signed_by or meeting.kept_by,
            local_day(meeting.secretary_signed_at),
        ),
    ]


def signed_line(meeting: Meeting) -> str:
    people = (
        (meeting.chair_signed_by, meeting.chair_signed_at),
        (meeting.secretary_signed_by, meeting.secretary_signed_at),
    )
    return "; ".join(f"{person.get_full_name()}, {moment(at)}" for person, at in people if person)


class _OfMeeting(Printed):
    """What all papers of a meeting share."""

    @property
    def meeting(self) -> Meeting:
        raise NotImplementedError

    def unit(self) -> Any:
        return self.meeting.body.unit

    def date(self) -> datetime.date:
        return timezone.localtime(self.meeting.opened_at or self.meeting.starts_at).date()

    def subject(self) -> str:
        return str(self.meeting.body.name)

    @property
    def is_signed(self) -> bool:
        return self.meeting.state == Meeting.SIGNED

    def signatures(self) -> list[Signature]:
        return signatures_of(self.meeting)


@report
class Agenda(_OfMeeting):
    """The agenda that members get with the invitation."""

    key = "bodies.agenda"
    kind = gettext_lazy("Agenda")
    template = "bodies/paper/agenda.html"

    def rows(self) -> Any:
        return Meeting.objects.visible_to(self.person).select_related("body__unit")

    @property
    def meeting(self) -> Meeting:
        return self.record

    def number(self) -> str:
        return str(self.record.number)

    def signatures(self) -> list[Signature]:
        return []

    def content(self) -> dict[str, Any]:
        meeting = self.record
        return {
            "facts": [
                fact(pgettext("of a meeting", "When"), when_it_was(meeting)),
                fact(pgettext("of a meeting", "Place"), meeting.venue or meeting.link),
            ],
            "items": [
                {"item": item, "papers": papers_of(item)}
                for item in meeting.items.exclude(place=0).select_related("proposer").order_by("place")
            ],
        }


def papers_of(item: AgendaItem) -> list[str]:
    """Titles of the papers; whoever sees an item sees its papers."""
    return [use.evidence.title for use in EvidenceUse.objects.of(item).valid().select_related("evidence")]


def aside_line(vote: Vote) -> str:
    name = vote.seat.person.get_full_name()
    return f"{name}. {vote.reason}" if vote.reason else name


@report
class Minutes(_OfMeeting):
    """The minutes: who was there, what was put, how the votes fell on which base, what was decided."""

    key = "bodies.minutes"
    kind = gettext_lazy("Minutes")
    template = "bodies/paper/minutes.html"

    def rows(self) -> Any:
        related = ("body__unit", "chaired_by", "kept_by", "chair_signed_by", "secretary_signed_by")
        return Meeting.objects.visible_to(self.person).select_related(*related)

    @property
    def meeting(self) -> Meeting:
        return self.record

    def number(self) -> str:
        return str(self.record.number)

    def version(self) -> str:
        states = ".".join(f"{d.pk}-{d.revision}" for d in self.record.decisions.order_by("pk"))
        return f"{self.record.revision}.{states}"

    @cached_property
    def items(self) -> list[AgendaItem]:
        related = ("proposer", "decision", "decision__overruled_by__body")
        rows = self.record.items.exclude(place=0).select_related(*related)
        return list(rows.prefetch_related("votes__seat__person", "decision__assignments__owner").order_by("place"))

    @cached_property
    def attendance(self) -> list[Attendance]:
        return list(self.record.attendance.select_related("seat__person").order_by("pk"))

    def who_was_there(self) -> tuple[list[Person], list[Person], list[Person]]:
        """With a vote, without one, absent."""
        there = [row for row in self.attendance if row.present]
        absent = [row.seat.person for row in self.attendance if not row.present]
        return [row.seat.person for row in there if row.voting], [r.seat.person for r in there if not r.voting], absent

    def content(self) -> dict[str, Any]:
        voting, others, absent = self.who_was_there()
        return {
            "draft": not self.is_signed,
            "facts": [fact(label, value) for label, value in self.particulars()],
            "voting": voting,
            "others": others,
            "absent": absent,
            "rows": [self._row(item) for item in self.items],
        }

    def particulars(self) -> list[tuple[Any, Any]]:
        """What stands at the head of the minutes."""
        meeting = self.record
        there = sum(1 for row in self.attendance if row.present)
        found = [
            (_("No."), meeting.number),
            (_("Body"), meeting.body.name),
            (pgettext("of a meeting", "When"), when_it_was(meeting)),
            (pgettext("of a meeting", "Place"), meeting.venue or meeting.link),
            (_("Chaired by"), meeting.chaired_by.get_full_name() if meeting.chaired_by else ""),
            (_("Minutes by"), meeting.kept_by.get_full_name() if meeting.kept_by else ""),
            (_("Present"), _("%(present)s of %(seats)s") % {"present": there, "seats": len(self.attendance)}),
        ]
        if meeting.in_writing:  # each question has its own voters, so its own quorum
            return found
        rule, quorum = meeting.quorum_of_the_day()
        words = quorum_words(rule) if rule == Quorum.NONE else f"{there_or_not(quorum)}. {quorum_words(rule)}"
        return [*found, (_("Quorum"), words)]

    def _row(self, item: AgendaItem) -> dict[str, Any]:
        decision = getattr(item, "decision", None)
        aside = [aside_line(vote) for vote in item.votes.all() if vote.is_aside]
        return {
            "item": item,
            "papers": papers_of(item),
            "decision": decision,
            "facts": [fact(label, value) for label, value in decision_facts(decision)] if decision else [],
            "aside": aside,
            "since": since(decision) if decision else "",
            "assignments": list(decision.assignments.all()) if decision else [],
        }

    def seal(self) -> Seal | None:
        return seal_for(self.record, self.key, self.title, self.printed_fields) if self.is_signed else None

    def printed_fields(self) -> list[tuple[Any, Any]]:
        """Every field of the minutes as it was printed. How single members voted is not printed, so not here either."""
        voting, others, absent = (", ".join(p.get_full_name() for p in people) for people in self.who_was_there())
        found = [*self.particulars(), (_("With a vote"), voting or "—"), (_("Without a vote"), others or "—")]
        found += [(_("Absent"), absent)] if absent else []
        for item in self.items:
            decision = getattr(item, "decision", None)
            question = "\n".join(words for words in (item.title, item.text, item.note) if words)
            found.append((_("Question %(place)s") % {"place": item.place}, question))
            found.append((_("Proposed by"), item.proposer.get_full_name()))
            if papers := papers_of(item):
                found.append((pgettext("of an agenda item", "Papers"), "; ".join(papers)))
            found += decision_facts(decision) if decision else [(_("Result"), item.state_label)]
            found += [(_("Stepped aside"), aside_line(vote)) for vote in item.votes.all() if vote.is_aside]
        return [*found, (_("Signed in the portal"), signed_line(self.record))]


def there_or_not(quorum: bool) -> str:
    return pgettext("of a meeting", "there") if quorum else pgettext("of a meeting", "not there")


def decision_facts(decision: Decision) -> list[tuple[Any, Any]]:
    """The figures of a decision with base and rule, and what was decided."""
    passing, base, quorum, *rest = decision.rule_in_words()
    if decision.rule["quorum"] != Quorum.NONE:
        quorum = (quorum[0], f"{there_or_not(decision.rule.get('quorum_there', True))} ({quorum[1]})")
    # Where they leave the base they are not among those who abstained.
    aside = _("Of them stepped aside") if decision.rule["aside_counts"] else _("Stepped aside")
    found = [
        (_("Number of the decision"), decision.number),
        (_("Present"), present_line(decision)),
        (base[0], f"{decision.base} ({base[1]})"),
        (pgettext("figures of a vote", "Votes"), counted(decision)),
        *([(aside, decision.aside)] if decision.aside else []),
        passing,
        quorum,
        *rest,
        (_("Votes needed"), decision.votes_needed),
        (_("Result"), decision.result),
        (_("Decision"), decision.text),
    ]
    if decision.not_performed:
        found.append((_("Not carried out"), decision.not_performed))
    return found


@report
class Extract(_OfMeeting):
    """The extract of the minutes on one question."""

    key = "bodies.extract"
    kind = gettext_lazy("Extract from the minutes")
    template = "bodies/paper/extract.html"

    def rows(self) -> Any:
        related = ("item__proposer", "body__unit", "overruled_by__body", "meeting__chaired_by", "meeting__kept_by")
        signed = ("meeting__body__unit", "meeting__chair_signed_by", "meeting__secretary_signed_by")
        return Decision.objects.visible_to(self.person).select_related(*related, *signed)

    @property
    def meeting(self) -> Meeting:
        return self.record.meeting

    def number(self) -> str:
        return self.record.number

    def version(self) -> str:
        return f"{self.record.revision}.{self.meeting.revision}"

    def content(self) -> dict[str, Any]:
        return {
            "draft": not self.is_signed,
            "facts": [fact(label, value) for label, value in self.particulars()],
            "since": since(self.record),
            "assignments": list(self.record.assignments.select_related("owner").order_by("pk")),
        }

    def particulars(self) -> list[tuple[Any, Any]]:
        meeting = self.meeting
        return [
            (_("Body"), meeting.body.name),
            (_("Minutes"), f"№ {meeting.number}, {when_it_was(meeting)}"),
            (_("Question"), self.record.item.title),
            *decision_facts(self.record),
        ]

    def seal(self) -> Seal | None:
        if not self.is_signed:
            return None
        return seal_for(self.record, self.key, self.title, self.printed_fields)

    def printed_fields(self) -> list[tuple[Any, Any]]:
        return [*self.particulars(), (_("Signed in the portal"), signed_line(self.meeting))]
