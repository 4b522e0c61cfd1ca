"""Adding and editing documents, versions and lines of the change sheet; the API reads the same forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_language, resolution_order

from qa_portal.people.models import Unit
from qa_portal.people.roles import Role
from qa_portal.web.forms import RecordForm
from qa_portal.web.registry import registry

from ..evidence import describe_file
from ..models import ChangeLine, Document, DocumentKind, Origin, Version
from ..querysets.library import own_units
from .library import VersionFile

MOST_SECTION = 60


def picker() -> forms.SelectMultiple:
    """Several of a long list: the page makes a search field of it."""
    return forms.SelectMultiple(attrs={"data-picker": ""})


class _DocumentChoices(ModelChoiceIterator):
    """Number and title of each document without making a record of it: the list may have thousands."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        titles = [f"title_{language}" for language in resolution_order(get_language())]
        for pk, number, *words in self.queryset.values_list("pk", "number", *titles):
            yield pk, f"{number} {next(filter(None, words), '')}".strip()


class DocumentChoice(forms.ModelChoiceField):
    iterator = _DocumentChoices


class DocumentsChoice(forms.ModelMultipleChoiceField):
    iterator = _DocumentChoices


#: what the page of an internal document asks, and what that of an external act
INTERNAL = (
    "kind", "title_kk", "title_ru", "title_en", "unit", "languages", "supports", "parent", "basis", "audience_units",
    "audience_roles", "file",
)  # fmt: skip
EXTERNAL = (
    "kind", "number", "title_kk", "title_ru", "title_en", "adopted_on", "issued_by_kk", "issued_by_ru", "issued_by_en",
    "edition", "link", "check_edition", "supports",
)  # fmt: skip


