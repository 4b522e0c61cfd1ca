"""Jobs of the urn; the work is in opening.py. A campaign's number is all that ever stands in the queue."""

from celery import shared_task

from qa_portal.policy.registry import forget

from .. import opening


@shared_task
def open_urn(pk: int) -> bool:
    forget()
    return opening.run(pk)


@shared_task
def resume_openings() -> int:
    """Urns that wait too long, keys that must be gone: the queue was away or a worker died."""
    forget()
    return opening.resume()
