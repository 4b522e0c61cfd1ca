"""Jobs of CAPA; the work is in workflow/family.py."""

from celery import shared_task

from .workflow.family import reroute


@shared_task
def reroute_waiting() -> int:
    return reroute()
