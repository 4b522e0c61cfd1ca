"""Short real PDFs with Kazakh text, made in a millisecond each: the demo's documents are read, searched and printed.

The letters are a subset of the portal's own paper font, cut once; the text can be copied and found, as in any PDF.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fontTools import subset
from fontTools.ttLib import TTFont

from qa_portal.reports.fonts import face

LETTERS = "".join(map(chr, range(32, 127))) + "".join(map(chr, range(0x0410, 0x0450))) + "ЁёӘәҒғҚқҢңӨөҰұҮүҺһІі«»–—№…’“”"
A4 = (595, 842)
LEFT, TOP, BOTTOM = 70, 770, 70


@dataclass(frozen=True)
class _Type:
    """The cut font: its file, and number and width of each letter's glyph."""

    file: bytes
    glyphs: dict[str, int]
    widths: dict[int, int]

    def width(self, words: str, size: float) -> float:
        return sum(self.widths[self.glyph(letter)] for letter in words) * size / 1000

    def glyph(self, letter: str) -> int:
        return self.glyphs.get(letter, self.glyphs["?"])

    def hexed(self, words: str) -> str:
        return "".join(f"{self.glyph(letter):04x}" for letter in words)


@cache
def _type() -> _Type:
    font = TTFont(io.BytesIO(face("Inter-Regular.ttf")))
    cutter = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True))
    cutter.populate(text=LETTERS)
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)
    scale = 1000 / font["head"].unitsPerEm
    glyphs = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    widths = {font.getGlyphID(name): round(wide * scale) for name, (wide, _side) in font["hmtx"].metrics.items()}
    return _Type(zlib.compress(out.getvalue()), glyphs, widths)


def pdf(lines: Iterable[tuple[str, float]]) -> bytes:
    """Paragraphs as (words, size of letters) on as many A4 pages as they need."""
    pages, height = [[]], TOP
    for words, size in lines:
        for line in _broken(words, size):
            if height < BOTTOM:
                pages.append([])
                height = TOP
            pages[-1].append(f"BT /F1 {size} Tf 1 0 0 1 {LEFT} {height} Tm <{_type().hexed(line)}> Tj ET")
            height -= round(size * 1.5)
        height -= round(size * 0.8)
    return _file(["\n".join(page).encode() for page in pages])


def _broken(words: str, size: float) -> list[str]:
    """The paragraph in lines that fit between the margins."""
    lines: list[str] = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if _type().width(longer, size) <= A4[0] - 2 * LEFT:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _font_parts() -> list[bytes]:
    """Objects 3 to 7 of every file: the font, its letters, its widths, and which glyph is which letter."""
    kind = _type()
    wide = " ".join(f"{number} [{width}]" for number, width in sorted(kind.widths.items()))
    said = "\n".join(f"<{number:04x}> <{ord(letter):04x}>" for letter, number in sorted(kind.glyphs.items()))
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Letters def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n" + _in_hundreds(said.splitlines()) + "endcmap end end"
    )
    letters = zlib.compress(table.encode())
    return [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Letters /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 7 0 R >>",
        (
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Letters /CIDToGIDMap /Identity /FontDescriptor 5 0 R "
            f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [{wide}] >>"
        ).encode(),
        b"<< /Type /FontDescriptor /FontName /Letters /Flags 4 /FontBBox [-200 -300 1200 1100] /ItalicAngle 0 "
        b"/Ascent 960 /Descent -240 /CapHeight 730 /StemV 80 /FontFile2 6 0 R >>",
        _stream(kind.file),
        _stream(letters),
    ]


def _in_hundreds(rows: list[str]) -> str:
    """At most a hundred letters a block, as the format wants."""
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    return "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)


def _stream(packed: bytes) -> bytes:
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _file(pages: list[bytes]) -> bytes:
    """1 catalogue, 2 list of pages, 3–7 font, then two objects a page."""
    numbers = [8 + 2 * place for place in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *_font_parts(),
    ]
    for number, page in zip(numbers, pages, strict=True):
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        parts.append(_stream(zlib.compress(page)))
    return bound(parts)


def bound(parts: list[bytes]) -> bytes:
    """The objects of a PDF with their table; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.5\n"), []
    for index, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return bytes(out)
