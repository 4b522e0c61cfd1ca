"""Putting an envelope into the urn: one transaction, no double and no lost answers (anonymity.md)."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.views.decorators.debug import sensitive_variables
from psycopg2 import Binary

from .asking import questions_of
from .models import Campaign, Envelope, Invitation
from .sealing import seal


class AlreadyReceived(Exception):
    """This invitation's answer is in the urn; sending it again changes nothing."""


class NotOpen(Exception):
    """The campaign takes no answers now."""


#: Marking and putting in as one statement: no moment lies between them, and whoever closes the campaign waits for it (KEY
#: SHARE against the lock of a step), so no answer is left behind when the urn is opened. `participated` is a condition of the
#: row itself, never of a join: only so PostgreSQL looks at it again after waiting for another request with this invitation.
PUT_IN = """
WITH held AS (SELECT id FROM surveys_campaign WHERE id = %(campaign)s AND state = %(open)s FOR KEY SHARE),
marked AS (
    UPDATE surveys_invitation SET participated = TRUE
    WHERE id = %(invitation)s AND NOT participated AND EXISTS (SELECT 1 FROM held) RETURNING survey_id
)
INSERT INTO surveys_envelope (id, survey_id, ciphertext)
SELECT %(envelope)s, survey_id, %(ciphertext)s FROM marked
"""


@sensitive_variables()
def put_in(invitation: Invitation, answers: dict[str, Any]) -> None:
    """Seal judged answers and put them in. Raises AlreadyReceived, NotOpen or TooLong; `invitation.survey.campaign` is read.

    The invitation is marked first, on the condition that its campaign is open and it is not marked yet: of many requests
    with one invitation exactly one passes, and one that dies on the way leaves neither mark nor envelope.
    """
    survey = invitation.survey
    size = questions_of(survey).size  # one for all envelopes of a survey: length tells nothing
    sealed = seal(bytes(survey.campaign.public_key or b""), survey.pk, invitation.strata, answers, size)
    put = _in_one_statement if connection.vendor == "postgresql" else _in_one_transaction
    if not put(invitation, sealed):
        if Invitation.objects.filter(pk=invitation.pk, participated=True).exists():
            raise AlreadyReceived
        raise NotOpen


def _in_one_statement(invitation: Invitation, sealed: bytes) -> bool:
    values = {
        "campaign": invitation.survey.campaign_id,
        "open": Campaign.OPEN,
        "invitation": invitation.pk,
        "envelope": uuid.uuid4(),
        "ciphertext": Binary(sealed),
    }
    with connection.cursor() as cursor:
        cursor.execute(PUT_IN, values)
        return bool(cursor.rowcount)


def _in_one_transaction(invitation: Invitation, sealed: bytes) -> bool:
    """Where there is one writer at a time (SQLite)."""
    with transaction.atomic():
        still_open = Campaign.objects.filter(surveys=OuterRef("survey"), state=Campaign.OPEN)
        rows = Invitation.objects.filter(Exists(still_open), pk=invitation.pk, participated=False)
        if not rows.update(participated=True):
            return False
        Envelope.objects.create(survey_id=invitation.survey_id, ciphertext=sealed)
    return True
