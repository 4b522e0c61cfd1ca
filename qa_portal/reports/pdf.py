"""HTML → PDF/UA by WeasyPrint. Reaches neither the network nor files: only our two fonts and our style sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from .base import CannotMake
from .fonts import FACES, FAMILY, face

CSS_FOLDER = Path(__file__).parent / "css"
STYLE = "paper.css"
SCHEME = "paper"
APT = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class NotOurs(ValueError):
    """A paper asked for something outside the few things that papers are made of."""


def resource(url: str) -> tuple[bytes, str]:
    """What an address inside a paper stands for: `paper:/Inter-Regular.ttf`, `paper:/paper.css`, nothing else."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if parts.scheme == SCHEME and name in FACES:
        return face(name), "font/ttf"
    if parts.scheme == SCHEME and name == STYLE:
        return (CSS_FOLDER / STYLE).read_bytes(), "text/css"
    raise NotOurs(f"papers do not fetch {url[:100]}")


def font_faces() -> str:
    return "".join(
        f'@font-face{{font-family:{FAMILY};src:url("{SCHEME}:/{name}") format("truetype");font-weight:{weight}}}'
        for name, weight in FACES.items()
    )


def write_pdf(html: str, stream: Any, css: str = "") -> None:
    """Write `html` as a tagged PDF into a binary stream. `css` is what differs from paper to paper."""
    try:
        # Late: no wheel carries Pango, and a portal without it must still start.
        from weasyprint import CSS, HTML  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415
    except OSError as error:
        raise CannotMake(
            _("The machine cannot make PDF yet; its administrator runs: %(command)s") % {"command": APT}
        ) from error

    class OwnFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            body, kind = resource(url)
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    fetcher, fonts = OwnFilesOnly(), FontConfiguration()
    sheets = [
        CSS(string=font_faces() + css, font_config=fonts, url_fetcher=fetcher, base_url=f"{SCHEME}:/"),
        CSS(url=f"{SCHEME}:/{STYLE}", font_config=fonts, url_fetcher=fetcher),
    ]
    document = HTML(string=html, url_fetcher=fetcher, base_url=f"{SCHEME}:/")
    document.write_pdf(stream, stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")
