"""Jobs of duties; the work is in workflow/. Missed or run twice, they lose nothing and make nothing twice."""

from celery import shared_task

from ..workflow.duties_closing import watch_fulfilment
from ..workflow.duties_making import make_duties


@shared_task
def make_coming_duties() -> int:
    return make_duties()


@shared_task
def watch_fulfilled_duties() -> int:
    """What was done in the portal closes the duties that it fulfils."""
    return watch_fulfilment()
