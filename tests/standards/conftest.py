"""The catalogue as it is shipped, loaded; and a folder with a copy of it that a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from standards.reading import FOLDER


def load(*args: Any, **options: Any) -> str:
    """Run `load_catalogue` and give what it printed."""
    out = StringIO()
    call_command("load_catalogue", *args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def catalogue(db) -> None:
    load()


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))


def change(folder: Path, name: str, how: Callable[[dict[str, Any]], None]) -> None:
    """Change one file of a copied folder."""
    path = folder / name
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    how(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