class DocumentForm(RecordForm):
    """A document of the university, or an external act: what is asked hangs on `instance.origin`."""

    number = forms.CharField(label=_("Number"), max_length=80, help_text=_("As the act itself names it."))
    languages = forms.MultipleChoiceField(
        label=_("Languages of the text"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    supports = forms.MultipleChoiceField(
        label=_("Standards and requirements it supports"),
        required=False,
        widget=picker(),
        help_text=_("Whoever reads a standard or requirement finds the document there."),
    )
    parent = DocumentChoice(
        Document.objects.none(),
        label=_("Parent document"),
        required=False,
        help_text=_("The one under which it was made: a charter, a policy, a regulation."),
    )
    basis = DocumentsChoice(
        Document.objects.none(),
        label=_("Documents it rests on"),
        required=False,
        widget=picker(),
        help_text=_("External acts and documents of the university. When one of them changes, this one is looked at."),
    )
    audience_units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Units that get acquainted"),
        required=False,
        widget=picker(),
        help_text=_(
            "Each with those below it; the university itself stands for everybody. Left empty: as the kind says."
        ),
    )
    audience_roles = forms.MultipleChoiceField(
        label=_("Offices that get acquainted"), choices=Role.choices, required=False, widget=picker()
    )
    file = VersionFile(
        required=False,
        help_text=_("The first text, when it is there already. It becomes version 1.0, a draft; you may add it later."),
    )

    class Meta:
        model = Document
        fields = [
            "kind", "title_kk", "title_ru", "title_en", "unit", "adopted_on", "issued_by_kk", "issued_by_ru",
            "issued_by_en", "edition", "link", "check_edition", "parent",
        ]  # fmt: skip

    # -- what is asked ----------------------------------------------------------------
    def prepare(self) -> None:
        document, shown = self.instance, INTERNAL if self.instance.is_internal else EXTERNAL
        for name in [*self.fields]:
            if name not in (*shown, "revision", "submission"):
                del self.fields[name]
        self.order_fields(shown)
        self.fields["title_kk"].required = True
        self.fields["title_kk"].label = _("Title in Kazakh")
        wanted = _("Not needed to save, but wanted: readers see the Kazakh title until it is there.")
        for name, label in (("title_ru", _("Title in Russian")), ("title_en", _("Title in English"))):
            self.fields[name].label, self.fields[name].help_text = label, wanted
        self._ask_kind(document)
        codes = registry.catalogue_choices()
        kept = [(code, code) for code in document.supports if code not in dict(codes)]
        self.fields["supports"].choices = [*codes, *kept]
        asked = self.initial.get("supports", "")  # “?supports=S1.D2”: from where the document is missing
        self.initial["supports"] = document.supports or (asked.split(",") if isinstance(asked, str) else asked)
        if document.is_internal:
            self._ask_inside(document)
        else:
            self._ask_act(document)

    def _ask_kind(self, document: Document) -> None:
        if document.pk:
            del self.fields["kind"]
            return
        kinds = DocumentKind.objects.visible_to(self.by).in_use()
        self.fields["kind"].queryset = kinds.filter(origin=document.origin)

    def _ask_inside(self, document: Document) -> None:
        units = Unit.objects.working()
        if not self.by.standing.quality_office:
            units = units.filter(pk__in=own_units(self.by))
        mine = Unit.objects.filter(Q(pk__in=units.values("pk")) | Q(pk=document.unit_id)).order_by("path")
        self.fields["unit"].queryset = mine
        self.fields["unit"].required = True
        if not document.pk:
            # An unsaved row brings empty values of its own: they are no wish.
            self.initial["unit"] = self.initial.get("unit") or self.by.unit_id
            self.initial["languages"] = self.initial.get("languages") or ["kk"]
            self.lead = _(
                "Say what it is and whose. It gets its number when it is approved; the text goes through versions."
            )
        else:
            del self.fields["file"]
            self.initial.update(languages=document.languages)
        self.initial.update(
            audience_units=[int(pk) for pk in document.audience_units],
            audience_roles=document.audience_roles,
            basis=[int(pk) for pk in document.basis],
        )
        self.fields["audience_units"].queryset = Unit.objects.visible_to(self.by).order_by("path")
        for several in ("audience_units", "basis"):
            self.fields[several].empty_label = None
        seen = Document.objects.visible_to(self.by).exclude(pk=document.pk)
        self.fields["basis"].queryset = _live_or(seen, document.basis).order_by("origin", "number", "pk")
        inside = seen.filter(origin=Origin.INTERNAL)
        kept = [document.parent_id] if document.parent_id else []
        self.fields["parent"].queryset = _live_or(inside, kept).order_by("number", "pk")

    def _ask_act(self, document: Document) -> None:
        self.fields["number"].initial = document.number
        for name, label in (
            ("issued_by_kk", _("Issued by, in Kazakh")),
            ("issued_by_ru", _("Issued by, in Russian")),
            ("issued_by_en", _("Issued by, in English")),
        ):
            self.fields[name].label = label
        if document.pk:
            return
        del self.fields["check_edition"]
        self.fields["adopted_on"].required = True
        self.heading = _("Enter an external act")
        self.lead = _("An act of others on which documents of the university rest. It is in force from the start.")

    # -- what was typed ------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        document = self.instance
        if "supports" in cleaned:
            document.supports = cleaned["supports"]
        if not document.is_internal:
            document.number = cleaned.get("number") or document.number
            self._refuse_twin(document)
            return cleaned
        document.languages = cleaned.get("languages") or []
        document.audience_roles = cleaned.get("audience_roles") or []
        document.audience_units = [str(unit.pk) for unit in cleaned.get("audience_units") or ()]
        document.basis = [str(act.pk) for act in cleaned.get("basis") or ()]
        self._name_audience(document, cleaned)
        return cleaned

    def _name_audience(self, document: Document, cleaned: dict[str, Any]) -> None:
        """Nobody chosen: the rule of the kind speaks; where it leaves the choice, one must be made."""
        kind = cleaned.get("kind") or (document.kind if document.kind_id else None)
        if kind is None or document.audience_units or document.audience_roles:
            return
        if kind.audience == DocumentKind.Audience.CHOSEN:
            self.add_error(
                "audience_units", _("Say who gets acquainted: documents of this kind leave the choice to you.")
            )
        document.kind, document.unit = kind, cleaned.get("unit") or document.unit
        document.audience_units = document.audience_by_rule()

    def _refuse_twin(self, document: Document) -> None:
        """The same act twice would split what rests on it."""
        twin = Document.objects.filter(origin=Origin.EXTERNAL, number=document.number).exclude(pk=document.pk)
        if document.number and twin.filter(adopted_on=self.cleaned_data.get("adopted_on")).exists():
            self.add_error("number", _("An act of this number and date is in the library already."))

    def save_new(self, by: Any) -> Document:
        """The document, with its first text as a draft when a file was sent."""
        document = super().save_new(by)
        file = self.cleaned_data.get("file")
        if file:
            version = Version(document=document, file=file)
            describe_file(version, file)
            version.add(by=by)
        return document


def _live_or(rows: Any, kept: Any) -> Any:
    return rows.filter(Q(state__in=Document.LIVE) | Q(pk__in=[int(pk) for pk in kept]))


class VersionForm(RecordForm):
    """One text: its file, what is new, and in which section each required provision stands."""

    file = VersionFile(required=False, widget=forms.FileInput)

    class Meta:
        model = Version
        fields = ["file", "minor_change", "summary", "effective_from"]

    def prepare(self) -> None:
        version = self.instance
        earlier = version.document.versions.exclude(state=Version.CANCELLED).exclude(pk=version.pk)
        if not earlier.exists():
            del self.fields["minor_change"]
            self.fields["summary"].label = _("What it is about")
        else:
            self.fields["minor_change"].help_text = _(
                "Ticked: what people must do stays the same, and nobody is asked to read it anew. "
                "Not ticked: it is a new text, and all concerned are asked to read it."
            )
        self.fields["file"].help_text = (
            _("Now: %(name)s. Another file takes its place.") % {"name": version.file_name}
            if version.file_name
            else _("May be added later, before the text is submitted.")
        )
        self.provisions = list(version.document.kind.provisions.filter(retired=False))
        for provision in self.provisions:
            self.fields[f"provision_{provision.pk}"] = forms.CharField(
                label=provision.text,
                max_length=MOST_SECTION,
                required=False,
                help_text=_("Section where it stands. Needed before the text is submitted."),
                initial=version.provisions.get(str(provision.pk), ""),
            )
        self.cancel_url = version.document.get_absolute_url()
        self.lead = "" if version.pk else str(version.document)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        file = cleaned.get("file")
        if file is not None and hasattr(file, "found_type"):  # sent now, not the one that is there
            describe_file(self.instance, file)
        ticked = {str(p.pk): cleaned.get(f"provision_{p.pk}", "").strip() for p in self.provisions}
        self.instance.provisions = {pk: section for pk, section in ticked.items() if section}
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.instance.pk and self.instance.is_draft and not self.errors:
            self.instance.number_itself()  # a minor change that became a new text, or the other way round


SHEETS = ("sheets_replaced", "sheets_new", "sheets_annulled")


class ChangeForm(RecordForm):
    """A line of the change sheet with the columns of its kind's official form."""

    all_columns = False

    class Meta:
        model = ChangeLine
        fields = [
            "section", *SHEETS, "change", "description", "basis", "basis_number", "basis_date", "introduced_on",
        ]  # fmt: skip

    def prepare(self) -> None:
        version = self.instance.version
        by_sheets = version.document.kind.change_form == DocumentKind.ChangeForm.SHEETS
        for name in ("section",) if by_sheets else SHEETS:
            if not self.all_columns and not getattr(self.instance, name):
                del self.fields[name]
        # “Reviewed, no change” is entered by the step of that name.
        self.fields["change"].choices = [c for c in ChangeLine.Change.choices if c[0] != ChangeLine.Change.REVIEW]
        self.fields["introduced_on"].help_text = _("Left empty: when the version comes into force.")
        self.cancel_url = version.get_absolute_url()
        self.lead = "" if self.instance.pk else str(version)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        asked = [name for name in ("section", *SHEETS) if name in self.fields]
        if not self.errors and not any(cleaned.get(name) for name in asked):
            self.add_error(asked[0], ValidationError(_("Name the section or clause, or the numbers of the sheets.")))
        return cleaned


class WholeChangeForm(ChangeForm):
    """All columns, whatever the kind's form shows: for the API."""

    all_columns = True
