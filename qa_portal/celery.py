"""The worker and its timetable: what runs by the clock, on one page (times of Almaty)."""

import os

from celery import Celery
from celery.schedules import crontab
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa_portal.settings.base")

app = Celery("qa_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks(["qa_portal.notices", "qa_portal.reports", "qa_portal.people", "capa"])

# Every job may be missed or run twice without harm: each looks at a window and at a log of what was done.
app.conf.beat_schedule = {
    # Hourly, not once at eight: an outage in the morning must not cost a day.
    "reminders": {"task": "qa_portal.notices.tasks.remind", "schedule": crontab(minute=5, hour="8-19")},
    "letters": {"task": "qa_portal.notices.tasks.deliver_waiting", "schedule": crontab(minute="*/5")},
    "reroute": {"task": "capa.tasks.reroute_waiting", "schedule": crontab(minute=20)},
    "papers": {"task": "qa_portal.reports.tasks.resume_papers", "schedule": crontab(minute="*/10")},
    "grants": {"task": "qa_portal.people.tasks.sweep_grants", "schedule": crontab(minute=30, hour=0)},
}
