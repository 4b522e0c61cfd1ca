"""Reports on quality: filled from records, fixed in three languages, decided about, published, told from the same figures."""

from __future__ import annotations

import datetime
import io

import docx
import pypdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from qa_portal.bodies.workflow import items as item_steps
from qa_portal.permissions import SYSTEM, NotNow, Refused
from qa_portal.reports.blocks import Facts, Heading, Picture, Table, Text, from_json, to_json
from qa_portal.reports.layout import as_html, contents, numbered
from qa_portal.reports.word import write_docx
from qa_portal.web.charts import Chart, Point, Series
from qa_portal.web.forms import InputProblem
from qa_portal.workflow.models import Entry
from standards import freezing
from standards.assembling import blocks_of, sections
from standards.models import QualityReport, ReportKind
from standards.registers.reading import LANGUAGES, read
from standards.workflow import reporting as steps
from tests.bodies import scenes as bodies

from . import scenes_reporting as scenes

pytestmark = pytest.mark.django_db
CHART = Chart(
    "Орташа баға", (Series("Барлығы", (Point("2025", 1.5), Point("2026", None), Point("2027", 2.5))),), high=3
)


# -- blocks --------------------------------------------------------------------------------------------
BLOCKS = [
    Heading("Сапа саясаты", 1),
    Text("Бірінші бөлік.\n\nЕкінші бөлік <b>әрпі</b>."),
    Heading("Сәйкессіздіктер", 2),
    Facts((("Ашық", "3"),)),
    Table(("Бөлімше", "Саны"), (("Терапия", "2"), ("Хирургия", "1")), "Кесте", (1,), ("red", "")),
    Heading("Үрдіс", 3),
    Picture(CHART),
    Heading("Бағдарламалар", 1),
]


def test_blocks_survive_json():
    assert from_json(to_json(BLOCKS)) == BLOCKS


def test_chapters_and_sections_are_numbered_and_parts_of_a_section_are_not():
    assert [number for _block, number in numbered(BLOCKS)] == ["1", "", "1.1", "", "", "", "", "2"]
    assert [(entry.number, entry.text) for entry in contents(BLOCKS)] == [
        ("1", "Сапа саясаты"),
        ("1.1", "Сәйкессіздіктер"),
        ("2", "Бағдарламалар"),
    ]


def test_text_of_a_block_is_never_markup():
    html = as_html(BLOCKS)
    assert "&lt;b&gt;әрпі" in html
    assert 'id="part-1-1"' in html
    assert "■" in html  # the red light has a shape, not only a colour


def test_docx_holds_headings_tables_and_the_chart_as_a_picture():
    stream = io.BytesIO()
    write_docx(stream, BLOCKS, title="Есеп", lines=("Университет",))
    document = docx.Document(io.BytesIO(stream.getvalue()))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["1 Сапа саясаты", "1.1 Сәйкессіздіктер", "Үрдіс", "2 Бағдарламалар"]
    assert [cell.text for cell in document.tables[1].rows[1].cells] == ["■ Терапия", "2"]
    assert len(document.inline_shapes) == 1


# -- kinds -----------------------------------------------------------------------------------------------
def test_kinds_come_with_words_in_three_languages_and_a_second_load_changes_nothing(world):
    call_command("load_registers", verbosity=0)
    rows = read("report_kinds.yaml")["kinds"]
    assert ReportKind.objects.count() == len(rows) >= 14
    for row in rows:
        for name in ("name", "text", "addressees"):
            assert len({row[name][code].strip() for code in LANGUAGES} - {""}) == 3, (row["code"], name)
    ReportKind.objects.filter(code="policy").update(months=6)
    call_command("load_registers", verbosity=0)
    assert ReportKind.objects.get(code="policy").months == 6
    assert ReportKind.objects.count() == len(rows)


# -- putting together -----------------------------------------------------------------------------------
def last_year(world, **fields):
    return world.finding(found_on=datetime.date(scenes.LAST, 5, 5), **fields)


def test_findings_of_the_standard_and_the_days_are_counted(world):
    last_year(world, severity="major")
    world.finding()  # found today: after the period
    last_year(world, requirement=None)  # of no standard
    blocks = blocks_of(scenes.draft(world))
    facts = dict(next(block for block in blocks if isinstance(block, Facts)).rows)
    assert list(facts.values())[0] == "1"
    table = next(block for block in blocks if isinstance(block, Table))
    assert [row[1] for row in table.rows] == ["Силлабус кеш жүктелді"]


def test_comment_stands_under_its_part_and_an_empty_part_says_so(world):
    report = scenes.draft(world)
    report.say("findings:S1", "Барлығы жабылады.")
    report.save_changes(by=world.asb)
    texts = [block.text for block in blocks_of(report) if isinstance(block, Text)]
    assert "Барлығы жабылады." in texts
    assert any(block.quiet for block in blocks_of(report) if isinstance(block, Text))


