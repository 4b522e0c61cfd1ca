"""The receipt code of a petition: 128 bits, written in groups without letters that are taken for others.

Whoever holds it reads the answer and may write on, without signing in; only its hash is stored. It is drawn when the form
is opened and travels in it, signed: a form sent again after a lost reply finds its petition and shows the same receipt.
"""

from __future__ import annotations

import hashlib
import secrets

from django.core import signing

#: Crockford's 32 signs: no I, L, O, U
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, BITS, GROUP = 26, 128, 5
_SIGNER = signing.Signer(salt="surveys.receipt")
#: what people write instead; Cyrillic letters of the same shape among them, typed with the keyboard left as it was
_MEANT = str.maketrans("ILOАВЕКМНОРСТХУЗ", "110ABEKMH0PCTXY3")


def new_code() -> str:
    number = secrets.randbits(BITS)
    signs = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(SIGNS))
        signs.append(SIGNS[rest])
    return "".join(reversed(signs))


def shown(code: str) -> str:
    """As it is printed: XXXXX-XXXXX-…, the last group one longer."""
    groups = [code[start : start + GROUP] for start in range(0, LENGTH - 1, GROUP)]
    return "-".join(groups) + code[LENGTH - 1 :]


def read(text: str) -> str:
    """The code in what somebody typed, whatever the case, gaps and look-alikes; empty when it is none."""
    signs = [sign for sign in text.upper().translate(_MEANT) if sign not in "- –—\t\r\n"]
    return "".join(signs) if len(signs) == LENGTH and all(sign in SIGNS for sign in signs) else ""


def hash_of(code: str) -> str:
    """What the database keeps. 128 random bits need no salt."""
    return hashlib.sha256(code.encode()).hexdigest()


def sealed(code: str) -> str:
    """A fresh code as it travels in the form: one that a visitor made up is not taken."""
    return _SIGNER.sign(code)


def unsealed(text: str) -> str:
    """The code of a form; empty when it is not one of ours."""
    try:
        return read(_SIGNER.unsign(text))
    except signing.BadSignature:
        return ""
