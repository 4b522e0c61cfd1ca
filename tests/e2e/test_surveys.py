"""A survey of 2,000 students in a real browser: asked, answered, opened, reviewed, released, a finding, “we did”."""

from __future__ import annotations

import io

import openpyxl
import pytest

from .conftest import Portal
from .test_assessment import shell
from .test_documents import path_of

pytestmark = pytest.mark.e2e
INVITED, ANSWERED, IN_BROWSER = 2000, 1100, 3

TOKENS = """
from surveys.keys import token_for
from surveys.models import Invitation
rows = Invitation.objects.filter(survey__campaign={pk}, participated=False).order_by("respondent__email")[:{n}]
print("|".join(token_for(row.respondent_id) for row in rows))
"""
#: everybody else answers through the urn's own door, with answers judged as the page judges them
ANSWER = """
import random
from surveys import content, urn
from surveys.models import Campaign, Invitation
chance, campaign = random.Random(7), Campaign.objects.get(pk={pk})
sections = content.asked(campaign.content)
rows = list(Invitation.objects.filter(survey__campaign=campaign, participated=False).select_related("survey__campaign"))
chance.shuffle(rows)
for place, invitation in enumerate(rows[:{n}]):
    sent = {{}}
    for key, item in content.items_of(sections).items():
        if item.kind == "likert":
            sent[key] = chance.choice((1, 2, 2, 3, 4) if place % 2 else (2, 3, 4, 4, 5))
        elif item.kind == "rating":
            sent[key] = chance.randint(3, 10)
        elif item.kind in ("single", "multiple"):
            sent[key] = item.options[place % len(item.options)][0]
        elif item.kind == "text" and place % 40 == 0:
            sent[key] = f"Асханада кезек ұзақ, үзіліс қысқа ({{place}})"
    urn.put_in(invitation, content.judge(sections, sent).answers)
print(Invitation.objects.filter(survey__campaign=campaign, participated=True).count())
"""
COUNCIL_DECIDES = """
from qa_portal.bodies.authority import speaking_for
from qa_portal.people.models import Person
from surveys.models import Release
from surveys.workflow import releases
release = Release.objects.get(pk={pk})
releases.consider(release, by=speaking_for(Person.objects.get(username="council"), "academic_council"), basis="Академиялық кеңес, № 4 хаттама")
print(release.state)
"""
LEFT = """
from surveys.models import Envelope, TextAnswer, UrnOpening
from surveys.models.ballots import Ballot
opening = UrnOpening.objects.get(campaign={pk})
print(Envelope.objects.filter(survey__campaign={pk}).count(), Ballot.objects.filter(survey__campaign={pk}).count(), opening.participants)
"""
DAYS = """
import datetime
from django.utils import timezone
today = timezone.localdate()
print(today, today + datetime.timedelta(days=14), sep="|")
"""
SCHOOLS = """
from qa_portal.people.models import Unit
print("|".join(Unit.objects.filter(kind="school", closed_on=None).order_by("code").values_list("code", flat=True)))
"""
CLOSE_FINDING = """
from capa.models import Finding
from capa.workflow import finding as steps
from qa_portal.people.models import Person
finding = Finding.objects.get(number="{number}")
steps.correct(finding, by=Person.objects.get(username="asb"), correction="Асхана үзіліс уақытында екінші кассаны ашты")
finding.refresh_from_db()
steps.close(finding, by=Person.objects.get(username="sshayakhmetova"))
finding.refresh_from_db()
print(finding.state)
"""


