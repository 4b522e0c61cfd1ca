"""The numbers of what respondents are promised, as the rules have them at the moment (anonymity.md, "Said to the respondent")."""

from __future__ import annotations

from typing import Any

from qa_portal.policy.registry import policy

#: the promise → the rule's number
NUMBERS = {
    "inside": "surveys.k_inside",
    "public": "surveys.k_public",
    "texts": "surveys.k_texts",
    "weeks": "surveys.ledger_weeks",
}


def promises() -> dict[str, Any]:
    return {name: policy(key) for name, key in NUMBERS.items()}