def test_report_on_all_standards_goes_through_them_one_by_one(world):
    report = scenes.draft(world, of=scenes.kind(world, "annual", standard="", chapters=["decisions", "findings"]))
    assert [(key, str(standard or "")[:2]) for key, standard, _chapter in sections(report)] == [
        ("decisions", ""),
        ("findings:S1", "S1"),
    ]


def test_unit_report_tells_of_the_unit_and_below_only(world):
    last_year(world)
    last_year(world, unit=world.other)
    kind = scenes.kind(world, "unit", per_unit=True, body="")
    report = scenes.draft(world, by="head", of=kind, unit=world.department)
    facts = next(block for block in blocks_of(report) if isinstance(block, Facts)).rows
    assert facts[0][1] == "1"


# -- the way of a report -----------------------------------------------------------------------------------
def test_figures_are_fixed_in_three_languages_and_nothing_moves_them(world):
    last_year(world)
    report = scenes.fixed(world)
    assert (report.state, sorted(report.frozen)) == ("submitted", ["en", "kk", "ru"])
    assert sorted(report.issues.values_list("language", "format")) == [
        (language, form) for language in ("en", "kk", "ru") for form in ("docx", "pdf")
    ]
    before = report.frozen
    last_year(world)
    report.refresh_from_db()
    assert report.frozen == before
    page = signed_page(world, report)
    assert "1" in page


def signed_page(world, report):
    issue = report.issues.get(language="kk", format="pdf")
    with issue.file.open() as file:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)


def test_issue_on_paper_has_contents_number_and_a_code_that_opens(world, client):
    last_year(world)
    report = scenes.fixed(world)
    text = signed_page(world, report)
    assert report.number in text
    assert "Мазмұны" in text or "Contents" in text
    code = next(part for part in text.split() if part.count("-") == 2 and len(part) == 14)
    answer = client.get(f"/verify/{code}/")
    assert answer.status_code == 200
    assert report.number in answer.content.decode()


def test_a_period_that_still_runs_and_missing_conclusions_stop_the_submission(world):
    running = scenes.draft(world, year=timezone.localdate().year)
    with pytest.raises(NotNow):
        steps.submit(running, by=world.asb)
    with pytest.raises(NotNow):
        steps.submit(scenes.draft(world, of=scenes.kind(world, "other"), conclusion=""), by=world.asb)


def test_plan_of_improvement_is_asked_for_where_the_kind_asks(world):
    report = scenes.draft(world, of=scenes.kind(world, "planned", needs_plan=True))
    with pytest.raises(NotNow):
        steps.submit(report, by=world.asb)
    steps.add_measure(report, by=world.asb, text="Саясатты түсіндіру", unit=world.department.pk, due="2027-03-01")
    assert steps.submit(report, by=world.asb).state == "freezing"


def test_council_decides_by_its_vote_and_nobody_by_hand(world):
    report = scenes.submitted(world)
    for username in ("board", "asb", "quality", "admin", "dean"):
        with pytest.raises(Refused):
            steps.approve(report, by=getattr(world, username), basis="№ 5")
    item = bodies.in_the_vote(world, bodies.about(world, report, "standards.report.approve"))
    decision = item_steps.close_vote(bodies.all_for(world, item), by=world.dean).decision
    report = bodies.fresh(report)
    assert (report.state, report.basis) == ("approved", str(decision))


def bodies_speaker(world):
    return scenes.speaking_for(world.dean, scenes.COUNCIL)


def test_sent_back_report_thaws_and_its_files_are_kept_aside(world):
    report = scenes.fixed(world)
    steps.send_back(report, by=bodies_speaker(world), reason="Қорытынды толық емес")
    report.refresh_from_db()
    assert (report.state, report.is_frozen, report.frozen) == ("draft", False, {})
    assert set(report.issues.values_list("superseded", flat=True)) == {True}
    steps.submit(report, by=world.asb)
    assert freezing.fix(report.pk)
    assert report.issues.filter(superseded=False).count() == 6


def test_office_decides_where_the_kind_names_no_body_and_never_the_author(world):
    kind = scenes.kind(world, "office", body="")
    report = scenes.submitted(world, of=kind)
    with pytest.raises(Refused):
        steps.approve(report, by=world.asb, basis="")
    assert steps.approve(report, by=world.quality, basis="Бұйрық № 3").state == "approved"


def test_author_on_the_board_does_not_approve_the_own_report(world):
    kind = scenes.kind(world, "own", body="", role="board")
    report = steps.freeze(steps.submit(scenes.draft(world, by="board", of=kind), by=world.board), by=SYSTEM)
    with pytest.raises(Refused):
        steps.approve(report, by=world.board, basis="")


