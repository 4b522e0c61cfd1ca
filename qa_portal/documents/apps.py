from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "qa_portal.documents"
    label = "documents"

    def ready(self):
        from . import portal  # noqa: F401, PLC0415 - menu and panels
