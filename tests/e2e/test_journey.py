"""The main journey in a real browser, in Kazakh and in Russian: finding → plan → approval → proof → effect → told."""

from __future__ import annotations

import datetime
import re
import time

import pytest

pytestmark = pytest.mark.e2e

WORDS = {
    "kk": {
        "submitted": "Бекітуге жіберілді",
        "in_progress": "Орындалуда",
        "closed": "Жабылды, нәтижелі",
        "loop": "Жабылды",
    },
    "ru": {
        "submitted": "На утверждении",
        "in_progress": "Выполняется",
        "closed": "Закрыто, результативно",
        "loop": "Закрыто",
    },
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_loop_is_walked_and_the_reporter_is_told(portal, visitor, language):
    words = WORDS[language]
    title = f"Силлабустар кеш жүктелді ({language})"

    # Staff reports; ASB sets severity and requirement.
    staff = visitor("staff", language)
    staff.open("/capa/findings/add/")
    staff.page.fill("input[name=title]", title)
    staff.page.fill("textarea[name=description]", "Үш пәннің силлабусы сабақ басталған соң жүктелді.")
    staff.pick("unit", "Ішкі аурулар" if language == "kk" else "Внутренние болезни")
    staff.send()
    address = re.sub(r"\?.*", "", staff.page.url.removeprefix(portal.url))
    assert re.fullmatch(r"/capa/findings/\d+/", address), staff.page.inner_text("main")

    asb = visitor("asb", language)
    asb.open(f"{address}edit/")
    asb.pick("severity", "Елеулі" if language == "kk" else "Значительное")
    asb.pick("requirement", "S3.R2")
    asb.send()
    assert "S3.R2" in asb.page.inner_text("main")

    # The department drafts a plan with an action and submits it.
    staff.open(address)
    staff.page.locator("a[href*='/capa/plans/add/']").click()
    staff.page.fill("textarea[name=cause]", "Кестеде жауапты адам жоқ.")
    staff.send()
    plan = staff.page.url.removeprefix(portal.url)
    staff.page.locator("a[href*='/capa/actions/add/']").click()
    staff.page.fill("textarea[name=text]", "Силлабусты жүктеу кестесін бекіту")
    staff.pick("owner", "Әлімжанова" if language == "kk" else "Алимжанова")
    staff.page.fill("input[name=due]", (datetime.date.today() + datetime.timedelta(days=9)).isoformat())
    staff.page.fill("input[name=expected_proof]", "Бекітілген кесте")
    staff.send()
    staff.press_step("submit")
    assert staff.state() == words["submitted"]
    # Whoever submitted sees the approval button refused, with the reason.
    assert staff.page.locator("#why-approve").count() == 1

    # The head approves the item from the list, many at once.
    head = visitor("head", language)
    head.open("/capa/actions/?waits_for_me=true")
    row = head.page.locator("tr", has_text="Силлабусты жүктеу кестесін бекіту").first
    row.locator("input[name=ids]").check()
    head.page.locator("button[formaction$='/many/approve/']").click()
    head.page.wait_for_load_state()
    head.open(plan)
    assert head.state() == words["in_progress"]

    # Carried out with a file; without one the form says so and keeps the text.
    staff.open(plan)
    staff.page.locator("#actions a", has_text="Силлабусты жүктеу").click()
    staff.press_step("carry-out")
    staff.page.fill("textarea[name=note]", "Кесте бекітілді, кафедраға таратылды.")
    staff.send()
    assert staff.page.input_value("textarea[name=note]") == "Кесте бекітілді, кафедраға таратылды."
    staff.page.set_input_files(
        "input[name=file]", {"name": "Кесте — хаттама.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    staff.send()
    assert "Кесте — хаттама.pdf" in staff.page.inner_text("main")

    # ASB verifies and names an independent person; that person checks the effect.
    asb.open(plan)
    asb.press_step("verify")
    asb.page.fill("input[name=check_on]", datetime.date.today().isoformat())
    asb.pick("checker", "Ахметжанов")
    asb.send()
    auditor = visitor("auditor", language)
    auditor.open(plan)
    auditor.press_step("check-effect")
    auditor.page.check("input[name=effective][value=true]")
    auditor.page.fill("textarea[name=note]", "Келесі айда барлық силлабус мерзімінде.")
    auditor.send()
    assert auditor.state() == words["closed"]

    # The finding is closed and the reporter is told, in the portal and by a real letter.
    staff.open(address)
    assert staff.state() == words["loop"]
    staff.open("/notices/")
    assert title in staff.page.inner_text("main")
    assert letter_came(staff, "staff", title)


def letter_came(visitor, username: str, title: str) -> bool:
    """The worker hands the letter to the mailbox; the demo shows it at /letters/."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        visitor.open("/letters/")
        subjects = visitor.page.inner_text("main")
        if title in subjects:
            return True
        time.sleep(1)
    return False


def test_the_paper_is_printed_by_the_worker(portal, visitor):
    asb = visitor("asb")
    asb.open("/capa/plans/?state=closed")
    plan = asb.page.locator("table.listing tbody a").first.get_attribute("href")
    for language in ("kk", "ru", "en"):
        answer = asb.page.request.get(f"{portal.url}{plan}print/?lang={language}", timeout=40000)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF")


def test_lost_session_keeps_what_was_typed(portal, visitor):
    staff = visitor("staff")
    staff.open("/capa/findings/add/")
    staff.page.fill("input[name=title]", "Жоғалмауы керек мәтін")
    staff.page.fill("textarea[name=description]", "Ұзақ сипаттама")
    staff.page.wait_for_timeout(1500)
    staff.page.context.clear_cookies(name="sessionid")
    staff.page.locator("main form.form button[type=submit]").first.click()
    staff.page.wait_for_load_state()
    staff.page.fill("input[name=login]", "staff")
    staff.page.fill("input[name=password]", "demo")
    staff.page.press("input[name=password]", "Enter")
    staff.page.wait_for_load_state()
    staff.open("/capa/findings/add/")
    restore = staff.page.locator("[data-draft-use]")
    restore.wait_for(timeout=5000)
    restore.click()
    assert staff.page.input_value("input[name=title]") == "Жоғалмауы керек мәтін"


def test_double_press_makes_one_finding(portal, visitor):
    staff = visitor("staff")
    staff.open("/capa/findings/add/")
    title = "Екі рет басылған хабарлама"
    staff.page.fill("input[name=title]", title)
    staff.page.fill("textarea[name=description]", "Сипаттама")
    staff.pick("unit", "Ішкі аурулар")
    staff.page.evaluate(
        "const f = document.querySelector('main form.form'); const d = new FormData(f); window.sent = Promise.all([fetch(f.action || location.href, {method: 'POST', body: d}), fetch(f.action || location.href, {method: 'POST', body: d})]).then(a => a.map(r => r.url))"
    )
    urls = staff.page.evaluate("window.sent")
    assert urls[0] == urls[1]
    staff.open("/capa/findings/?mine=true&q=" + "Екі рет басылған")
    assert staff.page.locator("tbody tr").count() == 1


@pytest.mark.parametrize(
    "path", ["/", "/capa/findings/", "/capa/actions/", "/standards/", "/capa/findings/add/", "/people/"]
)
@pytest.mark.parametrize("username", ["head"])
def test_no_sideways_scroll_on_a_phone(visitor, username, path):
    person = visitor(username, "kk", phone=True)
    person.open(path)
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 390
