"""Tables of values: template, mistakes with row and column, all or nothing, twice, a worker that died."""

from __future__ import annotations

import datetime
import time
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from qa_portal.notices.models import Notice
from qa_portal.workflow.models import Entry
from qa_portal.workflow.writing import door
from standards import importing
from standards.measuring import number
from standards.models import Measurement, MeasurementImport
from standards.tasks.measurements import resume_imports

from . import scenes_measurements as scenes

pytestmark = pytest.mark.django_db
ADD = "/standards/measurement-imports/add/"


@pytest.fixture(autouse=True)
def _in_may():
    with time_machine.travel("2026-05-10T12:00:00+05:00"):
        yield


def problems(batch):
    batch.refresh_from_db()
    return [(row["row"], row["column"], row["problem"]) for row in batch.mistakes]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1 234,5", "1234.5"), ("1\u00a0234.5", "1234.5"), ("85 %", "85"), (0.1 + 0.2, "0.3"), ("-3", "-3"), ("−3,25", "-3.25"),
        (7, "7"), ("1'000", "1000"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed, found):
    assert number(typed) == Decimal(found)


@pytest.mark.parametrize("typed", ["", "x", "1,2,3", "1.234,5", "NaN", "inf", "1e5", True, None, "=1+1", "٣"])
def test_what_is_no_number_is_not_guessed(typed):
    with pytest.raises(ValueError):
        number(typed)


# -- taken in ------------------------------------------------------------------------------------
def test_a_table_is_taken_in_and_each_value_knows_it(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.target(kpi, 2026, 90)
    rows = [("kpi-1", "THERAPY", "2026-03", "81,5", 12, "Ескерту"), ("KPI-1", "surgery", "2026-03", 95, None, None)]
    client = signed_in("asb")
    answer = client.post(ADD, {"file": scenes.upload(rows)})
    batch = MeasurementImport.objects.get()
    assert (answer.status_code, answer.url, batch.state) == (302, batch.get_absolute_url(), "done")
    assert (batch.rows, batch.replaced, batch.skipped, batch.progress) == (2, 0, 0, 100)
    made = Measurement.objects.get(unit=world.department)
    assert (made.value, made.weight, made.note, made.light) == (Decimal("81.5"), 12, "Ескерту", "amber")
    assert (made.origin, made.batch, made.created_by) == ("import", batch, world.asb)
    entry = made.history.get()
    assert (entry.verb, entry.by, entry.why) == ("add", world.asb, "values.xlsx")
    assert [entry.verb for entry in batch.history.all()] == ["take_in", "add"]
    assert "values.xlsx" in client.get(made.get_absolute_url()).content.decode()
    assert client.get(batch.get_absolute_url()).status_code == 200


def test_csv_of_a_russian_spreadsheet_and_heads_in_any_language(world, signed_in):
    scenes.indicator(world)
    text = "Code;Unit;Period;Value;Extra\nKPI-1;therapy;2026-03;1 081,5;x\n\n;;;;\n"
    file = SimpleUploadedFile("мәндер.csv", text.encode("cp1251", errors="ignore"))
    assert signed_in("asb").post(ADD, {"file": file}).status_code == 302
    assert MeasurementImport.objects.get().mistakes == []
    assert Measurement.objects.get().value == Decimal("1081.5")


def test_a_percentage_and_a_month_that_the_spreadsheet_took_for_something_else(world):
    scenes.indicator(world)
    book = Workbook()
    page = book.worksheets[0]
    page.append(scenes.HEAD)
    page.append(["KPI-1", "therapy", datetime.date(2026, 3, 1), 0.855])
    page["D2"].number_format = "0.0%"
    stream = BytesIO()
    book.save(stream)
    batch = MeasurementImport(file=SimpleUploadedFile("p.xlsx", stream.getvalue()), file_name="p.xlsx").add(
        by=world.asb
    )
    importing.read(batch.pk)
    assert problems(batch) == []
    assert (Measurement.objects.get().value, Measurement.objects.get().period) == (Decimal("85.5"), "2026-03")


# -- refused ----------------------------------------------------------------------------------------
def test_every_mistake_is_named_with_row_and_column_and_nothing_is_taken(world, signed_in):
    scenes.indicator(world)
    scenes.indicator(world, "KPI-2", roll_up="weighted", units=[world.department])
    scenes.indicator(world, "KPI-3", formula="capa.closed_in_time")
    there = scenes.value(world, period="2026-01", value=Decimal(50))
    rows = [
        ("KPI-1", "therapy", "2026-03", 80),  # 2: good
        ("KPI-7", "therapy", "2026-03", 80),
        ("KPI-1", "physics", "2026-03", 80),
        ("KPI-2", "surgery", "2026-03", 80, 5),
        ("KPI-1", "therapy", "2026-Q1", 80),
        ("KPI-1", "therapy", "наурыз", 80),
        ("KPI-1", "therapy", "2026-07", 80),
        ("KPI-1", "therapy", "2026-04", "көп"),
        ("KPI-2", "therapy", "2026-03", 80, None),
        ("KPI-1", "therapy", "2026-03", 90),
        ("KPI-3", "therapy", "2026-03", 90),
        ("KPI-1", "therapy", "2026-02", 10**15),
        ("KPI-1", None, "2026-03", 80),
    ]
    client = signed_in("asb")
    answer = client.post(ADD, {"file": scenes.upload(rows)})
    batch = MeasurementImport.objects.get()
    assert batch.state == "refused"
    assert problems(batch) == [
        (3, "code", "unknown_code"), (4, "unit", "unknown_unit"), (5, "unit", "does_not_report"), (6, "period", "kind"),
        (7, "period", "period"), (8, "period", "future"), (9, "value", "not_number"), (10, "cases", "cases"),
        (11, "period", "twice"), (12, "code", "computed"), (13, "value", "too_large"), (14, "unit", "does_not_report"),
    ]  # fmt: skip
    assert list(Measurement.objects.all()) == [there]
    page = client.get(answer.url).content.decode()
    assert "көп" in page
    assert "2026-07" in page


def test_at_most_two_hundred_mistakes_are_kept_and_the_rest_counted(world, signed_in):
    scenes.indicator(world)
    batch = scenes.table(world, [("KPI-1", "therapy", "2026-03", "x")] * 230)
    importing.read(batch.pk)
    batch.refresh_from_db()
    assert len(batch.mistakes) == 201
    assert batch.mistakes[-1] == {"more": 30}
    assert signed_in("asb").get(batch.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"code;unit;period\nKPI-1;;2026\n", "a.csv", "no_column"),
        (b"code;unit;period;value\n", "a.csv", "empty"),
        (b"", "a.csv", "no_column"),
    ],
)
def test_a_table_without_its_columns_or_values(world, content, name, problem):
    batch = MeasurementImport(file=SimpleUploadedFile(name, content), file_name=name).add(by=world.asb)
    importing.read(batch.pk)
    assert {row[2] for row in problems(batch)} == {problem}


