"""Custody of a campaign's key: its file, the locks of two officers, the rehearsal, the hand-over to the worker.

The file `<uid>.key` holds the public part (to see that file and campaign belong together) and the private one: as it is,
or locked with the passphrases of two officers (scrypt each, both together by HKDF, AES-256-GCM). Neither is in a table.

Why a file for the worker: passphrases are typed in a request, and a task's arguments lie in the queue. So the request
unlocks the key and leaves it in `<uid>.handed`, which only this user reads; the worker that opens the urn removes it, and
the clock removes one that nobody took. The urn itself is never opened inside a request.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from . import keys, sealing
from .models import Campaign, Envelope

#: what one guess at one passphrase costs: 64 MB and some tenths of a second; written into the file, so it may grow
COST = 2**16
SHORTEST = 12
#: envelopes of a rehearsal belong to no survey that exists
MADE_UP = 0
TRIALS = 5


class CannotUnlock(Exception):
    """The passphrases do not open the file, or it is another key's. The words are for officers."""


class Passphrase:
    """Words that no traceback, log line or page shows."""

    __slots__ = ("_words",)

    def __init__(self, words: str):
        self._words = words

    def __repr__(self) -> str:
        return "Passphrase(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Passphrase) and secrets.compare_digest(self.bytes(), other.bytes())

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self._words)

    def bytes(self) -> bytes:
        return self._words.encode("utf-8", "surrogatepass")


# -- locks ----------------------------------------------------------------------------------------------------------
def _lock_key(passphrases: Iterable[Passphrase], salts: Iterable[bytes], cost: int) -> bytes:
    parts = [
        Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(words.bytes())
        for words, salt in zip(passphrases, salts, strict=True)
    ]
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"qa-portal urn key").derive(b"".join(parts))


def _locked(private: bytes, public: bytes, passphrases: Sequence[Passphrase]) -> dict[str, Any]:
    salts, nonce = [secrets.token_bytes(16) for _one in passphrases], secrets.token_bytes(12)
    lock = AESGCM(_lock_key(passphrases, salts, COST))
    return {
        "cost": COST,
        "salts": [salt.hex() for salt in salts],
        "nonce": nonce.hex(),
        "locked": lock.encrypt(nonce, private, public).hex(),
    }


def _unlocked(file: dict[str, Any], passphrases: Sequence[Passphrase]) -> bytes:
    salts = [bytes.fromhex(salt) for salt in file["salts"]]
    if len(salts) != len(passphrases):
        raise CannotUnlock(_("Both officers type their passphrases."))
    lock = AESGCM(_lock_key(passphrases, salts, int(file["cost"])))
    try:
        return lock.decrypt(bytes.fromhex(file["nonce"]), bytes.fromhex(file["locked"]), bytes.fromhex(file["public"]))
    except InvalidTag:
        raise CannotUnlock(
            _("These passphrases do not open the key. Each officer types the one chosen at the rehearsal.")
        ) from None


# -- the file ---------------------------------------------------------------------------------------------------------
def make_key(campaign: Campaign, passphrases: Sequence[Passphrase] = ()) -> bytes:
    """Make a pair and write its file in place of an earlier rehearsal's; gives the public part. Never once answers came."""
    if Envelope.objects.filter(survey__campaign=campaign).exists():
        raise RuntimeError("the key of an urn with envelopes is never replaced")
    private, public = sealing.new_key()
    file: dict[str, Any] = {"public": public.hex()}
    if passphrases:
        file |= _locked(private, public, passphrases)
    else:
        file["private"] = private.hex()
    keys.destroy(keys.path_of(campaign.uid))
    keys.write(keys.path_of(campaign.uid), json.dumps(file).encode())
    return public


def _file(campaign: Campaign) -> dict[str, Any]:
    """The campaign's file; raises KeyMissing, or CannotUnlock where it is another key's."""
    data = keys.read(keys.path_of(campaign.uid))
    try:
        file = json.loads(data)
        same = bytes.fromhex(file["public"]) == bytes(campaign.public_key or b"")
    except (ValueError, KeyError, TypeError):
        same = False
    if not same:
        raise CannotUnlock(_("The file of the key is damaged, or it is the key of another campaign."))
    return dict(file)


def private_key(campaign: Campaign, passphrases: Sequence[Passphrase] = ()) -> bytes:
    """The private key out of its file; raises KeyMissing or CannotUnlock."""
    file = _file(campaign)
    found = _unlocked(file, passphrases) if "locked" in file else bytes.fromhex(file["private"])
    if X25519PrivateKey.from_private_bytes(found).public_key().public_bytes_raw() != bytes(campaign.public_key or b""):
        raise CannotUnlock(_("The file of the key is damaged, or it is the key of another campaign."))
    return found


def trouble(campaign: Campaign) -> str:
    """What is wrong with the file of a campaign that needs it, in words; empty when nothing is."""
    if not campaign.public_key:
        return _("The opening was not rehearsed yet: there is no key.")
    try:
        file = _file(campaign)
    except keys.KeyMissing:
        return _("The file of the key is not in the key directory. Without it nobody can ever open this urn.")
    except CannotUnlock as problem:
        return str(problem)
    except OSError:
        return _("The key directory cannot be read by this process.")
    if ("locked" in file) != (campaign.key_place == Campaign.KeyPlace.OFFICERS):
        return _("The key is not kept where the campaign says. Rehearse the opening again.")
    return ""


def fingerprint(campaign: Campaign) -> str:
    """A short name of the public key, to be compared by eye."""
    digest = hashlib.sha256(bytes(campaign.public_key or b"")).hexdigest()[:16].upper()
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


# -- rehearsal --------------------------------------------------------------------------------------------------------
def rehearse(campaign: Campaign, passphrases: Sequence[Passphrase] = (), again: Sequence[Passphrase] = ()) -> bytes:
    """Make the key and go the whole way once with a made-up survey: seal, read the file back, unlock, open, compare.

    `again` are the passphrases as typed a second time: the opening at the end hangs on them. Gives the public key;
    raises CannotUnlock.
    """
    public = make_key(campaign, passphrases)
    answers = {"trial-rating": 4, "trial-text": "Сынақ жауабы · пробный ответ", "trial-many": ["a", "c"]}
    sealed = [sealing.seal(public, MADE_UP, {"trial": n}, answers) for n in range(TRIALS)]
    campaign.public_key = public
    private = private_key(campaign, again)
    for n, envelope in enumerate(sealed):
        if sealing.unseal(private, MADE_UP, envelope) != ({"trial": n}, answers):
            raise CannotUnlock(_("A trial envelope came out different from what was put in."))
    return public


# -- hand-over --------------------------------------------------------------------------------------------------------
def handed_path(uid: object) -> Path:
    return keys.directory() / f"{uid}.handed"


def hand_over(campaign: Campaign, private: bytes) -> None:
    """Leave an unlocked key for the worker that opens the urn."""
    keys.destroy(handed_path(campaign.uid))
    keys.write(handed_path(campaign.uid), private)


def key_at_hand(campaign: Campaign) -> bytes:
    """The key for opening: out of the directory, or what two officers have just unlocked. KeyMissing, CannotUnlock."""
    if campaign.key_place == Campaign.KeyPlace.OFFICERS:
        return keys.read(handed_path(campaign.uid))
    return private_key(campaign)


def take_back(campaign: Campaign) -> None:
    """The unlocked key does not outlive the opening, whether it came off or not."""
    keys.destroy(handed_path(campaign.uid))


def destroy(campaign: Campaign) -> None:
    keys.destroy(handed_path(campaign.uid))
    keys.destroy(keys.path_of(campaign.uid))
