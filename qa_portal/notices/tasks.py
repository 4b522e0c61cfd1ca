"""Jobs of the post room: a few lines each; the work is in post.py and sweep.py."""

from celery import shared_task

from qa_portal.policy.registry import forget

from .models import Letter
from .post import free, post
from .sweep import sweep


@shared_task
def deliver(letter_id: int) -> bool:
    return post(letter_id)


@shared_task
def deliver_waiting() -> int:
    """Whatever still waits: the broker was away, the mail server was away, a worker died."""
    return sum(post(pk) for pk in list(free(Letter.objects.order_by("pk")).values_list("pk", flat=True)[:2000]))


@shared_task
def remind() -> dict[str, int]:
    forget()
    totals = sweep()
    deliver_waiting()
    return totals
