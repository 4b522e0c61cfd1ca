"""A year's self-assessment in a real browser: planned, answered, one sent back, decided; signals, heat map, mechanism, report."""

from __future__ import annotations

import re

import pytest

from .test_documents import COUNCIL, agenda_item, begin, confirm, path_of, record_the_rest

pytestmark = pytest.mark.e2e
#: units whose people answer in the browser; the others are played through the steps
WRITERS = {"head": "internal_medicine", "head2": "public_health", "dean": "medicine"}

#: fills what is left of some self-assessments: every area scored and commented, as one types
FILL = """
from standards.models import Assessment
from qa_portal.people.models import Person
for a in Assessment.objects.filter(cycle__year={year}, cycle__state="open", unit__code__in={units!r}, programme__isnull=True):
    by = Person.objects.get(username=dict({writers!r})[a.unit.code])
    for n, answer in enumerate(a.answers.filter(score="not_looked")):
        answer.score, answer.comment = ("largely", "partly", "not_applicable")[n % 3], "Кафедра деректері бойынша"
        answer.save_typing(by=by)
print("filled")
"""
#: everybody else: answered, submitted, accepted, verified, each by whoever may
OTHERS = """
from django.test import override_settings
from standards.models import Assessment
from standards.workflow import assessments, answers
from qa_portal.people.models import Person, Office, Deputy
from qa_portal.bodies.authority import speaking_for
from standards.permissions.cycles import committee_of
from qa_portal.permissions import Refused, NotNow
people = list(Person.objects.filter(is_active=True).exclude(offices=None).distinct())
office = Person.objects.get(username="asb")
quality = Person.objects.get(username="quality")
def someone(step, record, **inputs):
    for person in people:
        if step.who_refuses(record, person) is None:
            return step(record, by=person, **inputs)
    raise SystemExit(f"nobody may {{step}} {{record}}")
left = []
for a in Assessment.objects.filter(cycle__year={year}, cycle__state="open").exclude(unit__code__in={units!r}, programme__isnull=True):
    first = a.answers.first()
    writer = next((p for p in people if first.edit_refusal(p) is None), None)
    if writer is None:  # a unit without a head: the quality office names who leads it
        writer = a.lead = Person.objects.filter(is_active=True, unit=a.unit).first() or quality
        a.save_changes(by=office)
    for answer in a.answers.all():
        answer.score, answer.comment = "partly" if answer.code.endswith("1") else "largely", "Деректер тексерілді"
        answer.save_typing(by=writer)
    if a.programme_id:
        step = assessments.set_commission
        chair = a.lead or writer
        someone(step, a, chair=chair.pk, secretary=writer.pk if writer != chair else people[-1].pk, note="Бұйрық № 7")
    someone(assessments.submit, a)
    if a.programme_id:
        someone(assessments.agree, a)
        someone(assessments.endorse, a)
        assessments.consider(a, by=speaking_for(office, committee_of(a)), basis="БББК, № 2 хаттама")
    for answer in a.answers.exclude(state="cancelled"):
        someone(answers.accept, answer)
    a.refresh_from_db()
    someone(assessments.verify, a)
print("left", left)
"""


def shell(portal, script: str, **values) -> str:
    return portal.manage("shell", "-v0", "-c", script.format(**values)).strip().splitlines()[-1]


NUMBERS = """
from standards.models import Assessment
rows = Assessment.objects.filter(cycle__year={year}, cycle__state="open", programme__isnull=True)
print("|".join(f"{{a.unit.code}}={{a.pk}}" for a in rows))
"""


def numbers(portal, year: int) -> dict[str, str]:
    """Unit code → address of its self-assessment."""
    pairs = shell(portal, NUMBERS, year=year).split("|")
    return {code: f"/standards/assessments/{pk}/" for code, pk in (pair.split("=") for pair in pairs)}


def saved(visitor, area) -> None:
    """The page says that the words of this area are saved."""
    visitor.page.wait_for_function(
        "form => form.querySelector('[data-told]').textContent.match(/Сақтал|Saved/)", arg=area.element_handle()
    )


def type_two_areas(visitor, address: str) -> None:
    """Two areas as a person types them; the page saves by itself."""
    visitor.open(f"{address}answers/")
    forms = visitor.page.locator("form[data-typing]")
    assert forms.count() > 5
    for place, (score, words) in enumerate(
        (("not_met", "Саясат кафедрада талқыланбаған"), ("largely", "Негізінен орындалған"))
    ):
        form = forms.nth(place)
        form.locator(f"input[value={score}]").check(force=True)
        form.locator("textarea[name=comment]").fill(words)
        form.locator("textarea[name=improve]").fill("Жылына екі рет талқылау")
        saved(visitor, form)


