"""Addresses of records: worked out once for each kind, because lists ask for them row by row."""

from __future__ import annotations

import functools

from django.urls import get_script_prefix, get_urlconf, reverse

#: a number that no part of an address has by itself
_STAND_IN = 9223372036854775807


def address(name: str, pk: int) -> str:
    """The same as `reverse(name, args=[pk])` for an address with one number in it."""
    return str(pk).join(_around(name, get_script_prefix(), get_urlconf()))


@functools.lru_cache(maxsize=200)
def _around(name: str, prefix: str, urlconf: str | None) -> tuple[str, str]:
    before, _number, after = reverse(name, args=[_STAND_IN]).partition(str(_STAND_IN))
    return before, after
