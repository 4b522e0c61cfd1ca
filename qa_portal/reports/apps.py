from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "qa_portal.reports"
    label = "reports"

    def ready(self):
        from . import hooks  # noqa: F401, PLC0415 - gives the kit "print" and "export"
