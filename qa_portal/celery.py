"""The worker and its timetable: what runs by the clock, on one page (times of Almaty)."""

import os

from celery import Celery
from celery.schedules import crontab
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa_portal.settings.base")

app = Celery("qa_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks(
    [
        "qa_portal.notices",
        "qa_portal.reports",
        "qa_portal.people",
        "qa_portal.documents",
        "qa_portal.bodies",
        "standards",
        "capa",
        "surveys",
    ]
)

# Every job may be missed or run twice without harm: each looks at a window and at a log of what was done.
app.conf.beat_schedule = {
    # Hourly, not once at eight: an outage in the morning must not cost a day.
    "reminders": {"task": "qa_portal.notices.tasks.remind", "schedule": crontab(minute=5, hour="8-19")},
    "letters": {"task": "qa_portal.notices.tasks.deliver_waiting", "schedule": crontab(minute="*/5")},
    "reroute": {"task": "capa.tasks.reroute_waiting", "schedule": crontab(minute=20)},
    "papers": {"task": "qa_portal.reports.tasks.resume_papers", "schedule": crontab(minute="*/10")},
    "library": {"task": "qa_portal.documents.tasks.keep_library", "schedule": crontab(minute=10)},
    "newcomers": {"task": "qa_portal.documents.tasks.ask_newcomers", "schedule": crontab(minute=40)},
    "texts": {"task": "qa_portal.documents.tasks.read_waiting_texts", "schedule": crontab(minute="*/15")},
    "terms": {"task": "qa_portal.bodies.tasks.end_terms", "schedule": crontab(minute=15)},
    "written_votes": {"task": "qa_portal.bodies.tasks.close_written_votes", "schedule": crontab(minute="*/10")},
    "duties": {"task": "standards.tasks.duties.make_coming_duties", "schedule": crontab(minute=20, hour=0)},
    "fulfilled_duties": {"task": "standards.tasks.duties.watch_fulfilled_duties", "schedule": crontab(minute="*/5")},
    "imports": {"task": "standards.tasks.measurements.resume_imports", "schedule": crontab(minute="*/10")},
    "indicators": {"task": "standards.tasks.measurements.compute_indicators", "schedule": crontab(minute=50, hour=0)},
    "reports": {"task": "standards.tasks.reporting.resume_reports", "schedule": crontab(minute="*/10")},
    "urns": {"task": "surveys.tasks.opening.resume_openings", "schedule": crontab(minute="*/10")},
    "releases": {"task": "surveys.tasks.releases.resume_releases", "schedule": crontab(minute="*/10")},
    # At ten to midnight it closes what ends that day; in the other hours it takes up what was left behind.
    "campaigns": {"task": "surveys.tasks.campaigns.keep_campaigns", "schedule": crontab(minute=50)},
    "survey_letters": {"task": "surveys.tasks.campaigns.send_letters", "schedule": crontab(minute="*/5")},
    "told_back": {"task": "surveys.tasks.loop.tell_back", "schedule": crontab(minute="*/5")},
    "course_forms": {"task": "surveys.tasks.course_forms.make_course_forms", "schedule": crontab(minute=25, hour=0)},
    "grants": {"task": "qa_portal.people.tasks.sweep_grants", "schedule": crontab(minute=30, hour=0)},
}
