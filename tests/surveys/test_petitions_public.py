"""What anybody sends from outside: the receipt code, the thread, and that nothing is kept of who came and when."""

from __future__ import annotations

import io
import logging
import re

import pytest
import structlog
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from PIL import Image

from qa_portal.notices.models import Letter, Notice
from qa_portal.policy.models import PolicyValue
from qa_portal.workflow.models import Entry
from surveys import receipts, receiving
from surveys.models import Petition, PetitionFile, PetitionMessage
from surveys.workflow import petitions as steps

from . import scenes_petitions as scenes

pytestmark = pytest.mark.django_db
SEND, THREAD = "/public/petitions/", "/public/petitions/thread/"


@pytest.fixture(autouse=True)
def _no_counts_of_others():
    scenes.forget_counters()
    yield
    scenes.forget_counters()


def code_of(answer) -> str:
    return re.search(r"data-receipt>([0-9A-Z-]+)<", answer.content.decode())[1]


def sent(world, client=None, **fields):
    answer = (client or Client()).post(SEND, scenes.typed(world, **fields))
    assert answer.status_code == 200, answer.context["form"].errors
    return answer


# -- the code ------------------------------------------------------------------------------------------
def test_a_code_has_128_bits_and_no_letters_that_are_taken_for_others():
    code = receipts.new_code()
    assert len(code) == 26 and set(code) <= set(receipts.SIGNS)
    assert not set("ILOU") & set(receipts.SIGNS)
    assert 32**25 < 2**receipts.BITS <= 32**26
    assert receipts.new_code() != code
    assert receipts.shown(code).replace("-", "") == code
    assert receipts.read(receipts.shown(code).lower()) == code
    assert receipts.read(f"  {receipts.shown(code)}\n") == code


def test_look_alikes_are_read_as_meant_and_nonsense_as_nothing():
    assert receipts.read("l1iIoO0АВЕКМНОРСТХ" + "Z" * 8) == "1111000ABEKMH0PCTX" + "Z" * 8
    for text in ("", "ABC", "U" * 26, "A" * 27, "A" * 25 + "!"):
        assert receipts.read(text) == ""


def test_a_code_that_a_visitor_made_up_is_not_taken(world):
    own = "A" * 26
    for forged in (own, f"{own}:xyz", "", receipts.sealed(own)[:-1] + "!"):
        assert code_of(sent(world, receipt=forged)).replace("-", "") != own


# -- sending ---------------------------------------------------------------------------------------------
def test_without_a_name_nothing_of_a_signed_in_person_is_kept(world, signed_in):
    client = signed_in("staff")
    answer = sent(world, client, name="Staff Әсел", email="staff@example.org", phone="+7 700")
    petition = Petition.objects.get()
    assert (petition.anonymous, petition.author, petition.created_by) == (True, None, None)
    assert (petition.name, petition.email, petition.phone) == ("", "", "")
    assert petition.number in answer.content.decode()
    entry = petition.history.get()
    assert (entry.verb, entry.by, entry.in_name_of) == ("add", None, None)
    assert not Petition.objects.visible_to(world.staff).exists()
    everything = " ".join(
        str(value)
        for model in (Petition, PetitionMessage, PetitionFile, Entry, Notice, Letter)
        for row in model._base_manager.values()
        for value in row.values()
    )
    assert "staff@example.org" not in everything and "Staff" not in everything
    assert client.get("/accounts/2fa/").status_code in (200, 302)  # the person is still signed in


