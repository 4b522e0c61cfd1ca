from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    name = "standards"
    verbose_name = _("Standards")

    def ready(self):
        from . import portal, reports  # noqa: F401, PLC0415 - menu, desk, panels; the papers
