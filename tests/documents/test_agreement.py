"""The approval sheet: who is asked, one answer each, objections with a reason, rounds, and exactly one file."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from qa_portal.documents.models import Agreement, Version
from qa_portal.documents.workflow import agreement as sheet_steps
from qa_portal.documents.workflow import version as steps
from qa_portal.notices.models import Notice
from qa_portal.notices.sweep import sweep
from qa_portal.people.models import Deputy, Office
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem

from . import scenes

pytestmark = pytest.mark.django_db


def answers(version: Version) -> dict[str, str]:
    rows = version.agreements.filter(round=version.round).select_related("unit")
    return {row.role or row.unit.code: row.state for row in rows}


def test_legal_and_the_units_concerned_are_asked_side_by_side(world):
    version = scenes.in_agreement(world, units=[world.other])
    assert answers(version) == {"legal": "waiting", "surgery": "waiting"}
    told = set(Notice.objects.filter(verb="check_form").values_list("person__username", flat=True))
    assert told == {"legal", "head2"}


def test_an_objection_waits_for_the_others_then_returns_the_text_with_all_reasons(world):
    version = scenes.in_agreement(world, units=[world.other])
    legal, unit = version.agreements.get(role="legal"), version.agreements.get(unit=world.other)
    sheet_steps.raise_objection(legal, by=world.legal, reason="5-тармақ заңға қайшы")
    version.refresh_from_db()
    assert version.state == "in_agreement"
    sheet_steps.agree(unit, by=world.head2)
    version.refresh_from_db()
    assert version.state == "returned"
    assert "5-тармақ заңға қайшы" in version.history.filter(verb="send_back").get().why
    assert Notice.objects.filter(verb="send_back", person=world.coordinator).exists()


def test_a_corrected_file_goes_round_again_and_all_agree(world):
    version = scenes.in_agreement(world, units=[world.other])
    sheet_steps.agree(version.agreements.get(unit=world.other), by=world.head2)
    sheet_steps.raise_objection(version.agreements.get(role="legal"), by=world.legal, reason="Қате")
    version.refresh_from_db()
    scenes.put_file(version, scenes.PDF + b"% corrected").save_changes(by=world.coordinator)
    steps.submit(version, by=world.coordinator)
    scenes.check(world, version, [world.other])
    assert version.round == 2
    assert answers(version) == {"legal": "waiting", "surgery": "waiting"}
    for row in version.agreements.filter(state="waiting"):
        sheet_steps.agree(row, by=world.legal if row.role else world.head2)
    version.refresh_from_db()
    assert (version.state, version.agreed_checksum) == ("agreed", version.checksum)


def test_who_agreed_to_the_same_file_is_not_asked_again(world):
    version = scenes.in_agreement(world, units=[world.other])
    sheet_steps.agree(version.agreements.get(unit=world.other), by=world.head2)
    sheet_steps.raise_objection(version.agreements.get(role="legal"), by=world.legal, reason="Түсініксіз")
    version.refresh_from_db()
    steps.submit(version, by=world.coordinator)
    scenes.check(world, version, [world.other])
    assert answers(version) == {"legal": "waiting", "surgery": "agreed"}
    assert version.agreements.get(round=2, unit=world.other).answered_by == world.head2


def test_the_check_proposes_the_units_that_were_asked_before(world):
    version = scenes.in_agreement(world, units=[world.other])
    steps.take_back(version, by=world.coordinator, reason="Түзетеміз")
    steps.submit(version, by=world.coordinator)
    form = steps.check_form.make_form(version, world.asb)
    assert form.fields["units"].initial == [world.other.pk]


def test_an_objection_needs_its_reason(world):
    with pytest.raises(InputProblem):
        sheet_steps.raise_objection(scenes.sheet(world), by=world.legal)


def test_each_party_answers_once(world):
    waiting = scenes.sheet(world, units=[world.other])
    sheet_steps.agree(waiting, by=world.legal)
    with pytest.raises(NotNow):
        sheet_steps.raise_objection(waiting, by=world.legal, reason="Кеш")


def test_a_head_who_wrote_the_text_is_answered_for_by_the_head_above(world):
    version = scenes.draft(world, by="head")
    steps.submit(version, by=world.head)
    scenes.check(world, version, [world.department])
    row = version.agreements.get(unit=world.department)
    assert row.answering_unit == world.school
    with pytest.raises(Refused):
        sheet_steps.agree(row, by=world.head)
    sheet_steps.agree(row, by=world.dean)


def test_a_lawyer_does_not_agree_to_their_own_text_nor_their_deputy_in_their_name(world):
    scenes.people(world)
    own = scenes.document(world, by="asb", unit=world.university)
    version = scenes.put_file(Version(document=own)).add(by=world.asb)
    version.summary = "Заң кеңсесі жазды"
    Office.objects.create(
        person=world.legal, role=Role.QUALITY_COORDINATOR, unit=world.university, since=datetime.date(2020, 1, 1)
    )
    version.save_changes(by=world.legal)
    steps.submit(version, by=world.asb)
    scenes.check(world, version, checker="asb2")
    row = version.agreements.get(role="legal")
    today = timezone.localdate()
    Deputy.objects.create(principal=world.legal, deputy=world.hr, since=today, until=today, reason="Демалыс")
    for username in ("legal", "hr", "admin"):
        with pytest.raises(Refused):
            sheet_steps.agree(row, by=getattr(world, username))
    other = scenes.someone(world, "legal2", Role.LEGAL)
    sheet_steps.agree(row, by=other)
    assert row.state == "agreed"


def test_a_deputy_answers_in_the_heads_name(world):
    waiting = scenes.in_agreement(world, units=[world.other]).agreements.get(unit=world.other)
    today = timezone.localdate()
    Deputy.objects.create(principal=world.head2, deputy=world.staff2, since=today, until=today, reason="Демалыс")
    sheet_steps.agree(waiting, by=world.staff2)
    assert waiting.history.get(verb="agree").in_name_of == world.head2


def test_a_changed_checksum_ends_the_round(world):
    waiting = scenes.sheet(world)
    Agreement.objects.filter(pk=waiting.pk)  # the row holds the sum of the file that went round
    version = waiting.version
    steps.take_back(version, by=world.coordinator, reason="Түзетеміз")
    waiting.refresh_from_db()
    assert waiting.state == "void"
    with pytest.raises(NotNow):
        sheet_steps.agree(waiting, by=world.legal)


def test_a_party_that_is_let_go_does_not_hold_the_others_up(world):
    version = scenes.in_agreement(world, units=[world.other])
    sheet_steps.agree(version.agreements.get(role="legal"), by=world.legal)
    sheet_steps.release(version.agreements.get(unit=world.other), by=world.asb, reason="Бөлімшеге қатысы жоқ")
    version.refresh_from_db()
    assert version.state == "agreed"


def test_the_file_cannot_be_edited_while_it_goes_round(world):
    version = scenes.in_agreement(world)
    with pytest.raises(NotNow):
        scenes.put_file(version, scenes.PDF + b"% 2").save_changes(by=world.coordinator)


def test_the_form_is_checked_by_a_day_that_is_not_past(world):
    version = scenes.submitted(world)
    with pytest.raises(InputProblem):
        steps.check_form(version, by=world.asb, agree_by=scenes.tomorrow(-1))


def test_those_who_have_not_answered_are_reminded_before_and_after_the_day(world):
    version = scenes.in_agreement(world, units=[world.other])
    sheet_steps.agree(version.agreements.get(role="legal"), by=world.legal)
    due = version.agree_by
    sweep(due - datetime.timedelta(days=1))
    told = Notice.objects.filter(verb="documents.answer_due").values_list("person__username", flat=True)
    assert list(told) == ["head2"]
    sweep(due + datetime.timedelta(days=1))
    assert Notice.objects.filter(verb="documents.answer_due", person=world.head2).count() == 2


def test_the_register_shows_what_waits_for_me_and_takes_many_at_once(world, signed_in):
    rows = [scenes.sheet(world) for _n in range(3)]
    client = signed_in("legal")
    page = client.get("/documents/agreements/?waits_for_me=true")
    assert len(page.context["rows"]) == 3
    assert [step["name"] for step in page.context["bulk"]] == ["agree"]
    ids = [f"{row.pk}:{row.revision}" for row in rows]
    assert client.post("/documents/agreements/many/agree/", {"ids": ids, "confirmed": "1"}).status_code == 302
    assert Agreement.objects.filter(state="agreed").count() == 3
    assert Version.objects.filter(state="agreed").count() == 3


def test_whose_turn_it_is_finds_the_two_buttons_on_the_version(world, signed_in):
    row = scenes.sheet(world)
    agree = f"/documents/agreements/{row.pk}/agree/"
    assert agree in signed_in("legal").get(f"/documents/versions/{row.version_id}/").content.decode()
    assert agree not in signed_in("asb").get(f"/documents/versions/{row.version_id}/").content.decode()


def test_the_legal_office_is_let_go_only_while_nobody_there_may_answer(world):
    row = scenes.sheet(world)
    with pytest.raises(NotNow):
        sheet_steps.release(row, by=world.asb, reason="Қажет емес")
    Office.objects.filter(role=Role.LEGAL).update(until=datetime.date(2021, 1, 1))
    assert sheet_steps.release(row, by=world.asb, reason="Заңгер жоқ").state == "void"


def test_whoever_agreed_and_then_wrote_on_the_text_agrees_no_more(world):
    version = scenes.in_agreement(world, units=[world.school])
    sheet_steps.agree(version.agreements.get(unit=world.school), by=world.dean)
    sheet_steps.raise_objection(version.agreements.get(role="legal"), by=world.legal, reason="Түзетіңіз")
    version.refresh_from_db()
    version.summary = "Декан толықтырды"
    version.save_changes(by=world.dean)
    steps.submit(version, by=world.coordinator)
    scenes.check(world, version, [world.school])
    row = version.agreements.get(round=2, unit=world.school)
    assert (row.state, row.answering_unit) == ("waiting", None)
    with pytest.raises(Refused):
        sheet_steps.agree(row, by=world.dean)


def test_a_deputy_sends_back_in_the_name_of_the_office_whose_order_it_waits_for(world):
    version = scenes.approving(world)
    today = timezone.localdate()
    Deputy.objects.create(principal=world.rector, deputy=world.stranger, since=today, until=today, reason="Демалыс")
    steps.send_back(version, by=world.stranger, reason="Толықтырыңыз")
    assert version.history.filter(verb="send_back").first().in_name_of == world.rector


def test_a_text_that_one_wrote_is_not_among_those_to_check(world):
    version = scenes.draft(world, by="asb")
    steps.submit(version, by=world.coordinator)
    assert not Version.objects.to_check(world.asb).exists()
    assert Version.objects.to_check(world.asb2).exists()
