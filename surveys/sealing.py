"""Sealing: an answer becomes ciphertext to the campaign's public key (HPKE, RFC 9180), bound to its survey and padded.

All envelopes of a survey have one size, whatever is in them: a long one would tell who wrote the long text that stands there
after the opening. The size hangs on the questionnaire (`size_for`); texts that do not fit together are refused in words.

The web holds the public key only. X25519 with HKDF-SHA256 and AES-256-GCM; the survey's number is part of what is
authenticated, so that an envelope moved to another survey cannot be opened there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from .content import Asked, AskedSection, items_of
from .models import QuestionKind

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
#: the sizes that what is sealed may have
SIZES = (4096, 16384, 65536, 262144)
#: kept for the strata, in bytes
STRATA = 512
#: in bytes, what all texts of one answer may take together: some 6,000 Kazakh letters, more in Latin ones
TEXTS = 12000


class TooLong(Exception):
    """The answer does not fit an envelope of its survey."""


class Broken(Exception):
    """An envelope that this key does not open: another survey's, damaged, or forged."""


def new_key() -> tuple[bytes, bytes]:
    """A private and a public key, 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def _bound_to(survey: int) -> bytes:
    return f"qa-portal survey {survey}".encode()


def size_for(sections: Iterable[AskedSection]) -> int:
    """The one size of all envelopes of a survey: the smallest that holds every answer without texts, and TEXTS for texts."""
    needed, texts = STRATA, 0
    for item in items_of(sections).values():
        needed += _longest(item)
        for key in [item.remark_key] * item.remark + [item.key] * item.is_text:
            needed += len(key.encode()) + 6
            texts = TEXTS
    return next((size for size in SIZES if needed + texts <= size), SIZES[-1])


def _longest(item: Asked) -> int:
    """Of an answer that is no text: key, the longest value, marks around them."""
    codes = [len(code.encode()) + 3 for code, _words in item.options]
    value = sum(codes) if item.kind == QuestionKind.MULTIPLE else max(codes, default=0)
    return len(item.key.encode()) + max(value, 24) + 6


def pad(data: bytes, size: int = 0) -> bytes:
    """Padded to this size, or to the smallest that fits; raises TooLong."""
    framed = len(data).to_bytes(4, "big") + data
    for one in (size,) if size else SIZES:
        if len(framed) <= one:
            return framed.ljust(one, b"\x00")
    raise TooLong


def unpad(data: bytes) -> bytes:
    size = int.from_bytes(data[:4], "big")
    if size > len(data) - 4 or any(data[4 + size :]):
        raise Broken
    return data[4 : 4 + size]


def seal(public_key: bytes, survey: int, strata: dict[str, Any], answers: dict[str, Any], size: int = 0) -> bytes:
    """The envelope's ciphertext. What is inside: {"s": strata, "a": answers}. `size`: that of all envelopes of the survey."""
    # Half a letter, which a script may send and no file can hold, becomes a question mark.
    inside = json.dumps({"s": strata, "a": answers}, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
    return SUITE.encrypt(pad(inside, size), X25519PublicKey.from_public_bytes(public_key), info=_bound_to(survey))


def unseal(private_key: bytes, survey: int, ciphertext: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """(strata, answers); raises Broken."""
    try:
        opened = SUITE.decrypt(
            bytes(ciphertext), X25519PrivateKey.from_private_bytes(private_key), info=_bound_to(survey)
        )
        found = json.loads(unpad(opened))
        return found["s"], found["a"]
    except Broken:
        raise
    except Exception as problem:  # whatever a library says of a damaged envelope, to us it is one thing
        raise Broken from problem
