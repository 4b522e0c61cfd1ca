"""The job of telling back; the work is in telling_back.py. Missed or run twice, nobody is told twice."""

from celery import shared_task

from qa_portal.policy.registry import forget

from .. import telling_back


@shared_task
def tell_back() -> int:
    forget()
    return telling_back.send_waiting()
