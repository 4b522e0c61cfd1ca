"""Forms of talks and of their steps; the API reads the same ones."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm

from .. import names_in_text
from ..models import Talk, TalkQuote, Theme
from ..permissions.talks import keeper_paths
from .questionnaires import Lines, areas_field

MOST_GROUPS, MOST_PEOPLE = 40, 2000
#: "3rd-year students – 8"
_GROUP = re.compile(r"^(?P<name>.*\S)\s*[–—:-]\s*(?P<people>\d{1,5})$")


def group_lines(groups: Any) -> str:
    return "\n".join(f"{row['name']} – {row['people']}" for row in groups or ())


class GroupsField(forms.CharField):
    """Lines "name – number" as [{"name", "people"}]: how many came, never who."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", _("Groups"))
        kwargs.setdefault("help_text", _("A line for each group, with the number of people: Third-year students – 8"))
        super().__init__(widget=Lines(attrs={"rows": 4}), max_length=8000, **kwargs)

    def clean(self, value: Any) -> Any:
        found: list[dict[str, Any]] = []
        for number, line in enumerate(str(super().clean(value) or "").splitlines(), 1):
            if not line.strip():
                continue
            read = _GROUP.match(line.strip())
            if read is None or len(read["name"]) > 160 or not 1 <= int(read["people"]) <= MOST_PEOPLE:
                raise ValidationError(
                    _("Line %(n)s: a name and the number of people are expected, for example “Residents – 6”.")
                    % {"n": number}
                )
            found.append({"name": read["name"], "people": int(read["people"])})
        if len(found) > MOST_GROUPS:
            raise ValidationError(_("At most %(n)s groups.") % {"n": MOST_GROUPS})
        return found


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class TalkForm(RecordForm):
    saved = _("The talk is planned.")
    lead: Any = _("Write down groups and numbers, never names: what is said in a talk is nobody's.")
    groups = GroupsField(required=False)

    class Meta:
        model = Talk
        fields = [
            "kind",
            "title",
            "audience",
            "unit",
            "moderator",
            "on",
            "place",
            "plan",
            "questions",
            "groups",
            "areas",
        ]
        field_classes = {"moderator": PersonChoice}
        widgets = {"plan": forms.Textarea(attrs={"rows": 5}), "questions": forms.Textarea(attrs={"rows": 6})}

    def prepare(self) -> None:
        self.fields["areas"] = areas_field(self.instance.areas)
        self.fields["areas"].help_text = _("What of the catalogue of standards the talk is about.")
        self.initial["groups"] = group_lines(self.instance.groups)
        self.fields["unit"].queryset = self._units()
        self.fields["moderator"].queryset = Person.objects.filter(is_active=True).by_name()
        if not self.instance.pk and self.by is not None:
            self.initial.setdefault("moderator", self.by.pk)
            self.initial.setdefault("on", timezone.localdate())

    def _units(self) -> Any:
        """For which units this person holds talks; the unit that it has stays among them."""
        rows = Unit.objects.working()
        if self.by is None or self.by.standing.quality_office:
            return rows
        own = Q(pk=self.instance.unit_id)
        for path in keeper_paths(self.by):
            own |= Q(path__startswith=path)
        return rows.filter(own)


class HoldForm(StepForm):
    on = DateField(label=_("Held on"))
    groups = GroupsField()

    def prepare(self) -> None:
        today = timezone.localdate()
        self.fields["on"].initial = min(self.record.on, today)
        self.fields["groups"].initial = group_lines(self.record.groups)

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class QuoteForm(StepForm):
    group = forms.ChoiceField(label=_("Which group said it"), required=False)
    text = LongText(label=_("Quote, without names"), rows=4, max_length=2000)
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.none(), label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    anyway = forms.BooleanField(label=_("I have looked: the words are nobody's name"), required=False)

    def prepare(self) -> None:
        none = ("", _("— none —"))
        names = [row["name"] for row in self.record.groups]
        kept = [quote.group for quote in self.kept_quotes() if quote.group and quote.group not in names]
        self.fields["group"].choices = [none, *((name, name) for name in dict.fromkeys([*names, *kept]))]
        self.fields["themes"].queryset = Theme.objects.filter(
            Q(state=Theme.IN_USE) | Q(quotes__talk=self.record)
        ).distinct()

    def kept_quotes(self) -> list[TalkQuote]:
        return []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("text") and not cleaned.get("anyway"):
            found = names_in_text.named(cleaned["text"], names_in_text.surnames(self._nearby()))
            if found:
                self.add_error(
                    "text",
                    _(
                        "This may name somebody: %(names)s. A quote carries no names: take them out, or tick below that "
                        "these words are nobody's name."
                    )
                    % {"names": ", ".join(found[:5])},
                )
        return cleaned

    def _nearby(self) -> Any:
        """Those who work in the unit and in the units above and below it."""
        path = self.record.unit.path
        above = Q(unit__in=self.record.unit.chain_ids)
        return Person.objects.filter(above | Q(unit__path__startswith=path), is_active=True)


class _WhichQuote(StepForm):
    quote = forms.ModelChoiceField(TalkQuote.objects.none(), label=_("Which quote"))

    def kept_quotes(self) -> list[TalkQuote]:
        return list(self.record.quotes.all())

    def narrow(self) -> None:
        self.fields["quote"].queryset = self.record.quotes.all()
        self.fields["quote"].empty_label = None


class EditQuoteForm(_WhichQuote, QuoteForm):
    field_order = ["quote", "group", "text", "themes", "anyway"]

    def prepare(self) -> None:
        super().prepare()
        self.narrow()
        rows = self.kept_quotes()
        if rows and not self.is_bound:
            first = rows[0]
            self.initial = {
                "quote": first.pk,
                "group": first.group,
                "text": first.text,
                "themes": [theme.pk for theme in first.themes.all()],
                **self.initial,
            }


class RemoveQuoteForm(_WhichQuote):
    reason = LongText(label=_("Reason"), rows=2)

    def prepare(self) -> None:
        self.narrow()


class ConcludeForm(StepForm):
    conclusions = LongText(label=_("Conclusions"), rows=8, max_length=10000)
    recommendations = LongText(label=_("Recommendations"), rows=5, max_length=6000, required=False)
