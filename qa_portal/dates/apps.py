from django.apps import AppConfig


class DatesConfig(AppConfig):
    name = "qa_portal.dates"
    label = "dates"
