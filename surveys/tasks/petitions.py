"""Jobs of petitions."""

from celery import shared_task

from ..petition_letters import write_letter


@shared_task(autoretry_for=(OSError,), retry_backoff=60, retry_backoff_max=3600, max_retries=20)
def write_to_author(petition_id: int, verb: str) -> bool:
    """The mail server may be away: tried again, for about half a day."""
    return write_letter(petition_id, verb)
