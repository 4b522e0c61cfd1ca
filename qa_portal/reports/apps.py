from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "qa_portal.reports"
    label = "reports"
