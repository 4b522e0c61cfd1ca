from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "qa_portal.web"
    label = "web"

    def ready(self):
        from . import sqlite  # noqa: F401, PLC0415 - teaches SQLite Kazakh before the first connection
