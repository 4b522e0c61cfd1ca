"""Steps of questions and questionnaires: written, submitted, approved, followed by the next version (N1 §4.1.7–13)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qa_portal.people.heads import quality_office
from qa_portal.people.models import Person
from qa_portal.permissions import NotNow
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps, move

from .. import conditions, drafting
from ..content import LANGUAGES, written
from ..forms.questionnaire_parts import ItemForm, MoveForm, PartForm, SectionForm, SubmitForm
from ..forms.questionnaires import BasisForm, ReasonForm
from ..models import Item, Question, Questionnaire, Section
from ..permissions.questionnaires import checking_body, checking_office, writing_office

Q = Questionnaire
question_steps = Steps(Question)
steps = Steps(Questionnaire)
registry.words.setdefault("supersede", _("Superseded by the next version"))


# -- questions of the bank ------------------------------------------------------------------------------------------
def _in_three_languages(question: Question) -> Any | None:
    """The question and its answers are there in three languages."""
    if all(getattr(question, f"text_{code}") for code in LANGUAGES) and all(
        option.get(code) for option in question.options for code in LANGUAGES
    ):
        return None
    return _("The question and its answers are needed in Kazakh, Russian and English first.")


def _stands_nowhere(question: Question) -> Any | None:
    """No questionnaire in use or being written asks it."""
    names = drafting.stands_in(question)[:5]
    return _("It is still asked in: %(names)s.") % {"names": ", ".join(names)} if names else None


@question_steps.step(
    Question.DRAFT,
    to=Question.IN_USE,
    label=_("Take into use"),
    needs=[_in_three_languages],
    primary=True,
    bulk=True,
    icon="check",
)
def take_up(question: Question, by: Any) -> None:
    """The question may be chosen for questionnaires; one that is approved with its questionnaire is taken up with it."""


@question_steps.step(
    Question.DRAFT,
    Question.IN_USE,
    to=Question.RETIRED,
    label=_("Use no longer"),
    form=ReasonForm,
    needs=[_stands_nowhere],
    danger=True,
    icon="ban",
)
def retire(question: Question, by: Any, reason: str) -> None:
    """The question is no longer offered; results of earlier years keep it."""


# -- who is told ------------------------------------------------------------------------------------------------------
def _authors(questionnaire: Questionnaire) -> list[Any]:
    """Those who wrote it."""
    return list(Person.objects.filter(pk__in=questionnaire.authors, is_active=True).order_by("pk"))


def _checkers(questionnaire: Questionnaire) -> list[Any]:
    """Those who run the body that approves it, else the quality office without its authors."""
    code = checking_body(questionnaire)
    if code:
        return list(registry.body_people(code))
    return list(quality_office().exclude(pk__in=questionnaire.authors))


# -- what must be there -------------------------------------------------------------------------------------------------
def _is_sound(questionnaire: Questionnaire) -> Any | None:
    """No condition leads nowhere and no words are missing."""
    return _too_many(conditions.errors(drafting.content_of(questionnaire), questionnaire.about_courses))


def _too_many(found: list[conditions.Problem]) -> Any | None:
    if not found:
        return None
    return ngettext(
        "%(n)d problem must be solved first: %(first)s",
        "%(n)d problems must be solved first. The first one: %(first)s",
        len(found),
    ) % {"n": len(found), "first": found[0].text}


def _no_next_version(questionnaire: Questionnaire) -> Any | None:
    """No next version is being prepared already."""
    version = drafting.next_prepared(questionnaire)
    return _("Version %(version)d is being prepared already.") % {"version": version} if version else None


# -- writing: sections and items ------------------------------------------------------------------------------------------
def _hidden(questionnaire: Questionnaire) -> bool:
    """Taken from the page's own tools, not from the row of buttons."""
    return False


@steps.step(*Q.EDITABLE_STATES, label=_("Write a section"), form=SectionForm, only_if=_hidden, office=writing_office)
def put_section(questionnaire: Questionnaire, by: Any, section: Section | None, note: str = "", **values: Any) -> None:
    """A section is added at the end, or an existing one is edited."""
    if section is None:
        section = Section(questionnaire=questionnaire, place=questionnaire.sections.count() + 1)
    for name, value in values.items():
        setattr(section, name, value)
    section.save()
    questionnaire.note_author(by)


@steps.step(*Q.EDITABLE_STATES, label=_("Write a question"), form=ItemForm, only_if=_hidden, office=writing_office)
def put_item(
    questionnaire: Questionnaire,
    by: Any,
    item: Item | None,
    section: Section,
    question: Question,
    required: bool,
    remark: bool,
    show_if: dict[str, Any],
    note: str = "",
) -> None:
    """A question is put at the end of a section, or its place, duty to answer and condition are edited."""
    if question.pk is None:
        question.add(by=by)
    made = item or Item(section=section, question=question, place=section.items.count() + 1)
    made.required, made.remark, made.show_if = required, remark, show_if
    made.save()
    if item is not None and item.section_id != section.pk:
        drafting.put_into(item, section)
    questionnaire.note_author(by)


@steps.step(*Q.EDITABLE_STATES, label=_("Move up or down"), form=MoveForm, only_if=_hidden, office=writing_office)
def move_part(questionnaire: Questionnaire, by: Any, part: Section | Item, way: str, note: str = "") -> None:
    """A section or a question goes one place up or down."""
    step = -1 if way == "up" else 1
    if isinstance(part, Section):
        drafting.move_section(part, step)
    else:
        drafting.move_item(part, step)
    questionnaire.note_author(by)


