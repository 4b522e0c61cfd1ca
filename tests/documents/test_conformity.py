"""Conformity reviews: what opens one, whom it asks, who judges and who decides, what settles a verdict (domain.md §6)."""

from __future__ import annotations

import copy
import datetime

import pytest
from django.utils import timezone

from qa_portal.dates.days import add_working_days
from qa_portal.documents import conformity
from qa_portal.documents.models import ConformityReview, ConformityVerdict, Document, Version
from qa_portal.documents.workflow import document as document_steps
from qa_portal.documents.workflow import family
from qa_portal.documents.workflow import upkeep as steps
from qa_portal.notices.models import Notice, Reminded
from qa_portal.notices.sweep import sweep
from qa_portal.people.models import Deputy, Office
from qa_portal.people.roles import Role
from qa_portal.permissions import SYSTEM, NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.workflow.writing import door

from . import scenes_upkeep as scenes

pytestmark = pytest.mark.django_db
EDITION = {"edition": "2026 ж. № 5", "adopted_on": "2026-10-01", "note": "5-бап өзгерді"}


def told(verb: str) -> set[str]:
    return set(Notice.objects.filter(verb=verb).values_list("person__username", flat=True))


# -- what opens a review -----------------------------------------------------------------
def test_a_new_edition_lists_what_rests_on_the_act(world):
    law, rule = scenes.resting(world)
    scenes.document(world, title="Басқа")
    document_steps.note_edition(law, by=world.asb, **EDITION)
    review = ConformityReview.objects.get()
    assert (review.cause, review.act) == ("new_edition", law)
    assert review.due == add_working_days(timezone.localdate(), 20)
    assert [verdict.document for verdict in review.verdicts.all()] == [rule]
    assert "Білім туралы" in review.verdicts.get().why_listed


def test_the_legal_office_opens_one_by_noting_an_edition(world):
    lawyer = scenes.lawyer(world)
    law, _rule = scenes.resting(world)
    document_steps.note_edition(law, by=lawyer, **EDITION)
    assert ConformityReview.objects.get().created_by == lawyer


def test_an_act_that_lost_its_force_opens_one(world):
    law, _rule = scenes.resting(world)
    document_steps.lose_force(law, by=world.asb, on=timezone.localdate().isoformat(), reason="Жаңа заң")
    assert ConformityReview.objects.get().cause == "lost_force"


def test_a_checked_edition_opens_none(world):
    law, _rule = scenes.resting(world)
    document_steps.note_edition(law, by=world.asb, **EDITION, confirmed=True)
    assert not ConformityReview.objects.exists()


def test_when_nothing_rests_on_it_no_review_is_opened(world):
    law = scenes.act()
    scenes.document(world, basis=[law.pk], state=Document.ANNULLED)
    assert conformity.open_review(law, "new_edition", world.asb) is None
    assert not ConformityReview.objects.exists()


def test_an_annulled_parent_lists_its_children(world):
    parent = scenes.document(world, title="Жоғарғы ереже")
    child = scenes.document(world, parent=parent)
    document_steps.annul(
        parent, by=world.asb, basis="Кеңес № 3", on=timezone.localdate().isoformat(), reason="Қажет емес"
    )
    review = ConformityReview.objects.get()
    assert (review.cause, review.verdicts.get().document) == ("parent", child)


@pytest.mark.parametrize(
    ("level", "major", "minor", "cause"),
    [
        ("strategic", 2, 0, "strategy"),
        ("regulatory", 2, 0, "parent"),
        ("strategic", 1, 0, None),
        ("strategic", 1, 1, None),
    ],
)
def test_a_new_text_above_opens_one_but_not_the_first_nor_a_minor_change(world, level, major, minor, cause):
    above = scenes.document(world, of=f"above-{level}", kind=scenes.kind(f"above-{level}", level=level))
    scenes.document(world, parent=above)
    new = scenes.version(above, major=major, minor=minor, state=Version.SUPERSEDED)
    with door("step"):
        conformity.after_new_version(new, SYSTEM)
    assert [review.cause for review in ConformityReview.objects.all()] == ([cause] if cause else [])


def test_an_order_of_somebody_without_the_right_opens_one_in_the_name_of_the_portal(world):
    law, _rule = scenes.resting(world)
    speaker = copy.copy(world.board)
    speaker.decides_for = frozenset({"board"})
    review = conformity.open_review(law, "parent", speaker)
    assert review.created_by is None
    assert review.verdicts.count() == 1


def test_each_head_gets_one_letter_with_their_own_documents(world):
    law, rule = scenes.resting(world)
    scenes.document(world, basis=[law.pk], title="Екінші ереже")
    foreign = scenes.document(world, unit=world.other, basis=[law.pk], title="Хирургия ережесі")
    conformity.open_review(law, "new_edition", world.asb, "5-бап")
    notices = Notice.objects.filter(verb="open_review")
    assert {notice.person.username for notice in notices} == {"head", "head2", "asb2"}
    to_head = notices.get(person=world.head).body
    assert rule.number in to_head
    assert "Екінші ереже" in to_head
    assert foreign.number not in to_head.split()
    assert "Хирургия ережесі" in notices.get(person=world.asb2).body


