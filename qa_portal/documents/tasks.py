"""Jobs of the library: a few lines each."""

from celery import shared_task

from qa_portal.policy.registry import forget

from . import acquainting, clock, reading


@shared_task
def keep_library() -> dict[str, int]:
    """What comes into force today, what is due for review."""
    return {"in_force": clock.bring_into_force(), "due": clock.call_due_reviews()}


@shared_task(soft_time_limit=150, time_limit=300)
def read_text(version_id: int) -> bool:
    """The words out of one version's file."""
    return reading.read_version(version_id)


@shared_task(soft_time_limit=600, time_limit=900)
def read_waiting_texts() -> int:
    """Files that nobody has read yet: the queue was away, or they came with an import."""
    return reading.read_waiting_texts()


@shared_task
def ask_newcomers() -> int:
    """Who has come to a unit or office since the last round is asked to read; who has left is asked no more."""
    forget()
    return acquainting.ask_newcomers()