def table(schools: list[str]) -> bytes:
    """2,000 students as the office hands them in."""
    book = openpyxl.Workbook()
    book.active.append(["name", "email", "language", "unit", "level", "year"])
    for number in range(INVITED):
        book.active.append(
            [
                f"Студент {number:04d}", f"s{number:04d}@students.example.org", "kk" if number % 3 else "ru",
                schools[number % len(schools)], "bachelor", number % 4 + 1,
            ]
        )  # fmt: skip
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def answer_in_browser(portal: Portal, browser, token: str, phone: bool) -> None:
    """A student opens the letter's link, walks the pages, changes the language on the way, sends, and is thanked."""
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    context = browser.new_context(viewport=size)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.goto(f"{portal.url}/answer/#{token}")
    page.wait_for_selector("form[action$='/survey/']")
    assert token not in page.url, "the token does not stay in the address"
    page.locator("form[action$='/survey/'] button[type=submit]").first.click()
    page.wait_for_selector("form[data-ask]")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "no sideways scroll"
    page.locator("form[data-ask] [data-next]").click()
    first = page.locator("form[data-ask] [data-item]:visible input[type=radio]").first
    first.check(force=True)
    page.locator("[data-language]:not([aria-current])").first.click()
    page.wait_for_timeout(300)
    assert first.is_checked(), "the answer stays when the language changes"
    for _page in range(30):
        if page.locator("[data-send-button]").is_visible():
            break
        page.locator("form[data-ask] [data-next]").click()
    page.locator("[data-send-button]").click()
    page.wait_for_selector("[data-when-new]:visible")
    assert page.evaluate("Object.keys(sessionStorage).filter(k => k.includes('draft')).length") == 0
    names = {cookie["name"] for cookie in context.cookies()}
    assert not any("session" in name for name in names), "answering makes no session"
    assert wrong == []
    context.close()


def test_two_thousand_students_are_asked_and_told_what_followed(portal, visitor, browser):  # noqa: PLR0915 - one long journey
    asb, quality = visitor("asb"), visitor("quality")
    schools = shell(portal, SCHOOLS).split("|")

    # Asked: a survey is prepared, its people come from a table, somebody else checks it, the opening is rehearsed.
    asb.open("/surveys/campaigns/add/")
    asb.pick("questionnaire", "Білім беру қызметінің жағдайы")
    asb.page.fill("input[name=name_kk]", "Оқу жағдайы туралы сауалнама")
    today, last = shell(portal, DAYS).split("|")
    asb.page.fill("input[name=opens_on]", today)
    asb.page.fill("input[name=closes_on]", last)
    for tree in asb.page.locator("input[name=trees]").all():
        tree.check(force=True)
    asb.send()
    campaign = path_of(asb, portal)
    pk = campaign.strip("/").split("/")[-1]
    asb.open(f"{campaign}roster/table/")
    asb.page.set_input_files(
        "input[type=file]",
        {"name": "students.xlsx", "mimeType": "application/octet-stream", "buffer": table(schools)},
    )
    asb.page.locator("main form button[type=submit]").last.click()
    asb.page.wait_for_selector("button[name=do][value=take]")
    asb.page.locator("button[name=do][value=take]").click()
    asb.page.wait_for_load_state()
    asb.open(campaign)
    asb.press_step("submit")
    press_yes(asb)
    quality.open(campaign)
    quality.press_step("check")
    quality.send()
    asb.open(campaign)
    asb.press_step("rehearse")
    asb.send()
    asb.open(campaign)
    asb.press_step("launch")
    if asb.page.locator("input[name=now]").count():
        asb.page.locator("input[name=now]").check(force=True)
    asb.send()
    wait_for_state(asb, campaign, "Жауаптар түсіп жатыр")

    # Answered: three in the browser, one of them on a phone; the others through the same door.
    for place, token in enumerate(shell(portal, TOKENS, pk=pk, n=IN_BROWSER).split("|")):
        answer_in_browser(portal, browser, token, phone=place == 0)
    assert int(shell(portal, ANSWER, pk=pk, n=ANSWERED - IN_BROWSER)) == ANSWERED
    words = asb.open(campaign).locator("main").inner_text()
    assert str(ANSWERED) not in words, "nobody counts exactly while the survey is open"

    # Opened: closed before its day with a reason, then all envelopes at once.
    asb.press_step("close")
    asb.page.fill("textarea[name=reason]", "Жауап жеткілікті, семестр аяқталды")
    asb.send()
    asb.open(campaign)
    asb.press_step("open-urn")
    asb.send()
    wait_for_state(asb, campaign, "Жәшік ашылды")
    assert shell(portal, LEFT, pk=pk) == f"0 {ANSWERED} {ANSWERED}"

    # Released: figures made by the worker, texts reviewed, a recommendation, sent, considered, published.
    asb.press_step("release")
    press_yes(asb)
    asb.open(campaign)
    release = asb.page.locator("main a[href*='/surveys/releases/']").first.get_attribute("href")
    number = release.strip("/").split("/")[-1]
    wait_for_step(asb, release, "add-recommendation")
    asb.open("/surveys/texts/")
    asb.page.locator("main a[href*='/surveys/texts/']").first.click()
    asb.page.wait_for_load_state()
    asb.page.locator("main a[href*='question=']").first.click()
    asb.page.wait_for_selector("[data-card]")
    for card in asb.page.locator("[data-card]").all():
        card.locator("input[value=shown]").check(force=True)
    asb.page.locator("form[data-review] button[type=submit]").click()
    asb.page.wait_for_load_state()
    asb.open(f"{release}results/")
    assert asb.page.locator("main svg").count() > 3
    asb.open(release)
    asb.press_step("add-recommendation")
    asb.page.fill("textarea[name=text]", "Асханада екінші касса ашу")
    asb.pick("unit", "АСБ")
    asb.send()
    asb.open(f"{release}edit/")
    asb.page.fill("textarea[name=summary_kk]", "Студенттердің жартысынан көбі жауап берді.")
    asb.page.fill("textarea[name=conclusions_kk]", "Ең төмен баға асханаға берілді.")
    asb.send()
    asb.open(release)
    asb.press_step("send")
    press_yes(asb)
    assert shell(portal, COUNCIL_DECIDES, pk=number)
    asb.open(release)
    asb.press_step("publish")
    press_yes(asb)
    guest = browser.new_context().new_page()
    guest.goto(f"{portal.url}/public/surveys/{number}/")
    assert "Оқу жағдайы туралы сауалнама" in guest.locator("main").inner_text()

    # A finding from the recommendation, closed; then those who said it are told.
    asb.open("/capa/signals/")
    finding = raise_finding(asb, portal, "Асханада екінші касса ашу")
    assert shell(portal, CLOSE_FINDING, number=finding) == "closed"
    asb.open("/surveys/loop-entries/waiting/")
    asb.page.locator(f"main a[href*='/loop-entries/add/?finding={finding}']").click()
    asb.page.wait_for_load_state()
    asb.page.fill("[name=said_kk]", "Асханада кезек ұзақ")
    asb.page.fill("[name=did_kk]", "Үзіліс кезінде екінші касса жұмыс істейді")
    asb.send()
    entry = path_of(asb, portal)
    asb.open(entry)
    asb.press_step("publish")
    press_yes(asb)
    guest.goto(f"{portal.url}/public/loop/")
    assert "Үзіліс кезінде екінші касса жұмыс істейді" in guest.locator("main").inner_text()


