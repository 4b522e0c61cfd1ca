"""The portal's own texts in Kazakh and Russian: `--collect` brings new ones into the catalogues, `--check` says what is missing.

Source texts are English; kk and ru stand in locale/<language>/LC_MESSAGES/django.po. Both commands need gettext on the
machine (deploy/system.sh gettext); using the portal does not (deploy/messages.py compiles with polib).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("kk", "ru")
HEADERS = {
    "kk": "nplurals=2; plural=(n!=1);",
    "ru": "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : n%10==0 || "
    "(n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


SOURCES = ("qa_portal", "standards", "capa", "surveys", "accreditation", "cpd", "templates")


def collected() -> polib.POFile:
    """Every text that Python and templates mark for translation."""
    with tempfile.TemporaryDirectory() as folder:
        # Links in an empty folder: makemessages writes into a `locale` beside the sources whenever there is one.
        (Path(folder) / "locale").mkdir()
        for name in SOURCES:
            (Path(folder) / name).symlink_to(ROOT / name)
        command = [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "kk",
            "--symlinks",
            "--no-location",
            "--no-wrap",
        ]
        command += ["-v", "0", "-e", "html,txt,py", "-i", "*/migrations/*"]
        subprocess.run(command, cwd=folder, check=True)
        found = polib.pofile(f"{folder}/locale/kk/LC_MESSAGES/django.po")
    known = {entry.msgid for entry in found}
    found.extend(polib.POEntry(msgid=text) for text in docstrings() if text not in known)
    return found


def docstrings() -> list[str]:
    """What the procedure manual prints of the steps: their docstrings, which no `_()` marks."""
    code = (
        "import django, json; django.setup(); "
        "from qa_portal.management.commands.procedures import texts; print(json.dumps(sorted(texts())))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "qa_portal.settings.test", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def path_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def open_catalogue(language: str) -> polib.POFile:
    path = path_of(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=0)
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": language,
        "Plural-Forms": HEADERS[language],
    }
    return catalogue


def key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def collect() -> None:
    source = collected()
    wanted = {key(entry) for entry in source}
    for language in LANGUAGES:
        catalogue = open_catalogue(language)
        known = {key(entry) for entry in catalogue}
        plurals = 4 if language == "ru" else 2
        for entry in source:
            if key(entry) not in known:
                plural = {n: "" for n in range(plurals)} if entry.msgid_plural else {}
                catalogue.append(
                    polib.POEntry(
                        msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural, msgstr_plural=plural
                    )
                )
        for entry in [e for e in catalogue if key(e) not in wanted]:
            catalogue.remove(entry)
        catalogue.sort(key=lambda e: (e.msgid.lower(), e.msgctxt or ""))
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path_of(language)))
        empty = len(catalogue.untranslated_entries())
        print(f"{language}: {len(catalogue)} texts, {empty} without a translation")


def problems() -> list[str]:
    source = collected()
    found = []
    for language in LANGUAGES:
        catalogue = {key(entry): entry for entry in open_catalogue(language)}
        for entry in source:
            translated = catalogue.get(key(entry))
            if translated is None or not translated.translated() or "fuzzy" in translated.flags:
                found.append(f"{language}: not translated: {entry.msgid!r}")
                continue
            texts = translated.msgstr_plural.values() if translated.msgid_plural else [translated.msgstr]
            for text in texts:
                wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
                if not set(PLACEHOLDER.findall(text)) <= wanted:
                    found.append(f"{language}: other placeholders: {entry.msgid!r}")
                elif not translated.msgid_plural and set(PLACEHOLDER.findall(text)) != wanted:
                    found.append(f"{language}: a placeholder is missing: {entry.msgid!r}")
    return found


def main() -> int:
    subprocess.run([ROOT / "deploy" / "system.sh", "gettext"], check=True)
    if "--collect" in sys.argv:
        collect()
        return 0
    found = problems()
    print("\n".join(found) or "Translations are complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
