"""Jobs of course forms; the work is in making_forms.py. Missed or run twice, it does no harm."""

from celery import shared_task
from django.utils import timezone

from qa_portal.policy.registry import forget

from ..making_forms import make_due_forms


@shared_task
def make_course_forms() -> int:
    """Nightly: a form for each course and teacher of a term that is over."""
    forget()
    return make_due_forms(timezone.localdate())
