"""Minutes and extracts: every figure printed, drafts marked, signed ones sealed and checked by anybody."""

from __future__ import annotations

import html
import io
import re

import pypdf
import pytest
from django.test import Client
from django.utils import translation

from qa_portal.bodies.reports import Agenda, Extract, Minutes
from qa_portal.bodies.workflow import meetings as meeting_steps
from qa_portal.reports.base import CannotMake, Progress
from qa_portal.reports.models import Seal

from . import scenes

pytestmark = pytest.mark.django_db


def paper(kind, record, person, language="kk"):
    return kind({"id": record.pk}, person, language)


def text(kind, record, person, language="kk"):
    with translation.override(language):
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", paper(kind, record, person, language).html())))


def pdf(kind, record, person, language="kk"):
    stream = io.BytesIO()
    with translation.override(language):
        paper(kind, record, person, language).write(stream, Progress())
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(stream).pages)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_minutes_are_made_in_each_language_with_names_and_base(world, language):
    meeting = scenes.signed(world)
    decision = meeting.decisions.get()
    found = pdf(Minutes, meeting, world.asb, language)
    assert str(decision.base) in found
    assert decision.number in found
    assert "Академиялық кеңес" in found
    for username in scenes.VOTERS:
        assert getattr(world, username).get_full_name() in found
    assert Seal.objects.get().shown_code in found


def test_the_base_the_rule_and_the_votes_needed_are_printed(world):
    """Seven came, two of them without a vote: the base is seven, five are needed."""
    decision = scenes.decided(
        world, {"dean": "for", "head": "for", "head2": "for", "staff": "abstained", "staff2": "aside"}
    )
    found = text(Minutes, decision.meeting, world.asb, "en")
    assert "7 (all members present, with and without a vote)" in found
    assert "Votes needed 5" in found
    assert "for 3, against 0, abstained 2" in found
    assert "Of them stepped aside 1" in found
    assert f"Stepped aside: {world.staff2.get_full_name()}" in found
    assert "Not passed" in found


def test_a_draft_carries_no_seal_and_says_so(world):
    decision = scenes.decided(world)
    for kind, record in ((Minutes, decision.meeting), (Extract, decision)):
        assert paper(kind, record, world.asb).seal() is None
        assert "Draft: the minutes are not signed yet." in text(kind, record, world.asb, "en")
    assert not Seal.objects.exists()


def test_every_field_of_a_signed_extract_stands_on_the_page_of_its_code(world):
    decision = scenes.signed(world).decisions.get()
    printed = paper(Extract, decision, world.asb)
    with translation.override("kk"):
        seal = printed.seal()
        fields = printed.printed_fields()
    page = html.unescape(Client().get(f"/verify/{seal.shown_code}/").content.decode())
    for label, value in fields:
        assert str(label) in page
        assert str(value) in page
    assert decision.text in page
    assert "no longer holds" not in Client().get(f"/verify/{seal.shown_code}/?lang=en").content.decode()


def test_the_page_tells_no_single_vote(world):
    decision = scenes.signed(world).decisions.get()
    with translation.override("kk"):
        seal = paper(Extract, decision, world.asb).seal()
    page = Client().get(f"/verify/{seal.shown_code}/").content.decode()
    assert world.staff2.get_full_name() not in page


def test_an_annulled_decision_is_said_on_the_page_and_on_a_new_print(world):
    decision = scenes.signed(world).decisions.get()
    with translation.override("kk"):
        seal = paper(Extract, decision, world.asb).seal()
    decision = scenes.taken_up(world, decision, "annul")
    page = html.unescape(Client().get(f"/verify/{seal.shown_code}/?lang=en").content.decode())
    assert "no longer holds" in page
    assert scenes.CLAUSE in page
    assert scenes.CLAUSE in text(Extract, decision, world.asb, "en")
    assert scenes.CLAUSE in text(Minutes, decision.meeting, world.asb, "en")


def test_a_stranger_gets_no_minutes(world):
    meeting = scenes.signed(world)
    with pytest.raises(CannotMake):
        paper(Minutes, meeting, world.stranger).html()


def test_the_agenda_lists_the_questions_with_the_proposed_decisions(world):
    meeting = scenes.invited(world)
    item = meeting.items.get(place=1)
    found = text(Agenda, meeting, world.staff)
    assert item.title in found
    assert item.draft_decision in found


def test_minutes_say_the_quorum_as_it_was_when_members_left_early_and_the_rule_changed_later(world):
    decision = scenes.decided(world)
    meeting = decision.meeting
    came = scenes.seats(meeting.body, "dean", "council")
    meeting_steps.record_attendance(scenes.fresh(meeting), by=world.council, present=came)
    with scenes.door("import"):
        type(meeting.body).objects.filter(pk=meeting.body_id).update(quorum="two_thirds")
    found = text(Minutes, meeting, world.asb, "en")
    assert "Present 7 of 7 Quorum there. One third of the seats must have come" in found
    assert "Quorum there (one third of the seats)" in found  # of the decision


def test_minutes_of_a_vote_in_writing_say_the_quorum_of_each_question(world):
    meeting = scenes.written(world)
    item = meeting.items.get()
    scenes.voted(world, item, dean="for")
    meeting_steps.close_written(scenes.over(meeting).closes_at + scenes.HOUR)
    found = text(Minutes, scenes.fresh(meeting), world.asb, "en")
    assert "Quorum not there (one third of the seats)" in found  # one of five
    assert "One third of the seats must have come" not in found
    assert "Not passed" in found


def test_whoever_left_the_base_is_not_printed_as_one_of_those_who_abstained(world):
    scenes.council(world, aside_counts=False)
    decision = scenes.decided(world, {**dict.fromkeys(scenes.VOTERS, "for"), "head": "aside"})
    found = text(Minutes, decision.meeting, world.asb, "en")
    assert "abstained 0 Stepped aside 1" in found
    assert "Of them stepped aside" not in found


def test_who_was_there_stands_on_the_page_of_the_minutes(world):
    meeting = scenes.signed(world)
    with translation.override("kk"):
        seal = paper(Minutes, meeting, world.asb).seal()
    page = html.unescape(Client().get(f"/verify/{seal.shown_code}/").content.decode())
    for username in scenes.EVERYBODY:
        assert getattr(world, username).get_full_name() in page


def test_who_stepped_aside_and_why_stands_on_paper_and_page_alike(world):
    decision = scenes.decided(world, {"dean": "for", "head": "for", "head2": "for", "staff": "for", "staff2": "aside"})
    meeting_steps.close(scenes.fresh(decision.meeting), by=world.dean)
    meeting_steps.sign(scenes.fresh(decision.meeting), by=world.dean)
    meeting = meeting_steps.sign(scenes.fresh(decision.meeting), by=world.council)
    with translation.override("kk"):
        seal = paper(Minutes, meeting, world.asb).seal()
    page = html.unescape(Client().get(f"/verify/{seal.shown_code}/").content.decode())
    printed = text(Minutes, meeting, world.asb)
    for words in (f"{world.staff2.get_full_name()}. Менің жұмысым", decision.item.proposer.get_full_name()):
        assert words in page
        assert words in printed