def test_a_file_that_is_no_table_is_refused_at_once_or_when_it_is_read(world, signed_in):
    client = signed_in("asb")
    for name, content in (("a.pdf", b"%PDF-1.7"), ("a.xlsx", b"nothing"), ("a.txt", b"text")):
        assert client.post(ADD, {"file": SimpleUploadedFile(name, content)}).status_code == 400
    assert not MeasurementImport.objects.exists()
    batch = MeasurementImport(file=SimpleUploadedFile("b.xlsx", b"PK\x03\x04broken"), file_name="b.xlsx").add(
        by=world.asb
    )
    importing.read(batch.pk)
    assert problems(batch) == [(1, "", "unreadable")]


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_a_workbook_with_a_broken_part_is_refused_and_does_not_wait_for_ever(world, part):
    scenes.indicator(world)
    whole, broken = ZipFile(BytesIO(scenes.sheet([("KPI-1", "THERAPY", "2026-03", 81)]))), BytesIO()
    with ZipFile(broken, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, content[: len(content) // 2] if name == part else content)
    file = SimpleUploadedFile("t.xlsx", broken.getvalue())
    batch = MeasurementImport(file=file, file_name="t.xlsx").add(by=world.asb)
    importing.read(batch.pk)
    assert problems(batch) == [(1, "", "unreadable")]
    assert batch.state == "refused"


def test_a_csv_with_zero_bytes_in_it_is_refused(world):
    scenes.indicator(world)
    text = "code,unit,period,value,note\nKPI-1,THERAPY,2026-03,81,a\x00b\n"
    batch = MeasurementImport(file=SimpleUploadedFile("t.csv", text.encode()), file_name="t.csv").add(by=world.asb)
    importing.read(batch.pk)
    assert problems(batch) == [(1, "", "unreadable")]


def test_a_unit_hands_in_its_own_values_only(world):
    scenes.indicator(world)
    rows = [("KPI-1", "therapy", "2026-03", 80), ("KPI-1", "surgery", "2026-03", 80)]
    batch = scenes.table(world, rows, by="staff")
    importing.read(batch.pk)
    assert problems(batch) == [(3, "unit", "not_yours")]


# -- twice, other values, a worker that died ---------------------------------------------------------
def test_the_same_table_twice_adds_nothing_and_another_value_needs_a_reason(world):
    scenes.indicator(world)
    rows = [("KPI-1", "therapy", "2026-03", 80), ("KPI-1", "surgery", "2026-03", 70)]
    for _time in range(2):
        batch = scenes.table(world, rows)
        importing.read(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows, batch.skipped, Measurement.objects.count()) == ("done", 0, 2, 2)
    other = scenes.table(world, [*rows[:1], ("KPI-1", "surgery", "2026-03", 75)])
    importing.read(other.pk)
    assert problems(other) == [(3, "value", "different")]
    again = scenes.table(world, [*rows[:1], ("KPI-1", "surgery", "2026-03", 75)], reason="Нақтыланды")
    importing.read(again.pk)
    again.refresh_from_db()
    row = Measurement.objects.get(unit=world.other)
    assert (again.replaced, again.skipped, row.value, row.batch, row.corrected_by) == (1, 1, 75, again, world.asb)
    assert (row.history.first().verb, row.history.first().why) == ("correct", "Нақтыланды")


def test_a_table_is_read_once_and_one_of_a_worker_that_died_is_taken_up_again(world):
    scenes.indicator(world)
    batch = scenes.table(world)
    assert importing.read(batch.pk)
    assert not importing.read(batch.pk)
    lost = scenes.table(world, [("KPI-1", "surgery", "2026-03", 70)])
    with door("import"):
        MeasurementImport.objects.filter(pk=lost.pk).update(taken_at=timezone.now())
    assert resume_imports() == 0  # somebody is at it
    with time_machine.travel("2026-05-10T12:20:00+05:00"):
        assert resume_imports() == 1
    assert Measurement.objects.count() == 2
    assert Notice.objects.get().person == world.asb
    # One that was never taken up waits two minutes.
    late = scenes.table(world, [("KPI-1", "surgery", "2026-02", 70)])
    assert resume_imports() == 0
    with time_machine.travel("2026-05-10T12:03:00+05:00"):
        assert resume_imports() == 1
    late.refresh_from_db()
    assert late.state == "done"


def test_what_is_written_when_another_worker_was_quicker_is_nothing(world):
    """The state of the import is the first thing written: who comes second finds nothing to do."""
    scenes.indicator(world)
    batch = scenes.table(world)
    book = importing.Book(world.asb)
    ready = importing.judged(iter([importing.Typed(2, "KPI-1", "therapy", "2026-03", 80)]), book)
    assert importing.read(batch.pk)
    assert importing._write(batch, ready) is False
    assert Measurement.objects.count() == 1


def test_two_thousand_values_are_read_quickly(world):
    units = [world.department, world.other]
    for n in range(100):
        scenes.indicator(world, f"K-{n}", units=units)
    rows = [
        (f"K-{n}", unit.code, f"2025-{month:02d}", n + month / 10, None, "")
        for n in range(100)
        for unit in units
        for month in range(1, 11)
    ]
    batch = scenes.table(world, rows)
    start = time.thread_time()
    importing.read(batch.pk)
    taken = time.thread_time() - start
    batch.refresh_from_db()
    assert (batch.state, batch.rows) == ("done", 2000)
    assert Entry.objects.filter(verb="add", why="values.xlsx").count() == 2000
    assert taken < 5


# -- template, pages ---------------------------------------------------------------------------------
def test_the_template_names_what_is_missing_and_may_be_handed_in_again(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.indicator(world, "KPI-2", formula="capa.closed_in_time")
    scenes.value(world, kpi, period="2026-03")
    answer = signed_in("staff").get("/standards/measurement-imports/template/")
    book = load_workbook(BytesIO(answer.content))
    rows = [row[:4] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert ("KPI-1", "therapy", "2026-04", None) in rows
    assert ("KPI-1", "therapy", "2026-03", None) not in rows
    assert {row[:2] for row in rows} == {("KPI-1", "therapy")}
    assert len(rows) == 11
    page = book.worksheets[0]
    page["D2"] = "55,5"
    stream = BytesIO()
    book.save(stream)
    signed_in("staff").post(ADD, {"file": SimpleUploadedFile("t.xlsx", stream.getvalue())})
    batch = MeasurementImport.objects.get()
    assert (batch.state, batch.rows, batch.mistakes) == ("done", 1, [])
    assert signed_in("expert").get("/standards/measurement-imports/template/").status_code == 404


def test_progress_is_shown_to_whoever_handed_it_in(world, signed_in):
    scenes.indicator(world)
    batch = scenes.table(world, by="staff")
    status = f"/standards/measurement-imports/{batch.pk}/status/"
    assert status in signed_in("staff").get(batch.get_absolute_url()).content.decode()
    assert signed_in("staff").get(status).json()["done"] is False
    importing.read(batch.pk)
    assert signed_in("staff").get(status).json()["done"] is True
    assert signed_in("staff2").get(status).status_code == 404
    assert signed_in("staff").get(f"{batch.get_absolute_url()}edit/").status_code == 403