def test_a_unit_without_a_head_is_answered_for_by_the_head_above(world):
    law = scenes.act()
    lonely = world.unit("archive", world.school, "department")
    scenes.document(world, unit=lonely, basis=[law.pk])
    conformity.open_review(law, "new_edition", world.asb)
    assert "dean" in told("open_review")


# -- by hand ----------------------------------------------------------------------------------
def test_the_quality_office_opens_one_by_hand_for_a_change_of_structure(world, signed_in):
    rule = scenes.document(world)
    data = {
        "cause": "structure",
        "title": "Кафедра жабылды",
        "documents": [rule.pk],
        "due": scenes.days(10).isoformat(),
    }
    response = signed_in("asb").post("/documents/reviews/add/", data)
    assert response.status_code == 302, response.content.decode()[:2000]
    review = ConformityReview.objects.get()
    assert response["Location"] == review.get_absolute_url()
    assert review.verdicts.get().document == rule
    assert "head" in told("open_review")


def test_what_rests_on_the_act_is_listed_with_what_is_named(world, signed_in):
    law, rule = scenes.resting(world)
    other = scenes.document(world, title="Тағы бірі")
    data = {
        "cause": "new_edition",
        "act": law.pk,
        "title": "Заң",
        "documents": [other.pk, rule.pk],
        "due": scenes.days(10).isoformat(),
    }
    assert signed_in("asb").post("/documents/reviews/add/", data).status_code == 302
    assert {verdict.document for verdict in ConformityVerdict.objects.all()} == {rule, other}


def test_a_day_in_the_past_is_refused_with_a_sentence(world, signed_in):
    data = {"cause": "structure", "title": "Кафедра", "due": scenes.days(-1).isoformat()}
    response = signed_in("asb").post("/documents/reviews/add/", data)
    assert response.status_code == 400
    assert response.context["form"].errors["due"]


def test_a_document_is_listed_once(world):
    found = scenes.verdict(world)
    with pytest.raises(InputProblem):
        steps.list_document(found.review, by=world.asb, document=found.document_id, why="Тағы")


def test_whoever_owns_a_listed_document_is_told(world):
    review = scenes.review(world)
    foreign = scenes.document(world, unit=world.other)
    steps.list_document(review, by=world.asb, document=foreign.pk, why="Соған сүйенеді")
    assert review.verdicts.get(document=foreign).why_listed == "Соған сүйенеді"
    assert told("ask") == {"head2"}


def test_it_closes_when_every_document_is_decided_or_struck_out(world):
    review = scenes.review(world)
    with pytest.raises(NotNow):
        steps.close(review, by=world.asb)
    steps.strike_out(review.verdicts.get(), by=world.asb, reason="Қатысы жоқ")
    steps.close(ConformityReview.objects.get(), by=world.asb)
    assert ConformityReview.objects.get().closed_on == timezone.localdate()


def test_cancelling_asks_nobody_any_more_and_keeps_what_was_decided(world):
    found = scenes.decided(world)
    review = found.review
    other = scenes.document(world, unit=world.other)
    steps.list_document(ConformityReview.objects.get(), by=world.asb, document=other.pk, why="Соған сүйенеді")
    steps.cancel(ConformityReview.objects.get(), by=world.asb, reason="Қате ашылды")
    assert set(review.verdicts.values_list("document", "state")) == {(found.document_id, "decided"), (other.pk, "void")}


# -- verdicts ------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["head", "coordinator", "dean"])
def test_head_and_coordinator_of_the_owner_unit_give_the_verdict(world, username):
    found = scenes.verdict(world)
    steps.judge(found, by=getattr(world, username), verdict="in_line", note="Сәйкес")
    assert (found.state, found.judged_by.username, found.until) == ("judged", username, None)


@pytest.mark.parametrize("username", ["staff", "head2", "asb", "board", "admin"])
def test_nobody_else_gives_it(world, username):
    with pytest.raises(Refused):
        steps.judge(scenes.verdict(world), by=getattr(world, username), verdict="in_line", note="Сәйкес")


@pytest.mark.parametrize("said", ["change", "end"])
def test_a_change_or_an_end_has_a_day(world, said):
    found = scenes.verdict(world)
    with pytest.raises(InputProblem):
        steps.judge(found, by=world.head, verdict=said, note="Ескірді")
    with pytest.raises(InputProblem):
        steps.judge(found, by=world.head, verdict=said, note="Ескірді", until=scenes.days(-1).isoformat())


def test_in_line_is_done_with_the_decision(world):
    found = scenes.decided(world, "in_line")
    assert (found.state, found.done_on, found.until) == ("done", timezone.localdate(), None)


