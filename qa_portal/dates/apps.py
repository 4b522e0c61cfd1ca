from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatesConfig(AppConfig):
    name = "qa_portal.dates"
    label = "dates"
    verbose_name = _("Calendar")
