"""Jobs of values: reading tables that were handed in, computing indicators. The work is in importing.py and computing.py."""

from celery import shared_task

from qa_portal.policy.registry import forget

from .. import computing, importing


@shared_task
def read_import(pk: int) -> bool:
    forget()
    return importing.read(pk)


@shared_task
def resume_imports() -> int:
    """Tables that wait too long: the queue was away or a worker died."""
    forget()
    return importing.resume()


@shared_task
def compute_indicators() -> int:
    """Every computed indicator in force: the period that runs and the one just over."""
    forget()
    return computing.compute_all()
