"""Jobs of bodies; the work is in workflow/."""

from celery import shared_task

from .workflow.bodies import end_expired
from .workflow.meetings import close_written


@shared_task
def end_terms() -> int:
    return end_expired()


@shared_task
def close_written_votes() -> int:
    """Votes in writing whose time is over are counted and their meetings closed."""
    return close_written()
