"""Forms of campaigns and of their steps; the API reads the same ones. Days left empty are those of the sources."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.permissions import SYSTEM
from qa_portal.policy.registry import declared, policy
from qa_portal.programmes.models import Term
from qa_portal.web import cells
from qa_portal.web.files import DocumentField
from qa_portal.web.forms import DateField, LongText, RecordForm, StepForm

from .. import strata
from ..content import freeze, say
from ..models import Audience, Campaign, Questionnaire

#: those whose days are in the sources (N1 §4.1.7–9)
YEARLY = frozenset({Audience.STUDENTS, Audience.TEACHERS, Audience.DOCTORAL})
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_DAYS = 366


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3, max_length=2000)


class NoteForm(StepForm):
    note = LongText(label=_("Note"), required=False, rows=3, max_length=2000)


# -- days ---------------------------------------------------------------------------------------------------------
def _day_of(key: str, year: int) -> datetime.date:
    """A day of the year from a policy number [month, day]; the default where somebody typed no day of the calendar."""
    for value in (policy(key), declared()[key].default):
        try:
            month, day = value
            return datetime.date(year, month, day)
        except ValueError:
            continue
    raise ValueError(key)


def usual_days(
    questionnaire: Questionnaire, year: int, term: Term | None
) -> tuple[datetime.date, datetime.date, datetime.date | None]:
    """First day, last day and the day of the report as the sources say, else as is usual."""
    if term is not None:
        opens, closes = term.until - datetime.timedelta(days=policy("surveys.course_days")), term.until
    elif questionnaire.audience in YEARLY:
        return tuple(_day_of(f"surveys.yearly_{name}", year) for name in ("opens", "closes", "report"))  # type: ignore[return-value]
    else:
        opens = max(timezone.localdate(), datetime.date(year, 1, 1))
        closes = opens + datetime.timedelta(days=policy("surveys.usual_days"))
    return opens, closes, closes + datetime.timedelta(days=policy("surveys.usual_report_days"))


# -- campaigns ------------------------------------------------------------------------------------------------------
_WORDS = ("name_kk", "name_ru", "name_en")
_INVITES = ("invitation_kk", "invitation_ru", "invitation_en")
_DAYS = ("opens_on", "closes_on", "report_due")


class CampaignForm(RecordForm):
    saved = _("The survey is prepared as a draft. Next: who is asked.")
    lead = _(
        "Which questionnaire is asked of whom, and when. Yearly surveys of students, teachers and doctoral students have "
        "their days in the sources (N1 §4.1.7–9), those about courses too (N1 §4.1.10): days left empty are set so."
    )
    questionnaire = forms.ModelChoiceField(queryset=Questionnaire.objects.none(), label=_("Questionnaire"))
    blocks = forms.MultipleChoiceField(
        label=_("Optional blocks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The core of the questionnaire is always asked."),
    )
    trees = forms.MultipleChoiceField(
        label=_("Breakdowns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Declared now, the same for everybody; groups are not crossed, and small ones are merged upward."),
    )
    #: the questionnaire that the boxes on the page were made for
    offered = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    class Meta:
        model = Campaign
        fields = [
            "questionnaire", "way", "unit", "term", "year", *_WORDS, *_DAYS, "population", "key_place", *_INVITES,
        ]  # fmt: skip
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in _INVITES}

    field_order = [
        "questionnaire", "way", "unit", "term", "year", *_WORDS, *_DAYS, "blocks", "trees", "population", "key_place",
        *_INVITES, "offered",
    ]  # fmt: skip

    def prepare(self) -> None:
        for name in _WORDS:
            self.fields[name].required = False
        self.fields["name_kk"].help_text = _("Left empty: the questionnaire's name with the year or the term.")
        for name in ("opens_on", "closes_on"):
            self.fields[name].required = False
        self.fields["unit"].queryset = Unit.objects.visible_to(self.by).working()
        self.fields["unit"].label_from_instance = str
        self.fields["unit"].help_text = _("Whose people are asked. Empty: the whole university.")
        self.fields["population"].help_text = _("For an open link: how many people it is meant for.")
        self.fields["key_place"].required = False
        if self.instance.pk:
            for name in ("questionnaire", "way", "term", "year"):
                del self.fields[name]
        else:
            self._prepare_new()
        self._offer(self.instance.questionnaire if self.instance.questionnaire_id else self._asked_for())

    def _prepare_new(self) -> None:
        rows = Questionnaire.objects.filter(state=Questionnaire.IN_USE).order_by("code")
        self.fields["questionnaire"].queryset = rows
        self.fields["term"].queryset = Term.objects.visible_to(self.by).select_related("year").order_by("-since")
        self.fields["term"].help_text = _("For a survey about courses.")
        self.fields["way"].required = self.fields["year"].required = False
        self.initial.setdefault("year", timezone.localdate().year)
        asked = self._asked_for()
        if asked is not None and not self.is_bound:
            self.initial["way"] = self.initial.get("way") or way_for(asked)
            self.initial["name_kk"] = self.initial.get("name_kk", "")

    def _asked_for(self) -> Questionnaire | None:
        """The questionnaire that is sent or was asked for in the address."""
        sent = self.data.get("questionnaire") if self.is_bound else self.initial.get("questionnaire")
        known = str(sent or "")
        if not (known.isascii() and known.isdigit() and len(known) < 19):
            return None
        return Questionnaire.objects.filter(pk=known, state=Questionnaire.IN_USE).first()

    def _offer(self, questionnaire: Questionnaire | None) -> None:
        """The boxes of this questionnaire; before one is chosen there are none, and all breakdowns are declared."""
        if questionnaire is None:
            for name in ("blocks", "trees", "offered"):
                del self.fields[name]
            return
        probe = Campaign(questionnaire=questionnaire, way=self._way(questionnaire))
        self.fields["blocks"].choices = blocks_of(questionnaire)
        self.fields["trees"].choices = strata.choices(probe)
        for name in ("blocks", "trees"):
            if not self.fields[name].choices:
                del self.fields[name]
        self.initial["offered"] = str(questionnaire.pk)
        if self.instance.pk:
            self.initial["trees"] = [strata.name_of(tree) for tree in self.instance.trees]
        else:
            self.initial["trees"] = [value for value, _label in strata.choices(probe)]

    def _way(self, questionnaire: Questionnaire) -> str:
        if self.instance.pk:
            return str(self.instance.way)
        return (self.data.get("way") if self.is_bound else self.initial.get("way")) or way_for(questionnaire)

    # -- cleaning ---------------------------------------------------------------------------------------------------
    def clean_year(self) -> int:
        year = self.cleaned_data["year"] or timezone.localdate().year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(_("A year of four figures is expected."))
        return year

    def clean_key_place(self) -> str:
        return self.cleaned_data["key_place"] or Campaign.KeyPlace.DIRECTORY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        questionnaire = cleaned.get("questionnaire") or (self.instance.questionnaire if self.instance.pk else None)
        if questionnaire is None:
            return cleaned
        if self.instance.pk is None:
            cleaned["way"] = cleaned.get("way") or way_for(questionnaire)
            self._judge_way(cleaned, questionnaire)
        self._set_days(cleaned, questionnaire)
        self._set_names(cleaned, questionnaire)
        self._set_boxes(cleaned, questionnaire)
        return cleaned

    def _judge_way(self, cleaned: dict[str, Any], questionnaire: Questionnaire) -> None:
        way = cleaned["way"]
        about = way == Campaign.Way.COURSES
        if about != questionnaire.about_courses:
            said = (
                _("This questionnaire is about courses: choose “about the courses of a term”.")
                if questionnaire.about_courses
                else _("This questionnaire is not about courses: choose another way.")
            )
            self.add_error("way", said)
        elif about and not cleaned.get("term"):
            self.add_error("term", _("Choose the term whose courses are asked about."))
        if not about:
            cleaned["term"] = None
        if way == Campaign.Way.LINK and not cleaned.get("population"):
            self.add_error("population", _("Say how many people could answer: without it no response is known."))

    def _set_days(self, cleaned: dict[str, Any], questionnaire: Questionnaire) -> None:
        year = cleaned.get("year") or self.instance.year or timezone.localdate().year
        term = cleaned.get("term") or (self.instance.term if self.instance.pk else None)
        usual = usual_days(questionnaire, year, term)
        for name, day in zip(_DAYS, usual, strict=True):
            # A day of the report that was taken out later stays out.
            if name not in self.errors and not (self.instance.pk and name == "report_due"):
                late = name == "report_due" and cleaned.get("closes_on") and day < cleaned["closes_on"]
                after = datetime.timedelta(days=policy("surveys.usual_report_days"))
                cleaned[name] = cleaned.get(name) or (cleaned["closes_on"] + after if late else day)
        opens, closes, report = (cleaned.get(name) for name in _DAYS)
        if opens and closes:
            if closes < opens:
                self.add_error("closes_on", _("The last day cannot be before the first one."))
            elif (closes - opens).days > LONGEST_DAYS:
                self.add_error("closes_on", _("A survey is open for a year at most."))
            elif closes < timezone.localdate() and closes != self.initial.get("closes_on"):
                self.add_error(
                    "closes_on", _("The last day, %(day)s, is over: give another one.") % {"day": cells.date(closes)}
                )
            elif report and report < closes:
                self.add_error("report_due", _("The report cannot be due before the last day for answers."))

    def _set_names(self, cleaned: dict[str, Any], questionnaire: Questionnaire) -> None:
        if any(cleaned.get(name) for name in _WORDS):
            # One language is enough to begin with; people read the first that is there.
            first = next(cleaned[name] for name in _WORDS if cleaned.get(name))
            cleaned["name_kk"] = cleaned.get("name_kk") or first
        else:
            when = cleaned.get("term") or cleaned.get("year") or self.instance.year
            for code in ("kk", "ru", "en"):
                own = getattr(questionnaire, f"name_{code}") or questionnaire.name_kk or questionnaire.code
                cleaned[f"name_{code}"] = f"{own} · {when_words(when, code)}"[:250]

    def _set_boxes(self, cleaned: dict[str, Any], questionnaire: Questionnaire) -> None:
        probe = Campaign(questionnaire=questionnaire, way=cleaned.get("way") or self.instance.way)
        known = {strata.name_of(tree): list(tree) for tree in strata.trees_for(probe)}
        for name, everything in (("trees", list(known)), ("blocks", [])):
            told = name in self.data or cleaned.get("offered") == str(questionnaire.pk)
            chosen = cleaned.get(name) or [] if told else everything
            value = [known[tree] for tree in chosen if tree in known] if name == "trees" else list(chosen)
            if self.instance.pk is None or told:
                setattr(self.instance, name, value)


def begun(questionnaire: str, unit: str, way: str) -> Campaign:
    """A new campaign of what is sent: the right hangs on questionnaire and unit; what is wrong with them the form says."""
    rows = Questionnaire.objects.filter(state=Questionnaire.IN_USE)
    found = rows.filter(pk=questionnaire).first() if questionnaire else None
    where = Unit.objects.filter(pk=unit).first() if unit else None
    campaign = Campaign(unit=where)
    if found is not None:
        campaign.questionnaire = found
        campaign.way = way_for(found)
    if way in Campaign.Way.values:
        campaign.way = way
    return campaign


def way_for(questionnaire: Questionnaire) -> str:
    return Campaign.Way.COURSES.value if questionnaire.about_courses else Campaign.Way.ROSTER.value


def when_words(when: Any, language: str) -> str:
    """The year, or the term in a language."""
    if not isinstance(when, Term):
        return str(when)
    with translation.override(language):
        return str(when)


def blocks_of(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """The optional blocks with the names of their sections."""
    found: dict[str, list[str]] = {}
    for section in freeze(questionnaire)["sections"]:
        if section["block"]:
            found.setdefault(section["block"], []).append(say(section["name"]))
    return [(block, "; ".join(names)) for block, names in found.items()]


# -- steps ------------------------------------------------------------------------------------------------------------
class LaunchForm(StepForm):
    now = forms.BooleanField(label=_("Begin today, before the day set"), required=False)

    def prepare(self) -> None:
        if self.record.opens_on <= timezone.localdate():
            del self.fields["now"]
        else:
            self.fields["now"].help_text = _("Its first day is %(day)s.") % {"day": cells.date(self.record.opens_on)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "now" in self.fields and not cleaned.get("now"):
            said = _("It begins on %(day)s. To begin today, say so.") % {"day": cells.date(self.record.opens_on)}
            self.add_error("now", said)
        return cleaned


class ExtendForm(StepForm):
    until = DateField(label=_("New last day"))
    reason = LongText(label=_("Reason"), rows=3, max_length=2000)

    def prepare(self) -> None:
        self.fields["until"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_until(self) -> datetime.date:
        day = self.cleaned_data["until"]
        if day <= self.record.closes_on:
            raise ValidationError(_("Give a day after %(day)s.") % {"day": cells.date(self.record.closes_on)})
        if (day - self.record.opens_on).days > LONGEST_DAYS:
            raise ValidationError(_("A survey is open for a year at most."))
        return day


class CloseForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3, max_length=2000, required=False)

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if not reason and self.by is not SYSTEM and self.record.closes_on >= timezone.localdate():
            raise ValidationError(_("The last day is not over: say why it closes before."))
        return reason


# -- the roster's page ---------------------------------------------------------------------------------------------------
class TableForm(forms.Form):
    """A table with the people who are asked."""

    file = DocumentField(label=_("Table (XLSX or CSV)"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".xlsx", ".csv")):
            raise ValidationError(_("A table is expected: XLSX or CSV."))
        return file


class CoverageForm(forms.Form):
    """Which year the matrix is about."""

    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
