"""Compile the translations (.po → .mo) with polib: a bare machine has no gettext. Only what changed is compiled."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]


def compile_all() -> int:
    """Returns how many catalogues were compiled."""
    made = 0
    for source in sorted((ROOT / "locale").rglob("*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            made += 1
    return made


if __name__ == "__main__":
    compile_all()
