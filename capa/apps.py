from django.apps import AppConfig


class CapaConfig(AppConfig):
    name = "capa"

    def ready(self):
        from . import portal, reports  # noqa: F401, PLC0415 - menu, desk, search, reminders; the papers
