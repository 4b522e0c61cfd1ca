from celery import shared_task

from .grants import sweep


@shared_task
def sweep_grants() -> int:
    return sweep()