def test_to_be_changed_makes_the_document_due_for_review_by_the_day(world):
    found = scenes.decided(world)
    document = Document.objects.get(pk=found.document_id)
    assert (document.state, document.review_due) == ("due_for_review", scenes.days(30))
    assert found.review.number in document.review_reason
    assert document.history.filter(verb="call_review", by=world.asb).exists()
    assert "head" in told("decide")


def test_a_nearer_review_is_not_put_off(world):
    found = scenes.decided(world, review_due=scenes.days(3))
    assert Document.objects.get(pk=found.document_id).review_due == scenes.days(3)


def test_the_quality_office_may_decide_otherwise(world):
    found = scenes.judged(world, "in_line")
    steps.decide(found, by=world.asb, verdict="change", decision="5-бап", until=scenes.days(9).isoformat())
    assert (found.state, found.verdict, found.until) == ("decided", "change", scenes.days(9))


def test_nobody_decides_about_their_own_verdict(world):
    """Also when they hold both offices: head of the owner unit and quality officer."""
    found = scenes.verdict(world, unit=world.asb_unit)
    world.asb.offices.create(role="unit_head", unit=world.asb_unit, since=datetime.date(2020, 1, 1))
    steps.judge(found, by=world.asb, verdict="in_line", note="Сәйкес")
    with pytest.raises(Refused):
        steps.decide(found, by=world.asb, verdict="in_line", decision="Келісемін")
    steps.decide(found, by=world.asb2, verdict="in_line", decision="Келісемін")


# -- what settles a verdict -----------------------------------------------------------------------
def put_in_force(document: Document) -> None:
    with door("step"):
        new = scenes.version(document, major=2, state=Version.SUPERSEDED)
        family.put_in_force(new, SYSTEM)


def test_a_new_version_in_force_settles_what_was_to_be_changed(world):
    found = scenes.decided(world)
    put_in_force(Document.objects.get(pk=found.document_id))
    found.refresh_from_db()
    assert (found.state, found.done_on) == ("done", timezone.localdate())
    assert found.history.filter(verb="finish", by=None).exists()


def test_a_new_version_does_not_settle_what_was_to_be_ended(world):
    found = scenes.decided(world, "end")
    put_in_force(Document.objects.get(pk=found.document_id))
    found.refresh_from_db()
    assert found.state == "decided"


def test_annulling_settles_what_was_to_be_ended_and_asks_no_more(world):
    found = scenes.decided(world, "end")
    document = Document.objects.get(pk=found.document_id)
    law = scenes.act(number="7")
    document.basis = [*document.basis, law.pk]
    document.save_changes(by=world.asb)
    waiting = conformity.open_review(law, "new_edition", world.asb).verdicts.get()
    document_steps.annul(
        document, by=world.asb, basis="Кеңес № 3", on=timezone.localdate().isoformat(), reason="Ескірді"
    )
    found.refresh_from_db()
    waiting.refresh_from_db()
    assert (found.state, waiting.state) == ("done", "void")


def test_the_quality_office_marks_as_carried_out_what_needed_no_version(world):
    found = scenes.decided(world)
    steps.finish(found, by=world.asb, note="Қосымша түзетілді")
    assert (found.state, found.done_on) == ("done", timezone.localdate())


# -- reminders ---------------------------------------------------------------------------------------
def test_a_verdict_not_given_in_time_is_reminded_to_head_and_office(world):
    review = scenes.review(world)
    sweep(review.due + datetime.timedelta(days=1))
    assert told("documents.verdict_due") == {"head", "asb", "asb2"}
    assert Reminded.objects.filter(rule="documents.verdict_due").exists()


def test_a_decision_not_carried_out_is_reminded_to_head_and_office(world):
    found = scenes.decided(world)
    sweep(found.until + datetime.timedelta(days=1))
    assert told("documents.decision_due") == {"head", "asb", "asb2"}


def test_what_is_done_is_not_reminded(world):
    found = scenes.decided(world, "in_line")
    sweep(found.review.due + datetime.timedelta(days=9))
    assert not told("documents.verdict_due")
    assert not told("documents.decision_due")


def test_nobody_decides_about_a_verdict_that_a_deputy_gave_in_their_name(world):
    Office.objects.create(
        person=world.head, role=Role.QUALITY_MANAGER, unit=world.university, since=datetime.date(2020, 1, 1)
    )
    today = timezone.localdate()
    Deputy.objects.create(principal=world.head, deputy=world.staff, since=today, until=today, reason="Демалыс")
    verdict = scenes.verdict(world)
    steps.judge(verdict, by=world.staff, verdict="in_line", note="Сәйкес")
    assert verdict.history.get(verb="judge").in_name_of == world.head
    for person in (world.head, world.staff):
        with pytest.raises(Refused):
            steps.decide(verdict, by=person, verdict="in_line", decision="Келісемін")
    assert steps.decide(verdict, by=world.asb, verdict="in_line", decision="Келісемін").state == "done"
