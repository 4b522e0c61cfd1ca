"""How the files of `standards/data/` are read, and what a load tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError

FOLDER = Path(__file__).parent.parent / "data"
LANGUAGES = ("kk", "ru", "en")
_loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class LoadingError(Exception):
    """A file says something that cannot be loaded; nothing was written."""


@dataclass
class Outcome:
    """What a load made, and where the database says something else than the files: the office may have changed it."""

    made: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)

    def compare(self, code: str, kept: Any, wanted: dict[str, Any]) -> None:
        self.differs += [
            f"{code}: {name}: “{getattr(kept, name)}” stands, the file says “{value}”"
            for name, value in wanted.items()
            if getattr(kept, name) != value
        ]


def read(name: str) -> Any:
    """The rows of one file of the folder."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_loader)  # noqa: S506 - a safe loader, in C where there is one


def texts(row: dict[str, Any], *names: str) -> dict[str, str]:
    """{"name_kk": …} from {"name": {"kk": …}}; a text that a row lacks is empty."""
    return {f"{name}_{code}": row.get(name, {}).get(code, "") for name in names for code in LANGUAGES}


def checked(code: str, row: Any) -> Any:
    try:
        row.full_clean()
    except ValidationError as error:
        raise LoadingError(f"{code}: {'; '.join(error.messages)}") from error
    return row
