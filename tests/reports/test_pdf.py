"""The PDF itself: letters as pictures, fonts, reach, tags."""

import http.server
import io
import threading

import pypdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from qa_portal.reports.fonts import FACES, face
from qa_portal.reports.letterhead import quoted
from qa_portal.reports.pdf import NotOurs, resource

from .conftest import inked, pictures_of, text_of, unlikeness

KAZAKH = "әғқңөұүһі"
PAGE = "<html lang=kk><title>t</title><body>{}</body></html>"


def drawn(letter: str, name: str) -> Image.Image:
    """The letter as the font file draws it, past any PDF."""
    picture = Image.new("L", (400, 400), 255)
    ImageDraw.Draw(picture).text((100, 60), letter, font=ImageFont.truetype(io.BytesIO(face(name)), 160), fill=0)
    return inked(picture)


@pytest.mark.parametrize(("name", "tag"), [("Inter-Regular.ttf", "p"), ("Inter-Bold.ttf", "strong")])
def test_each_kazakh_letter_is_printed_as_itself(as_pdf, name, tag):
    """The text layer may read right while the picture is garbage: so the pictures are compared."""
    letters = KAZAKH + KAZAKH.upper()
    body = "".join(f'<div style="break-after:page;font-size:80pt"><{tag}>{letter}</{tag}></div>' for letter in letters)
    pages = [inked(page) for page in pictures_of(as_pdf(PAGE.format(body)))[: len(letters)]]
    known = {letter: drawn(letter, name) for letter in letters}
    for letter, page in zip(letters, pages, strict=True):
        nearest = min(known, key=lambda other: unlikeness(known[other], page))
        # ө and Ө differ in size alone, and a cut picture has no size.
        assert nearest.lower() == letter.lower()
        assert unlikeness(known[letter], page) < 48 * 48 * 0.08


def test_kazakh_letters_differ_from_each_other_and_from_the_box_of_a_missing_letter(as_pdf):
    body = "".join(f'<p style="break-after:page;font-size:80pt">{letter}</p>' for letter in [*KAZAKH, "\U000f1234"])
    *pages, box = [inked(page) for page in pictures_of(as_pdf(PAGE.format(body)))[: len(KAZAKH) + 1]]
    for place, page in enumerate(pages):
        assert all(unlikeness(page, other) > 50 for other in [*pages[place + 1 :], box])


@pytest.mark.parametrize("name", FACES)
def test_the_font_has_every_letter_of_our_papers(name):
    letters = TTFont(io.BytesIO(face(name))).getBestCmap()
    assert not [sign for sign in KAZAKH + KAZAKH.upper() + "ЁёЪъ№₸«»–—→·„“" if ord(sign) not in letters]


def test_only_our_font_is_in_the_file(as_pdf):
    pdf = as_pdf(
        PAGE.format(f"<h1>{KAZAKH}</h1><p>{KAZAKH.upper()} № 1 «Сапа» → ₸</p>"),
        "@page{@bottom-left{content:'Редакция'}}",
    )
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {font.split("+")[1] for font in fonts} == {"Inter", "Inter-Bold"}


def test_text_can_be_searched(as_pdf):
    assert KAZAKH in text_of(as_pdf(PAGE.format(f"<p>{KAZAKH}</p>")))[0]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://example.org/a.png", "paper:/../pdf.py", "paper:/secret", "//example.org/a"]
)
def test_nothing_but_our_own_files_is_read(url):
    with pytest.raises(NotOurs):
        resource(url)


def test_a_paper_never_calls_out(as_pdf):
    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        where = f"http://127.0.0.1:{server.server_port}"
        as_pdf(
            PAGE.format(
                f'<link rel=stylesheet href="{where}/a.css"><img alt=x src="{where}/b.png"><p style="background:url({where}/c)">x</p>'
            )
        )
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def test_the_file_is_tagged_for_screen_readers(as_pdf):
    root = pypdf.PdfReader(io.BytesIO(as_pdf(PAGE.format("<h1>Сапа</h1>")))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "kk"


def test_a_name_cannot_leave_its_place_in_the_style_sheet(as_pdf):
    nasty = 'Ә" } body { display: none } \\'
    text = text_of(as_pdf(PAGE.format("<p>мәтін</p>"), f"@page{{@bottom-left{{content:{quoted(nasty)}}}}}"))[0]
    assert "мәтін" in text
    assert nasty in text