@steps.step(*Q.EDITABLE_STATES, label=_("Take out"), form=PartForm, only_if=_hidden, office=writing_office)
def remove_part(questionnaire: Questionnaire, by: Any, part: Section | Item, note: str = "") -> None:
    """A section or a question is taken out of what is being written; the bank keeps its questions."""
    drafting.remove(part)
    questionnaire.note_author(by)


# -- submitted, checked ---------------------------------------------------------------------------------------------------
@steps.step(
    *Q.EDITABLE_STATES,
    to=Q.SUBMITTED,
    label=_("Submit for approval"),
    form=SubmitForm,
    needs=[_is_sound],
    tells=[_checkers],
    primary=True,
    icon="send",
    office=writing_office,
)
def submit(questionnaire: Questionnaire, by: Any, note: str = "") -> None:
    """The words are fixed as they stand and go to whoever checks them: the Academic Council or the quality manager."""
    questionnaire.note_author(by)
    content = written(questionnaire)
    # The bank may have changed since the page was made.
    sentence = _too_many(conditions.errors(content, questionnaire.about_courses))
    if sentence:
        raise NotNow(sentence)
    for author in _authors_of_new_words(questionnaire):
        questionnaire.authors = sorted({*questionnaire.authors, author})
    questionnaire.fixed, questionnaire.submitted_on = content, timezone.localdate()


def _authors_of_new_words(questionnaire: Questionnaire) -> set[int]:
    """Whoever wrote a question that nobody has checked yet in these words wrote the questionnaire too."""
    former = drafting.in_use_now(questionnaire)
    checked = drafting.items_by_code(drafting.content_of(former)) if former else {}
    rows = Question.objects.filter(items__section__questionnaire=questionnaire).distinct()
    return {
        author
        for question in rows
        if question.code not in checked or checked[question.code]["wording"] != question.wording
        for author in question.authors
    }


@steps.step(
    Q.SUBMITTED,
    to=Q.IN_USE,
    label=_("Approve"),
    form=BasisForm,
    tells=[_authors],
    primary=True,
    icon="check",
    office=checking_office,
)
def approve(questionnaire: Questionnaire, by: Any, basis: str = "") -> None:
    """The questionnaire comes into use as it was submitted; its former version is superseded, its new questions taken up."""
    questionnaire.approved_on = timezone.localdate()
    body = checking_body(questionnaire)
    questionnaire.decision = basis or (registry.body_name(body)[:200] if body else "")
    former = (
        Questionnaire.objects.select_for_update(of=("self",)).filter(code=questionnaire.code, state=Q.IN_USE).first()
    )
    if former is not None:
        move(former, Q.SUPERSEDED, by=by, verb="supersede", why=f"v{questionnaire.version}")
    drafts = Question.objects.select_for_update(of=("self",)).filter(
        pk__in=Item.objects.filter(section__questionnaire=questionnaire).values("question"), state=Question.DRAFT
    )
    for question in drafts.order_by("pk"):
        move(question, Question.IN_USE, by=by, verb="take_up", why=str(questionnaire)[:200])


@steps.step(
    Q.SUBMITTED,
    to=Q.RETURNED,
    label=_("Send back"),
    form=ReasonForm,
    tells=[_authors],
    icon="corner-up-left",
    office=checking_office,
)
def send_back(questionnaire: Questionnaire, by: Any, reason: str) -> None:
    """The text goes back to its authors with a remark."""
    questionnaire.fixed, questionnaire.submitted_on = {}, None


def _bring_back(questionnaire: Questionnaire, by: Any) -> None:
    rows = Questionnaire.objects.filter(code=questionnaire.code, state=Q.SUPERSEDED, version__lt=questionnaire.version)
    former = rows.select_for_update(of=("self",)).order_by("-version").first()
    if former is not None:
        move(former, Q.IN_USE, by=by, verb="undo_approval", why=f"v{questionnaire.version}")


@steps.step(
    Q.IN_USE,
    to=Q.SUBMITTED,
    label=_("Take back the approval"),
    form=ReasonForm,
    tells=[_authors],
    icon="corner-up-left",
    only_if=_hidden,
    then=_bring_back,
)
def undo_approval(questionnaire: Questionnaire, by: Any, reason: str) -> None:
    """A body above has annulled the Council's decision: it waits for a decision again, and the former version is in use."""
    questionnaire.approved_on, questionnaire.decision = None, ""


# -- after ------------------------------------------------------------------------------------------------------------------
@steps.step(
    Q.IN_USE,
    label=_("Prepare the next version"),
    needs=[_no_next_version],
    icon="copy",
    office=writing_office,
)
def next_version(questionnaire: Questionnaire, by: Any) -> None:
    """A copy with all sections, questions and conditions is begun as a draft; this one stays in use until that is approved."""
    versions = Questionnaire.objects.filter(code=questionnaire.code).values_list("version", flat=True)
    made = Questionnaire(version=max(versions) + 1)
    copied = (
        *(f"{name}_{code}" for name in ("name", "intro", "thanks") for code in LANGUAGES),
        "code", "audience", "designer", "checker", "unit_id", "about_courses", "areas", "basis",
    )  # fmt: skip
    for name in copied:
        setattr(made, name, getattr(questionnaire, name))
    made.add(by=by)
    drafting.copy_parts(questionnaire, made)


@steps.step(
    *Q.PREPARED,
    Q.IN_USE,
    to=Q.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_authors],
    danger=True,
    icon="ban",
    office=writing_office,
)
def cancel(questionnaire: Questionnaire, by: Any, reason: str) -> None:
    """It will not be used, or is used no longer; what was written stays to be read."""
