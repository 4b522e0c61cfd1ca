"""The paper of a finding and of a plan: what an auditor must find in it, and what a person may not."""

import datetime
import io

import pypdf
import pytest
from django.utils import timezone, translation

from capa.models import CapaPlan
from capa.reports import FindingPaper, PlanPaper
from capa.workflow import action as action_steps
from qa_portal.documents.workflow import evidence as evidence_steps
from qa_portal.people.grants import give
from qa_portal.reports.base import CannotMake, Progress

pytestmark = pytest.mark.django_db


def paper(kind, record, person, language="kk"):
    return kind({"id": record.pk}, person, language)


def html(kind, record, person, language="kk"):
    with translation.override(language):
        return paper(kind, record, person, language).html()


def pages(kind, record, person, language="kk"):
    stream = io.BytesIO()
    with translation.override(language):
        paper(kind, record, person, language).write(stream, Progress())
    return [page.extract_text() for page in pypdf.PdfReader(stream).pages]


@pytest.mark.parametrize(
    ("language", "word", "line"),
    [
        ("kk", "БЕКІТЕМІН", "Редакция: 1 · {n} беттің 1-беті"),
        ("ru", "УТВЕРЖДАЮ", "Редакция: 1 · стр. 1 из {n}"),
        ("en", "APPROVED", "Edition: 1 · page 1 of {n}"),
    ],
)
def test_the_plan_is_printed_in_three_languages(world, language, word, line):
    plan = world.closed(finding=world.finding(title="Әліпби: әғқңөұүһі ӘҒҚҢӨҰҮҺІ"))
    found = pages(PlanPaper, plan, world.asb, language)
    first = " ".join(found[0].split())
    assert word in first
    assert line.format(n=len(found)) in first
    for side in ("university бөлімі", "отдел university", "therapy бөлімі", "отдел therapy"):
        assert side in first
    assert "әғқңөұүһі ӘҒҚҢӨҰҮҺІ" in first


def test_the_plan_tells_everything_from_finding_to_effect(world):
    plan = world.in_progress(items=2)
    first, second = plan.actions.all()
    action_steps.ask_extension(
        first, by=first.owner, until=first.due + datetime.timedelta(days=9), reason="Бұйрық келісуде"
    )
    action_steps.grant_extension(first, by=world.head, note="Келісілді")
    action_steps.carry_out(
        second, by=second.owner, note="Тәртіп енгізілді", link="https://example.org/x", evidence_title="№ 3 хаттама"
    )
    text = html(PlanPaper, plan, world.asb)
    for told in (
        "Күзгі семестрде үш силлабус",
        "S1.R1",
        "Сапа саясаты бекітілген",
        "Кестеде жауапты адам жоқ",
        "Силлабусты мерзімінде",
        "Хаттама",
        "Бұйрық келісуде",
        "Келісілді",
        "Тәртіп енгізілді",
        "№ 3 хаттама",
        "CAPA-",
        "F-",
    ):
        assert told in text
    assert f"{first.first_due:%d.%m.%Y}" in text
    assert f"{first.due:%d.%m.%Y}" in text


def test_withdrawn_evidence_is_not_printed(world):
    plan = world.implemented()
    use = plan.actions.get().proofs.get()
    assert use.evidence.title in html(PlanPaper, plan, world.asb)
    evidence_steps.withdraw(use.evidence, by=use.evidence.created_by, reason="Қате файл")
    assert f"<p>{use.evidence.title}" not in html(PlanPaper, plan, world.asb)


def test_the_approval_block_is_empty_until_the_plan_is_approved(world):
    waiting = html(PlanPaper, world.submitted(), world.asb)
    block = waiting[waiting.index("БЕКІТЕМІН") : waiting.index("<h1>")]
    assert "20____ ж." in block
    assert world.head.get_short_name() in block  # whose signature is waited for
    done = html(PlanPaper, world.in_progress(finding=world.finding()), world.asb)
    block = done[done.index("БЕКІТЕМІН") : done.index("<h1>")]
    assert world.head.get_short_name() in block
    assert "20____ ж." not in block
    assert f"{timezone.localdate().year} ж." in block


def test_long_texts_are_printed_to_the_last_word(world):
    finding = world.finding(description="Сапа " * 3990 + "соңғысөз")
    assert "соңғысөз" in "".join(pages(FindingPaper, finding, world.asb))


def test_the_table_of_actions_repeats_its_head_on_each_page(world):
    plan = world.plan(items=25)
    found = pages(PlanPaper, plan, world.asb, "en")
    with_actions = [page for page in found if "Силлабусты" in page]
    assert len(with_actions) > 2
    assert all("What will be done" in " ".join(page.split()) for page in with_actions)


def test_history_is_told_in_words(world):
    text = html(PlanPaper, world.closed(), world.asb, "en")
    for word in ("Submit for approval", "Approve", "Mark as carried out", "Verify", "Check the effect", "Carried out"):
        assert word in text
    for raw in ("carry_out", "check_effect", ">submit<", ">begin<"):
        assert raw not in text


def test_the_finding_lists_its_plans(world):
    plan = world.closed()
    text = html(FindingPaper, plan.finding, world.asb, "en")
    assert plan.number in text
    assert "Closed, effective" in text


def test_who_may_not_see_the_record_gets_no_paper(world):
    plan = world.plan()
    for kind, record in ((PlanPaper, plan), (FindingPaper, plan.finding)):
        with pytest.raises(CannotMake):
            html(kind, record, world.stranger)


def test_an_expert_with_a_right_to_the_plan_alone_reads_no_more_of_the_finding(world):
    plan = CapaPlan.objects.get(pk=world.plan().pk)
    give(
        world.expert,
        "view",
        plan,
        by=world.asb,
        why="Сараптама",
        until=timezone.localdate() + datetime.timedelta(days=5),
    )
    text = html(PlanPaper, plan, world.expert)
    assert plan.cause in text
    assert "Күзгі семестрде үш силлабус" not in text
    assert "Күзгі семестрде үш силлабус" in html(PlanPaper, plan, world.asb)


def test_the_version_changes_with_an_action_of_the_plan(world):
    plan = world.in_progress()
    before = paper(PlanPaper, plan, world.asb).version()
    assert before == paper(PlanPaper, plan, world.asb).version()
    action = plan.actions.get()
    action_steps.ask_extension(action, by=action.owner, until=action.due + datetime.timedelta(days=9), reason="Себеп")
    assert paper(PlanPaper, plan, world.asb).version() != before
