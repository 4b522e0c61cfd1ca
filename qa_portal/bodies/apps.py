from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BodiesConfig(AppConfig):
    name = "qa_portal.bodies"
    label = "bodies"
    verbose_name = _("Collegial bodies")

    def ready(self):
        from . import portal, reports  # noqa: F401, PLC0415 - menu, desk, panels; the papers