def press_yes(visitor) -> None:
    """Answer the question that a step asks, in its dialog or on its own page."""
    yes = visitor.page.locator("#ask button[value=yes]")
    if yes.count() and yes.is_visible():
        with visitor.page.expect_navigation():
            yes.click()
    elif visitor.page.locator("main form.form button[type=submit]").count():
        visitor.send()


def wait_for_state(visitor, path: str, *states: str) -> None:
    """Until the worker has done it."""
    for _try in range(120):
        visitor.open(path)
        if visitor.state() in states:
            return
        visitor.page.wait_for_timeout(1000)
    raise AssertionError(visitor.page.locator("main").inner_text()[:1500])


def wait_for_step(visitor, path: str, step: str) -> None:
    for _try in range(120):
        visitor.open(path)
        if visitor.page.locator(f".steps-bar [href$='/{step}/'], .steps-bar form[action$='/{step}/']").count():
            return
        visitor.page.wait_for_timeout(1000)
    raise AssertionError(visitor.page.locator("main").inner_text()[:1500])


def raise_finding(visitor, portal: Portal, words: str) -> str:
    """Make a finding of the waiting signal with these words; its number."""
    page = visitor.page
    page.locator("main li, main tr, main article", has_text=words).last.locator("a, button").first.click()
    page.wait_for_load_state()
    if page.locator("main form.form button[type=submit]").count():
        visitor.send()
    return shell(
        portal,
        "from capa.models import Finding\nprint(Finding.objects.order_by('-pk').first().number)",
    )
