from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "qa_portal.workflow"
    label = "workflow"
    verbose_name = _("History")

    def ready(self):
        from qa_portal.web.registry import registry  # noqa: PLC0415

        from .steps import steps_of  # noqa: PLC0415

        registry.steps = steps_of  # the kit meets steps through its own protocol
