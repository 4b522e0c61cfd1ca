from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CapaConfig(AppConfig):
    name = "capa"
    verbose_name = _("Findings and CAPA")

    def ready(self):
        from . import portal, reports  # noqa: F401, PLC0415 - menu, desk, search, reminders; the papers
        from .querysets import FINDING_WORDS  # noqa: PLC0415

        FINDING_WORDS.prepare(self.label)
