"""Who may do what with evidence. Attaching asks the record's own right `prove_<record>`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.rules import is_insider, is_quality_officer
from qa_portal.permissions import allow, predicate


@predicate
def entered_it(person: Any, evidence: Any) -> bool:
    return evidence.created_by_id == person.pk


_WHOSE = _("Only the person who entered the evidence and the quality office may change or withdraw it.")
allow("documents.add_evidence", is_insider, _("Only people of the university attach evidence."))
allow("documents.change_evidence", entered_it | is_quality_officer, _WHOSE)
allow("documents.withdraw_evidence", entered_it | is_quality_officer, _WHOSE)
