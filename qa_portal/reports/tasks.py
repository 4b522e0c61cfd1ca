from celery import shared_task

from . import making


@shared_task
def make_paper(paper_id: int) -> bool:
    return making.make(paper_id)


@shared_task
def resume_papers() -> int:
    return making.resume()