def test_a_year_of_self_assessment_from_plan_to_report(portal, visitor):  # noqa: PLR0915 - one long journey
    asb = visitor("asb")
    year = int(shell(portal, "from django.utils import timezone\nprint(timezone.localdate().year + 1)"))
    units = list(WRITERS.values())

    # The quality office plans the cycle: eleven standards, the catalogue's proposal, and one programme by hand.
    asb.open("/standards/cycles/add/")
    asb.page.fill("input[name=year]", str(year))
    asb.send()
    cycle = path_of(asb, portal)
    assert asb.page.locator("main").inner_text().count("S") > 0
    asb.press_step("propose-scope")
    if asb.page.locator("#ask button[value=yes]").is_visible():
        with asb.page.expect_navigation():
            asb.page.locator("#ask button[value=yes]").click()
    asb.open(cycle)
    asb.press_step("plan-programmes")
    asb.pick("programmes", "6B10101")
    asb.send()
    asb.open(f"{cycle}scope/")
    rows = asb.page.locator("table.matrix tbody tr").count()
    assert rows >= 25, f"{rows} units and programmes"
    assert asb.page.locator("table.matrix thead th").count() == 11 + 3
    asb.open(cycle)
    confirm(asb, "launch")
    found = numbers(portal, year)

    # Three units answer: two areas as people type them, the rest in one go; the heads submit.
    for username, code in WRITERS.items():
        head = visitor(username)
        head.open("/")
        assert found[code] in head.page.content(), "the self-assessment stands on the head's own page"
        type_two_areas(head, found[code])
    writers = [(code, username) for username, code in WRITERS.items()]
    shell(portal, FILL, year=year, units=units, writers=writers)
    heads = {}
    for username, code in WRITERS.items():
        heads[code] = visitor(username)
        heads[code].open(found[code])
        heads[code].press_step("submit")
        answer_question(heads[code])
        assert heads[code].state() == "Тексеруге жіберілді" or "жіберілді" in heads[code].state().lower()

    # The quality office sends one area back with a reason; the head mends it and submits again.
    first = found["internal_medicine"]
    asb.open(f"{first}answers/")
    area = asb.page.locator("article.answer").first
    area.locator(".answer-judging details summary").click()
    area.locator(".answer-judging textarea").fill("Талқылау хаттамасын көрсетіңіз")
    with asb.page.expect_navigation():
        area.locator(".answer-judging details button[type=submit]").click()
    asb.open(first)
    asb.press_step("send-back")
    asb.page.fill("textarea[name=note]", "Бір аумақ бойынша ескерту бар")
    asb.send()
    head = heads["internal_medicine"]
    head.open(f"{first}answers/")
    returned = head.page.locator("form[data-typing]")
    assert returned.count() == 1, "only what was sent back may be written"
    returned.first.locator("textarea[name=comment]").fill("Талқыланды: кафедра отырысының № 3 хаттамасы")
    saved(head, returned.first)
    head.open(first)
    head.press_step("submit")
    answer_question(head)

    # Verified, all of them, and decided by the Academic Council with its votes.
    for code in units:
        asb.open(f"{found[code]}answers/")
        many = asb.page.locator("form[action$='/many/accept/'] button")
        if many.count():
            many.first.click()
            with asb.page.expect_navigation():
                asb.page.locator("#ask button[value=yes]").click()
        while asb.page.locator(".answer-judging > form button").count():
            with asb.page.expect_navigation():
                asb.page.locator(".answer-judging > form button").first.click()
        asb.open(found[code])
        asb.press_step("verify")
        answer_question(asb)
    assert shell(portal, OTHERS, year=year, units=units).startswith("left")
    asb.open(cycle)
    asb.press_step("submit")
    answer_question(asb)
    secretary = visitor("council")
    meeting, item = agenda_item(portal, secretary, cycle, "Академиялық", f"Өзін-өзі бағалау {year}")
    begin(secretary, portal, meeting, COUNCIL)
    secretary.open(item)
    secretary.press_step("open-vote")
    record_the_rest(secretary, item)
    secretary.open(item)
    secretary.press_step("close-vote")
    answer_question(secretary)
    asb.open(cycle)
    assert asb.state() == "Бекітілді"

    for visited in (asb, *heads.values()):
        assert visited.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def answer_question(visitor) -> None:
    """“Are you sure”, where the step asks so; its form, where it has one with nothing to fill in."""
    question = visitor.page.locator("#ask button[value=yes]")
    if question.is_visible():
        with visitor.page.expect_navigation():
            question.click()
    elif re.search(r"/\d+/[a-z-]+/$", visitor.page.url):
        visitor.send()


