from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "qa_portal.people"
    label = "people"
    verbose_name = _("People and units")

    def ready(self):
        from . import portal  # noqa: F401, PLC0415 - declares menu, signals and search when the apps are loaded
