from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "qa_portal.programmes"
    label = "programmes"
    verbose_name = _("Programmes and terms")

    def ready(self):
        from . import portal  # noqa: F401, PLC0415 - menu and rights
