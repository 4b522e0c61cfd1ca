"""Where the secrets of surveys are kept: files in SURVEY_KEY_DIR, outside the database and its backups (anonymity.md).

One file a campaign (`<uid>.key`, gone once the urn is opened) and one for the links in letters (`links.key`). The worker
needs the directory to open urns and to write letters, the web to rehearse an opening and to take officers' passphrases;
taking an answer in needs no secret. What stands in a campaign's file: custody.py.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings


class KeyMissing(Exception):
    """The file of a key is not there."""


def directory() -> Path:
    found = Path(settings.SURVEY_KEY_DIR)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def path_of(uid: object) -> Path:
    return directory() / f"{uid}.key"


def write(path: Path, data: bytes) -> None:
    """Write a new file that only this user reads, on the disk before anybody relies on it; never over an old one."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise KeyMissing(path.name) from None


def destroy(path: Path) -> None:
    """Overwrite, then remove. A journalling disk may keep old blocks: the page about anonymity says so."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def link_secret() -> bytes:
    """The secret from which the tokens in letters are derived; made at first use."""
    path = directory() / "links.key"
    with contextlib.suppress(FileExistsError):
        write(path, secrets.token_bytes(32))
    return read(path)


def token_for(respondent: object) -> str:
    """The token in a respondent's letters: 128 bits, the same in each letter, in no table."""
    digest = hmac.new(link_secret(), f"respondent:{respondent}".encode(), hashlib.sha256).digest()
    return digest[:16].hex()


def new_token() -> str:
    """A token for a visitor of an open link; nobody can write it down but the visitor's tab."""
    return secrets.token_hex(16)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