def test_signals_heat_map_a_mechanism_and_the_printed_report(portal, visitor):
    asb = visitor("asb")

    # Two signals become findings with everything filled in.
    for key in ("self_assessment.low", "indicators.red"):
        asb.open("/capa/signals/")
        asb.page.locator(f"form[action*='/{key}/'] button, a[href*='/{key}/']").first.click()
        asb.page.wait_for_load_state()
        assert "/capa/findings/" in asb.page.url
        assert len(asb.page.locator("main").inner_text()) > 300

    # Heat map: what is behind a cell, and the change against the year before.
    asb.open("/standards/heat-map/")
    assert asb.page.locator("table.heat td a").count() > 100
    known = asb.page.locator("table.heat tr:not(.heat-total) td a").filter(has_text=re.compile(r"\d,\d"))
    figure = known.first.inner_text()
    asb.open(known.first.get_attribute("href"))
    assert figure.split()[0] in asb.page.locator("main").inner_text()
    assert asb.page.locator("main a[href*='/standards/answers/']").count() >= 1
    asb.open("/standards/heat-map/")
    before = asb.page.locator("select[name=compare] option").nth(2).get_attribute("value")
    asb.open(f"/standards/heat-map/?compare={before}")
    assert asb.page.locator(".heat-change").count() > 10

    # A mechanism's year: one conclusion does not close the check, nor the doer's; two quality units do.
    asb.open("/standards/mechanism-years/add/")
    asb.pick("mechanism", "M2 ")
    asb.page.fill("input[name=year]", "2027")
    asb.page.fill("textarea[name=planned]", "Силлабустар семестр басталғанға дейін тексеріледі")
    asb.pick("doer_unit", "Ішкі аурулар")
    asb.page.fill("input[name=due]", "2027-05-30")
    asb.send()
    mechanism = path_of(asb, portal)
    asb.press_step("start")
    answer_question(asb)
    head = visitor("head")
    head.open(mechanism)
    head.press_step("report-done")
    head.page.fill("textarea[name=done]", "Барлық силлабус тексерілді")
    head.page.fill("input[name=link]", "https://example.org/syllabi")
    head.page.fill("input[name=evidence_title]", "Тексеру кестесі")
    head.send()
    asb.open(mechanism)
    asb.press_step("judge-aims")
    for place in range(asb.page.locator("fieldset:has(input[value=reached])").count()):
        asb.page.locator("fieldset:has(input[value=reached])").nth(place).locator("input[value=reached]").check(
            force=True
        )
    asb.send()
    conclude(asb, mechanism, "Механизм жұмыс істейді")
    asb.open(mechanism)
    closing = asb.page.locator(".steps-bar :is(form[action$='/close-check/'], a[href$='/close-check/'])")
    assert not closing.count() or closing.locator("button[disabled]").count(), "one conclusion is not enough"
    conclude(visitor("dean"), mechanism, "Мектеп деңгейінде нәтижелі")
    asb.open(mechanism)
    asb.press_step("close-check")
    answer_question(asb)
    asb.open(mechanism)
    asb.press_step("act")
    asb.page.fill("textarea[name=acted]", "Келесі жылы тексеру мерзімі бір аптаға ертерек")
    asb.send()
    assert asb.state() == "Жабылды"

    # A report: filled from records, commented, fixed with its files, printed.
    asb.open("/standards/reports/add/")
    asb.pick("kind", "Ақпаратты басқару")
    asb.page.fill("input[name=year]", shell(portal, LAST_YEAR))
    asb.send()
    report = path_of(asb, portal)
    asb.page.locator("#parts a").first.click()
    asb.page.fill("textarea[name=text]", "Деректер толық; екі жүйе біріктіріледі.")
    asb.page.locator("main form button[type=submit]").first.click()
    asb.page.wait_for_load_state()
    asb.open(f"{report}edit/")
    asb.page.fill("textarea[name=conclusion]", "Ақпарат жүйелері тұрақты жұмыс істеді.")
    asb.send()
    asb.press_step("add-measure")
    asb.page.fill("input[name=text]", "Екі деректер қорын біріктіру")
    asb.send()
    asb.open(report)
    asb.press_step("submit")
    answer_question(asb)
    asb.page.wait_for_selector("a[href*='/files/']", timeout=240_000)
    for link in asb.page.locator("a[href*='/files/']").all():
        answer = asb.page.request.get(portal.url + link.get_attribute("href"))
        assert answer.status == 200
        assert answer.body()[:4] in (b"%PDF", b"PK\x03\x04")
    assert asb.page.locator("a[href*='/files/']").count() == 6


LAST_YEAR = "from django.utils import timezone\nprint(timezone.localdate().year - 1)"


def conclude(visitor, mechanism: str, words: str) -> None:
    """Say what one's own quality unit concludes."""
    visitor.open(mechanism)
    visitor.press_step("conclude")
    visitor.page.locator("input[name=effect][value=effective]").check(force=True)
    visitor.page.fill("textarea[name=text]", words)
    visitor.send()
