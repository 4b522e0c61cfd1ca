from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys and voices")

    def ready(self):
        from . import portal, reports  # noqa: F401, PLC0415 - menu, desk, panels; the papers
