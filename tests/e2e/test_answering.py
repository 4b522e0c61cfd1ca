"""A respondent on a phone: from the link in the letter to thanks, in a browser that may lose its network on the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from surveys.models import Envelope
from tests.surveys import scenes_answering as scenes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session", autouse=True)
def _made_beside_the_browser() -> Iterator[None]:
    """Playwright runs a loop of its own in this thread; the records of the tests are made in it all the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    found = context.new_page()
    found.addresses, found.faults = [], []
    found.on("request", lambda request: found.addresses.append(request.url))
    found.on("pageerror", lambda fault: found.faults.append(str(fault)))
    yield found
    context.close()
    assert found.faults == []


def open_survey(page: Page, address: str, token: str) -> None:
    page.goto(f"{address}/answer/?lang=kk#{token}")
    page.click(".owed button")
    page.wait_for_selector("form.is-ready")


def test_from_the_letter_to_thanks_on_a_phone(live_server, page):
    token, _row = scenes.invited()
    open_survey(page, live_server.url, token)
    assert token not in page.url and not any(token in address for address in page.addresses)
    page.click("[data-next]")
    assert page.inner_text("[data-page-number]").startswith("1 / 2")
    assert not page.is_visible("[name='q.why']")
    page.check("[name='q.clear'][value='2']")
    page.fill("[name='q.why']", "Тым тез")
    page.click("[data-next]")
    page.check("[name='q.recommend'][value='8']")

    page.click("[data-language][value=ru]")  # another language: on the same page with the same answers
    page.wait_for_selector("html[lang=ru] form.is-ready")
    assert page.inner_text("[data-page-number]").startswith("2 / 2")
    assert page.input_value("[name='q.why']") == "Тым тез" and page.is_checked("[name='q.recommend'][value='8']")

    page.fill("[name='q.hours']", "900")
    page.click("[data-send-button]")
    page.wait_for_selector("#a-hours-wrong:not(:empty)")
    page.fill("[name='q.hours']", "9")

    page.context.set_offline(True)
    page.click("[data-send-button]")
    page.wait_for_selector("[data-told]:not([hidden])")
    assert Envelope.objects.count() == 0
    page.context.set_offline(False)
    page.dblclick("[data-send-button]")
    page.wait_for_selector("h1[data-when-new]")
    assert Envelope.objects.count() == 1
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('answer-draft'))") == []
    assert page.evaluate("Object.keys(localStorage)") == []
    page.click("form[data-list] button")
    page.wait_for_selector(".received")
    assert page.evaluate("Object.keys(sessionStorage)") == []  # nothing is owed: the code is forgotten


def test_a_tab_that_is_loaded_anew_keeps_what_was_typed(live_server, page):
    token, _row = scenes.invited()
    open_survey(page, live_server.url, token)
    page.click("[data-next]")
    page.check("[name='q.clear'][value='5']")
    page.goto(f"{live_server.url}/answer/")  # the code is this tab's, and so is the draft
    page.click(".owed button")
    page.wait_for_selector("form.is-ready")
    assert page.is_checked("[name='q.clear'][value='5']")
    page.click("[name='q.clear'][value='5']")  # chosen once more, it is taken back
    assert not page.is_checked("[name='q.clear'][value='5']")
    page.go_back()  # before the questions stands the list
    page.wait_for_selector(".owed")
    page.reload()
    page.wait_for_selector(".owed")


def test_by_keyboard_alone(live_server, page):
    token, row = scenes.invited(
        scenes.survey(scenes.campaign(content=scenes.content(scenes.section("s", scenes.item("a")))))
    )
    open_survey(page, live_server.url, token)
    page.focus("[data-next]")
    page.keyboard.press("Enter")
    page.focus("[name='q.a'][value='1']")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("[name='q.a'][value='2']")
    page.focus("[data-send-button]")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1[data-when-new]")
    row.refresh_from_db()
    assert row.participated
