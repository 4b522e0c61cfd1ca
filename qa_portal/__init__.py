"""The quality portal: roof, kit and shared rooms. The map is docs/house.md."""

from qa_portal.celery import app as celery_app

__all__ = ["celery_app"]