def test_published_report_is_open_to_everybody_and_its_file_too(world, client):
    report = scenes.fixed(world)
    assert report.title not in client.get("/public/reports/").content.decode()
    steps.approve(report, by=bodies_speaker(world), basis="№ 1")
    steps.publish(report, by=world.asb)
    page = client.get("/public/reports/").content.decode()
    assert report.title in page
    issue = report.issues.get(language="ru", format="docx")
    answer = client.get(f"/public/reports/{report.pk}/files/{issue.pk}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_report_for_inside_only_is_not_on_the_public_page(world, client):
    report = scenes.published(world, of=scenes.kind(world, "inside", public=False))
    assert report.title not in client.get("/public/reports/").content.decode()
    assert client.get(f"/public/reports/{report.pk}/files/1/").status_code == 404


def test_dead_worker_is_followed_by_another_and_a_busy_one_is_left_alone(world):
    report = scenes.freezing_one(world)
    assert freezing._take(report.pk)
    assert not freezing.fix(report.pk)  # somebody works on it
    with scenes.freezing.door("import"):
        QualityReport.objects.filter(pk=report.pk).update(worked_at=timezone.now() - freezing.STALE * 2)
    assert freezing.resume() == 1
    report.refresh_from_db()
    assert (report.state, report.issues.filter(superseded=False).count()) == ("submitted", 6)


def test_what_cannot_be_made_goes_back_to_the_author_with_a_sentence(world, monkeypatch):
    report = scenes.freezing_one(world)
    monkeypatch.setattr(freezing, "write_issue", lambda *args: 1 / 0)
    assert not freezing.fix(report.pk)
    report.refresh_from_db()
    entry = Entry.objects.filter(record_id=report.pk, verb="halt").get()
    assert (report.state, report.is_frozen) == ("draft", False)
    assert entry.why


# -- pages --------------------------------------------------------------------------------------------------
def test_part_shows_its_figures_and_takes_a_comment(world, signed_in):
    last_year(world)
    report = scenes.draft(world)
    page = signed_in("asb").get(f"/standards/reports/{report.pk}/parts/findings:S1/")
    assert "Силлабус кеш жүктелді" in page.content.decode()
    answer = signed_in("asb").post(f"/standards/reports/{report.pk}/parts/findings:S1/", {"text": "Түсінік"})
    assert answer.status_code == 302
    report.refresh_from_db()
    assert report.comments == {"findings:S1": "Түсінік"}


def test_comment_after_submission_is_refused_and_what_was_typed_stays(world, signed_in):
    report = scenes.submitted(world)
    answer = signed_in("asb").post(f"/standards/reports/{report.pk}/parts/findings:S1/", {"text": "Кеш қалған ой"})
    assert answer.status_code == 409


def test_part_of_a_fixed_report_shows_what_was_fixed(world, signed_in):
    last_year(world)
    report = scenes.fixed(world)
    world.finding(found_on=datetime.date(scenes.LAST, 6, 6), title="Кейін енгізілген сәйкессіздік")
    page = signed_in("asb").get(f"/standards/reports/{report.pk}/parts/findings:S1/").content.decode()
    assert "Силлабус кеш жүктелді" in page
    assert "Кейін енгізілген" not in page


def test_staff_sees_published_reports_only(world, signed_in):
    drafted, open_one = scenes.draft(world), scenes.published(world, of=scenes.kind(world, "graduates"))
    client = signed_in("staff")
    assert client.get(drafted.get_absolute_url()).status_code == 404
    assert client.get(open_one.get_absolute_url()).status_code == 200


def test_form_fills_period_and_title_and_refuses_a_second_one(world, signed_in):
    kind = scenes.kind(world, "graduates", months=36)
    client = signed_in("asb")
    answer = client.post("/standards/reports/add/", {"kind": kind.pk, "year": scenes.LAST})
    assert answer.status_code == 302
    report = QualityReport.objects.get()
    assert (report.since, report.until) == (datetime.date(scenes.LAST - 2, 1, 1), datetime.date(scenes.LAST, 12, 31))
    assert str(scenes.LAST) in report.title
    report.kind.name_ru, report.kind.name_en = "Отчёт", "A report"
    with translation.override("en"):
        assert report.heading == f"A report, {scenes.LAST}"  # a title made by the portal is in the reader's language
        report.title = "Біздің атау"
        assert report.heading == "Біздің атау"
    again = client.post("/standards/reports/add/", {"kind": kind.pk, "year": scenes.LAST})
    assert again.status_code == 400


def test_head_writes_the_report_of_the_own_unit_and_no_other(world, signed_in):
    kind = scenes.kind(world, "unit", per_unit=True, body="")
    client = signed_in("head")
    foreign = {"kind": kind.pk, "year": scenes.LAST, "unit": world.far_school.pk}
    assert client.post("/standards/reports/add/", foreign).status_code == 400
    own = {"kind": kind.pk, "year": scenes.LAST, "unit": world.department.pk}
    assert client.post("/standards/reports/add/", own).status_code == 302


def test_draft_is_ordered_as_docx_and_bad_input_of_a_measure_is_kept(world, signed_in):
    report = scenes.draft(world)
    answer = signed_in("asb").get(f"/standards/reports/{report.pk}/word/?lang=ru")
    assert answer.status_code == 200
    with pytest.raises(InputProblem):
        steps.add_measure(report, by=world.asb, text="")


def test_anonymous_readers_are_led_to_sign_in(world):
    assert Client().get("/standards/reports/").status_code == 302
