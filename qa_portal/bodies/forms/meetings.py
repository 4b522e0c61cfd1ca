"""Forms of meetings and agenda items and of their steps; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person
from qa_portal.web.forms import LongText, PersonChoice, RecordForm, StepForm

from ..authority import find, key_about, waiting_for
from ..models import AgendaItem, Body, Decision, Meeting, Seat, Vote
from ..models.checks import with_a_vote
from ..sitting import RUNNING, seats_of


class _DateTime(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def _bodies(person: Any, *duties: str) -> QuerySet[Body]:
    """Bodies at work in which this person sits (with one of the duties, if named)."""
    seats = seats_of(person)
    found = [body for body, seat in seats.items() if not duties or seat.duty in duties]
    return Body.objects.active().filter(pk__in=found)


class MeetingForm(RecordForm):
    lead = _("First the day and the place, then the agenda, then the invitation.")

    class Meta:
        model = Meeting
        fields = ["body", "starts_at", "venue", "link", "in_writing", "closes_at", "note"]
        widgets = {"starts_at": _DateTime(), "closes_at": _DateTime()}

    def prepare(self) -> None:
        if self.instance.pk:
            del self.fields["body"]
            return
        self.fields["body"].queryset = _bodies(self.by, *RUNNING)


class ItemForm(RecordForm):
    about = forms.ChoiceField(
        label=_("What it decides"),
        required=False,
        help_text=_("What waits for this body. The decision then takes the step itself; left empty it is words only."),
    )
    clause = forms.CharField(
        label=_("Breached clause"),
        max_length=300,
        required=False,
        help_text=_("When a decision of a body below is taken up: which clause of which document it breaches."),
    )
    lead = _("The chair puts it on the agenda of a meeting. Papers are attached on its page, once it is saved.")
    saved = _("Proposed: the chair and the secretary of the body have it before them.")

    class Meta:
        model = AgendaItem
        fields = ["body", "title", "text", "draft_decision"]

    field_order = ["body", "about", "clause", "title", "text", "draft_decision"]

    def prepare(self) -> None:
        if self.instance.pk:
            for name in ("body", "about", "clause"):
                del self.fields[name]
            return
        asked = self.data.get("body") or self.initial.get("body")
        self.named = _named(asked, self.by)
        own = _bodies(self.by)
        self.fields["body"].queryset = Body.objects.active() if self.by.standing.quality_office else own
        # What waits is asked of the body named in the address, else of the few in which the person sits.
        bodies = [self.named] if self.named else list(own)
        self.fields["about"].choices = [("", _("— words only —")), *_waiting_choices(bodies)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk:
            return cleaned
        body, about = cleaned.get("body"), cleaned.get("about")
        if body and about:
            self._take_subject(body, about)
        return cleaned

    def _take_subject(self, body: Body, about: str) -> None:
        found = find(about, body.code)
        if found is None:
            self.add_error("about", _("This does not wait for that body."))
            return
        declared, record = found
        before = AgendaItem(body=body, subject=record).before_the_body()
        if before is not None:
            self.add_error("about", _("This stands before the body already: “%(item)s”.") % {"item": before})
        if isinstance(record, Decision):
            if not self.cleaned_data.get("clause"):
                self.add_error("clause", _("Name the clause that the decision breaches."))
            self.instance.clause = self.cleaned_data.get("clause", "")
        self.instance.subject, self.instance.verb = record, declared.key


def _named(pk: Any, person: Any) -> Body | None:
    text = str(pk or "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    body = Body.objects.active().filter(pk=int(text)).first()
    return body if body and (body.pk in seats_of(person) or person.standing.quality_office) else None


def _waiting_choices(bodies: list[Body]) -> list[tuple[str, Any]]:
    """What waits for these bodies, in groups by what is done with it; with the body's name where there are several."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for body in bodies:
        for declared, record in waiting_for(body.code):
            words = f"{record} — {body}" if len(bodies) > 1 else str(record)
            groups.setdefault(str(declared.title), []).append((key_about(declared, record), words))
    return list(groups.items())


# -- steps of a meeting ---------------------------------------------------------------------------
class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class SeatsChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        words = obj.person.get_full_name()
        if obj.duty != Seat.Duty.MEMBER:
            words = f"{words}, {obj.get_duty_display()}"
        return words if obj.voting else f"{words} ({_('without a vote')})"


def held_seats(body_id: int) -> QuerySet[Seat]:
    return Seat.objects.held().filter(body_id=body_id).select_related("person").order_by("pk")


class BeginForm(StepForm):
    present = SeatsChoice(queryset=Seat.objects.none(), label=_("Who has come"))
    chaired_by = PersonChoice(queryset=Person.objects.none(), label=_("Who presides"))
    kept_by = PersonChoice(
        queryset=Person.objects.none(),
        label=_("Who keeps the minutes"),
        required=False,
        help_text=_("Left empty: the secretary of the body."),
    )

    def prepare(self) -> None:
        seats = held_seats(self.record.body_id)
        self.fields["present"].queryset = seats
        people = Person.objects.filter(pk__in=seats.order_by().values("person"), is_active=True).by_name()
        self.fields["chaired_by"].queryset = self.fields["kept_by"].queryset = people
        self.fields["chaired_by"].initial = holder(seats, Seat.Duty.CHAIR)
        self.fields["kept_by"].initial = holder(seats, Seat.Duty.SECRETARY)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        present = {seat.person_id: seat.person for seat in cleaned.get("present") or ()}
        chaired = cleaned.get("chaired_by")
        if not present or chaired is None:
            return cleaned
        if chaired.pk not in present:
            self.add_error("chaired_by", _("Whoever presides must have come."))
        kept = cleaned.get("kept_by") or self._keeper(present, chaired)
        if kept is None or kept.pk == chaired.pk:
            self.add_error("kept_by", _("Say who keeps the minutes: somebody else than whoever presides."))
        elif kept.pk not in present:
            self.add_error("kept_by", _("Whoever keeps the minutes must have come."))
        cleaned["kept_by"] = kept
        return cleaned

    def _keeper(self, present: dict[int, Any], chaired: Any) -> Any:
        """The secretary; in the secretary's absence whoever opens the meeting, unless they preside."""
        secretary = holder(held_seats(self.record.body_id), Seat.Duty.SECRETARY)
        found = present.get(secretary) if secretary else None
        return found or (present.get(self.by.pk) if self.by.pk != chaired.pk else None)