def test_days_and_no_hours_for_whoever_gave_no_name(world):
    sent(world)
    petition = Petition.objects.get()
    steps.register(petition, by=world.asb, kind="complaint", unit=world.department.pk)
    steps.write_on.run(petition, steps.SYSTEM, {"text": "Тағы бір сөз"})
    petition.refresh_from_db()
    moments = [petition.created_at, petition.changed_at, *petition.history.values_list("at", flat=True)]
    assert len(moments) == 5
    for moment in map(timezone.localtime, moments):
        assert (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
        assert moment.date() == timezone.localdate()
    # In the order in which it happened, although the hours are gone.
    assert list(petition.history.values_list("verb", flat=True)) == ["write_on", "register", "add"]


def test_by_name_the_hour_is_kept_as_of_every_record(world):
    petition = scenes.received(world)
    moment = timezone.localtime(petition.created_at)
    assert moment.microsecond or moment.second or moment.minute


def test_nobody_is_told_at_the_minute_when_somebody_without_a_name_writes(world):
    scenes.officer(world, "clerk")
    answer = sent(world)
    scenes_code = code_of(answer)
    Client().post(THREAD, {"code": scenes_code, "do": "write_on", "text": "Тағы"})
    assert not Notice.objects.exists() and not Letter.objects.exists()


def test_by_name_the_chancellery_is_told_with_the_number_alone(world):
    scenes.officer(world, "clerk")
    sent(world, who="name", name="Айгүл", email="aigul@example.org")
    notice = Notice.objects.get(person__username="clerk")
    assert Petition.objects.get().number in notice.subject
    assert "Желдеткіш" not in notice.subject + notice.body + Letter.objects.get().text


def test_signed_in_and_by_name_it_is_theirs(world, signed_in):
    sent(world, signed_in("staff"), who="name", name="Әсел")
    petition = Petition.objects.get()
    assert (petition.author, petition.created_by, petition.anonymous) == (world.staff, world.staff, False)
    page = signed_in("staff").get("/surveys/petitions/?mine=true").content.decode()
    assert petition.number in page


def test_a_form_sent_again_finds_its_petition(world):
    data = scenes.typed(world)
    first, second = Client().post(SEND, data), Client().post(SEND, data)
    assert code_of(first) == code_of(second)
    assert Petition.objects.count() == 1


def test_only_the_hash_of_the_code_is_kept(world):
    code = code_of(sent(world)).replace("-", "")
    petition = Petition.objects.get()
    assert petition.code_hash == receipts.hash_of(code)
    assert code not in str(list(Petition.objects.values())) + str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"subject": ""}, "subject"),
        ({"kind": "нет"}, "kind"),
        ({"text": "x" * 20001}, "text"),
        ({"unit": "999999"}, "unit"),
        ({"area": "S99"}, "area"),
        ({"who": "name", "name": ""}, "name"),
        ({"who": "name", "name": "А", "email": "жоқ"}, "email"),
        ({"who": ""}, "who"),
        ({"website": "http://spam.example"}, "website"),
        ({"subject": "екі\nжол"}, "subject"),
    ],
)
def test_bad_input_keeps_what_was_typed(world, fields, wrong):
    answer = Client().post(SEND, scenes.typed(world, **fields))
    assert answer.status_code == 400
    assert wrong in answer.context["form"].errors
    if wrong != "text":
        assert scenes.TEXT in answer.content.decode()
    assert not Petition.objects.exists()


