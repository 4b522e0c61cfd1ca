"""Jobs of campaigns; the work is in launching.py, letters.py and by_clock.py. Missed or run twice, they do no harm."""

from celery import shared_task

from qa_portal.policy.registry import forget

from .. import by_clock, launching, letters


@shared_task
def launch_campaign(pk: int) -> bool:
    forget()
    return launching.launch(pk)


@shared_task
def send_letters() -> None:
    """Gives nothing back: after a reminder the number of letters is that of those who have not answered."""
    forget()
    letters.send_waiting()


@shared_task
def keep_campaigns() -> dict[str, int]:
    """Hourly: launches left behind, surveys whose last day is over, reminders, rates of the day, ledgers that end."""
    forget()
    return by_clock.keep()
