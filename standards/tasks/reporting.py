"""Jobs of reports."""

from celery import shared_task

from .. import freezing


@shared_task
def fix_report(pk: int) -> bool:
    return freezing.fix(pk)


@shared_task
def resume_reports() -> int:
    return freezing.resume()