def test_a_flood_is_held_up_and_what_was_typed_stays(world):
    PolicyValue.objects.create(
        key="surveys.petition_flood", value=5, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    for _n in range(5):
        sent(world)
    answer = Client().post(SEND, scenes.typed(world))
    assert answer.status_code == 429
    assert scenes.TEXT in answer.content.decode()
    assert Petition.objects.count() == 5


# -- nothing is kept of the visit ------------------------------------------------------------------------
def test_no_session_begins_and_nothing_stands_in_a_cache(world):
    client = Client()
    for answer in (client.get(SEND), sent(world, client), client.get(THREAD), client.post(THREAD, {"code": "x"})):
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not Session.objects.exists()
    assert "sessionid" not in client.cookies


def test_lines_of_the_log_name_nobody(world, signed_in):
    lines = []

    class Kept(logging.Handler):
        def emit(self, record):
            lines.append(str(record.msg) + str(structlog.contextvars.get_contextvars()) + str(vars(record)))

    handler, logger = Kept(), logging.getLogger("django_structlog")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        client = signed_in("staff")
        visitor = {"REMOTE_ADDR": "203.0.113.7", "HTTP_USER_AGENT": "Planted/1.0"}
        client.get(f"{SEND}?kind=ethics", **visitor)
        client.post(SEND, scenes.typed(world), **visitor)
        client.post(SEND, scenes.typed(world, subject=""), **visitor)
        client.post(THREAD, {"code": "x"}, **visitor)
        assert lines
        quiet = " ".join(lines)
        lines.clear()
        client.get("/surveys/petitions/", **visitor)
        assert "203.0.113.7" in " ".join(lines)  # the test would see it
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    for word in ("203.0.113.7", "Planted", "kind=ethics", scenes.TEXT, f"'user_id': {world.staff.pk}"):
        assert word not in quiet, word


def test_a_fault_of_ours_says_nothing_of_what_was_written(world, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError(scenes.TEXT)

    monkeypatch.setattr(receiving, "receive", broken)
    with caplog.at_level(logging.DEBUG):
        answer = Client(raise_request_exception=False).post(SEND, scenes.typed(world))
    assert answer.status_code == 500
    assert scenes.TEXT not in caplog.text


def test_pages_say_who_will_read_it(world):
    page = Client().get(SEND)
    assert len(page.context["kinds"]) == len(Petition.Kind.choices)
    for kind in page.context["kinds"]:
        assert str(kind["readers"]) in page.content.decode()


# -- looking up --------------------------------------------------------------------------------------------
def test_the_code_opens_the_thread_both_ways(world):
    code = code_of(sent(world))
    petition = Petition.objects.get()
    steps.register(petition, by=world.asb, kind="complaint", unit=world.department.pk)
    steps.assign(petition, by=world.asb, owner=world.staff.pk)
    steps.ask(petition, by=world.staff, text="Қай кабинет?")
    client = Client()
    page = client.post(THREAD, {"code": code.lower()}).content.decode()
    assert "Қай кабинет?" in page and scenes.TEXT in page
    assert world.staff.last_name not in page  # the author reads “the university”
    said = {"code": code, "do": "write_on", "text": "305-кабинет"}
    for _n in range(2):  # sent again after a lost reply
        assert "305-кабинет" in client.post(THREAD, said).content.decode()
    message = petition.messages.get(from_author=True)
    assert (message.text, message.by, message.on) == ("305-кабинет", None, timezone.localdate())
    steps.answer(petition, by=world.staff, outcome="implemented", note="Ауыстырылды", link="https://example.org/f")
    page = client.post(THREAD, {"code": code}).content.decode()
    assert "Ауыстырылды" in page and "https://example.org/f" in page
    assert client.post(THREAD, {"code": code, "do": "withdraw"}).status_code == 409


def test_withdrawing_by_code(world):
    code = code_of(sent(world))
    assert Client().post(THREAD, {"code": code, "do": "withdraw"}).status_code == 200
    petition = Petition.objects.get()
    assert petition.state == Petition.WITHDRAWN
    answer = Client().post(THREAD, {"code": code, "do": "write_on", "text": "Жоғалмайтын"})
    assert answer.status_code == 409
    assert "Жоғалмайтын" in answer.content.decode()


def test_wrong_codes_open_nothing_and_right_ones_open_even_in_a_storm(world, monkeypatch):
    code = code_of(sent(world))
    monkeypatch.setattr(receiving, "MOST_WRONG", 2)
    answers = [Client().post(THREAD, {"code": receipts.new_code()}).status_code for _n in range(3)]
    assert answers == [400, 400, 429]
    assert Client().post(THREAD, {"code": "жоқ"}).status_code == 429
    assert Client().post(THREAD, {"code": code}).status_code == 200


def test_an_author_writes_so_often_a_day(world):
    PolicyValue.objects.create(
        key="surveys.petition_letters_a_day", value=1, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    code = code_of(sent(world))
    answers = [
        Client().post(THREAD, {"code": code, "do": "write_on", "text": f"{n}-хат"}).status_code for n in range(2)
    ]
    assert answers == [200, 409]


def test_csrf_is_asked(world):
    assert Client(enforce_csrf_checks=True).post(SEND, scenes.typed(world)).status_code == 403


# -- letters to an address ----------------------------------------------------------------------------------
def test_letters_to_an_address_carry_the_number_and_never_the_code_or_the_words(
    world, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        code = code_of(sent(world, who="name", name="Айгүл", email="aigul@example.org", kind="ethics"))
        petition = Petition.objects.get()
        steps.register(petition, by=scenes.officer(world, "compliance"), kind="ethics")
    assert [letter.to for letter in mailoutbox] == [["aigul@example.org"]] * 2
    for letter in mailoutbox:
        assert petition.number in letter.subject
        whole = letter.subject + letter.body
        assert code not in whole and code.replace("-", "") not in whole
        assert scenes.TEXT not in whole and "Желдеткіш" not in whole
        assert THREAD in whole


def test_a_letter_is_never_written_to_somebody_without_a_name(world, monkeypatch):
    from surveys.petition_letters import write_letter  # noqa: PLC0415

    petition = scenes.anonymous(world)
    monkeypatch.setattr(EmailMessage, "send", lambda self: pytest.fail("a letter left"))
    assert write_letter(petition.pk, "answer") is False


# -- files --------------------------------------------------------------------------------------------------
def photo() -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Planted Author"
    Image.new("RGB", (40, 20), "red").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def test_files_come_cleaned_under_a_name_that_tells_nothing(world, signed_in):
    sent(world, attachments=[SimpleUploadedFile("Оспанова А.jpg", photo()), SimpleUploadedFile("note.txt", b"hello")])
    petition = Petition.objects.get()
    rows = list(petition.files.all())
    assert [row.name for row in rows] == ["1.jpg", "2.txt"]
    kept = rows[0].file.read()
    assert b"Planted" not in kept and len(kept) == rows[0].size
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    assert rows[0].file.storage.get_modified_time(rows[0].file.name).timestamp() == midnight
    address = f"/surveys/petitions/{petition.pk}/files/{rows[0].pk}/"
    assert signed_in("asb").get(address).status_code == 200
    assert signed_in("stranger").get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["a.zip", "a.mp3", "a.exe", "a.csv"])
def test_kinds_that_cannot_be_cleaned_are_not_taken_without_a_name(world, name):
    answer = Client().post(SEND, scenes.typed(world, attachments=[SimpleUploadedFile(name, b"a;b\n1;2")]))
    assert answer.status_code == 400
    assert "attachments" in answer.context["form"].errors
    assert not Petition.objects.exists()


def test_too_many_or_too_large_files_are_refused_and_the_text_stays(world):
    PolicyValue.objects.create(
        key="surveys.petition_file_mb", value=1, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]
    large = [SimpleUploadedFile("1.pdf", b"%PDF-1.4" + b"0" * 1_200_000)]
    for files in (many, large):
        answer = Client().post(SEND, scenes.typed(world, attachments=files))
        assert answer.status_code == 400
        assert scenes.TEXT in answer.content.decode()
    huge = [SimpleUploadedFile("1.pdf", b"%PDF-1.4" + b"0" * 10_000_000)]
    assert Client().post(SEND, scenes.typed(world, attachments=huge)).status_code == 413
    assert not Petition.objects.exists()


def test_what_arrives_is_never_written_to_a_disk_uncleaned(world, monkeypatch):
    import tempfile  # noqa: PLC0415

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *a, **k: pytest.fail("a file of its own"))
    big = photo() + b"\x00" * 3_000_000  # more than Django keeps in memory by itself
    sent(world, attachments=[SimpleUploadedFile("a.jpg", big)])
    assert Petition.objects.get().files.get().size < 10_000
