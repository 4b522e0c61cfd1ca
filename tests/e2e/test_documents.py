"""A regulation from first draft to readers in a real browser: objection, agreement, two bodies, acquaintance, version 2.0, a changed law."""

from __future__ import annotations

import datetime
import re

import pytest

from qa_portal.demo.typeset import pdf

pytestmark = pytest.mark.e2e

TITLE = "Клиникалық дағдыларды бағалау ережесі"
SECTION = "2-бөлім"
COUNCIL = ("board", "council", "member1", "member2", "member3", "member4", "member5", "member6", "student")


def paper(words: str) -> dict:
    return {"name": "Ереже.pdf", "mimeType": "application/pdf", "buffer": pdf([(TITLE, 16), (words, 11)])}


def choose(visitor, name: str, *words: str) -> None:
    """Tick options of a list with several answers, as the searchable field does."""
    visitor.page.locator(f"select[name={name}]").evaluate(
        "(s, words) => { for (const o of s.options) if (words.some(w => o.text.includes(w))) o.selected = true;"
        " s.dispatchEvent(new Event('change', {bubbles: true})); }",
        list(words),
    )


def confirm(visitor, step: str) -> None:
    """A step that asks “are you sure” first."""
    visitor.press_step(step)
    with visitor.page.expect_navigation():
        visitor.page.locator("#ask button[value=yes]").click()


def path_of(visitor, portal) -> str:
    return re.sub(r"\?.*", "", visitor.page.url.removeprefix(portal.url))


def answer(visitor, version: str, step: str, reason: str = "") -> None:
    """Answer on the approval sheet of that version."""
    visitor.open(version)
    visitor.page.locator(f"main a[href*='/documents/agreements/'][href$='/{step}/']").first.click()
    visitor.page.wait_for_load_state()
    if reason:
        visitor.page.fill("textarea[name=reason]", reason)
    visitor.send()


