"""The letters of our papers: Inter, whole, regular and bold.

Whole on purpose: of the browser's woff2 subsets under one family name the PDF maker prints Kazakh as garbage, while
the text layer reads right. The package holds one variable file; fixed weights are cut from it by the set-up command
(deploy/frontend.py), or here on a machine where that has not run: once, some seconds, kept in `var/fonts`.
"""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path

import fontpkg_inter
from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILY = "Inter"
#: file → weight
FACES = {"Inter-Regular.ttf": 400, "Inter-Bold.ttf": 700}
SOURCE = Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf"
PREPARED = settings.BASE_DIR / "static" / "vendor" / "fonts"
KEPT = settings.VAR_DIR / "fonts"


@functools.lru_cache(maxsize=len(FACES))
def face(name: str) -> bytes:
    """One face as a TTF file."""
    for folder in (PREPARED, KEPT):
        path = folder / name
        if path.exists():
            return path.read_bytes()
    return _cut(name, KEPT / name)


def _cut(name: str, path: Path) -> bytes:
    font = TTFont(SOURCE)
    # 14: the drawing for running text; a paper that followed the size would carry one font for every size.
    instancer.instantiateVariableFont(font, {"opsz": 14, "wght": FACES[name]}, inplace=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two workers may cut at once: each writes a file of its own and the name changes hands in one move.
    handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".ttf")
    os.close(handle)
    font.save(draft)
    Path(draft).replace(path)
    return path.read_bytes()
