"""Jobs of releases; the work is in releasing.py. Missed or run twice, they lose nothing and make nothing twice."""

from celery import shared_task

from qa_portal.policy.registry import forget

from .. import releasing


@shared_task
def make_release(pk: int) -> bool:
    forget()
    return releasing.make(pk)


@shared_task
def make_public_files(pk: int) -> int:
    return releasing.make_public_files(pk)


@shared_task
def resume_releases() -> int:
    forget()
    return releasing.resume()
