"""Export of registers: exactly the rows that were asked for, every column, nothing that runs."""

import csv
import datetime
import io
import zipfile
from urllib.parse import unquote

import openpyxl
import pytest
from django.utils import timezone, translation

from capa.tables import FindingTable
from qa_portal.reports import hooks
from qa_portal.reports.models import Paper
from qa_portal.reports.sheets import csv_lines, write_xlsx

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("http://example.org","Сапа")'


def body(response):
    return b"".join(response.streaming_content)


def sheet_of(data):
    return openpyxl.load_workbook(io.BytesIO(data)).active


def column(sheet, place):
    return [row[place].value for row in sheet.iter_rows(min_row=2)]


def csv_of(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.fixture
def findings(world):
    return [
        world.finding(title="Әдістемелік нұсқау жоқ", severity="critical"),
        world.finding(title="Силлабус кеш жүктелді", severity="minor"),
        world.finding(title="Өтініш қаралмады", severity="critical"),
        world.finding(reporter="head2", title="Өңірлік база", severity="critical", unit=world.other),
    ]


def test_all_columns_are_in_the_file_also_those_not_on_the_page(findings, signed_in):
    sheet = sheet_of(body(signed_in("asb").get("/capa/findings/?export=xlsx&lang=en")))
    head = [cell.value for cell in sheet[1]]
    with translation.override("en"):
        assert [label.lower() for label in head] == [str(column.label).lower() for column in FindingTable.columns]
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:N{len(findings) + 1}"
    assert "Күзгі семестрде" in sheet["H2"].value


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_exactly_the_filtered_rows_in_the_order_asked_for(world, findings, signed_in, kind):
    address = f"/capa/findings/?severity=critical&unit={world.department.pk}&q=қ&sort=title&export={kind}&page=7"
    data = body(signed_in("asb").get(address))
    titles = column(sheet_of(data), 1) if kind == "xlsx" else [row[1] for row in csv_of(data)[1:]]
    assert titles == ["Әдістемелік нұсқау жоқ", "Өтініш қаралмады"]


def test_a_person_exports_what_they_see_and_no_more(findings, signed_in):
    seen = column(sheet_of(body(signed_in("head2").get("/capa/findings/?export=xlsx"))), 1)
    assert seen == ["Өңірлік база"]
    assert column(sheet_of(body(signed_in("stranger").get("/capa/findings/?export=xlsx"))), 1) == []


def test_dates_are_dates(findings, signed_in):
    data = body(signed_in("asb").get("/capa/findings/?export=xlsx"))
    cell = sheet_of(data)["F2"]
    assert cell.value.date() == timezone.localdate()
    assert cell.number_format == "dd.mm.yyyy"
    assert csv_of(body(signed_in("asb").get("/capa/findings/?export=csv")))[1][5] == f"{timezone.localdate():%d.%m.%Y}"


@pytest.mark.parametrize("text", [FORMULA, "+7 701", "-1+2", "@SUM(A1)", "\tcmd", "#N/A", "{=1}"])
def test_no_text_becomes_a_formula(text):
    stream = io.BytesIO()
    write_xlsx(stream, "Сапа", [("=Бас", 10)], [[text]])
    sheet = sheet_of(stream.getvalue())
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A1"].data_type) == (text, "s", "s")
    with zipfile.ZipFile(stream) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    (row,) = csv_of(b"".join(csv_lines([("Бас", 10)], [[text]])))[1:]
    assert row == [f"'{text}" if text[0] in "=+-@\t\r" else text]


def test_numbers_stay_numbers_and_odd_signs_do_not_break_the_file():
    stream = io.BytesIO()
    moment = datetime.datetime(2026, 11, 20, 20, 30, tzinfo=datetime.UTC)
    write_xlsx(stream, "A/B[1]:'*", [("x", 5)] * 5, [[-3, 2.5, "a\x00b\x0bc", moment, None]])
    row = sheet_of(stream.getvalue())[2]
    assert [cell.value for cell in row] == [-3, 2.5, "abc", datetime.datetime(2026, 11, 21, 1, 30), None]
    assert csv_of(b"".join(csv_lines([("x", 5)], [[-3]])))[1] == ["-3"]


def test_a_long_export_is_made_in_the_background(findings, signed_in, monkeypatch):
    monkeypatch.setattr(hooks, "AT_ONCE", 2)
    client = signed_in("asb")
    assert client.get("/capa/findings/?export=xlsx&severity=minor").status_code == 200
    response = client.get("/capa/findings/?export=xlsx&severity=critical&sort=title&lang=kk&page=3")
    assert (response.status_code, response["Location"]) == (303, "/papers/")
    paper = Paper.objects.get()
    assert (paper.state, paper.progress, paper.language) == (Paper.DONE, 100, "kk")
    page = client.get(f"/papers/{paper.pk}/")
    assert page["Content-Disposition"].startswith("attachment")
    assert column(sheet_of(body(page)), 1) == ["Әдістемелік нұсқау жоқ", "Өтініш қаралмады", "Өңірлік база"]


def test_the_file_name_is_the_registers_title_with_the_day(findings, signed_in):
    for kind in ("xlsx", "csv"):
        header = signed_in("asb").get(f"/capa/findings/?export={kind}&lang=kk")["Content-Disposition"]
        assert header.isascii()
        assert unquote(header).rstrip('"').endswith(f" {timezone.localdate():%Y-%m-%d}.{kind}")


def test_the_number_of_queries_does_not_grow_with_the_rows(world, findings, signed_in, django_assert_max_num_queries):
    client = signed_in("asb")
    for _more in range(30):
        world.finding()
    with django_assert_max_num_queries(14):
        assert len(csv_of(body(client.get("/capa/findings/?export=csv")))) == 35


def test_plans_and_actions_export_their_counted_columns(world, signed_in):
    world.in_progress(items=2)
    plans = csv_of(body(signed_in("asb").get("/capa/plans/?export=csv")))
    assert "0 / 2" in plans[1]
    assert len(csv_of(body(signed_in("asb").get("/capa/actions/?export=csv")))) == 3