def holder(seats: Any, duty: str) -> int | None:
    return next((seat.person_id for seat in seats if seat.duty == duty), None)


class AttendanceForm(StepForm):
    present = SeatsChoice(
        queryset=Seat.objects.none(),
        label=_("Who is there now"),
        help_text=_("Tick late comers. Whoever voted and is no longer ticked stands in the minutes as having left."),
    )

    def prepare(self) -> None:
        rows = list(self.record.attendance.all())
        seats = Seat.objects.filter(pk__in=[row.seat_id for row in rows])
        self.fields["present"].queryset = seats.select_related("person").order_by("pk")
        self.fields["present"].initial = [row.seat_id for row in rows if row.is_there]

    def clean_present(self) -> Any:
        present = self.cleaned_data["present"]
        chosen = {seat.pk for seat in present}
        gone = [row for row in self.record.attendance.all() if row.is_there and row.seat_id not in chosen]
        if gone and self.record.items.filter(state=AgendaItem.VOTING).exists():
            raise ValidationError(_("Voting is open: close it before you note who has left."))
        return present


# -- steps of an item -------------------------------------------------------------------------------
class MeetingChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        day = date_format(timezone.localtime(obj.starts_at), "SHORT_DATETIME_FORMAT")
        return f"№ {obj.number} · {day} · {obj.state_label}"


class PutOnAgendaForm(StepForm):
    meeting = MeetingChoice(queryset=Meeting.objects.none(), label=_("Meeting"))
    place = forms.IntegerField(
        label=_("No. on the agenda"), required=False, min_value=1, max_value=999, help_text=_("Left empty: the last.")
    )

    def prepare(self) -> None:
        ahead = Meeting.objects.filter(
            body_id=self.record.body_id, state__in=(Meeting.PLANNED, Meeting.INVITED, Meeting.IN_SESSION)
        )
        self.fields["meeting"].queryset = ahead.order_by("starts_at")
        self.fields["meeting"].initial = ahead.order_by("starts_at").first()

    def clean_meeting(self) -> Meeting:
        meeting = self.cleaned_data["meeting"]
        if meeting.in_writing and meeting.voting_ends <= timezone.now():
            raise ValidationError(_("The vote in writing is over."))
        return meeting


class MoveForm(StepForm):
    place = forms.IntegerField(label=_("No. on the agenda"), min_value=1, max_value=999)

    def prepare(self) -> None:
        self.fields["place"].initial = self.record.place


class NoteForm(StepForm):
    note = LongText(label=_("What was said"), required=False)


def _no_own_work(item: AgendaItem, person_id: int, choice: str) -> None:
    """Raises when somebody would vote on their own text: they may only step aside."""
    if choice and choice != Vote.Choice.ASIDE and person_id in item.own_people():
        raise ValidationError(_("Nobody votes on their own text: its authors step aside."), code="own")


class _WithChoice(StepForm):
    choice = forms.ChoiceField(label=_("Vote"), choices=Vote.Choice.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, help_text=_("Needed from whoever steps aside.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("choice") == Vote.Choice.ASIDE and not cleaned.get("reason"):
            self.add_error("reason", _("Say why you step aside, in a few words."))
        return cleaned


class VoteForm(_WithChoice):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _no_own_work(self.record, self.by.pk, cleaned.get("choice", ""))
        return cleaned


class _SeatChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.person.get_full_name()


class RecordVoteForm(_WithChoice):
    seat = _SeatChoice(
        queryset=Seat.objects.none(),
        label=_("Whose vote"),
        error_messages={"invalid_choice": _("This member has voted already, is not there or has no vote.")},
    )

    field_order = ["seat", "choice", "reason"]

    def prepare(self) -> None:
        # Only for whom could vote oneself: whose seat has not ended meanwhile and has a vote still.
        today = timezone.localdate()
        waiting = [row.seat for row in self.record.yet_to_vote() if row.seat.holds_on(today)]
        voting = with_a_vote(self.record.body, waiting)
        self.fields["seat"].queryset = Seat.objects.filter(pk__in=voting).select_related("person").order_by("pk")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("seat"):
            _no_own_work(self.record, cleaned["seat"].person_id, cleaned.get("choice", ""))
        return cleaned


# -- steps of a decision: filled by the body above's own decision, never by hand -----------------------
class OverruleForm(StepForm):
    clause = forms.CharField(label=_("Breached clause"), max_length=300)
    overruling = forms.ModelChoiceField(queryset=Decision.objects.none(), label=_("Decision of the body above"))

    def prepare(self) -> None:
        about = Decision.objects.filter(
            item__subject_type=ContentType.objects.get_for_model(Decision), item__subject_id=self.record.pk
        )
        self.fields["overruling"].queryset = about


class ChangeForm(OverruleForm):
    text = LongText(label=_("As changed"))


def year_ago() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=365)


def last_place(meeting: Meeting) -> int:
    return meeting.items.aggregate(last=Max("place"))["last"] or 0
