"""Seals: everybody who holds a paper can check it, and nobody can guess one."""

from __future__ import annotations

import pytest
from django.test import Client

from qa_portal.reports import seals
from qa_portal.reports.models import Seal

pytestmark = pytest.mark.django_db


def made(world, **fields) -> Seal:
    finding = world.finding()
    return seals.seal_for(finding, "test.paper", lambda: "Хаттама 3", lambda: [("Шешім", "Бекітілсін"), ("Негіз", 9)])


def test_the_page_shows_every_printed_field_without_signing_in(world):
    seal = made(world)
    page = Client().get(f"/verify/{seal.shown_code}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    for label, value in seal.fields["kk"]:
        assert label in text
        assert value in text
    assert seal.shown_code in text


def test_a_code_is_read_however_it_is_typed(world):
    seal = made(world)
    visitor = Client()
    for typed in (seal.code, seal.code.lower(), seal.shown_code.lower()):
        assert (
            visitor.get(f"/verify/{typed}/", follow=True).redirect_chain[-1][0].endswith(f"/verify/{seal.shown_code}/")
        )


def test_an_unknown_code_is_404_with_a_sentence(world):
    page = Client().get("/verify/AAAA-BBBB-CCCC/")
    assert page.status_code == 404
    assert "AAAA-BBBB-CCCC" in page.content.decode()


def test_a_second_printing_carries_the_same_seal(world):
    seal = made(world)
    again = seals.seal_for(seal.record, "test.paper", lambda: "Басқа", lambda: [])
    assert again == seal
    assert Seal.objects.get().fields["kk"] == [["Шешім", "Бекітілсін"], ["Негіз", "9"]]


def test_a_seal_is_written_once(world):
    seal = made(world)
    with pytest.raises(RuntimeError):
        seal.save()


def test_the_page_says_what_has_become_of_the_record(world, monkeypatch):
    seal = made(world)
    monkeypatch.setitem(seals._live, type(seal.record), lambda record: "Жоғары тұрған орган күшін жойды")
    assert "Жоғары тұрған орган күшін жойды" in Client().get(f"/verify/{seal.shown_code}/").content.decode()


def test_codes_are_long_and_of_letters_that_are_not_mistaken():
    codes = {seals.new_code() for _n in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 12 and not set(code) & set("0O1IL") for code in codes)
