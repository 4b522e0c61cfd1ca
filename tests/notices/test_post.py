"""The post room: one letter that cannot be sent stops no other, and a line break in a title breaks no subject."""

import pytest

from capa.models import Finding
from capa.workflow import finding as finding_steps
from qa_portal.notices.models import Letter, Notice
from qa_portal.notices.post import post
from qa_portal.notices.tasks import deliver_waiting
from qa_portal.notices.writing import letter

pytestmark = pytest.mark.django_db


def written(person, subject):
    made = letter(person, Letter.Kind.STEP, subject, "Мәтін", "/capa/")
    made.save()
    return made


@pytest.mark.parametrize("gap", ["\r", "\n", "\r\n", "\u2028", "\x0b"])
def test_subject_is_one_line_whatever_was_typed(world, mailoutbox, gap):
    made = written(world.head, f"Бірінші{gap}Bcc: evil@example.org")
    assert made.subject == "Бірінші Bcc: evil@example.org"
    assert post(made.pk)
    assert mailoutbox[0].subject == made.subject
    assert mailoutbox[0].bcc == []


def test_a_letter_that_cannot_be_sent_keeps_its_reason_and_stops_no_other(world, mailoutbox):
    type(world.head).objects.filter(username="head").update(email="head@example.org\r\nBcc: evil@example.org")
    poison, good = written(world.head, "Біріншісі"), written(world.staff, "Екіншісі")
    assert deliver_waiting() == 1
    poison.refresh_from_db()
    good.refresh_from_db()
    assert (poison.sent_at, poison.claimed_at) == (None, None)
    assert poison.problem
    assert good.sent_at
    assert [sent.to for sent in mailoutbox] == [["staff@example.org"]]


def test_line_break_in_a_title_reaches_neither_notice_nor_letter(world):
    Notice.objects.all().delete()
    finding_steps.cancel(world.finding(title="Бірінші\rекінші"), by=world.asb, reason="Қате")
    subjects = [*Notice.objects.values_list("subject", flat=True), *Letter.objects.values_list("subject", flat=True)]
    assert any("Бірінші екінші" in subject for subject in subjects), subjects
    assert not any("\r" in subject for subject in subjects)


@pytest.mark.parametrize("bad", ["а\rб", "а\nб", "а\x07б", "а\u2028б"])
def test_one_line_fields_refuse_control_characters(world, signed_in, bad):
    data = {
        "title": bad,
        "description": "Бірінші жол\r\nекінші жол",
        "unit": world.department.pk,
        "severity": "minor",
        "source_kind": "daily_work",
        "found_on": "2026-01-15",
    }
    client = signed_in("staff")
    answer = client.post("/capa/findings/add/", data)
    assert answer.status_code == 400
    assert 'id="id_title_error"' in answer.content.decode()
    assert client.post("/capa/findings/add/", {**data, "title": "а\tб"}).status_code == 302
    assert "екінші жол" in Finding.objects.get().description
