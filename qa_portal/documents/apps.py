from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "qa_portal.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self):
        from . import portal, reports, stamping  # noqa: F401, PLC0415 - menu, panels, papers
