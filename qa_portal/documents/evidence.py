"""Attaching evidence to records."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import NotNow, Refused, refusal
from qa_portal.web.files import checksum

from .models import Evidence, EvidenceUse


def describe_file(record: Any, file: Any) -> None:
    """Name, type, size and checksum of a file that passed `DocumentField`, on evidence or a version."""
    record.file_name = file.name[-200:]
    record.content_type = file.found_type
    record.size = file.size
    record.checksum = checksum(file)


def use_evidence(evidence: Evidence, record: Any, by: Any) -> EvidenceUse:
    """Let a piece of evidence prove one more record; twice is the same as once. Written into the record's history.

    Asks the record's own right `prove_<record>`: whoever may not prove it attaches nothing, through whatever door.
    """
    sentence = refusal(by, record.right("prove"), record)
    if sentence:
        raise Refused(sentence)
    if record.proof_is_settled:
        raise NotNow(_("It was verified or is closed: its evidence stays as it was judged."))
    use, made = EvidenceUse.objects.of(record).get_or_create(
        evidence=evidence,
        defaults={
            "record_type": ContentType.objects.get_for_model(record),
            "record_id": record.pk,
            "added_by": by,
        },
    )
    if made:
        record.write_entry("prove", by, from_state=record.state, to_state=record.state, why=evidence.title)
    return use


def attach_proof(
    record: Any,
    by: Any,
    evidence_title: str = "",
    file: Any = None,
    link: str = "",
    speaks_of: datetime.date | None = None,
) -> Evidence | None:
    """Make evidence from the fields of `ProofFields` and let it prove `record`; None when nothing was sent."""
    if not file and not link:
        return None
    evidence = Evidence(
        title=evidence_title or (file.name if file else link)[:200],
        link=link or "",
        speaks_of=speaks_of or timezone.localdate(),
    )
    if file:
        evidence.file = file
        describe_file(evidence, file)
    evidence.add(by=by)
    use_evidence(evidence, record, by)
    return evidence