def agenda_item(portal, secretary, version: str, body: str, question: str) -> tuple[str, str]:
    """The secretary calls a meeting and puts the version on its agenda; members are invited."""
    secretary.open("/bodies/meetings/add/")
    secretary.pick("body", body)
    starts = (datetime.datetime.now() + datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    secretary.page.fill("input[name=starts_at]", starts)
    secretary.page.fill("input[name=venue]", "Бас ғимарат, 201-зал")
    secretary.send()
    meeting = path_of(secretary, portal)
    number = re.search(r"№ (\d+)", secretary.page.inner_text("main")).group(1)
    secretary.open(version)
    secretary.page.locator("main a[href*='/bodies/items/add/']").first.click()
    secretary.page.fill("input[name=title]", question)
    secretary.page.fill("textarea[name=draft_decision]", "Ереже бекітілсін.")
    secretary.send()
    item = path_of(secretary, portal)
    secretary.press_step("put-on-agenda")
    secretary.pick("meeting", f"№ {number} ")
    secretary.send()
    secretary.open(meeting)
    secretary.press_step("invite")
    return meeting, item


def begin(secretary, portal, meeting: str, people: tuple[str, ...]) -> None:
    """Open the meeting with those who have come."""
    names = portal.manage(
        "shell", "-v0", "-c",
        "from qa_portal.people.models import Person\n"
        f"print('|'.join(p.get_full_name() for p in Person.objects.filter(username__in={list(people)!r})))",
    )  # fmt: skip
    secretary.open(meeting)
    secretary.press_step("begin")
    secretary.page.locator("main form.form").evaluate(
        "(f, names) => { for (const box of f.querySelectorAll('input[name=present]'))"
        " box.checked = names.some(n => box.closest('label').innerText.includes(n)); }",
        names.strip().splitlines()[-1].split("|"),
    )
    secretary.send()


def record_the_rest(secretary, item: str) -> None:
    """The secretary enters «for» for whoever has come and has not voted yet."""
    while True:
        secretary.open(f"{item}record-vote/")
        seats = secretary.page.locator("select[name=seat] option:not([value=''])")
        if not seats.count():
            return
        value = seats.first.get_attribute("value")
        secretary.page.locator("select[name=seat]").evaluate(
            "(s, v) => { s.value = v; s.dispatchEvent(new Event('change', {bubbles: true})); }", value
        )
        secretary.page.locator("input[name=choice][value=for]").check(force=True)
        secretary.send()


def in_force(portal, version: str) -> str:
    return portal.manage(
        "shell", "-v0", "-c",
        "from qa_portal.documents.models import Version\n"
        f"v = Version.objects.get(pk={version.strip('/').split('/')[-1]})\n"
        "print(v.state, v.acquaintances.count(), v.document_id, v.document.number)",
    ).strip().splitlines()[-1]  # fmt: skip


def test_a_regulation_comes_into_force_is_read_renewed_and_reviewed(portal, visitor):  # noqa: PLR0915 - one long journey
    # The rector lets regulations pass the Council before the Board: the route is a setting.
    portal.manage(
        "shell", "-v0", "-c",
        "from qa_portal.documents.models import DocumentKind, RouteStop\n"
        "k = DocumentKind.objects.get(code='rules'); k.stops.all().delete()\n"
        "[RouteStop.objects.create(kind=k, place=n, authority=a) for n, a in enumerate(('academic_council', 'board'), 1)]",
    )  # fmt: skip

    # The department drafts: one form for document and first text, then the provisions.
    staff = visitor("staff")
    staff.open("/documents/documents/add/")
    staff.pick("kind", "Ережелер мен қағидалар")
    staff.page.fill("input[name=title_kk]", TITLE)
    choose(staff, "basis", "Білім туралы")
    staff.page.set_input_files("input[name=file]", paper("Бағалау критерийлері әр кафедрада бөлек белгіленеді."))
    staff.send()
    document = path_of(staff, portal)
    assert TITLE in staff.page.inner_text("main")
    version = staff.page.locator("main a[href*='/documents/versions/']").first.get_attribute("href")
    staff.open(f"{version}edit/")
    for field in staff.page.locator("input[name^=provision_]").all():
        field.fill(SECTION)
    staff.send()
    staff.press_step("submit")

    # Form check; Legal objects, the other department agrees: the text goes back with the reason.
    asb = visitor("asb")

    def ask_for_agreement() -> None:
        asb.open(version)
        asb.press_step("check-form")
        choose(asb, "units", "Қоғамдық денсаулық")
        asb.send()

    ask_for_agreement()
    legal, head2 = visitor("legal"), visitor("head2")
    answer(legal, version, "raise-objection", "3-тармақ Академиялық саясатқа қайшы.")
    answer(head2, version, "agree")
    staff.open(version)
    assert staff.state() == "Пысықтауға қайтарылды"
    assert "3-тармақ Академиялық саясатқа қайшы." in staff.page.inner_text("main")

    # Corrected, agreed by both, sent to approval.
    staff.open(f"{version}edit/")
    staff.page.set_input_files("input[name=file]", paper("Бағалау критерийлері бірыңғай парақпен белгіленеді."))
    staff.send()
    staff.press_step("submit")
    ask_for_agreement()
    answer(legal, version, "agree")
    answer(head2, version, "agree")
    staff.open(version)
    assert staff.state() == "Келісілді"
    staff.press_step("send-to-approval")

    # The Academic Council: one votes for, one abstains, one steps aside, the secretary records the others.
    council = visitor("council")
    meeting, item = agenda_item(portal, council, version, "Академиялық", f"{TITLE}: қарау")
    begin(council, portal, meeting, COUNCIL)
    council.open(item)
    council.press_step("open-vote")
    for username, choice in (("member1", "for"), ("member2", "abstained")):
        member = visitor(username)
        member.open(meeting)
        with member.page.expect_navigation():
            member.page.locator(f"button[name=choice][value={choice}]").first.click()
        assert "Сіз дауыс бердіңіз" in member.page.inner_text("main")
    aside = visitor("member3")
    aside.open(meeting)
    aside.page.locator(".ballot details summary").click()
    aside.page.fill(".ballot input[name=reason]", "Құжатты әзірлеуге кеңес бердім")
    with aside.page.expect_navigation():
        aside.page.locator(".ballot details button").click()
    record_the_rest(council, item)
    council.open(item)
    confirm(council, "close-vote")
    assert in_force(portal, version).split()[0] == "approving"
    council.page.locator("main a[href*='/bodies/decisions/']").first.click()
    council.page.wait_for_load_state()
    shown = council.page.inner_text("main")
    assert "Қабылданды" in shown
    decision = path_of(council, portal)
    assert "9" in council.page.locator("main").inner_text()  # the base: all who came

    # The Board has the last word: the document is in force, with its number, and everybody is asked to read it.
    meeting, item = agenda_item(portal, council, version, "Басқарма", f"{TITLE}: бекіту")
    begin(council, portal, meeting, ("chair", "board", "babduvaliyev", "rbaitenova", "dsharipov", "council"))
    council.open(item)
    council.press_step("open-vote")
    record_the_rest(council, item)
    council.open(item)
    confirm(council, "close-vote")
    state, asked, _pk, number = in_force(portal, version).split(maxsplit=3)
    assert state == "in_force"
    assert int(asked) >= 175  # 180 people, the external expert and the administrator not among them
    assert number.startswith("ЕҚ-")
    # The minutes are signed by the chair and the secretary; the extract carries a code that anybody can check.
    council.open(meeting)
    confirm(council, "close")
    confirm(council, "sign")
    chair = visitor("chair")
    chair.open(meeting)
    confirm(chair, "sign")
    chair.open(item)
    board_decision = chair.page.locator("main a[href*='/bodies/decisions/']").first.get_attribute("href")
    printed = chair.page.request.get(f"{portal.url}{board_decision}print/?lang=kk", timeout=40000)
    assert printed.body().startswith(b"%PDF")
    code = portal.manage(
        "shell", "-v0", "-c", "from qa_portal.reports.models import Seal\nprint(Seal.objects.first().shown_code)"
    ).strip()[-14:]
    page = chair.page.context.browser.new_page()
    page.goto(f"{portal.url}/verify/{code}/")
    assert "Ереже бекітілсін." in page.inner_text("main")
    page.close()
    assert decision != board_decision

    # A reader reads and confirms; the head sees who has not.
    staff2 = visitor("staff2")
    staff2.open("/")
    staff2.page.locator("main a", has_text=TITLE).first.click()
    staff2.page.wait_for_load_state()
    with staff2.page.expect_navigation():
        staff2.page.locator("form[action$='/confirm/'] button").first.click()
    assert "Таныс" in staff2.page.inner_text("main")
    head = visitor("head")
    head.open(version)
    assert "Әлімжанова" in head.page.inner_text("aside")  # she wrote it and has not confirmed yet

    # Ten working days later reminders go out, one letter each; nobody is reminded twice.
    late = portal.manage(
        "shell", "-v0", "-c",
        "from qa_portal.dates.days import add_working_days, today\n"
        "from qa_portal.notices.models import Notice\nfrom qa_portal.notices.sweep import sweep\n"
        "day = add_working_days(today(), 11); first = sweep(on=day); again = sweep(on=day)\n"
        "print(Notice.objects.filter(verb__startswith='documents.', kind='reminder').count(), first['letters'], again['sent'])",
    ).strip().splitlines()[-1].split()  # fmt: skip
    assert int(late[0]) >= 170
    assert int(late[1]) >= 100
    assert int(late[2]) == 0

    # Version 2.0: its change sheet is asked for; the old one stays, marked, and everybody is asked anew.
    staff.open(document)
    staff.page.locator("main a[href*='/documents/versions/add/']").first.click()
    staff.page.set_input_files("input[name=file]", paper("Екінші редакция: парақ электрондық түрде толтырылады."))
    for field in staff.page.locator("input[name^=provision_]").all():
        field.fill(SECTION)
    staff.send()
    second = path_of(staff, portal)
    assert staff.page.locator("#why-submit").count() == 1  # the change sheet is empty
    staff.page.locator("main a[href*='/documents/changes/add/']").first.click()
    staff.page.fill("textarea[name=description]", "Қағаз парақтың орнына электрондық парақ енгізілді.")
    staff.page.fill("input[name=sheets_replaced]", "3–4")
    staff.send()
    portal.manage(
        "shell", "-v0", "-c",
        "import copy\nfrom qa_portal.documents.models import Version\nfrom qa_portal.documents.workflow import agreement, version as on\n"
        "from qa_portal.people.models import Person\nfrom qa_portal.dates.days import today\n"
        "person = lambda name: Person.objects.get(username=name)\n"
        f"v = Version.objects.get(pk={second.strip('/').split('/')[-1]})\n"
        "on.submit(v, by=person('staff')); on.check_form(v, by=person('asb'), agree_by=today())\n"
        "agreement.agree(v.agreements.get(round=1), by=person('legal')); v.refresh_from_db()\n"
        "on.send_to_approval(v, by=person('staff'))\n"
        "while v.waits_for:\n"
        "    speaker = copy.copy(person('chair')); speaker.decides_for = frozenset({v.waits_for})\n"
        "    on.approve(v, by=speaker, basis='№ 7 хаттама')\n",
    )  # fmt: skip
    assert in_force(portal, second).split()[0] == "in_force"
    assert in_force(portal, version).split()[0] == "superseded"
    staff2.open("/documents/acquaintances/?mine=true&state=waiting")
    assert TITLE in staff2.page.inner_text("main")

    # A law changes: whatever rests on it is listed; the owner judges, the quality office decides.
    asb.open("/documents/documents/?origin=external&q=" + "Білім туралы")
    asb.page.locator("table.listing tbody a", has_text=re.compile(r"^\s*Білім туралы")).first.click()
    asb.page.wait_for_load_state()
    asb.press_step("note-edition")
    asb.page.fill("input[name=edition]", "2026 жылғы 1 қарашадағы редакция")
    asb.page.fill("input[name=adopted_on]", datetime.date.today().isoformat())
    asb.page.fill("textarea[name=note]", "Бағалау тәртібі өзгерді.")
    asb.send()
    asb.open("/documents/verdicts/?state=waiting&q=" + "Клиникалық дағдыларды")
    asb.page.locator("table.listing tbody tr", has_text=TITLE).locator("a").first.click()
    asb.page.wait_for_load_state()
    verdict = path_of(asb, portal)
    head.open(f"{verdict}judge/")
    head.page.locator("input[name=verdict][value=change]").check(force=True)
    head.page.fill("textarea[name=note]", "4-тармақ жаңа талапқа сай емес.")
    head.page.fill("input[name=until]", (datetime.date.today() + datetime.timedelta(days=60)).isoformat())
    head.send()
    asb.open(f"{verdict}decide/")
    asb.page.fill("textarea[name=decision]", "Өзгертілсін.")
    asb.send()
    asb.open(document)
    assert asb.state() == "Қайта қарау мерзімі келді"
