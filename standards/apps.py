from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "standards"

    def ready(self):
        from . import portal  # noqa: F401, PLC0415 - menu and search
